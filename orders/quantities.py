"""Quantities as people type them, and which units cannot be cut."""

import re
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from orders.refusals import WrongQuantity
from portal.lib.money import format_quantity

# ОКЕИ: бобина, лист, единица, изделие, набор, пара, пачка, рулон, упаковка, штука, ящик, комплект,
# бутылка, флакон. Metres, kilograms and thousands of pieces may be fractional.
WHOLE_UNIT_CODES = frozenset(
    {"616", "625", "642", "657", "704", "715", "728", "736", "778", "796", "812", "839", "868", "872"}
)
MAX_QUANTITY = Decimal(99_999_999)


class SoldUnit(Protocol):
    """A unit of sale: its ОКЕИ code and how it is written."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


class SoldBy(Protocol):
    """A good as its quantity is checked: the unit, and by how many of them it is sold."""

    @property
    def unit(self) -> SoldUnit: ...
    @property
    def order_multiple(self) -> Decimal | None: ...


_STEP, _ONE = Decimal("0.001"), Decimal(1)
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:[.,][0-9]{1,40})?")


def parse_quantity(text: str) -> Decimal:
    """Read «2,5», «1 000» or «10». Raises WrongQuantity for anything else."""
    plain = "".join(text.split())
    if not _NUMBER.fullmatch(plain):
        raise WrongQuantity(_("Укажите количество числом, например 10 или 2,5."))
    return Decimal(plain.replace(",", "."))


def is_whole_unit(unit_code: str) -> bool:
    """Tell whether the unit is sold whole only, by its ОКЕИ code."""
    return unit_code in WHOLE_UNIT_CODES


def fits_unit(quantity: Decimal, unit_code: str) -> bool:
    """Whether so many base units can be counted out at all; nought can."""
    if not 0 <= quantity <= MAX_QUANTITY:  # first of all: a number of forty digits cannot be quantized
        return False
    if is_whole_unit(unit_code) and quantity != quantity.to_integral_value():
        return False
    return quantity == quantity.quantize(_STEP)


def check_quantity(quantity: Decimal, product: SoldBy) -> None:
    """Refuse base units of a product that cannot be ordered; nothing is rounded silently.

    Raises WrongQuantity, whose text offers the nearest quantities that can.
    """
    unit = product.unit
    if quantity <= 0:
        raise WrongQuantity(_("Количество должно быть больше нуля."))
    if quantity > MAX_QUANTITY:
        raise WrongQuantity(
            _("Слишком большое количество: не больше {limit}.").format(limit=format_quantity(MAX_QUANTITY))
        )
    step = product.order_multiple
    if is_whole_unit(unit.code) and quantity != quantity.to_integral_value():
        reason = _("{quantity} {unit} заказать нельзя, только целое число.")
        raise WrongQuantity(_question(reason, quantity, unit.name, step=step or _ONE))
    if quantity != quantity.quantize(_STEP):
        raise WrongQuantity(_("Количество указывают не точнее трех знаков после запятой."))
    if step and quantity % step:
        reason = _("{quantity} {unit} заказать нельзя: отпускаем по {step} {unit}.")
        raise WrongQuantity(_question(reason, quantity, unit.name, step=step))


def _question(reason: str, quantity: Decimal, unit_name: str, *, step: Decimal) -> str:
    """Say why not, and ask about the multiples of the step below and above."""
    lower = quantity - quantity % step
    near = [one for one in (lower, lower + step) if 0 < one <= MAX_QUANTITY]
    told = reason.format(quantity=format_quantity(quantity), unit=unit_name, step=format_quantity(step))
    offer = _(" или ").join(format_quantity(one) for one in near)
    return _("{reason} Заказать {offer}?").format(reason=told, offer=offer)
