"""How many base units of a good the unit of a row holds."""

from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.search.units import COUNTS, MEASURES, sold_unit
from orders.quantities import SoldUnit
from orders.recognition.asked import ONE
from orders.recognition.goods import Good
from portal.lib.money import format_quantity

# How many of the second unit the first one holds; other measures are asked about.
_RATIOS = {
    ("км", "м"): Decimal(1000),
    ("м", "км"): Decimal("0.001"),
    ("см", "м"): Decimal("0.01"),
    ("мм", "м"): Decimal("0.001"),
    ("т", "кг"): Decimal(1000),
    ("кг", "т"): Decimal("0.001"),
    ("г", "кг"): Decimal("0.001"),
    ("мл", "л"): Decimal("0.001"),
    ("тысшт", "шт"): Decimal(1000),
    ("шт", "тысшт"): Decimal("0.001"),
}


class UnitInQuestion(Exception):
    """The row's unit is not one that the good is sold or packed by, or holds now this many, now that."""


def unit_factor(text: str, good: Good) -> Decimal:
    """Base units in one unit of the row; an empty text means the base unit. Raises UnitInQuestion."""
    asked = _key(text)
    if not asked or asked in (_key(good.unit.name), _code_key(good.unit)):
        return ONE
    packed = {coefficient for unit, coefficient in good.packs if _key(unit) == asked}
    if len(packed) == 1:
        return packed.pop()
    if packed:
        sizes = _(" или ").join(format_quantity(size) for size in sorted(packed))
        raise UnitInQuestion(
            _("Сколько в одной «{asked}»: {sizes} {unit}? Укажите количество в {unit}.").format(
                asked=text.strip(), sizes=sizes, unit=good.unit.name
            )
        )
    if ratio := _RATIOS.get((asked, _key(good.unit.name))):
        return ratio
    raise UnitInQuestion(
        _("Единица «{asked}» непонятна: продаём в {unit}. Укажите количество в {unit}.").format(
            asked=text.strip(), unit=good.unit.name
        )
    )


def is_unit(text: str) -> bool:
    """Whether a cell is the name of a unit."""
    word = text.lower().strip(" .")
    return word in COUNTS or word in MEASURES


def _key(text: str) -> str:
    """`шт.`, `Штук` are one; so are `тыс. шт` and `тыс.шт`."""
    key = sold_unit(text)
    bare = "".join(letter for letter in key if letter.isalnum())
    return bare if bare.startswith("тыс") else key


def _code_key(unit: SoldUnit) -> str:
    """Files of 1C may name a unit by its ОКЕИ code."""
    return unit.code.lstrip("0") if unit.code else ""
