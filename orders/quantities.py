"""Quantities as people type them, and which units cannot be cut."""

import re
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext as _

from orders.refusals import WrongQuantity
from portal.lib.money import format_quantity

# ОКЕИ: бобина, лист, единица, изделие, набор, пара, пачка, рулон, упаковка, штука, ящик, комплект,
# бутылка, флакон. Metres, kilograms and thousands of pieces may be fractional.
WHOLE_UNIT_CODES = frozenset(
    {"616", "625", "642", "657", "704", "715", "728", "736", "778", "796", "812", "839", "868", "872"}
)
MAX_QUANTITY = Decimal(99_999_999)
_STEP = Decimal("0.001")
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


def check_quantity(quantity: Decimal, *, unit_code: str, unit_name: str) -> None:
    """Refuse a quantity that cannot be ordered; nothing is rounded silently. Raises WrongQuantity."""
    if quantity <= 0:
        raise WrongQuantity(_("Количество должно быть больше нуля."))
    if quantity > MAX_QUANTITY:
        raise WrongQuantity(
            _("Слишком большое количество: не больше {limit}.").format(limit=format_quantity(MAX_QUANTITY))
        )
    if is_whole_unit(unit_code) and quantity != quantity.to_integral_value():
        raise WrongQuantity(_whole_question(quantity, unit_name))
    if quantity != quantity.quantize(_STEP):
        raise WrongQuantity(_("Количество указывают не точнее трех знаков после запятой."))


def _whole_question(quantity: Decimal, unit_name: str) -> str:
    lower = quantity.to_integral_value(rounding=ROUND_DOWN)
    offer = f"{format_quantity(lower)} или {format_quantity(lower + 1)}" if lower else "1"
    return _("{quantity} {unit} заказать нельзя, только целое число. Заказать {offer}?").format(
        quantity=format_quantity(quantity), unit=unit_name, offer=offer
    )
