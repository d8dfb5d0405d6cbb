"""Rows of the quick order pad as they are typed and kept."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from orders.refusals import OrderRefused

MOST_ROWS = 2_000
LONGEST = {"code": 300, "quantity": 100, "unit": 50}
_MOST_DIGITS = 9
_UNKEPT = re.compile("[\x00\ufffe\uffff\ud800-\udfff]")
"""What neither the database nor a spreadsheet takes; halves of signs come with JSON."""


class PadState(StrEnum):
    """How a row looks: nothing typed, the quantity awaited, fit for the cart, or what is the matter."""

    EMPTY = "empty"
    OPEN = "open"
    OK = "ok"
    WARNING = "warning"
    CHOICE = "choice"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class PadRow:
    """One row: texts as they stand in the cells, and the sku that was chosen by hand for the code."""

    code: str = ""
    quantity: str = ""
    unit: str = ""
    sku: int | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.code or self.quantity)

    @property
    def choice(self) -> str:
        """The chosen sku with the code that it was chosen for, as the form carries it."""
        return f"{self.sku}:{self.code}" if self.sku else ""


def pad_row(code: str, quantity: str = "", unit: str = "", choice: str = "") -> PadRow:
    """A row of what was typed; a choice that was made for another code is forgotten."""
    code = _text(code, "code")
    chosen, _colon, chosen_for = choice.partition(":")
    is_chosen = chosen.isascii() and chosen.isdigit() and len(chosen) <= _MOST_DIGITS
    sku = int(chosen) if is_chosen and _text(chosen_for, "code") == code else None
    return PadRow(code, _text(quantity, "quantity"), _text(unit, "unit"), sku or None)


def pad_trimmed(rows: Sequence[PadRow]) -> list[PadRow]:
    """Without the empty rows at the end. Raises PadTooLong."""
    last = max((place for place, row in enumerate(rows, 1) if not row.is_empty), default=0)
    if last > MOST_ROWS:
        raise PadTooLong(MOST_ROWS)
    return list(rows[:last])


def pad_stored(rows: Iterable[PadRow]) -> list[dict[str, object]]:
    """Rows as the database keeps them."""
    return [asdict(row) for row in rows]


def pad_restored(rows: Iterable[dict[str, object]]) -> list[PadRow]:
    return [PadRow(**row) for row in rows]  # type: ignore[arg-type]


class PadWentAlready(OrderRefused):
    """What the page shows has gone to the cart or was cleared, from another tab or by an earlier click."""

    def __init__(self) -> None:
        super().__init__(
            _("Эти строки уже отправлены в корзину или очищены. Страница обновлена, проверьте корзину.")
        )


class PadElsewhere(OrderRefused):
    """The page was opened for another legal entity or city than the one that is chosen now."""

    def __init__(self) -> None:
        super().__init__(
            _("Город или юрлицо сменили в другой вкладке. Здесь строки нового места, прежние сохранены.")
        )


class PadTooLong(OrderRefused):
    """More rows than one page can sensibly hold."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _("Строк больше {most}. Положите набранное в корзину и продолжайте или загрузите файл.").format(
                most=most
            )
        )


def _text(text: str, cell: str) -> str:
    """A cell without control signs and idle spaces, cut at what the database keeps."""
    return " ".join(_UNKEPT.sub(" ", text).split())[: LONGEST[cell]].strip()
