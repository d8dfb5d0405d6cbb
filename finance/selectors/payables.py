"""Everything that a client may pay for, grouped by who pays whom."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Contract, LegalEntity, Organization
from counterparties.reach import reach
from finance.payables import ToPay, sources
from finance.selectors.receivables import open_debits
from portal.lib.dates import format_date

ZERO = Decimal("0.00")
ROUBLE = "RUB"


@dataclass(frozen=True, slots=True)
class PayGroup:
    """What one legal entity may pay to one organization, by term; one payment covers any of it."""

    legal_entity: LegalEntity
    organization: Organization
    contracts: tuple[Contract, ...]
    rows: tuple[ToPay, ...]

    @property
    def key(self) -> str:
        return f"{self.legal_entity.pk}-{self.organization.pk}"

    @property
    def total(self) -> Decimal:
        return sum((row.open for row in self.rows), ZERO)

    @property
    def debt(self) -> Decimal:
        return sum((row.open for row in self.rows if row.is_debt), ZERO)


def money_contracts(actor: Actor) -> list[Contract]:
    """Contracts whose money the actor may see, with whom they are between; one query.

    Whoever may see only what is his own sees no money: a debt is nobody's own.
    """
    if actor.is_own_only(Permission.FINANCE_VIEW):
        return []
    return list(
        Contract.objects.filter(reach(actor, Permission.FINANCE_VIEW))
        .select_related("organization", "legal_entity__merged_into", "legal_entity__holding")
        .order_by("legal_entity__name", "legal_entity_id", "organization__name", "-is_default", "-date", "pk")
    )


def payer_of(contract: Contract) -> LegalEntity:
    """Who pays under a contract: the heir of a legal entity that was merged."""
    return contract.legal_entity.merged_into or contract.legal_entity


def to_pay(*, contract_ids: Collection[int], on: date) -> list[ToPay]:
    """Debts and unpaid invoices of contracts, the oldest term first; what has none comes last."""
    rows = [
        ToPay(
            reference=f"ledger:{debit.entry_id}",
            contract_id=debit.contract_id,
            title=f"{debit.title} от {format_date(debit.date)}",
            open=debit.open,
            due_date=debit.due_date,
            overdue_days=debit.overdue_days,
            is_debt=True,
            purpose=f"документу {debit.number or debit.title} от {format_date(debit.date)}",
            settles=((debit.document_key, debit.open),),
        )
        for debit in open_debits(on=on, contract_ids=contract_ids)
    ]
    for source in sources():
        rows += source.to_pay(contract_ids=contract_ids, on=on)
    return sorted(rows, key=lambda row: (row.due_date or date.max, not row.is_debt, row.reference))


def pay_groups(*, contracts: Iterable[Contract], on: date) -> list[PayGroup]:
    """What may be paid in roubles under the contracts, by payer and payee, those with nothing left out."""
    own = [contract for contract in contracts if contract.currency == ROUBLE]
    rows: dict[int, list[ToPay]] = {contract.pk: [] for contract in own}
    for row in to_pay(contract_ids=list(rows), on=on):
        rows[row.contract_id].append(row)
    groups: dict[tuple[int, int], list[Contract]] = {}
    for contract in own:
        groups.setdefault((payer_of(contract).pk, contract.organization_id), []).append(contract)
    found = [_group(members, rows) for members in groups.values()]
    return [group for group in found if group.rows]


def _group(members: list[Contract], rows: dict[int, list[ToPay]]) -> PayGroup:
    own = [row for contract in members for row in rows[contract.pk]]
    return PayGroup(
        legal_entity=payer_of(members[0]),
        organization=members[0].organization,
        contracts=tuple(members),
        rows=tuple(sorted(own, key=lambda row: (row.due_date or date.max, not row.is_debt, row.reference))),
    )


def oldest_first(rows: Iterable[ToPay], amount: Decimal) -> dict[str, Decimal]:
    """Spread a sum over what is open, the oldest term first, the last one in part."""
    spread: dict[str, Decimal] = {}
    for row in rows:
        if amount <= 0:
            break
        spread[row.reference] = min(amount, row.open)
        amount -= spread[row.reference]
    return spread
