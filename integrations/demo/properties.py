"""The classifier's properties: shared by kinds, then as many of the passport as were asked for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from integrations.demo.brands import BRANDS
from integrations.demo.identity import Noise, guid
from integrations.demo.kind import Kind, ValueType
from integrations.demo.passport import PASSPORT, PassportLine

_BRAND = "Бренд"
_COUNTRY = "Страна происхождения"
_USUAL_PASSPORT_LINES = 8


@dataclass(slots=True)
class PropertyEntry:
    """A property as the classifier lists it; `values` maps each variant to its id."""

    guid: str
    name: str
    type: ValueType
    values: dict[str, str] = field(default_factory=dict)


class PropertyBook:
    """All properties of a catalogue and the values of every good."""

    def __init__(self, kinds: Iterable[Kind], *, seed: int, properties: int) -> None:
        self._seed = seed
        self.entries: dict[str, PropertyEntry] = {}
        self._passport: dict[str, list[tuple[str, PassportLine]]] = {}
        kinds = tuple(kinds)
        for kind in kinds:
            self._declare_kind(kind)
        self._declare_passport(kinds, properties - len(self.entries))

    def values_of(self, kind: Kind, texts: dict[str, str], noise: Noise) -> Iterator[tuple[str, str]]:
        """Yield (property id, value) of a good; a variant of a list is told by its id, as 1C does."""
        for prop in kind.props:
            yield self._coded(prop.name, prop.value(texts))
        yield self._coded(_BRAND, texts["brand"])
        yield self._coded(_COUNTRY, texts["country"])
        lines = self._passport.get(kind.key, [])
        chance = min(80, _USUAL_PASSPORT_LINES * 100 // max(len(lines), 1))
        for name, line in lines:
            if noise.percent(chance):
                yield self._coded(name, line.draw(noise))

    def _coded(self, name: str, value: str) -> tuple[str, str]:
        entry = self.entries[name]
        return entry.guid, entry.values.get(value, value)

    def _declare(self, name: str, kind: ValueType, variants: Iterable[str]) -> None:
        entry = self.entries.get(name)
        if entry is None:
            entry = PropertyEntry(guid(self._seed, "property", name), name, kind)
            self.entries[name] = entry
        if entry.type is not kind:
            raise ValueError(f"Свойство «{name}» описано с разными типами")
        for value in variants:
            if value not in entry.values:
                entry.values[value] = guid(self._seed, "value", name, value)

    def _declare_kind(self, kind: Kind) -> None:
        for prop in kind.props:
            self._declare(prop.name, prop.type, kind.variants(prop) if prop.type is ValueType.CHOICE else ())
        self._declare(_BRAND, ValueType.CHOICE, kind.brands)
        self._declare(_COUNTRY, ValueType.CHOICE, (BRANDS[name].country for name in kind.brands))

    def _declare_passport(self, kinds: tuple[Kind, ...], wanted: int) -> None:
        """Add passport lines kind by kind until there are as many properties as wanted.

        Raises ValueError when the assortment needs more properties or has no room for that many.
        """
        room = len(kinds) * len(PASSPORT)
        if not 0 <= wanted <= room:
            base = len(self.entries)
            raise ValueError(f"Свойств может быть от {base} до {base + room}")
        for line, kind in ((line, kind) for line in PASSPORT for kind in kinds):
            if not wanted:
                return
            name = f"{line.name} ({kind.short})"
            self._declare(name, line.type, line.values if line.type is ValueType.CHOICE else ())
            self._passport.setdefault(kind.key, []).append((name, line))
            wanted -= 1
