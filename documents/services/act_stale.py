"""Acts whose period has changed since they were made: marked and told of, never rewritten."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind
from documents.acts.moves import MADE
from documents.models import Act, ActLine
from documents.selectors.act_books import Books, act_books, act_entries
from documents.services.act_telling import managers_tell
from documents.states import ActSource
from finance.models import LedgerEntry

_MOST = 500


def acts_stale_mark(*, at: datetime) -> int:
    """Look at acts with entries that came later into their period or before it; return how many turned stale.

    One whose lines and balances are the same in spite of them (a document was posted anew as it was) only
    learns what was looked at. The manager is told once.
    """
    return sum(_looked_at(act_id, at) for act_id in list(_late_ids()))


def act_is_late(act: Act) -> bool:
    """Whether the books of the period say something else now; two queries where nothing has come."""
    if act.source == ActSource.ERP:
        return False
    later = act_entries(act).filter(pk__gt=act.seen_entry, business_date__lte=act.period_to)
    return later.exists() and not _is_same(act, act_books(act))


def _late_ids() -> Iterator[int]:
    return late_acts().order_by("pk").values_list("pk", flat=True)[:_MOST].iterator()


def late_acts() -> QuerySet[Act]:
    """Acts with entries that they have not seen; which of them say something else is another question."""
    pair = Q(legal_entity=OuterRef("legal_entity")) | Q(legal_entity__merged_into=OuterRef("legal_entity"))
    later = LedgerEntry.objects.filter(
        pair,
        organization=OuterRef("organization"),
        currency=OuterRef("currency"),
        pk__gt=OuterRef("seen_entry"),
        business_date__lte=OuterRef("period_to"),
    )
    own = Q(contract=OuterRef("contract")) | Q(
        contract__number=OuterRef("contract__number"), contract__date=OuterRef("contract__date")
    )
    acts = Act.objects.filter(state__in=MADE, is_stale=False, source=ActSource.PORTAL)
    return acts.filter(
        Q(Exists(later), contract__isnull=True) | Q(Exists(later.filter(own)), contract__isnull=False)
    )


@transaction.atomic
def _looked_at(act_id: int, at: datetime) -> bool:
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
        title=_("Данные акта сверки изменились"),
        text=_("В период акта пришли новые записи. Акт не переписан: если нужно, сделайте его заново."),
        at=at,
    )
    return True


def _is_same(act: Act, books: Books) -> bool:
    lines = [line for group in books.groups for line in group.lines]
    now = [(line.day, line.title[:200], line.debit, line.credit) for line in lines]
    opening = sum((group.opening for group in books.groups), 0)
    if opening != act.opening:
        return False
    kept = ActLine.objects.filter(act=act).order_by("position")
    return now == list(kept.values_list("date", "title", "debit", "credit"))
