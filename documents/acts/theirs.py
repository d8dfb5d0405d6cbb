"""The client's own act as a table: columns by their heads, either half, as 1C prints it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from portal.lib.money import q2
from portal.lib.tables import Row, Table, TableRefused

_HEAD_WITHIN = 60
_MOST = Decimal("9999999999999.99")
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})\b")
_NUMBER = re.compile(r"(?:№\s*)?([0-9A-Za-zА-Яа-яЁё][0-9A-Za-zА-Яа-яЁё/_\-]*)\s+от\s+\d{1,2}\.\d{1,2}\.")
_NAME_SIGNS = re.compile(r"[^0-9a-zа-яё]+")
_DATES = ("дата",)
_TITLES = ("документ", "операц", "наименование", "содержание", "основание")
_ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class TheirLine:
    """An operation as the file has it: on the sides of whose books it is."""

    position: int
    day: date | None
    title: str
    number: str
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class TheirAct:
    """What a file says; balances are debit − credit, None where there are none.

    `is_mirrored` tells that the lines are of the client's books, on the other sides than ours; None is
    not known.
    """

    lines: tuple[TheirLine, ...]
    opening: Decimal | None
    closing: Decimal | None
    is_mirrored: bool | None

    def in_our_words(self, *, is_mirrored: bool) -> "TheirAct":
        """With the sides changed where the books are the client's: his Кредит is our Дебет."""
        if not is_mirrored:
            return replace(self, is_mirrored=False)
        return TheirAct(
            lines=tuple(replace(line, debit=line.credit, credit=line.debit) for line in self.lines),
            opening=None if self.opening is None else -self.opening,
            closing=None if self.closing is None else -self.closing,
            is_mirrored=True,
        )


@dataclass(frozen=True, slots=True)
class _Half:
    """Columns of one side's books, and whose they are by the words above them."""

    first: int
    day: int | None
    title: int
    debit: int
    credit: int
    owner: str


def table_act(table: Table, *, ours: str, theirs: str) -> TheirAct:
    """Read an act out of a table; names of the firms tell whose half is whose.

    Of two filled halves the client's is taken. Raises TableRefused with a reason for the person.
    """
    place, halves = _heads(table.rows)
    rows = table.rows[place + 1 :]
    found = [(half, _read(rows, half)) for half in halves]
    filled = [(half, act) for half, act in found if act.lines or act.opening or act.closing]
    if not filled:
        raise TableRefused("В акте нет ни строк, ни сальдо")
    own = [pair for pair in filled if _is_of(pair[0].owner, theirs)]
    other = [pair for pair in filled if not _is_of(pair[0].owner, ours)]
    half, act = (own or other or filled)[0]
    if _is_of(half.owner, theirs):
        return replace(act, is_mirrored=True)
    return replace(act, is_mirrored=False if _is_of(half.owner, ours) else None)


def document_number(title: str) -> str:
    """«Продажа (УТ-1042 от 20.11.2026)» -> «УТ-1042»; empty where no number is told."""
    found = _NUMBER.search(title)
    return found[1][:50] if found else ""


def _heads(rows: Sequence[Row]) -> tuple[int, list[_Half]]:
    for place, row in enumerate(rows[:_HEAD_WITHIN]):
        names = [cell.casefold() for cell in row.cells]
        debit_columns = [
            column for column, name in enumerate(names) if name.startswith("дебет") or name == "дт"
        ]
        credit_columns = [
            column for column, name in enumerate(names) if name.startswith("кредит") or name == "кт"
        ]
        if debit_columns and len(debit_columns) == len(credit_columns):
            return place, _halves(rows[max(0, place - 4) : place], names, debit_columns, credit_columns)
    raise TableRefused("Не нашли столбцы «Дебет» и «Кредит»: пришлите акт таблицей, как его печатает 1С")


