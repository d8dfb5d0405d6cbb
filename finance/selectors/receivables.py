"""Debts by document, their ageing, and the ledger with its running balance."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from counterparties.actor import Actor
from finance.models import LedgerEntry

Day = date  # a field below has this name

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class OpenDebit:
    """A document that is not paid wholly; money in the contract's currency."""

    entry_id: int
    contract_id: int
    legal_entity_id: int
    document_key: str
    order_reference: str
    invoice_reference: str
    kind: str
    title: str
    number: str
    date: Day
    due_date: Day
    currency: str
    amount: Decimal
    open: Decimal
    overdue_days: int
    age_days: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """A column of the ageing."""

    code: str
    title: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """An entry with the balance after it (above zero: the client owes)."""

    entry_id: int
    date: Day
    kind: str
    title: str
    number: str
    document_date: Day
    debit: Decimal
    credit: Decimal
    balance: Decimal
    due_date: Day | None
    order_reference: str
    document_key: str


def open_debits(
    *, on: date, actor: Actor | None = None, contract_ids: Collection[int] | None = None
) -> list[OpenDebit]:
    """Documents open at the end of a day, by term; of the actor's contracts, or of the named ones."""
    entries = LedgerEntry.objects.all() if actor is None else LedgerEntry.objects.visible_to(actor)
    if contract_ids is not None:
        entries = entries.filter(contract__in=contract_ids)
    elif actor is None:
        raise ValueError("Whose debts?")
    rows = entries.debits_left(on).order_by("due_date", "document_date", "document_key", "pk")
    return [_open_debit(entry, on) for entry in rows]


def _open_debit(entry: LedgerEntry, on: date) -> OpenDebit:
    due = entry.due_date or entry.document_date
    left: Decimal = entry.left  # type: ignore[attr-defined]  # annotated by debits_left
    return OpenDebit(
        entry_id=entry.pk,
        contract_id=entry.contract_id,
        legal_entity_id=entry.legal_entity_id,
        document_key=entry.document_key,
        order_reference=entry.order_reference,
        invoice_reference=entry.invoice_reference,
        kind=entry.kind,
        title=str(entry),
        number=entry.document_number,
        date=entry.document_date,
        due_date=due,
        currency=entry.currency,
        amount=entry.debit,
        open=left,
        overdue_days=max(0, (on - due).days),
        age_days=max(0, (on - entry.document_date).days),
    )


def advances(
    *, on: date, actor: Actor | None = None, contract_ids: Collection[int] | None = None
) -> dict[int, Decimal]:
    """What clients have paid ahead, by contract, at the end of a day: ΣU, not set against debts."""
    entries = LedgerEntry.objects.all() if actor is None else LedgerEntry.objects.visible_to(actor)
    if contract_ids is not None:
        entries = entries.filter(contract__in=contract_ids)
    sums: dict[int, Decimal] = {}
    for contract_id, rest in entries.credits_left(on).values_list("contract_id", F("left")):
        sums[contract_id] = sums.get(contract_id, ZERO) + rest
    return sums


def ageing(rows: Iterable[OpenDebit], by: Literal["overdue", "age"] = "overdue") -> tuple[Bucket, ...]:
    """Sum open debits into buckets: by days overdue, or by days since the document."""
    later = [(60, "60", "31–60"), (90, "90", "61–90")]
    if by == "overdue":
        edges = [(0, "current", _("Не просрочено")), (30, "30", "1–30"), *later]
    else:
        edges = [(30, "30", "0–30"), *later]
    sums = [ZERO] * (len(edges) + 1)
    for row in rows:
        days = row.overdue_days if by == "overdue" else row.age_days
        place = next((place for place, (edge, *_rest) in enumerate(edges) if days <= edge), len(edges))
        sums[place] += row.open
    titles = [*((code, title) for _edge, code, title in edges), ("more", _("больше 90"))]
    return tuple(Bucket(code, title, amount) for (code, title), amount in zip(titles, sums, strict=True))


def ledger_rows(
    *, contract_id: int, currency: str = "RUB", since: date | None = None, until: date | None = None
) -> list[LedgerRow]:
    """Entries of a contract by date with the running balance, which starts from all before `since`."""
    entries = LedgerEntry.objects.filter(contract=contract_id, currency=currency)
    balance = balance_on(contract_id=contract_id, currency=currency, before=since) if since else ZERO
    if since:
        entries = entries.filter(business_date__gte=since)
    if until:
        entries = entries.filter(business_date__lte=until)
    rows = []
    for entry in entries.order_by("business_date", "pk"):
        balance += entry.debit - entry.credit
        rows.append(_ledger_row(entry, balance))
    return rows


def balance_on(*, contract_id: int, currency: str = "RUB", before: date) -> Decimal:
    """Σ debit − Σ credit of all days before the day; above zero the client owes."""
    entries = LedgerEntry.objects.filter(contract=contract_id, currency=currency, business_date__lt=before)
    return entries.aggregate(total=Sum(F("debit") - F("credit")))["total"] or ZERO


def _ledger_row(entry: LedgerEntry, balance: Decimal) -> LedgerRow:
    return LedgerRow(
        entry_id=entry.pk,
        date=entry.business_date,
        kind=entry.kind,
        title=_("Сторно: {entry}").format(entry=entry) if entry.reverses_id else str(entry),
        number=entry.document_number,
        document_date=entry.document_date,
        debit=entry.debit,
        credit=entry.credit,
        balance=balance,
        due_date=entry.due_date,
        order_reference=entry.order_reference,
        document_key=entry.document_key,
    )
