"""What is chosen, one chip each: its words, and the address of the list without it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from catalog.selectors import ApplicationChoice
from catalog.selectors.naming import brand_names, warehouse_names
from catalog.web.asked import Asked
from catalog.web.choice import Span
from portal.lib.money import format_quantity


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that a press takes away."""

    label: str
    address: str


def chips_of(asked: Asked) -> list[Chip]:
    """Chips in the order of the filters."""
    return [*_named(asked), *_properties(asked)]


def _named(asked: Asked) -> Iterator[Chip]:
    choice = asked.choice
    if choice.search:
        yield Chip(f"«{choice.search}»", choice.without_search().address())
    if choice.price:
        yield Chip(f"Цена: {span_text(choice.price)} ₽", replace(choice, price=Span()).address())
    brands, warehouses = brand_names(asked.index), warehouse_names(asked.index, asked.city)
    for pk in choice.brands:
        rest = tuple(one for one in choice.brands if one != pk)
        yield Chip(brands.get(pk, "Неизвестный бренд"), replace(choice, brands=rest).address())
    if choice.application:
        without = replace(choice, application=ApplicationChoice())
        yield Chip(_fits(choice.application), without.address())
    for pk in choice.warehouses:
        rest = tuple(one for one in choice.warehouses if one != pk)
        yield Chip(f"Склад: {warehouses.get(pk, '')}", replace(choice, warehouses=rest).address())


def _properties(asked: Asked) -> Iterator[Chip]:
    choice = asked.choice
    values, ranges = dict(choice.values), dict(choice.ranges)
    for plan in asked.plan:
        pk = plan.property_id
        for text in values.get(pk, ()):
            label = f"{plan.name}: {text}{_unit(plan.unit)}"
            yield Chip(label, choice.without_value(pk, text).address())
        if pk in ranges:
            label = f"{plan.name}: {span_text(ranges[pk])}{_unit(plan.unit)}"
            yield Chip(label, choice.without_range(pk).address())


def span_text(span: Span) -> str:
    """«от 5», «до 10», «5–10»."""
    low, high = (None if end is None else format_quantity(end) for end in (span.low, span.high))
    if low and high:
        return f"{low}–{high}"
    return f"от {low}" if low else f"до {high}"


def _unit(unit: str) -> str:
    return f" {unit}" if unit else ""


def _fits(application: ApplicationChoice) -> str:
    parts = [application.make or application.kind, application.model, str(application.year or "")]
    return " ".join(part for part in parts if part)
