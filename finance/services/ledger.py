"""Writes of the ledger: one document is one entry, a changed one is a reversal and a new entry."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from counterparties.models import Contract
from finance.matching import PART
from finance.models import LedgerEntry
from finance.services.allocation import allocations_replay
from finance.services.due import due_date
from finance.services.locking import settlements_lock
from finance.services.reversing import explicit_again, explicit_of, named_settle, undo
from finance.states import CREDIT_KINDS, DEBIT_KINDS, LedgerKind, LedgerSource

__all__ = ["LedgerFacts", "allocations_replay", "is_stale", "ledger_post", "ledger_reverse"]

ZERO = Decimal("0.00")

_COPIED = (
    "kind", "document_key", "document_date", "business_date", "invoice_reference", "payment_key",
    "paid_by_id", "source", "part_no",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """A document that moves settlements, in the words of finance; `amount` is above zero.

    The side follows from the kind; OPENING, OFFSET and TRANSFER say `is_debit`. A debit without
    `due_date` gets it from the deferral of its credit line or contract and the working calendar.
    `settles` are document keys of debits, or order references, which it pays explicitly.
    """

    contract_id: int
    kind: LedgerKind
    document_key: str
    version: str
    number: str
    document_date: date
    business_date: date
    amount: Decimal
    source: LedgerSource
    is_debit: bool | None = None
    due_date: date | None = None
    order_reference: str = ""
    invoice_reference: str = ""
    shipment_key: str = ""
    payment_key: str = ""
    paid_by_id: int | None = None
    settles: tuple[str, ...] = ()
    is_deleted: bool = False
    comment: str = ""
    recorded_by_id: int | None = None
    part_no: int = 1


@transaction.atomic
def ledger_post(*, facts: LedgerFacts, at: datetime) -> LedgerEntry | None:
    """Post a document; the same one again changes nothing, a changed one is reversed and posted anew.

    A deleted document is reversed, and None returned. Where an entry of the portal has the same
    `payment_key`, it is reversed: the later one of 1C stands. One document of 1C that comes through two
    channels, under two keys, is one entry. Locks the credit lines of the contract, then the contract.
    Raises Contract.DoesNotExist, ValueError (no side, or an amount that is not above zero).
    """
    is_debit = not facts.is_deleted and _side(facts)
    touched = _contracts_of(facts)
    contract = settlements_lock(touched)[facts.contract_id]
    known = list(_live(document_key=facts.document_key, kind=facts.kind, part_no=facts.part_no))
    if facts.is_deleted:
        undo(known, at=at, comment=facts.comment or _("Документ удален."), version=facts.version)
        return None
    twin = _twin(facts, at) if not known else None
    if twin is not None:
        return twin
    if len(known) == 1 and _is_same(known[0], facts, is_debit):
        return known[0]
    explicit = explicit_of(known)
    undo(known, at=at, comment=_("Документ изменен."))
    entry = _posted(facts, contract, is_debit=is_debit, at=at)
    if facts.settles:
        named_settle(entry, facts.settles)
    else:
        explicit_again(entry, explicit)
    since = min(row.business_date for row in (entry, *known))
    allocations_replay(entry.contract_id, entry.currency, since=since)
    return entry


def is_stale(*, document_key: str, kind: LedgerKind, version: str) -> bool:
    """Whether newer facts of the document, also of its deletion, are in the ledger; versions are moments."""
    told = LedgerEntry.objects.filter(document_key=document_key, kind=kind).exclude(version="")
    moments = [row.partition("#")[0] for row in told.values_list("version", flat=True)]
    return any(datetime.fromisoformat(moment) > datetime.fromisoformat(version) for moment in moments)


@transaction.atomic
def ledger_reverse(*, entry_id: int, at: datetime, comment: str) -> LedgerEntry:
    """Swap the sides of an entry on the same business date. Idempotent.

    Raises ValueError for a reversal: what it undid comes back as a document of its own.
    """
    entry = LedgerEntry.objects.get(pk=entry_id)
    if entry.reverses_id is not None:
        raise ValueError(f"{entry.document_key}: a reversal stands for good")
    settlements_lock([entry.contract_id])
    reversal = LedgerEntry.objects.filter(reverses=entry).first()
    if reversal is None:
        [reversal] = undo([entry], at=at, comment=comment)
    return reversal


def _side(facts: LedgerFacts) -> bool:
    if facts.amount <= 0:
        raise ValueError(f"{facts.document_key}: {facts.amount}")
    if facts.kind in DEBIT_KINDS:
        return True
    if facts.kind in CREDIT_KINDS:
        return False
    if facts.is_debit is None:
        raise ValueError(f"{facts.document_key}: {facts.kind} has no side of its own")
    return facts.is_debit


def _live(**conditions: Any) -> QuerySet[LedgerEntry]:
    """Entries that stand: neither reversed nor reversals."""
    return LedgerEntry.objects.filter(reverses__isnull=True, reversed_by__isnull=True, **conditions).order_by(
        "pk"
    )


def _contracts_of(facts: LedgerFacts) -> set[int]:
    """The contract, and those where the document or the payment stands already: all locked together."""
    same = Q(document_key=facts.document_key, kind=facts.kind)
    if facts.payment_key:
        same |= Q(payment_key=facts.payment_key)
    return {facts.contract_id, *_live().filter(same).values_list("contract_id", flat=True)}


def _twin(facts: LedgerFacts, at: datetime) -> LedgerEntry | None:
    """The same document under another key; an entry of the portal gives way to 1C's and is reversed."""
    if facts.payment_key:
        paid = _live(payment_key=facts.payment_key, kind=facts.kind)
        if facts.source != LedgerSource.ERP:
            return paid.filter(source=LedgerSource.ERP).first()  # 1C was quicker
        undo(paid.exclude(source=LedgerSource.ERP), at=at, comment=_("Платеж пришел из 1С."))
    if facts.source != LedgerSource.ERP or not facts.number:
        return None
    channel = facts.document_key.partition(":")[0]
    return (
        _live(
            contract=facts.contract_id,
            kind=facts.kind,
            document_number=facts.number,
            document_date=facts.document_date,
            source=LedgerSource.ERP,
        )
        .exclude(document_key__startswith=f"{channel}:")
        .first()
    )


