"""Which column of a table means what: by the words of its header, else by what stands in it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from orders.recognition.units import is_unit
from portal.lib.tables import Row

HEADER_WITHIN = 30
_LOOKED_AT, _MOSTLY = 200, 0.8
_LONGEST_HEAD, _LONGEST_COUNT = 200, 40
"""Signs: what is longer is neither, and is not looked through."""


class Meaning(StrEnum):
    """What a column may be; a column of none of these is passed over."""

    CODE = "code"
    BARCODE = "barcode"
    NAME = "name"
    QUANTITY = "quantity"
    UNIT = "unit"


# The likeliest words first: of two columns that could be quantities the one named «Заказ» is.
_WORDS: Mapping[Meaning, tuple[str, ...]] = {
    Meaning.CODE: (
        "артикул", "арт", "код", "sku", "код товара", "код номенклатуры", "ваш код", "код клиента", "наш код",
        "article", "code", "part number", "каталожный номер", "партномер",
    ),
    Meaning.BARCODE: ("штрихкод", "штрих код", "шк", "ean", "ean13", "gtin", "barcode"),
    Meaning.NAME: (
        "наименование", "номенклатура", "товар", "наименование товара", "название", "товары работы услуги",
        "описание", "позиция", "продукция", "материал", "name",
    ),
    Meaning.QUANTITY: (
        "заказ", "заказать", "к заказу", "кол во", "количество", "колво", "кол", "qty", "quantity", "к во",
        "шт", "потребность", "требуется",
    ),
    Meaning.UNIT: ("ед", "ед изм", "единица", "единица измерения", "ед измерения", "еи", "unit", "uom"),
}  # fmt: skip
_NEVER = re.compile(r"цена|сумма|стоимость|итого|остаток|налич|ндс|скидк|price|sum|total|amount|вес|объ[её]м")
_WORD = re.compile(r"[^0-9a-zа-я]+")
_NUMBER = re.compile(r"[+-]?[0-9][0-9 \N{NO-BREAK SPACE}]*(?:[.,][0-9]+)?")
_COUNTED = re.compile(r"[+-]?[0-9][0-9 \N{NO-BREAK SPACE}]*(?:[.,][0-9]+)?\s*[а-яa-z]{0,6}\.?", re.IGNORECASE)
_TOTALS = re.compile(r"(?:итог|всего|сумма|в том числе ндс|без ндс|total)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    """The number of the header row (nought: there is none) and the places of columns, from nought."""

    header: int
    places: Mapping[Meaning, int]

    def cell(self, row: Row, meaning: Meaning) -> str:
        place = self.places.get(meaning)
        return row.cells[place] if place is not None and place < len(row.cells) else ""


def columns_found(rows: Sequence[Row]) -> Columns:
    """Take the first row with words of two meanings for the header; without one look at what stands where.

    A file without a header keeps its first row.
    """
    count, header, places = 0, 0, dict[Meaning, int]()
    for row in rows[:HEADER_WITHIN]:
        named = places_named(row.cells)
        if len(named) > count:
            count, header, places = len(named), row.number, named
    if count >= 2 or (count == 1 and _is_lone_header(rows, header)):
        return Columns(header, _completed(rows, header, places))
    return Columns(0, places_guessed(rows))


def places_named(cells: Sequence[str]) -> dict[Meaning, int]:
    """Columns by the words of a row; of several for one meaning the likeliest."""
    ranked: dict[Meaning, tuple[int, int]] = {}
    for place, cell in enumerate(cells):
        found = _meaning(cell)
        if found and (found[0] not in ranked or found[1] < ranked[found[0]][0]):
            ranked[found[0]] = (found[1], place)
    return {meaning: place for meaning, (_rank, place) in ranked.items()}


def places_guessed(rows: Sequence[Row]) -> dict[Meaning, int]:
    """Columns by their content: numbers are quantities, units are units, the wordiest text is the name."""
    columns = _columns([row.cells for row in rows[:_LOOKED_AT]])
    left = [place for place, cells in columns.items() if not _is_counter(cells)]
    found: dict[Meaning, int] = {}
    unit = next((place for place in left if _share(columns[place], is_unit) > _MOSTLY), None)
    if unit is not None:
        found[Meaning.UNIT] = unit
        left.remove(unit)
    counts = [place for place in left if _share(columns[place], _is_count) > _MOSTLY]
    if counts and len(left) > 1:
        # Where there are only numbers, the first column is the code: 4601234567893;10.
        is_coded = len(counts) < len(left)
        found[Meaning.QUANTITY] = counts[0 if is_coded else 1]
        left = [place for place in left if place not in counts] if is_coded else counts[:1]
    if left:
        name = max(left, key=lambda place: _wordiness(columns[place]))
        code = next((place for place in left if place != name), None)
        # Names are looked up in a lone column of codes too.
        found |= {Meaning.CODE: name} if code is None else {Meaning.NAME: name, Meaning.CODE: code}
    return found


def is_total(row: Row, columns: Columns) -> bool:
    """«Итого», «Всего»: a row that sums others up has no code."""
    first = next((cell for cell in row.cells if cell), "")
    coded = columns.cell(row, Meaning.CODE) or columns.cell(row, Meaning.BARCODE)
    return bool(_TOTALS.match(first)) and (not coded or coded == first)


def _meaning(cell: str) -> tuple[Meaning, int] | None:
    if len(cell) > _LONGEST_HEAD:
        return None
    text = " ".join(_WORD.sub(" ", cell.lower().replace("ё", "е")).split())
    if not text or len(text) > 40 or _NEVER.search(text):
        return None
    for meaning, words in _WORDS.items():
        if text in words:
            return meaning, words.index(text)
    for meaning, words in _WORDS.items():
        for rank, word in enumerate(words):
            if len(word) > 2 and re.search(rf"(?:^| ){word}", text):
                return meaning, len(words) + rank
    return None


def _is_lone_header(rows: Sequence[Row], number: int) -> bool:
    """One known word in the first full row, with a column of something else below it."""
    first = next((row for row in rows if row.cells), None)
    return first is not None and first.number == number and not any(map(_NUMBER.fullmatch, first.cells))


def _completed(rows: Sequence[Row], header: int, places: Mapping[Meaning, int]) -> dict[Meaning, int]:
    """What the header does not say is looked for among the columns that have no head."""
    found = dict(places)
    named = next(row.cells for row in rows if row.number == header)
    below = [Row(row.number, _without(row.cells, named)) for row in rows if row.number > header]
    if not found.keys() & {Meaning.CODE, Meaning.BARCODE, Meaning.NAME}:
        return places_guessed(below) | found
    if Meaning.QUANTITY not in found:
        columns = _columns([row.cells for row in below[:_LOOKED_AT]])
        counts = [place for place, cells in columns.items() if _share(cells, _is_count) > _MOSTLY]
        if counts:
            found[Meaning.QUANTITY] = counts[0]
    return found


def _columns(rows: Sequence[Sequence[str]]) -> dict[int, list[str]]:
    """Full cells by the place of their column; columns without any are left out."""
    width = max((len(cells) for cells in rows), default=0)
    found = {
        place: [cells[place] for cells in rows if place < len(cells) and cells[place]]
        for place in range(width)
    }
    return {place: cells for place, cells in found.items() if cells}


def _without(cells: Sequence[str], heads: Sequence[str]) -> tuple[str, ...]:
    """Cells of columns that have no head."""
    return tuple("" if place < len(heads) and heads[place] else cell for place, cell in enumerate(cells))


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, cells)) / len(cells)


def _is_count(cell: str) -> bool:
    """A quantity, and no barcode."""
    if len(cell) > _LONGEST_COUNT:
        return False
    return bool(_COUNTED.fullmatch(cell)) and sum(map(str.isdigit, cell)) <= 8


def _is_counter(cells: Sequence[str]) -> bool:
    """1, 2, 3…: the column «№ п/п»."""
    return len(cells) > 2 and list(cells) == [str(number) for number in range(1, len(cells) + 1)]


def _wordiness(cells: Sequence[str]) -> float:
    """How much a column is like names: long, of several words."""
    return sum(len(cell) + 10 * cell.count(" ") for cell in cells) / len(cells)
