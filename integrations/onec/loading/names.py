"""Things that 1C names by text: brands and units. One row per name, whatever id came along."""

from collections.abc import Collection, Iterable

from integrations.onec.loading.sql import fetch, run
from integrations.onec.reading.records import UnitRecord
from integrations.onec.reading.units import unit_of_reference

_INSERT_BRANDS = """
INSERT INTO catalog_brand (name, normalized_name)
SELECT name, normalized_name FROM unnest(%s::text[], %s::text[]) AS told (name, normalized_name)
ON CONFLICT (normalized_name) DO NOTHING
"""
_INSERT_UNITS = """
INSERT INTO catalog_unit (code, name, full_name, international_code)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[])
ON CONFLICT (code, name) DO NOTHING
"""
_NAME_CODES = """
UPDATE catalog_unit unit SET name = told.name, full_name = told.full_name
  FROM unnest(%s::text[], %s::text[], %s::text[]) AS told (code, name, full_name)
 WHERE unit.code = told.code AND unit.name = told.code
   AND NOT EXISTS (SELECT FROM catalog_unit known WHERE known.code = told.code AND known.name = told.name)
"""
_QUOTES = str.maketrans(dict.fromkeys("\"'`«»„“”‘’®™©(),.", " "))
_FORMS = frozenset(
    {"ооо", "оао", "зао", "пао", "ао", "ип", "нао", "тоо", "тм", "тд", "торговая", "марка"}
    | {"llc", "ltd", "inc", "gmbh", "ag", "co", "corp", "srl", "spa", "tm", "r"}
)


def brand_key(name: str) -> str:
    """Make names of a manufacturer comparable: case, quotes, marks, legal forms, spaces, ё do not count.

    A name that is a legal form and nothing else stays as it is.
    """
    words = name.translate(_QUOTES).casefold().replace("ё", "е").split()
    return " ".join([word for word in words if word not in _FORMS] or words)


class Brands:
    """Brand rows by normalised name."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def add(self, names: Iterable[str]) -> None:
        """Make sure that there is a row for each name; the first spelling stays."""
        told: dict[str, str] = {}
        for name in names:
            told.setdefault(brand_key(name), name)
        missing = {key: name for key, name in sorted(told.items()) if key and key not in self._ids}
        if not missing:
            return
        run(_INSERT_BRANDS, [list(missing.values()), list(missing)])
        self._ids.update(
            fetch(
                "SELECT normalized_name, id FROM catalog_brand WHERE normalized_name = ANY(%s)",
                [list(missing)],
            )
        )

    def id_of(self, name: str) -> int | None:
        """The row of a name that was added; None for no name."""
        return self._ids.get(brand_key(name))


class Units:
    """Unit rows by code and name."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str], int] = {}
        self._codes: dict[str, int] = {}
        self._names: dict[str, int] = {}

    def add(self, units: Collection[UnitRecord]) -> None:
        """Make sure that there is a row for each unit."""
        if not self._ids:
            self._read()
        missing = {(unit.code, unit.name): unit for unit in units if not self._is_known(unit)}
        if not missing:
            return
        if self._name_codes(missing.values()):
            self._read()
            missing = {key: unit for key, unit in missing.items() if not self._is_known(unit)}
        told = [missing[key] for key in sorted(missing)]
        run(
            _INSERT_UNITS,
            [
                [unit.code for unit in told],
                [unit.name for unit in told],
                [unit.full_name for unit in told],
                [unit.international_code for unit in told],
            ],
        )
        self._read()

    def id_of(self, unit: UnitRecord) -> int:
        """The row of a unit that was added; a bare code means the unit that has it, whatever its name."""
        if unit.is_reference:
            return self._codes[unit.code]
        return self._ids[unit.code, unit.name]

    def referred(self, value: str) -> int:
        """The row that Единица means: by code, by name, else a new one."""
        if not self._ids:
            self._read()
        known = self._codes.get(value.strip()) or self._names.get(value.strip().casefold())
        if known is None:
            unit = unit_of_reference(value)
            self.add([unit])
            known = self.id_of(unit)
        return known

    def _name_codes(self, units: Collection[UnitRecord]) -> int:
        """Name the units that came as bare codes before their list did."""
        told = [unit for unit in units if unit.code != unit.name and (unit.code, unit.code) in self._ids]
        if not told:
            return 0
        columns = [[unit.code for unit in told], [unit.name for unit in told]]
        return run(_NAME_CODES, [*columns, [unit.full_name for unit in told]])

    def _is_known(self, unit: UnitRecord) -> bool:
        return unit.code in self._codes if unit.is_reference else (unit.code, unit.name) in self._ids

    def _read(self) -> None:
        self._ids, self._codes, self._names = {}, {}, {}
        for pk, code, name, international in fetch(
            "SELECT id, code, name, international_code FROM catalog_unit ORDER BY id"
        ):
            self._ids[code, name] = pk
            for word in (name, international):
                if word:
                    self._names.setdefault(word.casefold(), pk)
            if code:
                self._codes.setdefault(code, pk)
