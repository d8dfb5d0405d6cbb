"""The tree of sections: three levels for the usual catalogue, a fourth one for a large catalogue."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle

from integrations.demo.identity import guid
from integrations.demo.kind import Kind


@dataclass(slots=True)
class SectionNode:
    """One group of the classifier with the groups inside it."""

    guid: str
    name: str
    children: "list[SectionNode]" = field(default_factory=list)

    def walk(self) -> "Iterator[SectionNode]":
        """Yield this section and everything below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


class SectionTree:
    """Sections of a catalogue of a wanted size and the section of every good."""

    def __init__(self, kinds: Iterable[Kind], *, seed: int, sections: int) -> None:
        self.roots: list[SectionNode] = []
        self._seed = seed
        self._by_path: dict[tuple[str, ...], SectionNode] = {}
        self._parts: dict[str, int] = {}
        kinds = tuple(kinds)
        for kind in kinds:
            self._node(kind.path)
        self._split(kinds, sections - len(self._by_path))

    def __len__(self) -> int:
        return len(self._by_path)

    def section_of(self, kind: Kind, cell: dict[str, str]) -> str:
        """Return the id of the section where a good of this kind and size lies."""
        return self._by_path[self._path(kind, cell[kind.split_axis])].guid

    def _path(self, kind: Kind, value: str) -> tuple[str, ...]:
        parts = self._parts.get(kind.key, 0)
        if not parts:
            return kind.path
        values = kind.axes[kind.split_axis]
        part = values.index(value) * parts // len(values)
        inside = [each for place, each in enumerate(values) if place * parts // len(values) == part]
        label = inside[0] if len(inside) == 1 else f"{inside[0]}–{inside[-1]}"
        return (*kind.path, f"{kind.short} {label}".strip())

    def _node(self, path: tuple[str, ...]) -> SectionNode:
        known = self._by_path.get(path)
        if known:
            return known
        siblings = self._node(path[:-1]).children if len(path) > 1 else self.roots
        node = SectionNode(guid(self._seed, "section", *path), path[-1])
        siblings.append(node)
        self._by_path[path] = node
        return node

    def _split(self, kinds: tuple[Kind, ...], wanted: int) -> None:
        """Cut kinds by sizes until there are as many sections as wanted.

        Raises ValueError when the assortment has no room for that many, or has more already.
        """
        room = {kind.key: len(kind.axes[kind.split_axis]) for kind in kinds}
        if not 0 <= wanted <= sum(room.values()):
            base = len(self._by_path)
            raise ValueError(f"Разделов может быть от {base} до {base + sum(room.values())}")
        parts = dict.fromkeys(room, 0)
        turns = cycle(room)
        while wanted:
            key = next(turns)
            step = min(2 if not parts[key] else 1, room[key] - parts[key], wanted)
            parts[key] += step
            wanted -= step
        self._parts = {key: count for key, count in parts.items() if count}
        for kind in kinds:
            if kind.key in self._parts:
                for value in kind.axes[kind.split_axis]:
                    self._node(self._path(kind, value))