def _is_same(entry: LedgerEntry, facts: LedgerFacts, is_debit: bool) -> bool:
    told = {name: getattr(facts, name) for name in _COPIED} | _sums(facts, is_debit) | _named(facts)
    told["document_number"], told["contract_id"] = facts.number, facts.contract_id
    if facts.due_date is not None:
        told["due_date"] = facts.due_date
    return all(getattr(entry, name) == value for name, value in told.items())


def _sums(facts: LedgerFacts, is_debit: bool) -> dict[str, Decimal]:
    return {
        "debit": facts.amount if is_debit else ZERO,
        "credit": ZERO if is_debit else facts.amount,
    }


def _named(facts: LedgerFacts) -> dict[str, str]:
    """What a credit is for: said outright, or the only thing that it settles."""
    order, shipment = facts.order_reference, facts.shipment_key
    if len(facts.settles) == 1:
        [name] = facts.settles
        if name.startswith(PART):
            order = order or name
        else:
            shipment = shipment or name
    return {"order_reference": order, "shipment_key": shipment}


def _posted(facts: LedgerFacts, contract: Contract, *, is_debit: bool, at: datetime) -> LedgerEntry:
    due = facts.due_date
    if is_debit and due is None:
        due = due_date(contract, base=facts.business_date)
    return LedgerEntry.objects.create(
        **{name: getattr(facts, name) for name in _COPIED},
        **_sums(facts, is_debit),
        **_named(facts),
        organization_id=contract.organization_id,
        legal_entity_id=contract.legal_entity_id,
        contract=contract,
        currency=contract.currency,
        version=_free_version(facts),
        document_number=facts.number,
        due_date=due if is_debit else None,
        recorded_by_id=facts.recorded_by_id,
        comment=facts.comment,
        created_at=at,
    )


def _free_version(facts: LedgerFacts) -> str:
    """The version as told; with a number behind it where a reversed entry has the same."""
    same = LedgerEntry.objects.filter(
        document_key=facts.document_key, kind=facts.kind, part_no=facts.part_no, reverses__isnull=True
    )
    taken = set(same.values_list("version", flat=True))
    version, number = facts.version, 1
    while version in taken:
        number += 1
        version = f"{facts.version[:50]}#{number}"
    return version
