"""Quantities of rows: read as they stand, turned into base units, never rounded."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.quantities import check_quantity, parse_quantity
from orders.recognition.asked import ONE, Asked
from orders.recognition.goods import Good
from orders.recognition.units import UnitInQuestion, unit_factor
from orders.refusals import WrongQuantity

_WITH_UNIT = re.compile(r"(?P<number>[+-]?[0-9][0-9.,\s]*?)\s*(?P<unit>[^\W\d][^\d]*)")


@dataclass(frozen=True, slots=True)
class Amount:
    """How much a row asks of a good: base units, and how many of them its unit holds.

    Without a quantity `doubt` says why; `is_question`: there is a way to mend it by a choice.
    """

    quantity: Decimal | None = None
    factor: Decimal = ONE
    doubt: str = ""
    is_question: bool = False


def amount_of(asked: Asked, good: Good) -> Amount:
    """Read a row's quantity in the units of its good."""
    text, unit, other_unit = _split(asked)
    if not text:
        return Amount(doubt=_("Не указано количество"))
    try:
        typed = parse_quantity(text)
    except WrongQuantity:
        return Amount(doubt=_("Количество «{text}» – не число").format(text=text[:50]))
    try:
        factor = unit_factor(unit, good)
        if other_unit and unit_factor(other_unit, good) != factor:
            raise UnitInQuestion(_units_differ(asked, good))
    except UnitInQuestion as question:
        return Amount(doubt=str(question), is_question=True)
    quantity = typed * factor
    try:
        check_quantity(quantity, good)
    except WrongQuantity as refusal:
        return Amount(factor=factor, doubt=str(refusal), is_question=quantity > 0)
    return Amount(quantity=quantity, factor=factor)


def _split(asked: Asked) -> tuple[str, str, str]:
    """The number and the unit; «10 шт» in one cell is both, beside a unit of its own the last one."""
    text = " ".join(asked.quantity.split())  # many spaces in a row would be tried one by one
    together = _WITH_UNIT.fullmatch(text)
    if together is None:
        return text, asked.unit, ""
    number, unit = together["number"].strip(), together["unit"]
    return (number, asked.unit, unit) if asked.unit.strip() else (number, unit, "")


def _units_differ(asked: Asked, good: Good) -> str:
    told = _("Количество «{quantity}», а единица «{asked}». Укажите количество в {unit}.")
    return told.format(quantity=asked.quantity.strip()[:50], asked=asked.unit.strip(), unit=good.unit.name)
