"""Telling of credit lines: nearly used, used up, closed for orders, open again."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Notice
from accounts.notices import NoticeFacts, NoticeKind
from accounts.services.notices import notices_send
from counterparties.models import Contract, LegalEntity
from finance.english import CREDIT_STATUSES
from finance.models import CreditLine
from finance.selectors.alerts import money_readers
from finance.selectors.exposure import LineView, credit_view
from finance.selectors.kept_credit import credit_keep
from finance.services.alerts import money_copies_send
from finance.states import STOPPED, CreditMode
from portal.lib.dates import moscow_date
from portal.lib.money import format_money
from portal.lib.said import Said, said

_AGAIN_AFTER = timedelta(days=7)
_LEVELS = (NoticeKind.LIMIT_NEAR, NoticeKind.LIMIT_USED)
_BLOCKS = (NoticeKind.BLOCKED, NoticeKind.RELEASED)
_USED_UP, _NEAR = 100, 80


def limits_tell(*, at: datetime) -> int:
    """Tell of lines that have come to 80 or 100 %, were closed or opened; return new lines of inboxes.

    What lasts is told again after a week. A line that only warns is never told to be closed.
    """
    on = moscow_date(at)
    lines = _lines(at)
    if not lines:
        return 0
    members = _members(lines)
    readers = money_readers(legal_entity_ids={pk for entities in members.values() for pk in entities}, on=on)
    told = _told(lines)
    news = [
        (
            members[line.pk],
            NoticeFacts(
                user_ids=tuple({user for entity in members[line.pk] for user in readers.people[entity]}),
                kind=kind,
                reference=_reference(line),
                title=title,
                text=_text(line),
                address=reverse("finance:credit"),
            ),
        )
        for line in lines
        for kind, title in _news(line, told, at)
    ]
    copies = [(entity_id, facts) for entities, facts in news for entity_id in entities]
    money_copies_send(copies=copies, addresses=readers.addresses, day=on)
    return notices_send(notices=[facts for _entities, facts in news], day=on, at=at)


def _lines(at: datetime) -> list[LineView]:
    """All lines as they stand; lists of clients find it kept."""
    under = Contract.objects.filter(
        Q(credit_lines__isnull=False)
        | Q(legal_entity__credit_lines__isnull=False)
        | Q(legal_entity__holding__credit_lines__isnull=False)
    )
    ids = set(under.values_list("pk", flat=True))
    views = credit_view(contract_ids=ids, on=moscow_date(at)) if ids else {}
    credit_keep(views, on=moscow_date(at))
    found = {line.pk: line for view in views.values() for line in view.lines}
    return [found[pk] for pk in sorted(found)]


def _members(lines: Iterable[LineView]) -> dict[int, set[int]]:
    """Legal entities under each line."""
    rows = CreditLine.objects.filter(pk__in=[line.pk for line in lines]).select_related("contract")
    holdings = {row.holding_id for row in rows if row.holding_id}
    of_holding: dict[int, set[int]] = {}
    for pk, holding_id in LegalEntity.objects.filter(holding__in=holdings).values_list("pk", "holding_id"):
        of_holding.setdefault(holding_id, set()).add(pk)
    found: dict[int, set[int]] = {}
    for row in rows:
        if row.holding_id:
            found[row.pk] = of_holding.get(row.holding_id, set())
        else:
            entity_id = row.legal_entity_id or (row.contract.legal_entity_id if row.contract else None)
            found[row.pk] = {entity_id} if entity_id else set()
    return found


def _told(lines: Iterable[LineView]) -> dict[tuple[str, str], Notice]:
    """The newest notice of each line on each of the two subjects."""
    rows = Notice.objects.filter(
        reference__in=[_reference(line) for line in lines], kind__in=[*_LEVELS, *_BLOCKS]
    ).order_by("created_at", "pk")
    return {(row.reference, "block" if row.kind in _BLOCKS else "level"): row for row in rows}


def _news(
    line: LineView, told: Mapping[tuple[str, str], Notice], at: datetime
) -> Iterable[tuple[NoticeKind, Said]]:
    level = _level(line)
    last = told.get((_reference(line), "level"))
    is_news = last is None or last.kind != level or at - last.created_at >= _AGAIN_AFTER
    if level is not None and is_news:
        used_up = level == NoticeKind.LIMIT_USED
        title = (
            said(_("{name}: Кредитный лимит исчерпан"), "{name}: the credit limit is used up", name=line.name)
            if used_up
            else said(
                _("{name}: Кредитный лимит занят на {percent}%"),
                "{name}: {percent}% of the credit limit is used",
                name=line.name,
                percent=line.percent,
            )
        )
        yield level, title
    was_closed = (block := told.get((_reference(line), "block"))) is not None and (
        block.kind == NoticeKind.BLOCKED
    )
    is_closed = line.status in STOPPED and line.mode != CreditMode.WARN
    if is_closed and not was_closed:
        why = Said(str(line.status.label).lower(), CREDIT_STATUSES[line.status])
        yield (
            NoticeKind.BLOCKED,
            said(
                _("{name}: заказы в кредит остановлены, {why}"),
                "{name}: orders on credit are stopped, {why}",
                name=line.name,
                why=why,
            ),
        )
    elif was_closed and not is_closed:
        yield (
            NoticeKind.RELEASED,
            said(
                _("{name}: заказы в кредит снова принимаются"),
                "{name}: orders on credit are accepted again",
                name=line.name,
            ),
        )


def _level(line: LineView) -> NoticeKind | None:
    percent = line.percent
    if percent is None or percent < _NEAR:
        return None
    return NoticeKind.LIMIT_USED if percent >= _USED_UP else NoticeKind.LIMIT_NEAR


def _reference(line: LineView) -> str:
    return f"credit_line:{line.pk}"


def _text(line: LineView) -> Said:
    return said(
        _("Лимит {limit} ₽, занято {used} ₽, просрочено {overdue} ₽"),
        "Limit {limit} ₽, used {used} ₽, overdue {overdue} ₽",
        limit=format_money(line.limit),
        used=format_money(line.exposure),
        overdue=format_money(line.overdue),
    )
