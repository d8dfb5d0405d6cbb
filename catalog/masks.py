"""How exactly stock is told: some clients see numbers, some only whether there is much."""

from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.lib.money import NBSP, format_quantity


class StockMask(models.TextChoices):
    """What a group of clients sees of a quantity."""

    EXACT = "exact", _("Точно")
    OVER_10 = "over10", _("Точно до 10, дальше «>10»")
    OVER_100 = "over100", _("Точно до 100, дальше «>100»")
    WORDS = "words", _("Словами: нет, мало, много")


_CEILINGS = {StockMask.OVER_10: Decimal(10), StockMask.OVER_100: Decimal(100)}
_LITTLE = Decimal(10)


def is_told_exactly(quantity: Decimal, mask: str) -> bool:
    """Whether the group sees the very number."""
    ceiling = _CEILINGS.get(StockMask(mask))
    return mask != StockMask.WORDS and (ceiling is None or quantity <= ceiling)


def masked_quantity(quantity: Decimal, mask: str) -> str:
    """Tell a quantity (base units, not negative) as the group may see it."""
    if quantity <= 0:
        return str(_("нет"))
    if mask == StockMask.WORDS:
        return str(_("мало") if quantity <= _LITTLE else _("много"))
    if not is_told_exactly(quantity, mask):
        return f">{format_quantity(_CEILINGS[StockMask(mask)])}"
    return format_quantity(quantity)


def levels_told(quantities: npt.NDArray[Any], mask: str) -> npt.NDArray[Any]:
    """Quantities no finer than the group sees them: an order by these tells nothing that pages do not."""
    if mask == StockMask.WORDS:
        return (quantities > 0).astype(np.int8) + (quantities > float(_LITTLE))
    ceiling = _CEILINGS.get(StockMask(mask))
    return quantities if ceiling is None else np.where(quantities > float(ceiling), np.inf, quantities)


def stock_text(quantity: Decimal, unit: str, mask: str) -> str:
    """The same with its unit, where a number is told: «37 шт», «>10 шт», «много»."""
    told = masked_quantity(quantity, mask)
    return told if quantity <= 0 or mask == StockMask.WORDS else f"{told}{NBSP}{unit}"


def shortage_text(available: Decimal, unit: str, mask: str) -> str:
    """Say that there is less than was wanted, no more exactly than the group may see."""
    if not is_told_exactly(available, mask):
        return str(_("Столько сейчас нет. Уменьшите количество или спросите менеджера"))
    return _("Не хватает: в наличии {available} {unit}").format(
        available=format_quantity(available), unit=unit
    )