def _halves(
    above: Sequence[Row], names: Sequence[str], debit_columns: Sequence[int], credit_columns: Sequence[int]
) -> list[_Half]:
    halves = []
    first = 0
    for debit, credit in zip(debit_columns, credit_columns, strict=True):
        last = max(debit, credit)
        columns = [column for column in range(first, last) if column not in (debit, credit)]
        day = next((column for column in columns if names[column].startswith(_DATES)), None)
        title = next((column for column in columns if names[column].startswith(_TITLES)), None)
        if title is None:
            title = next((column for column in columns if column != day), first)
        halves.append(_Half(first, day, title, debit, credit, _owner(above, first, last)))
        first = last + 1
    return halves


def _owner(above: Sequence[Row], first: int, last: int) -> str:
    """«По данным ООО "Север", руб.» over the columns."""
    for row in reversed(above):
        for cell in row.cells[first : last + 1]:
            if "по данным" in cell.casefold():
                return cell
    return ""


def _is_of(owner: str, name: str) -> bool:
    """Whether the words over a half name the firm, whatever quotation marks they use."""
    sought = _plain(name)
    return bool(sought) and sought in _plain(owner)


def _plain(name: str) -> str:
    return f" {_NAME_SIGNS.sub(' ', name.casefold()).strip()} "


def _read(rows: Sequence[Row], half: _Half) -> TheirAct:
    lines: list[TheirLine] = []
    opening: Decimal | None = None
    closing: Decimal | None = None
    for row in rows:
        label = _label(row, half)
        if label.startswith(("оборот", "итого", "всего")):
            continue
        debit, credit = _sum(row, half.debit), _sum(row, half.credit)
        if "сальдо" in label or label.startswith("остат"):
            balance = (debit or _ZERO) - (credit or _ZERO)
            if "кон" in label or ("нач" not in label and opening is not None):
                closing = (closing or _ZERO) + balance
            else:
                opening = (opening or _ZERO) + balance
        elif debit or credit:
            lines.append(_line(row, half, len(lines) + 1, debit or _ZERO, credit or _ZERO))
    if max(abs(opening or _ZERO), abs(closing or _ZERO)) > _MOST:
        raise TableRefused("Сальдо в акте слишком большое: проверьте столбцы")
    return TheirAct(tuple(lines), opening, closing, None)


def _label(row: Row, half: _Half) -> str:
    """What the row is: the first words of the half, or of the row where a cell spans both."""
    own = row.cells[half.first : half.credit + 1]
    words = next((cell for cell in (*own, *row.cells) if cell and not _is_number(cell)), "")
    return words.casefold()


def _line(row: Row, half: _Half, position: int, debit: Decimal, credit: Decimal) -> TheirLine:
    title = _cell(row, half.title)
    told = _cell(row, half.day) if half.day is not None else ""
    return TheirLine(
        position=position,
        day=_day(told) or _day(title),
        title=title[:300] or f"Строка {row.number}",
        number=document_number(title),
        debit=debit,
        credit=credit,
    )


def _cell(row: Row, column: int) -> str:
    return row.cells[column] if column < len(row.cells) else ""


def _day(text: str) -> date | None:
    found = _DATE.search(text)
    if found is None:
        return None
    day, month, year = (int(part) for part in found.groups())
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    return _amount(text) is not None


def _sum(row: Row, column: int) -> Decimal | None:
    """None for an empty cell. Raises TableRefused for what is no sum."""
    text = _cell(row, column)
    if not text or text in {"-", "–", "--", "—", "X", "Х", "x", "х"}:
        return None
    amount = _amount(text)
    if amount is None:
        raise TableRefused(f"В строке {row.number} сумма не читается: «{text[:40]}»")
    return amount


def _amount(text: str) -> Decimal | None:
    plain = "".join(text.split()).replace("\u2212", "-").removesuffix("руб.").removesuffix("₽")
    if "," in plain and "." in plain:  # «1,234.56» or «1.234,56»: the later sign is the decimal one
        thousands = "," if plain.rfind(".") > plain.rfind(",") else "."
        plain = plain.replace(thousands, "")
    try:
        amount = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None
    return q2(amount) if amount.is_finite() and abs(amount) <= _MOST else None
