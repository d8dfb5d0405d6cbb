"""How exactly stock is told: some clients see numbers, some only whether there is much."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.lib.money import format_quantity


class StockMask(models.TextChoices):
    """What a group of clients sees of a quantity."""

    EXACT = "exact", _("Точно")
    OVER_10 = "over10", _("Точно до 10, дальше «>10»")
    OVER_100 = "over100", _("Точно до 100, дальше «>100»")
    WORDS = "words", _("Словами: нет, мало, много")


_CEILINGS = {StockMask.OVER_10: Decimal(10), StockMask.OVER_100: Decimal(100)}
_LITTLE = Decimal(10)


def masked_quantity(quantity: Decimal, mask: str) -> str:
    """Tell a quantity (base units, not negative) as the group may see it."""
    if quantity <= 0:
        return str(_("нет"))
    if mask == StockMask.WORDS:
        return str(_("мало") if quantity <= _LITTLE else _("много"))
    ceiling = _CEILINGS.get(StockMask(mask))
    if ceiling is not None and quantity > ceiling:
        return f">{format_quantity(ceiling)}"
    return format_quantity(quantity)
