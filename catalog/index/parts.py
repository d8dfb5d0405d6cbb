"""Who writes which blocks: the catalogue's own parts, and those of the apps above it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from catalog.index.writing import Writing


@dataclass(frozen=True, slots=True)
class Touch:
    """Rows that some committed statements have changed; `ids` None means all of the kind."""

    kind: str
    owner: int
    ids: tuple[int, ...] | None


class IndexPart(Protocol):
    """A family of blocks with one source."""

    kinds: frozenset[str]
    """Kinds of touches that it wants to hear of."""

    def build(self, writing: Writing) -> None:
        """Write all of its blocks."""
        ...

    def refresh(self, writing: Writing, touches: Sequence[Touch]) -> None:
        """Rewrite what the touches concern; called when there is at least one."""
        ...


_parts: list[IndexPart] = []


def part_add(part: IndexPart) -> None:
    """Register a part; the catalogue's own come first, since they number the goods."""
    if not any(type(known) is type(part) for known in _parts):
        _parts.append(part)


def parts() -> Iterable[IndexPart]:
    return tuple(_parts)
