"""«Расчёты» of a client: by legal entity and contract, with what is overdue."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from counterparties.actor import Actor
from finance.models import OverdueItem, Settlement
from portal.lib.dates import moscow_date

STALE_AFTER = timedelta(hours=12)
"""1C sends balances through the day; what is older is told of."""

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class DueRow:
    """A document to pay for; `days` are those gone since its term, none while it has not come."""

    document: str
    due_date: date
    amount: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class ContractRow:
    """Settlements under one contract, in its currency; `left` is None without a limit."""

    contract: str
    organization: str
    currency: str
    debt: Decimal
    prepayment: Decimal
    shipping: Decimal
    to_pay: Decimal
    limit: Decimal | None
    left: Decimal | None
    is_overdue_forbidden: bool
    as_of: datetime | None
    is_stale: bool
    due: tuple[DueRow, ...]

    @property
    def overdue(self) -> Decimal:
        return sum((row.amount for row in self.due if row.days), ZERO)

    @property
    def is_exceeded(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def over_limit(self) -> Decimal:
        """By how much the limit is exceeded."""
        return -self.left if self.left is not None and self.left < 0 else ZERO


@dataclass(frozen=True, slots=True)
class EntityRows:
    """A legal entity and its contracts."""

    name: str
    inn: str
    contracts: tuple[ContractRow, ...]


@dataclass(slots=True)
class Total:
    """Sums of one currency."""

    debt: Decimal = ZERO
    prepayment: Decimal = ZERO
    to_pay: Decimal = ZERO
    overdue: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class SettlementPage:
    """All that the page shows; totals by currency, roubles first."""

    entities: tuple[EntityRows, ...]
    totals: dict[str, Total] = field(default_factory=dict)

    @property
    def is_stale(self) -> bool:
        return any(row.is_stale for entity in self.entities for row in entity.contracts)


def settlement_page(*, actor: Actor, at: datetime) -> SettlementPage:
    """Settlements visible to the actor, by legal entity; two queries."""
    settlements = list(
        Settlement.objects.visible_to(actor)
        .select_related("contract__organization", "contract__legal_entity__merged_into")
        .order_by("contract__legal_entity__name", "contract__legal_entity", "contract__date", "contract")
    )
    due = _due(settlements, on=moscow_date(at))
    entities: dict[int, tuple[str, str, list[ContractRow]]] = {}
    totals: dict[str, Total] = defaultdict(Total)
    for settlement in settlements:
        entity = settlement.contract.legal_entity.merged_into or settlement.contract.legal_entity
        row = _row(settlement, due[settlement.pk], at)
        entities.setdefault(entity.pk, (entity.name, entity.inn, []))[2].append(row)
        _add(totals[row.currency], row)
    return SettlementPage(
        entities=tuple(EntityRows(name, inn, tuple(rows)) for name, inn, rows in entities.values()),
        totals=dict(sorted(totals.items(), key=lambda pair: (pair[0] != "RUB", pair[0]))),
    )


def _due(settlements: list[Settlement], *, on: date) -> dict[int, list[DueRow]]:
    found: dict[int, list[DueRow]] = defaultdict(list)
    for item in OverdueItem.objects.filter(settlement__in=settlements).order_by("due_date", "pk"):
        days = max((on - item.due_date).days, 0)
        found[item.settlement_id].append(DueRow(item.document, item.due_date, item.amount, days))
    return found


def _row(settlement: Settlement, due: list[DueRow], at: datetime) -> ContractRow:
    """The limit is used up by debt and by goods on their way, as 1C counts."""
    limit = settlement.limit_amount if settlement.is_limited else None
    used = settlement.debt - settlement.prepayment + settlement.shipping
    return ContractRow(
        contract=str(settlement.contract),
        organization=settlement.contract.organization.name,
        currency=settlement.currency,
        debt=settlement.debt,
        prepayment=settlement.prepayment,
        shipping=settlement.shipping,
        to_pay=settlement.to_pay,
        limit=limit,
        left=None if limit is None or settlement.as_of is None else limit - used,
        is_overdue_forbidden=settlement.is_overdue_forbidden,
        as_of=settlement.as_of,
        is_stale=settlement.as_of is not None and at - settlement.as_of > STALE_AFTER,
        due=tuple(due),
    )


def _add(total: Total, row: ContractRow) -> None:
    total.debt += row.debt
    total.prepayment += row.prepayment
    total.to_pay += row.to_pay
    total.overdue += row.overdue
