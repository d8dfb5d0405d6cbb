"""Calculators as they stand in the database, and goods that their lines and slots ask for."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from pyroaring import BitMap

from catalog.calculators.definition import (
    Check,
    Definition,
    Filter,
    Goods,
    Input,
    InputKind,
    Line,
    Rule,
    RuleKind,
    Slot,
    Step,
    choices_read,
    filters_read,
    slot_properties_read,
)
from catalog.calculators.running import steps_in_order, value_text
from catalog.formulas import FormulaFault, LookupWay, Scope, Value, evaluate, parse, plain_number, table_read
from catalog.index.codec import ordinals
from catalog.index.kinds import CALCULATORS
from catalog.index.reading import Index
from catalog.models import (
    Calculator,
    CalculatorInput,
    CalculatorKind,
    CalculatorLine,
    CalculatorPlace,
    CheckLevel,
    City,
    ConfiguratorSlot,
    GoodsOrder,
    Property,
    PropertyValue,
    Sku,
)
from catalog.selectors.city import city_warehouses, goods_shown
from catalog.selectors.sections import section_goods

MOST_CANDIDATES: Final = 300
"""Goods that a line or a slot looks at; of more, those that lie in the largest quantity."""

_NEAR: Final = 1e-9
_ORDER: Final = ("kind", "position", "name", "pk")


@dataclass(frozen=True, slots=True)
class CalculatorRow:
    """A calculator in a list."""

    slug: str
    name: str
    intro: str
    is_configurator: bool
    sections: tuple[str, ...] = ()


def calculator_rows(*, section_id: int | None = None) -> list[CalculatorRow]:
    """What is published, in its order, of a section if one is named; two queries."""
    calculators = Calculator.objects.published()
    if section_id is not None:
        calculators = calculators.filter(sections=section_id)
    rows = calculators.prefetch_related("sections").order_by(*_ORDER)
    return [_row(one, tuple(section.name for section in one.sections.all())) for one in rows]


def calculator_sections() -> list[tuple[int, str]]:
    """Sections that published calculators belong to, by name; one query."""
    told = Calculator.sections.through.objects.filter(calculator__is_published=True)
    return list(told.order_by("section__name").values_list("section_id", "section__name").distinct())


def calculators_for(index: Index, section_ids: Collection[int]) -> list[CalculatorRow]:
    """Those of any of the sections: a section with those above it, or all of a product.

    One query when a calculator has changed.
    """
    placed = index.derived("calculators", _placed_read, depends_on=(CALCULATORS,))
    return [row for row, sections in placed.items() if not sections.isdisjoint(section_ids)]


def calculator_open(*, slug: str, is_draft_shown: bool) -> Calculator:
    """One by its address. Raises Calculator.DoesNotExist, for a draft unless drafts are shown."""
    calculators = Calculator.objects.all() if is_draft_shown else Calculator.objects.published()
    return calculators.get(slug=slug)


def definition_of(calculator: Calculator) -> Definition:
    """All that is declared, ready to be counted; seven queries. Raises FormulaFault for what is damaged."""
    ordered, circle = steps_in_order(
        Step(
            step.name,
            step.label,
            parse(step.expression),
            step.expression,
            step.unit,
            step.is_shown,
            step.note,
        )
        for step in calculator.steps.order_by("position", "pk")
    )
    if circle:
        raise FormulaFault("Шаги идут по кругу: " + " → ".join(circle))
    is_configurator = calculator.kind == CalculatorKind.CONFIGURATOR
    return Definition(
        inputs=tuple(_input(one) for one in calculator.inputs.order_by("position", "pk")),
        tables={one.name: table_read(one.rows, LookupWay(one.way)) for one in calculator.tables.all()},
        steps=ordered,
        checks=tuple(
            Check(parse(one.condition), one.level == CheckLevel.REFUSE, one.message)
            for one in calculator.checks.order_by("position", "pk")
        ),
        lines=()
        if is_configurator
        else tuple(_line(one) for one in calculator.lines.order_by("position", "pk")),
        slots=tuple(_slot(one) for one in calculator.slots.order_by("position", "pk"))
        if is_configurator
        else (),
        rules=tuple(
            Rule(RuleKind(one.kind), parse(one.condition), one.message, one.target)
            for one in calculator.rules.order_by("position", "pk")
        )
        if is_configurator
        else (),
    )


def goods_asked(
    index: Index, goods: Goods, values: Mapping[str, Value], definition: Definition, *, city: City | None
) -> list[int]:
    """Skus that a line or a slot may take, most in stock first; what has run out is there too.

    Raises FormulaFault where a condition cannot be counted. No query but for first looks.
    """
    if goods.sku_id is not None:
        return [goods.sku_id]
    found = index.on_sale if city is None else goods_shown(index, city, is_absent_shown=True)
    if goods.section_id is not None:
        found = found & section_goods(index, goods.section_id)  # never &=: the index's sets are shared
    for one in goods.filters:
        found = found & _passing(index, one, evaluate(one.formula, Scope(values, definition.tables)))
    places = ordinals(found)
    stock = index.stock(city_warehouses(index, city))[places]
    order = np.argsort(-stock, kind="stable")[:MOST_CANDIDATES]
    return index.sku_ids(places[order])


def slot_goods_values(slots: Iterable[Slot], sku_ids: Collection[int]) -> dict[int, dict[str, Value]]:
    """Properties of skus by name of the property, of those that slots speak of; two queries at most.

    A number where the catalogue has one; of several values the first.
    """
    names = {name for slot in slots for name in slot.properties.values()}
    products = dict(Sku.objects.filter(pk__in=sku_ids).values_list("pk", "product_id"))
    by_product: dict[int, dict[str, Value]] = {}
    if names:
        rows = PropertyValue.objects.filter(product__in=set(products.values()), property__name__in=names)
        for product_id, name, number, text in rows.order_by("pk").values_list(
            "product_id", "property__name", "number", "text"
        ):
            by_product.setdefault(product_id, {}).setdefault(name, text if number is None else number)
    return {sku_id: by_product.get(product_id, {}) for sku_id, product_id in products.items()}


def property_names() -> frozenset[str]:
    """Names of all properties of the catalogue; one query."""
    return frozenset(Property.objects.values_list("name", flat=True))


def _passing(index: Index, asked: Filter, value: Value) -> BitMap:
    """Goods whose property compares so; those without it never do."""
    found = [_compared(index, pk, asked.sign, value) for pk in _properties(index).get(asked.property, ())]
    return BitMap.union(*found) if found else BitMap()


def _compared(index: Index, property_id: int, sign: str, value: Value) -> BitMap:
    numbers = index.numbers(property_id)
    if isinstance(value, Decimal) and len(numbers.values):
        near = _NEAR * max(1.0, abs(float(value)))
        low, high = float(value) - near, float(value) + near
        match sign:
            case "=":
                return numbers.between(low, high)
            case ">=":
                return numbers.between(low, None)
            case "<=":
                return numbers.between(None, high)
            case ">":
                return numbers.between(high, None)
            case "<":
                return numbers.between(None, low)
            case _:
                return numbers.between(None, None) - numbers.between(low, high)
    if sign not in {"=", "!="}:
        return BitMap()
    text = (plain_number(value) if isinstance(value, Decimal) else value_text(value)).casefold()
    known = index.values(property_id)
    same = [goods for word, goods in known.items() if word.casefold() == text]
    equal = BitMap.union(*same) if same else BitMap()
    if sign == "=":
        return equal
    return BitMap.union(*known.values()) - equal if known else BitMap()


def _properties(index: Index) -> Mapping[str, tuple[int, ...]]:
    """Properties by name: 1C may have several of one name."""

    def read() -> dict[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {}
        for pk, name in Property.objects.order_by("pk").values_list("pk", "name"):
            found[name] = (*found.get(name, ()), pk)
        return found

    return index.derived("properties_by_name", read, depends_on=("names",))


def _placed_read() -> dict[CalculatorRow, set[int]]:
    """Sections of each published calculator that has any, in the order of lists."""
    places = CalculatorPlace.objects.filter(calculator__is_published=True).select_related("calculator")
    placed: dict[CalculatorRow, set[int]] = {}
    for place in places.order_by(*(f"calculator__{field}" for field in _ORDER)):
        placed.setdefault(_row(place.calculator), set()).add(place.section_id)
    return placed


def _input(one: CalculatorInput) -> Input:
    return Input(
        name=one.name,
        label=one.label,
        kind=InputKind(one.kind),
        unit=one.unit,
        minimum=one.minimum,
        maximum=one.maximum,
        step=one.step,
        default=one.default,
        choices=choices_read(one.choices),
        hint=one.hint,
    )


def _goods(one: CalculatorLine | ConfiguratorSlot) -> Goods:
    return Goods(one.sku_id, one.section_id, filters_read(one.filters), one.order == GoodsOrder.IN_STOCK)


def _line(one: CalculatorLine) -> Line:
    return Line(
        key=f"l{one.pk}",
        label=one.label,
        quantity=parse(one.quantity),
        goods=_goods(one),
        condition=parse(one.condition) if one.condition else None,
        is_optional=one.is_optional,
        is_by_pack=one.is_by_pack,
        alternatives=one.alternatives,
    )


def _slot(one: ConfiguratorSlot) -> Slot:
    return Slot(
        name=one.name,
        label=one.label,
        goods=_goods(one),
        quantity=parse(one.quantity),
        properties=slot_properties_read(one.properties),
        is_required=one.is_required,
        minimum=one.minimum,
        maximum=one.maximum,
    )


def _row(one: Calculator, sections: tuple[str, ...] = ()) -> CalculatorRow:
    return CalculatorRow(one.slug, one.name, one.intro, one.kind == CalculatorKind.CONFIGURATOR, sections)
