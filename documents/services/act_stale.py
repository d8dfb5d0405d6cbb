"""Acts whose period has changed since they were made: marked and told of, never rewritten."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind
from documents.acts.moves import MADE
from documents.models import Act, ActLine
from documents.selectors.act_books import Books, act_books, act_contracts_of, act_entries
from documents.services.act_telling import managers_tell
from documents.states import ActSource
from finance.models import LedgerEntry
from portal.lib.said import said

_RECENT = 20_000
"""So many of the newest entries are looked at every few minutes; once a day all of them are."""


def acts_stale_mark(*, at: datetime, is_thorough: bool = False) -> int:
    """Look at acts with entries that came later into their period or before it; return how many turned stale.

    One whose lines and balances are the same in spite of them (a document was posted anew as it was) only
    learns what was looked at. The manager is told once.
    """
    return sum(_looked_at(act_id, at) for act_id in late_act_ids(is_thorough=is_thorough))


def late_act_ids(*, is_thorough: bool) -> list[int]:
    """Acts with entries that they have not seen; which of them say something else is another question.

    Three queries, however many acts there are.
    """
    newest = LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    fresh = LedgerEntry.objects.filter(pk__gt=0 if is_thorough else newest - _RECENT)
    places = fresh.values_list(
        "organization",
        "legal_entity",
        "legal_entity__merged_into",
        "currency",
        "contract__number",
        "contract__date",
    ).annotate(first=Min("business_date"), newest=Max("pk"))
    news: dict[tuple[int, int, str], list[_News]] = defaultdict(list)
    for organization, entity, heir, currency, number, day, first, last in places:
        for firm in {entity, heir} - {None}:
            news[organization, firm, currency].append(_News((number, day), first, last))
    acts = Act.objects.filter(
        state__in=MADE,
        is_stale=False,
        source=ActSource.PORTAL,
        legal_entity__in={firm for _organization, firm, _currency in news},
    )
    rows = acts.select_related("contract").order_by("pk")
    return [act.pk for act in rows if any(_concerns(act, one) for one in news[_place(act)])]


@dataclass(frozen=True, slots=True)
class _News:
    """Entries under one contract: its number and date, their first day, the newest of them."""

    contract: tuple[str, date]
    first: date
    newest: int


def _place(act: Act) -> tuple[int, int, str]:
    return act.organization_id, act.legal_entity_id, act.currency


def _concerns(act: Act, news: _News) -> bool:
    own = act.contract is None or (act.contract.number, act.contract.date) == news.contract
    return own and news.newest > act.seen_entry and news.first <= act.period_to


def act_is_late(act: Act) -> bool:
    """Whether the books of the period say something else now; two queries where nothing has come."""
    if act.source == ActSource.ERP:
        return False
    later = act_entries(act).filter(pk__gt=act.seen_entry, business_date__lte=act.period_to)
    return later.exists() and not _is_same(act, act_books(act))


@transaction.atomic
def _looked_at(act_id: int, at: datetime) -> bool:
    """Contracts first, as the ledger and the making of acts lock them: then nothing is half written.

    An entry whose number is smaller than one that is seen already may still be on its way under a contract
    that is busy: such an act is looked at the next time, or the entry would be passed over for ever.
    """
    place = Act.objects.select_related("contract").filter(pk=act_id, is_stale=False).first()
    if place is None or not _are_contracts_still(place):
        return False
    acts = Act.objects.select_for_update(of=("self",), skip_locked=True)
    act = (
        acts.select_related("organization", "legal_entity", "contract")
        .filter(pk=act_id, is_stale=False)
        .first()
    )
    if act is None:
        return False
    books = act_books(act)
    if _is_same(act, books):
        Act.objects.filter(pk=act.pk, seen_entry__lt=books.seen_entry).update(seen_entry=books.seen_entry)
        return False
    act.is_stale = True
    act.save(update_fields=["is_stale"])
    managers_tell(
        act,
        kind=NoticeKind.ACT_STALE,
        what="stale",
        title=said(_("Данные акта сверки изменились"), "The data of a reconciliation statement have changed"),
        text=said(
            _("В период акта пришли новые записи. Акт не переписан: если нужно, сделайте его заново."),
            "New entries came into its period. It is as it was: make another one if you need it.",
        ),
        at=at,
    )
    return True


def _are_contracts_still(act: Act) -> bool:
    """Lock the contracts of the act; False where somebody is writing under one of them."""
    contracts = act_contracts_of(act).order_by("pk")
    if settings.TEST_SKIP_LOCKS:
        return True
    free = contracts.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return set(free.values_list("pk", flat=True)) == set(contracts.values_list("pk", flat=True))


def _is_same(act: Act, books: Books) -> bool:
    lines = [line for group in books.groups for line in group.lines]
    now = [(line.day, line.title[:200], line.debit, line.credit) for line in lines]
    opening = sum((group.opening for group in books.groups), 0)
    if opening != act.opening:
        return False
    kept = ActLine.objects.filter(act=act).order_by("position")
    return now == list(kept.values_list("date", "title", "debit", "credit"))
