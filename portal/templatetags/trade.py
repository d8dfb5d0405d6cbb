"""How money and quantities are written on pages."""

from datetime import datetime
from decimal import Decimal

from django import template
from django.template.context import Context
from django.utils.html import escape
from django.utils.safestring import SafeString

from catalog.masks import StockMask, stock_text
from catalog.selectors import WarehouseStock, delivery_promise
from portal.lib.money import NBSP, format_money, format_quantity

register = template.Library()

_TON, _THOUSANDTH = Decimal(1000), Decimal("0.001")


@register.filter
def money(value: Decimal | None) -> str:
    """`1 234 567,89`; an absent value is a dash."""
    return "–" if value is None else format_money(value)


@register.filter
def quantity(value: Decimal | None) -> str:
    """A quantity without trailing zeros: `37`, `0,125`."""
    return "–" if value is None else format_quantity(value)


@register.filter
def weight(value: Decimal) -> str:
    """Kilograms as people say them: `85 г`, `1,25 кг`, `2,4 т`."""
    scale, unit = (1000, "г") if value < 1 else (1, "кг") if value < _TON else (_TON**-1, "т")
    return f"{format_quantity((value * scale).quantize(_THOUSANDTH))}{NBSP}{unit}"


@register.filter
def percent(value: Decimal | None) -> str:
    """A VAT rate: `22%`; none is `без НДС`."""
    return "без НДС" if value is None else f"{format_quantity(value)}%"


@register.simple_tag(takes_context=True)
def in_stock(context: Context, value: Decimal, unit: str) -> SafeString:
    """`{% in_stock offer.available unit %}`: a quantity in stock as exactly as the person may see it.

    «37 шт», «>10 шт», «много», «нет». The only way a page tells stock.
    """
    return stock_told(context, value, unit)


def stock_told(context: Context, value: Decimal, unit: str) -> SafeString:
    """What the tag draws, for tags that draw more."""
    mask = getattr(context.get("workplace"), "stock_mask", StockMask.WORDS)
    return SafeString(escape(stock_text(value, unit, mask)).replace(NBSP, "&nbsp;"))


@register.filter
def promised(stock: WarehouseStock, at: datetime) -> str:
    """When an order from the warehouse arrives: «закажите до 15:00 — привезем завтра»."""
    return delivery_promise(stock, at=at).text
