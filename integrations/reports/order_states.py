"""States of an order as one table: their names here, in 1C and in a CRM, and who moves them where."""

from collections import defaultdict
from dataclasses import dataclass

from integrations.models import (
    FieldTruth,
    ForeignSystem,
    OrderField,
    OrderStateMapping,
    StateTarget,
    TruthOwner,
)
from integrations.onec.incoming.requisites import state_key
from integrations.services.incoming.statuses import USUAL
from orders.states import ERP_TRANSITIONS, TRANSITIONS, OrderState

OWNED = (OrderField.STATE, OrderField.ROWS, OrderField.PRICES)
"""Fields whose owner may be chosen; of payment and shipment 1C's word is the only one there is."""


@dataclass(frozen=True, slots=True)
class StateLine:
    """One state; `by_people` and `by_erp` are where it may go, in words."""

    state: str
    label: str
    erp: tuple[str, ...]
    crm: tuple[str, ...]
    by_people: tuple[str, ...]
    by_erp: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TruthLine:
    """Who owns a field of an order."""

    field: str
    label: str
    owner: str


def state_lines() -> list[StateLine]:
    """All states in the order of an order's life; one query."""
    names = _names()
    return [
        StateLine(
            state=state.value,
            label=str(state.label),
            erp=tuple(names[ForeignSystem.ERP, state.value]),
            crm=tuple(names[ForeignSystem.CRM, state.value]),
            by_people=_labels(TRANSITIONS[state]),
            by_erp=_labels(ERP_TRANSITIONS[state] - TRANSITIONS[state]),
        )
        for state in OrderState
    ]


def unmoved_names() -> list[str]:
    """Statuses of 1C that are known and move nothing; one query."""
    return _names()[ForeignSystem.ERP, StateTarget.KEEP.value]


def truth_lines() -> list[TruthLine]:
    """Owners of the fields that may be chosen; one query."""
    told = dict(FieldTruth.objects.values_list("field", "owner"))
    return [TruthLine(one.value, str(one.label), told.get(one.value, TruthOwner.ERP)) for one in OWNED]


def _names() -> dict[tuple[str, str], list[str]]:
    """What other systems call a state: first what the administrator has told, then the usual words."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    told: set[str] = set()
    rows = OrderStateMapping.objects.select_related("node").order_by("name", "pk")
    for row in rows:
        whose = f"{row.name} ({row.node})" if row.node else row.name
        found[row.system, row.target].append(whose)
        if row.system == ForeignSystem.ERP and row.node is None:
            told.add(state_key(row.name))
    for name, target in USUAL.items():
        if state_key(name) not in told:
            found[ForeignSystem.ERP, target.value].append(name)
    return found


def _labels(states: frozenset[OrderState]) -> tuple[str, ...]:
    return tuple(str(state.label) for state in OrderState if state in states)
