"""One run of a calculator: what was typed becomes answers, answers become steps, warnings and refusals."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from catalog.calculators.definition import Definition, Input, InputKind, Step
from catalog.formulas import FormulaFault, Node, Scope, Value, evaluate, names_in, plain_number
from catalog.formulas.numbers import remainder, significant, telling
from catalog.formulas.tables import number_read
from portal.lib.money import format_quantity

_YES: Final = frozenset({"1", "on", "да", "yes", "true"})
_PLACEHOLDER: Final = re.compile(r"\{([^{}]{1,81})\}")
LONGEST_ANSWER: Final = 60


@dataclass(frozen=True, slots=True)
class Answers:
    """What was typed and what it means; `errors` by the name of the question."""

    typed: Mapping[str, str]
    values: Mapping[str, Value]
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counted:
    """A step with what came of it, or why nothing did."""

    step: Step
    value: Value | None
    fault: str = ""

    @property
    def text(self) -> str:
        """As people read it."""
        return "" if self.value is None else value_text(self.value)


@dataclass(frozen=True, slots=True)
class Run:
    """All that a reckoning says before goods are looked for; `fault` is why it could not be finished."""

    values: Mapping[str, Value]
    steps: tuple[Counted, ...]
    refusals: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    fault: str = ""

    @property
    def has_shown(self) -> bool:
        """Whether any step is for people to see."""
        return any(one.step.is_shown for one in self.steps)

    @property
    def is_done(self) -> bool:
        return not self.fault and not self.refusals


def answers_read(definition: Definition, typed: Mapping[str, str], *, is_sent: bool) -> Answers:
    """Understand answers; before the form is sent, those that stand there at first."""
    kept: dict[str, str] = {}
    values: dict[str, Value] = {}
    errors: dict[str, str] = {}
    for asked in definition.inputs:
        told = typed.get(asked.name, "" if is_sent else asked.default)
        text = told.replace("\0", "\ufffd").strip()[:LONGEST_ANSWER]  # no database stores the former
        kept[asked.name] = text
        try:
            values[asked.name] = _answer(asked, text)
        except FormulaFault as fault:
            errors[asked.name] = fault.message
    return Answers(kept, values, errors)


def run(definition: Definition, answers: Mapping[str, Value]) -> Run:
    """Count all steps and checks. Never raises: what cannot be counted is told."""
    values: dict[str, Value] = dict(answers)
    steps: list[Counted] = []
    fault = ""
    for step in definition.steps:
        try:
            values[step.name] = evaluate(step.formula, Scope(values, definition.tables))
            steps.append(Counted(step, values[step.name]))
        except FormulaFault as found:
            steps.append(Counted(step, None, found.message))
            fault = fault or f"{step.label}: {found.message}"
    told: dict[bool, list[str]] = {True: [], False: []}
    if not fault:
        try:
            for check in definition.checks:
                if holds(check.condition, values, definition):
                    told[check.is_refusal].append(message_text(check.message, values))
        except FormulaFault as found:
            fault = _("Проверка: {fault}").format(fault=found.message)
    return Run(values, tuple(steps), tuple(told[True]), tuple(told[False]), fault)


def holds(condition: Node, values: Mapping[str, Value], definition: Definition) -> bool:
    """Whether a condition is true. Raises FormulaFault, also where it gives no yes or no."""
    found = evaluate(condition, Scope(values, definition.tables))
    if isinstance(found, bool):
        return found
    raise FormulaFault(_("Нужно условие, а получилось значение"))


def amount(formula: Node, values: Mapping[str, Value], definition: Definition) -> Decimal:
    """A number that a formula gives. Raises FormulaFault."""
    found = evaluate(formula, Scope(values, definition.tables))
    if isinstance(found, Decimal):
        return found
    raise FormulaFault(_("Нужно число, а получилось другое"))


def value_text(value: Value) -> str:
    """A value as people read it: «2,5», «да», a word as it is; a number with four digits that tell.

    Of a large number two digits after the point stay all the same. What is reckoned on is never rounded.
    """
    if isinstance(value, bool):
        return _("да") if value else _("нет")
    if isinstance(value, str):
        return value
    return format_quantity(telling(value))


def number_text(value: Decimal) -> str:
    """A number with all its digits: a bound or a step of an answer."""
    return format_quantity(Decimal(plain_number(value)))


def message_text(message: str, values: Mapping[str, Value]) -> str:
    """Put values in the place of «{имя}»; what is not known stays as it is written."""

    def told(met: re.Match[str]) -> str:
        value = values.get(met[1].strip())
        return met[0] if value is None else value_text(value)

    return _PLACEHOLDER.sub(told, message)


def placeholders(message: str) -> list[str]:
    """Names that a message speaks of."""
    return [met[1].strip() for met in _PLACEHOLDER.finditer(message)]


def steps_in_order(steps: Iterable[Step]) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """Steps so that each comes after those it uses; with the names of those that go in a circle."""
    waiting = {step.name: step for step in steps}
    needs = {name: set(names_in(step.formula)) & set(waiting) for name, step in waiting.items()}
    ordered: list[Step] = []
    while waiting:
        ready = [name for name in waiting if not needs[name] & set(waiting)]
        if not ready:
            return tuple(ordered), tuple(_circle(waiting, needs))
        ordered += [waiting.pop(name) for name in ready]
    return tuple(ordered), ()


def _circle(waiting: Mapping[str, Step], needs: Mapping[str, set[str]]) -> list[str]:
    """Names along the way that comes back to where it was."""
    way = [next(iter(waiting))]
    while True:
        following = min(needs[way[-1]] & set(waiting))
        if following in way:
            return way[way.index(following) :]
        way.append(following)


def _answer(asked: Input, text: str) -> Value:
    if asked.kind is InputKind.FLAG:
        return text.casefold() in _YES
    if not text:
        raise FormulaFault(_("Заполните поле."))
    if asked.kind is InputKind.CHOICE:
        for choice in asked.choices:
            if text.casefold() == choice_key(choice.value).casefold():
                return choice.value
        raise FormulaFault(_("Выберите один из вариантов."))
    return _number(asked, text)


def _number(asked: Input, text: str) -> Decimal:
    number = number_read(text)
    if number is None:
        raise FormulaFault(_("Укажите число, например 10 или 2,5."))
    if asked.minimum is not None and number < asked.minimum:
        raise FormulaFault(_("Не меньше {least}.").format(least=number_text(asked.minimum)))
    if asked.maximum is not None and number > asked.maximum:
        raise FormulaFault(_("Не больше {most}.").format(most=number_text(asked.maximum)))
    if asked.step and significant(remainder(number - (asked.minimum or Decimal(0)), asked.step)):
        raise FormulaFault(_("Шаг значения – {step}.").format(step=number_text(asked.step)))
    return number


def choice_key(value: Decimal | str) -> str:
    """What a form sends for an answer."""
    return value if isinstance(value, str) else plain_number(value)
