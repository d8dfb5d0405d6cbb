"""Telling of debts: when they appear, before their term, on it, and while they are overdue."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeFacts, NoticeKind
from accounts.services.notices import notices_send
from finance.english import LEDGER_KINDS
from finance.models import LedgerEntry, LedgerEntryQuerySet
from finance.selectors.alerts import money_readers
from finance.services.alerts import money_copies_send
from finance.states import LedgerKind
from portal.lib.dates import format_date, moscow_date
from portal.lib.money import format_money
from portal.lib.said import Said, said

SOON_DAYS = 3
OVERDUE_DAYS = (1, 3, 7, 14, 30)
_OLD_NEWS = timedelta(days=7)
_MOST_NEW = 5_000
ZERO = Decimal("0.00")


def terms_tell(*, at: datetime) -> int:
    """Tell of open documents whose term comes in three days, comes today or went by; return new lines.

    Once for a person, document and day: a repeat tells nothing. Five queries and those of the letters.
    """
    on = moscow_date(at)
    days = {on + timedelta(days=SOON_DAYS), on, *(on - timedelta(days=gone) for gone in OVERDUE_DAYS)}
    entries = _open(LedgerEntry.objects.filter(debit__gt=0, due_date__in=days))
    return _tell(entries, {entry.pk: _kind_on(entry, on) for entry in entries}, at)


def debts_tell(*, at: datetime) -> int:
    """Tell of documents that have just become debts; old ones, such as a first load brings, are no news."""
    on = moscow_date(at)
    newest = LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    fresh = LedgerEntry.objects.filter(
        pk__gt=newest - _MOST_NEW,
        kind=LedgerKind.SHIPMENT,
        debit__gt=0,
        reverses__isnull=True,
        reversed_by__isnull=True,
        created_at__gte=at - timedelta(days=1),
        business_date__gte=on - _OLD_NEWS,
    )
    entries = _open(fresh)
    return _tell(entries, dict.fromkeys((entry.pk for entry in entries), NoticeKind.DEBT_APPEARED), at)


def _open(rows: LedgerEntryQuerySet) -> list[LedgerEntry]:
    """Debits that are not paid wholly, each with `left`."""
    return list(rows.debits_left().select_related("legal_entity").order_by("legal_entity_id", "pk"))


def _kind_on(entry: LedgerEntry, on: date) -> NoticeKind:
    if entry.due_date == on:
        return NoticeKind.DUE_TODAY
    is_ahead = entry.due_date is not None and entry.due_date > on
    return NoticeKind.DUE_SOON if is_ahead else NoticeKind.OVERDUE


def _tell(entries: Iterable[LedgerEntry], kinds: Mapping[int, NoticeKind], at: datetime) -> int:
    rows = list(entries)
    on = moscow_date(at)
    readers = money_readers(legal_entity_ids={entry.legal_entity_id for entry in rows}, on=on)
    facts = [
        NoticeFacts(
            user_ids=readers.people[entry.legal_entity_id],
            kind=kinds[entry.pk],
            reference=f"ledger:{entry.pk}",
            title=_title(entry, kinds[entry.pk], on),
            text=said(
                _("{entity}. Документ {document} от {date}, остаток {sum} ₽"),
                "{entity}. Document {document} of {date}, {sum} ₽ left",
                entity=entry.legal_entity.name,
                document=_named(entry),
                date=format_date(entry.document_date),
                sum=format_money(entry.left),  # type: ignore[attr-defined]  # annotated in _open
            ),
            address=f"{reverse('finance:pay')}?ref=ledger:{entry.pk}",
        )
        for entry in rows
    ]
    entity_ids = [entry.legal_entity_id for entry in rows]
    money_copies_send(copies=zip(entity_ids, facts, strict=True), addresses=readers.addresses, day=on)
    return notices_send(notices=facts, day=on, at=at)


def _title(entry: LedgerEntry, kind: NoticeKind, on: date) -> Said:
    due = entry.due_date or entry.document_date
    name, day = entry.document_number or _named(entry), format_date(due)
    if kind == NoticeKind.DEBT_APPEARED:
        return said(
            _("Отгрузка {name}: оплатить до {date}"), "Shipment {name}: pay by {date}", name=name, date=day
        )
    if kind == NoticeKind.DUE_TODAY:
        return said(
            _("{name}: сегодня последний день оплаты"), "{name}: today is the last day to pay", name=name
        )
    if kind == NoticeKind.DUE_SOON:
        return said(_("{name}: оплатить до {date}"), "{name}: pay by {date}", name=name, date=day)
    return said(
        _("{name}: оплата просрочена, дней: {days}"),
        "{name}: the payment is overdue, days: {days}",
        name=name,
        days=(on - due).days,
    )


def _named(entry: LedgerEntry) -> Said:
    return Said(str(entry), f"{LEDGER_KINDS[LedgerKind(entry.kind)]} {entry.document_number}".strip())
