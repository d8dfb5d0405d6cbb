"""How money and quantities are written on pages."""

from decimal import Decimal

from django import template

from portal.lib.money import format_money, format_quantity

register = template.Library()


@register.filter
def money(value: Decimal | None) -> str:
    """`1 234 567,89`; an absent value is a dash."""
    return "–" if value is None else format_money(value)


@register.filter
def quantity(value: Decimal | None) -> str:
    """A quantity without trailing zeros: `37`, `0,125`."""
    return "–" if value is None else format_quantity(value)


@register.filter
def percent(value: Decimal | None) -> str:
    """A VAT rate: `22%`; none is `без НДС`."""
    return "без НДС" if value is None else f"{format_quantity(value)}%"
