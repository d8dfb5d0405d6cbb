"""Rules of a configurator over goods that are chosen: what is refused and why, what is still wanting."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.translation import gettext as _

from catalog.calculators.definition import Definition, Rule, RuleKind
from catalog.calculators.running import holds, message_text
from catalog.formulas import FormulaFault, Value

Chosen = Mapping[str, Mapping[str, Value]]
"""Properties of the good in each filled slot, by what formulas call them."""


class Verdict(Enum):
    """What a rule says now; SILENT where it speaks of slots that are empty, or of what nobody knows."""

    HOLDS = auto()
    FAILS = auto()
    SILENT = auto()


@dataclass(frozen=True, slots=True)
class Told:
    """A rule that is broken or asks for something, in words; `slots` are those it speaks of."""

    slots: frozenset[str]
    message: str


def slot_values(definition: Definition, chosen: Chosen) -> dict[str, Value]:
    """What formulas may name of slots: `boiler.chosen` of all, `boiler.power` of those that are filled."""
    values: dict[str, Value] = {f"{slot.name}.chosen": slot.name in chosen for slot in definition.slots}
    for name, properties in chosen.items():
        values |= {f"{name}.{alias}": value for alias, value in properties.items()}
    return values


def verdict(rule: Rule, definition: Definition, values: Mapping[str, Value]) -> Verdict:
    """Judge one rule."""
    if not rule.names <= values.keys():
        return Verdict.SILENT
    try:
        return Verdict.HOLDS if holds(rule.condition, values, definition) else Verdict.FAILS
    except FormulaFault:
        return Verdict.SILENT


def refusals(definition: Definition, values: Mapping[str, Value], chosen: Chosen) -> list[Told]:
    """What does not fit in the configuration as it stands."""
    known = dict(values) | slot_values(definition, chosen)
    return list(_broken(definition, definition.rules, known, chosen))


def option_refusals(
    definition: Definition,
    values: Mapping[str, Value],
    chosen: Chosen,
    slot: str,
    options: Iterable[Mapping[str, Value]],
) -> list[str]:
    """Why each good may not stand in the slot beside those chosen in the others; empty: it may."""
    others = {name: told for name, told in chosen.items() if name != slot}
    known = dict(values) | slot_values(definition, {**others, slot: {}})
    filled = {*others, slot}
    rules = [rule for rule in definition.rules if slot in rule.slots]
    found: list[str] = []
    for option in options:
        tried = known | {f"{slot}.{alias}": value for alias, value in option.items()}
        found.append(next((told.message for told in _broken(definition, rules, tried, filled)), ""))
    return found


def wanting(definition: Definition, values: Mapping[str, Value], chosen: Chosen) -> list[Told]:
    """What must still be chosen, and why."""
    known = dict(values) | slot_values(definition, chosen)
    spared = {
        rule.target
        for rule in definition.rules
        if rule.kind is RuleKind.EXCLUDES and verdict(rule, definition, known) is Verdict.HOLDS
    }
    found = [
        Told(frozenset({slot.name}), _("Выберите: {slot}").format(slot=slot.label))
        for slot in definition.slots
        if slot.is_required and slot.name not in chosen and slot.name not in spared
    ]
    for rule in definition.rules:
        if rule.kind is not RuleKind.REQUIRES or rule.target in chosen:
            continue
        if verdict(rule, definition, known) is Verdict.HOLDS:
            found.append(Told(frozenset({rule.target}), message_text(rule.message, known)))
    return found


def unsure(definition: Definition, values: Mapping[str, Value], chosen: Chosen) -> list[str]:
    """Rules of filled slots that cannot be checked: their goods do not tell what is needed."""
    known = dict(values) | slot_values(definition, chosen)
    return [
        message_text(rule.message, known)
        for rule in definition.rules
        if rule.slots <= set(chosen) and verdict(rule, definition, known) is Verdict.SILENT
    ]


def _broken(
    definition: Definition, rules: Iterable[Rule], known: Mapping[str, Value], filled: Collection[str]
) -> Iterator[Told]:
    for rule in rules:
        found = verdict(rule, definition, known)
        is_broken = found is Verdict.FAILS and rule.kind is RuleKind.CONDITION
        is_excluded = found is Verdict.HOLDS and rule.kind is RuleKind.EXCLUDES and rule.target in filled
        if is_broken or is_excluded:
            yield Told(rule.slots, message_text(rule.message, known))
