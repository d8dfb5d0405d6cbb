"""Quantities of many goods as one form sends them: `q-<sku>=<quantity>`."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict

from orders.quantities import parse_quantity
from orders.refusals import WrongQuantity

PREFIX = "q-"
_MOST_DIGITS, _LONGEST = 9, 60


@dataclass(frozen=True, slots=True)
class Typed:
    """Base units by sku, nought where the field was emptied; `wrong` says what is no quantity.

    `round` is that of the sheet which the page showed.
    """

    round: int = 0
    quantities: dict[int, Decimal] = field(default_factory=dict)
    wrong: dict[int, str] = field(default_factory=dict)


def typed_read(form: QueryDict) -> Typed:
    """Understand a form; fields that are no good's are passed over."""
    typed = Typed(round=_whole(form.get("round", "")) or 0)
    for name in form:
        sku_id = _whole(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
        if not sku_id:
            continue
        text = form[name]
        try:
            typed.quantities[sku_id] = (
                parse_quantity(str(text)[:_LONGEST]) if str(text).strip() else Decimal(0)
            )
        except WrongQuantity as refusal:
            typed.wrong[sku_id] = f"{str(text)[:20]}: {refusal}"
    return typed


def _whole(text: object) -> int | None:
    written = str(text)
    fits = written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS
    return int(written) if fits else None
