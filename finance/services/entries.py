"""Entries that a person makes by hand: opening balances, offsets, transfers, write-offs."""

from datetime import date, datetime
from decimal import Decimal
from typing import cast
from uuid import uuid4

from django.db import transaction

from counterparties.actor import AccessDenied, Actor
from counterparties.models import Contract
from finance.models import LedgerEntry
from finance.services.ledger import LedgerFacts, ledger_post
from finance.services.locking import settlements_lock
from finance.states import LedgerKind, LedgerSource

MANUAL_KINDS = frozenset(
    {
        LedgerKind.OPENING,
        LedgerKind.OFFSET,
        LedgerKind.BONUS,
        LedgerKind.PENALTY,
        LedgerKind.REFUND,
        LedgerKind.WRITE_OFF,
    }
)


@transaction.atomic
def entry_record(
    *,
    actor: Actor,
    contract_id: int,
    kind: LedgerKind,
    amount: Decimal,
    business_date: date,
    comment: str,
    at: datetime,
    number: str = "",
    is_debit: bool | None = None,
    due_date: date | None = None,
) -> LedgerEntry:
    """Write an entry by hand. Raises AccessDenied (no administrator), ValueError (not for people)."""
    _require_administrator(actor)
    if kind not in MANUAL_KINDS:
        raise ValueError(kind)
    entry = ledger_post(
        facts=_facts(
            actor, contract_id, kind, amount, business_date, comment, f"manual:{uuid4()}",
            number=number, is_debit=is_debit, due_date=due_date,
        ),
        at=at,
    )  # fmt: skip
    return cast(LedgerEntry, entry)  # what is not deleted is posted


@transaction.atomic
def transfer_record(
    *,
    actor: Actor,
    from_contract_id: int,
    to_contract_id: int,
    amount: Decimal,
    business_date: date,
    comment: str,
    at: datetime,
) -> tuple[LedgerEntry, LedgerEntry]:
    """Carry a debt from one contract to another: a credit there and a debit here, in sum nothing.

    Raises AccessDenied, ValueError (one contract, or two currencies or organizations).
    """
    _require_administrator(actor)
    contracts = settlements_lock({from_contract_id, to_contract_id})
    source, target = contracts[from_contract_id], contracts[to_contract_id]
    if source == target or _wallet(source) != _wallet(target):
        raise ValueError("These contracts have no common settlements")
    key = f"manual:{uuid4()}"
    pair = [
        ledger_post(
            facts=_facts(
                actor, contract.pk, LedgerKind.TRANSFER, amount, business_date, comment, key,
                is_debit=contract is target, part_no=place,
            ),
            at=at,
        )
        for place, contract in enumerate((source, target), start=1)
    ]  # fmt: skip
    return cast(LedgerEntry, pair[0]), cast(LedgerEntry, pair[1])


def _require_administrator(actor: Actor) -> None:
    if not actor.is_administrator:
        raise AccessDenied(LedgerEntry._meta.verbose_name)


def _wallet(contract: Contract) -> tuple[int, str]:
    return contract.organization_id, contract.currency


def _facts(
    actor: Actor,
    contract_id: int,
    kind: LedgerKind,
    amount: Decimal,
    business_date: date,
    comment: str,
    key: str,
    *,
    number: str = "",
    is_debit: bool | None = None,
    due_date: date | None = None,
    part_no: int = 1,
) -> LedgerFacts:
    return LedgerFacts(
        contract_id=contract_id,
        kind=kind,
        document_key=key,
        version="",
        number=number,
        document_date=business_date,
        business_date=business_date,
        amount=amount,
        is_debit=is_debit,
        due_date=due_date,
        source=LedgerSource.MANUAL,
        comment=comment,
        recorded_by_id=actor.user_id,
        part_no=part_no,
    )
