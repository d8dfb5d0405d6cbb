"""Packages of a good: how a quantity fills them, and to what it may be rounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.utils.translation import gettext as _

from catalog.models import Product
from orders.quantities import MAX_QUANTITY, check_quantity, is_whole_unit
from orders.refusals import WrongQuantity
from portal.lib.money import format_quantity

_ONE, _LEAST = Decimal(1), Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Packing:
    """A package and how many base units it holds."""

    unit: str
    size: Decimal


@dataclass(frozen=True, slots=True)
class Rounding:
    """A quantity that may be ordered instead, and the word for the button."""

    quantity: Decimal
    text: str


def packs_text(quantity: Decimal, packs: Sequence[Packing], unit_name: str) -> str:
    """Say a quantity in the largest package that it fills wholly: «2 упак по 60 шт»; nothing where none."""
    for pack in sorted(packs, key=lambda one: one.size, reverse=True):
        if pack.size > _ONE and quantity >= pack.size and not quantity % pack.size:
            return _("{count} {pack} по {size} {unit}").format(
                count=format_quantity(quantity / pack.size),
                pack=pack.unit,
                size=format_quantity(pack.size),
                unit=unit_name,
            )
    return ""


def roundings(quantity: Decimal, product: Product, packs: Sequence[Packing]) -> tuple[Rounding, ...]:
    """Quantities up from this one that fill the multiple of the good or its smallest package.

    Nothing where it fills them already, or where such a quantity cannot be ordered.
    """
    if not 0 < quantity <= MAX_QUANTITY:  # a remainder of forty digits cannot even be counted
        return ()
    found: list[Rounding] = []
    if product.order_multiple and quantity % product.order_multiple:
        found.append(_up(quantity, product.order_multiple, _("Округлить до кратного ({quantity})")))
    sizes = sorted(pack.size for pack in packs if pack.size > _ONE)
    if sizes and all(quantity % size for size in sizes):
        found.append(_up(quantity, sizes[0], _("Округлить до упаковки ({quantity})")))
    kept = {one.quantity: one for one in found if _may_be_ordered(one.quantity, product)}
    return tuple(kept.values())


def _multiple_up(quantity: Decimal, step: Decimal) -> Decimal:
    """Decimal's own `//` cuts towards nought, so that it is no help here."""
    return quantity + (step - quantity % step) % step


def _up(quantity: Decimal, step: Decimal, text: str) -> Rounding:
    up = (quantity // step + 1) * step
    return Rounding(up, text.format(quantity=format_quantity(up)))


def _may_be_ordered(quantity: Decimal, product: Product) -> bool:
    try:
        check_quantity(quantity, product)
    except WrongQuantity:
        return False
    return True


def quantity_up(
    quantity: Decimal, product: Product, packs: Sequence[Packing], *, is_by_pack: bool
) -> Decimal | None:
    """The least quantity from this one up that may be ordered; with `is_by_pack` in whole packages.

    A package is the smallest that holds more than a unit. None where so much cannot be ordered at all,
    or nothing is needed.
    """
    if not 0 < quantity <= MAX_QUANTITY:
        return None
    steps = [product.order_multiple] if product.order_multiple else []
    sizes = sorted(pack.size for pack in packs if pack.size > _ONE)
    if is_by_pack and sizes:
        steps.append(sizes[0])
    found = quantity.quantize(_LEAST, ROUND_CEILING)
    if is_whole_unit(product.unit.code):
        found = found.to_integral_value(ROUND_CEILING)
    for step in steps:
        found = _multiple_up(found, step)
    if len(steps) > 1 and found % steps[0]:  # a package that is no multiple: the multiple is law
        found = _multiple_up(found, steps[0])
    return found if _may_be_ordered(found, product) else None
