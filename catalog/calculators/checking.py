"""What is wrong with a calculator as a whole: unknown names, circles, tables that are absent."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.calculators.definition import Step, filters_read, slot_properties_read
from catalog.calculators.running import placeholders, steps_in_order
from catalog.formulas import FormulaFault, Node, names_in, parse, tables_in

MOST_ROWS = 100
Row = Mapping[str, Any]
"""A row of a form or of the database by its fields; `name` and formulas as typed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """All rows of a calculator as typed; a deleted row is left out. Positions in each list are kept."""

    inputs: tuple[Row, ...] = ()
    tables: tuple[Row, ...] = ()
    steps: tuple[Row, ...] = ()
    checks: tuple[Row, ...] = ()
    lines: tuple[Row, ...] = ()
    slots: tuple[Row, ...] = ()
    rules: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in which field of which row of which list."""

    kind: str
    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What formulas may name."""

    names: frozenset[str]
    tables: frozenset[str]
    slots: Mapping[str, frozenset[str]]

    def faults(self, node: Node, *, with_slots: bool) -> Iterator[str]:
        for name, position in names_in(node).items():
            if not self._is_known(name, with_slots=with_slots):
                yield str(FormulaFault(_("Неизвестное имя: {name}").format(name=name), position))
        for name, position in tables_in(node).items():
            if name not in self.tables:
                yield str(FormulaFault(_("Нет такой таблицы: {name}").format(name=name), position))

    def _is_known(self, name: str, *, with_slots: bool) -> bool:
        slot, point, alias = name.partition(".")
        if not point:
            return name in self.names
        return with_slots and alias in self.slots.get(slot, frozenset())


def draft_faults(draft: Draft, *, properties: Collection[str] | None = None) -> list[Fault]:
    """All faults that one row cannot know of itself; `properties` are names of the catalogue's, if known."""
    return list(_faults(draft, properties))


def _faults(draft: Draft, properties: Collection[str] | None) -> Iterator[Fault]:
    known = _known(draft)
    yield from _twice(draft)
    for row, step in enumerate(draft.steps):
        yield from _formula(known, "steps", row, "expression", step)
    yield from _circles(draft.steps)
    for row, check in enumerate(draft.checks):
        yield from _formula(known, "checks", row, "condition", check)
        yield from _message(known, "checks", row, check)
    for row, line in enumerate(draft.lines):
        yield from _formula(known, "lines", row, "condition", line)
        yield from _formula(known, "lines", row, "quantity", line)
        yield from _filters(known, "lines", row, line, properties)
    for row, slot in enumerate(draft.slots):
        yield from _formula(known, "slots", row, "quantity", slot, with_slots=True)
        yield from _filters(known, "slots", row, slot, properties)
        yield from _slot_properties(row, slot, properties)
    for row, rule in enumerate(draft.rules):
        yield from _formula(known, "rules", row, "condition", rule, with_slots=True)
        yield from _message(known, "rules", row, rule)
        target = str(rule.get("target") or "").strip()
        if target and target not in known.slots:
            yield Fault("rules", row, "target", _("Нет такого узла: {name}").format(name=target))


def _known(draft: Draft) -> _Known:
    slots: dict[str, frozenset[str]] = {}
    for slot in draft.slots:
        try:
            aliases = set(slot_properties_read(str(slot.get("properties") or "")))
        except FormulaFault:
            aliases = set()
        slots[_name(slot)] = frozenset(aliases | {"chosen", "count"})
    return _Known(
        frozenset(map(_name, (*draft.inputs, *draft.steps))), frozenset(map(_name, draft.tables)), slots
    )


def _twice(draft: Draft) -> Iterator[Fault]:
    seen: set[str] = set()
    lists = (
        ("inputs", draft.inputs),
        ("tables", draft.tables),
        ("steps", draft.steps),
        ("slots", draft.slots),
    )
    for kind, rows in lists:
        if len(rows) > MOST_ROWS:
            yield Fault(kind, MOST_ROWS, "name", _("Не больше {most} строк.").format(most=MOST_ROWS))
        for row, one in enumerate(rows):
            name = _name(one)
            if name and name in seen:
                yield Fault(kind, row, "name", _("Имя {name} уже занято.").format(name=name))
            seen.add(name)


def _circles(steps: Iterable[Row]) -> Iterator[Fault]:
    read: list[Step] = []
    places: dict[str, int] = {}
    for row, step in enumerate(steps):
        node = _parsed(step.get("expression"))
        if node is not None:
            read.append(Step(_name(step), "", node))
            places.setdefault(_name(step), row)
    _ordered, circle = steps_in_order(read)
    if circle:
        way = " → ".join((*circle, circle[0]))
        for name in circle:
            yield Fault("steps", places[name], "expression", _("Шаги идут по кругу: {way}").format(way=way))


def _formula(
    known: _Known, kind: str, row: int, field: str, typed: Row, *, with_slots: bool = False
) -> Iterator[Fault]:
    node = _parsed(typed.get(field))
    if node is not None:
        for message in known.faults(node, with_slots=with_slots):
            yield Fault(kind, row, field, message)


def _message(known: _Known, kind: str, row: int, typed: Row) -> Iterator[Fault]:
    for name in placeholders(str(typed.get("message") or "")):
        slot, point, alias = name.partition(".")
        if not (name in known.names or (point and alias in known.slots.get(slot, frozenset()))):
            yield Fault(kind, row, "message", _("Неизвестное имя: {name}").format(name=name))


def _filters(
    known: _Known, kind: str, row: int, typed: Row, properties: Collection[str] | None
) -> Iterator[Fault]:
    try:
        filters = filters_read(str(typed.get("filters") or ""))
    except FormulaFault:
        return
    for one in filters:
        for message in known.faults(one.formula, with_slots=False):
            yield Fault(kind, row, "filters", f"{one.text}: {message}")
        if properties is not None and one.property not in properties:
            yield Fault(kind, row, "filters", _("Нет такого свойства: {name}").format(name=one.property))


def _slot_properties(row: int, slot: Row, properties: Collection[str] | None) -> Iterator[Fault]:
    try:
        named = slot_properties_read(str(slot.get("properties") or ""))
    except FormulaFault:
        return
    for name in named.values():
        if properties is not None and name not in properties:
            yield Fault("slots", row, "properties", _("Нет такого свойства: {name}").format(name=name))


def _parsed(text: object) -> Node | None:
    """A formula; None for one that is empty or wrong by itself, which its own field tells."""
    try:
        return parse(str(text)) if text else None
    except FormulaFault:
        return None


def _name(row: Row) -> str:
    return str(row.get("name") or "").strip()
