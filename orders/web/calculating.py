"""What pages of calculators share: reading answers out of a query, counting, what templates need."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.core.exceptions import BadRequest
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.calculators.definition import Definition, Input, InputKind
from catalog.calculators.running import (
    LONGEST_ANSWER,
    Answers,
    Run,
    answers_read,
    choice_key,
    number_text,
    run,
)
from catalog.formulas import FormulaFault, plain_number
from catalog.index.reading import catalog_index
from catalog.models import Calculator
from catalog.selectors.calculators import calculator_open, definition_of
from catalog.web.typed import whole_read
from counterparties.web.middleware import PortalRequest
from orders.quantities import parse_quantity
from orders.refusals import WrongQuantity
from orders.selectors.calculator_goods import Offered
from orders.selectors.calculator_results import Result, calculator_result
from orders.selectors.configurations import Asked, Configuration, configuration
from orders.services.calculations import Wanted

SENT: Final = "is-sent"
PICK, LEAVE, SLOT, COUNT, WHOLE = "pick-", "leave-", "slot-", "count-", "whole-"
_LONGEST_QUERY: Final = 20_000


@dataclass(frozen=True, slots=True)
class Field:
    """A question as the form shows it."""

    input: Input
    typed: str
    error: str

    @property
    def key(self) -> str:
        return f"answer-{self.input.name}"

    @property
    def is_ticked(self) -> bool:
        return self.typed.casefold() in {"1", "on", "да", "true", "yes"}

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(choice_key(choice.value), choice.label) for choice in self.input.choices]

    @property
    def bounds(self) -> str:
        """«от 1 до 500»."""
        low, high = self.input.minimum, self.input.maximum
        told = [_("от {low}").format(low=number_text(low))] if low is not None else []
        told += [_("до {high}").format(high=number_text(high))] if high is not None else []
        return " ".join(told)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A calculator with what a query asks of it; a part is None where it did not come to it."""

    calculator: Calculator
    definition: Definition | None
    fields: tuple[Field, ...]
    answers: Answers | None = None
    counted: Run | None = None
    result: Result | None = None
    configuration: Configuration | None = None
    fault: str = ""

    @property
    def goods(self) -> list[tuple[str, Offered]]:
        """What would go into a cart."""
        if self.result is not None:
            return self.result.goods
        return self.configuration.goods if self.configuration is not None else []

    @property
    def wanted(self) -> list[Wanted]:
        return [Wanted(label, one.sku_id, one.quantity) for label, one in self.goods]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Questions with what is wrong in them."""
        return [(field.input.label, field.error) for field in self.fields if field.error]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Answers and shown steps in words."""
        if self.answers is None or self.counted is None:
            return []
        told = [(field.input.label, _answer_text(field)) for field in self.fields]
        steps = [
            (one.step.label, f"{one.text} {one.step.unit}".strip())
            for one in self.counted.steps
            if one.step.is_shown and one.value is not None
        ]
        return told + steps

    @property
    def query(self) -> dict[str, str]:
        """The query that leads to this very result: goods are named, so that stock does not change them."""
        if self.answers is None:
            return {}
        kept = {name: text for name, text in self.answers.typed.items() if text} | {SENT: "1"}
        if self.result is not None:
            for row in self.result.rows:
                if row.is_left:
                    kept[LEAVE + row.line.key] = "1"
                if row.taken is not None:
                    kept[PICK + row.line.key] = str(row.taken.sku_id)
        if self.configuration is not None:
            for slot in self.configuration.slots:
                if slot.chosen is not None:
                    kept[SLOT + slot.slot.name] = str(slot.chosen.sku_id)
                    if slot.may_count:
                        kept[COUNT + slot.slot.name] = plain_number(slot.chosen.quantity)
        return kept

    @property
    def query_text(self) -> str:
        """The same as an address has it."""
        found = QueryDict(mutable=True)
        found.update(self.query)
        return found.urlencode()


def reckon(request: PortalRequest, slug: str, query: Mapping[str, str]) -> Reckoning:
    """Count what a query asks of a calculator. Raises Http404 for one that the person may not see."""
    try:
        calculator = calculator_open(slug=slug, is_draft_shown=request.actor.is_administrator)
    except Calculator.DoesNotExist as absent:
        raise Http404 from absent
    try:
        definition = definition_of(calculator)
    except FormulaFault as fault:
        return Reckoning(calculator, None, (), fault=str(fault))
    answers = answers_read(definition, query, is_sent=SENT in query)
    fields = tuple(
        Field(one, answers.typed[one.name], answers.errors.get(one.name, "") if SENT in query else "")
        for one in definition.inputs
    )
    if answers.errors:
        return Reckoning(calculator, definition, fields, answers)
    counted = run(definition, answers.values)
    if not counted.is_done:
        return Reckoning(calculator, definition, fields, answers, counted, fault=counted.fault)
    index, workplace, on = catalog_index(), request.workplace, timezone.localdate()
    if definition.slots:
        found = configuration(
            definition, counted, asked=_asked(definition, query), index=index, workplace=workplace, on=on
        )
        return Reckoning(calculator, definition, fields, answers, counted, configuration=found)
    result = calculator_result(
        definition,
        counted,
        picked=_picked(definition, query),
        left=frozenset(line.key for line in definition.lines if query.get(LEAVE + line.key)),
        index=index,
        workplace=workplace,
        on=on,
    )
    return Reckoning(calculator, definition, fields, answers, counted, result=result)


def query_read(text: str) -> dict[str, str]:
    """The query that a form carries in one field. Raises BadRequest for one that no page of ours sends."""
    if len(text) > _LONGEST_QUERY:
        raise BadRequest("The query is too long")
    return {name: str(value)[:LONGEST_ANSWER] for name, value in QueryDict(text).items()}


def _picked(definition: Definition, query: Mapping[str, str]) -> dict[str, int]:
    asked = {line.key: whole_read(query.get(PICK + line.key)) for line in definition.lines}
    return {key: sku_id for key, sku_id in asked.items() if sku_id}


def _asked(definition: Definition, query: Mapping[str, str]) -> Asked:
    names = [slot.name for slot in definition.slots]
    skus = {name: whole_read(query.get(SLOT + name)) for name in names}
    counts: dict[str, Decimal] = {}
    for name in names:
        try:
            counts[name] = parse_quantity(query.get(COUNT + name, ""))
        except WrongQuantity:
            continue
    return Asked(
        {name: sku_id for name, sku_id in skus.items() if sku_id},
        counts,
        frozenset(name for name in names if query.get(WHOLE + name)),
    )


def _answer_text(field: Field) -> str:
    if field.input.kind is InputKind.FLAG:
        return _("да") if field.is_ticked else _("нет")
    if field.input.kind is InputKind.CHOICE:
        return next((label for key, label in field.options if key.casefold() == field.typed.casefold()), "")
    return f"{field.typed.replace('.', ',')} {field.input.unit}".strip()
