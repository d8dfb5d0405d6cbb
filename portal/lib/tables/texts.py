"""Tables as text: CSV of every origin and what is copied out of Excel."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from portal.lib.tables.contract import MOST_CELL, MOST_COLUMNS, MOST_ROWS, Layout, Table, TableRefused
from portal.lib.tables.rows import rows_bounded

ENCODINGS = ("utf-8", "cp1251", "utf-16", "koi8-r", "cp866")
DELIMITERS = (";", "\t", ",", "|")
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_FREQUENT = frozenset("оеаинтрслв")
_CERTAIN = 0.15
"""How much likelier than the encoding of Windows another one must be."""
_QUOTE = re.compile('"')
_LOOKED_AT = 200_000
_LONGEST_LINE = 2 * MOST_CELL * MOST_COLUMNS
_MOST_LINES = 20
"""So many may one quoted cell span."""


def text_table(content: bytes, layout: Layout) -> Table:
    """Decode, find the delimiter by the whole text, split. Raises TableRefused."""
    encoding = layout.encoding or encoding_of(content)
    text = _decoded(content, encoding)
    if len(_BINARY.findall(text[:_LOOKED_AT])) > len(text[:_LOOKED_AT]) // 100:
        raise TableRefused("Это не таблица: пришлите CSV, XLSX, XLS или ODS")
    delimiter = layout.delimiter or delimiter_of(text)
    rows = rows_bounded(enumerate(_split(text, delimiter), start=1))
    return Table(rows=rows, encoding=encoding, delimiter=delimiter)


def encoding_of(content: bytes) -> str:
    """UTF-8 where it is valid, UTF-16 by its mark, else the Cyrillic one that gives Russian words."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        head = content[:_LOOKED_AT]
        best = max(("cp1251", "koi8-r", "cp866"), key=lambda name: _likelihood(head, name))
        is_certain = _likelihood(head, best) - _likelihood(head, "cp1251") > _CERTAIN
        return best if is_certain else "cp1251"
    return "utf-8"


def delimiter_of(text: str) -> str:
    """The sign that splits most lines alike into the most cells, quoted text left out of it.

    A comma that stands between digits is a decimal one and does not count for much.
    """
    found = {sign: _evenness(text[:_LOOKED_AT], sign) for sign in DELIMITERS}
    best = max(DELIMITERS, key=lambda sign: found[sign])
    return best if found[best] else ";"


def _evenness(text: str, sign: str) -> float:
    """How many lines are split, most of all those that are split like most; nought where none is."""
    told = re.sub(r"(?<=\d),(?=\d)", "", text) if sign == "," else text
    counts = [len(row) - 1 for row in _split(told, sign) if any(row)][:MOST_ROWS]
    split = [count for count in counts if count]
    if not split:
        return 0.0
    usual = Counter(split).most_common(1)[0][1]
    return (len(split) + usual) / len(counts)


def _likelihood(head: bytes, encoding: str) -> float:
    """Share of the letters that Russian words are full of: the wrong table gives rare ones and signs."""
    signs = [sign for sign in head.decode(encoding, "replace").lower() if not sign.isascii()]
    return sum(1 for sign in signs if sign in _FREQUENT) / max(len(signs), 1)


def _decoded(content: bytes, encoding: str) -> str:
    if encoding not in ENCODINGS:
        raise TableRefused("Такую кодировку не читаем")
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        if encoding == "cp1251":  # a few signs are in no table of Windows: the rest is readable
            return content.decode(name, "replace")
        raise TableRefused("Файл не читается в этой кодировке: выберите другую") from None


def _split(text: str, delimiter: str) -> Iterator[Sequence[str]]:
    """Rows of a text; a quote that is never closed ends with its line, so that no rows are swallowed."""
    if delimiter not in DELIMITERS:
        raise TableRefused("Такой разделитель не читаем")
    try:
        yield from _records(text, delimiter)
    except csv.Error as error:
        raise TableRefused("Файл не читается как таблица: проверьте кавычки") from error


def _records(text: str, delimiter: str) -> Iterator[Sequence[str]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    place = 0
    while place < len(lines):
        record, taken = _record(lines, place, delimiter)
        if taken:
            yield next(iter(csv.reader([record], delimiter=delimiter)), [])
        else:
            yield record.split(delimiter)
        place += taken or 1


def _record(lines: Sequence[str], place: int, delimiter: str) -> tuple[str, int]:
    """The text of a record and how many lines it takes; nought: a quote in it is never closed."""
    record, is_open = lines[place], False
    for taken in range(1, _MOST_LINES + 1):
        is_open = _is_open(lines[place + taken - 1], delimiter, was_open=is_open)
        if not is_open:
            return record, taken
        if place + taken >= len(lines) or len(record) - len(lines[place]) > MOST_CELL:
            break
        record = f"{record}\n{lines[place + taken]}"
    return lines[place], 0


def _is_open(line: str, delimiter: str, *, was_open: bool) -> bool:
    """Whether a quoted cell is not closed yet: a quote opens one at its start, a doubled one is a sign."""
    if len(line) > _LONGEST_LINE:
        raise TableRefused("В файле слишком длинные строки: оставьте нужные столбцы")
    is_open, closed_at = was_open, -2
    for found in _QUOTE.finditer(line):
        place = found.start()
        if is_open:
            is_open, closed_at = False, place
        elif place == 0 or line[place - 1] == delimiter or closed_at == place - 1:
            is_open = True
    return is_open
