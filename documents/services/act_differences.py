"""The client's own act against ours, and the talk about each line that differs."""

from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind
from counterparties.actor import Actor
from documents.acts.causes import Found
from documents.acts.comparing import Comparison, Sides, client_act_read, compared
from documents.acts.matching import Operation
from documents.acts.moves import require_open
from documents.models import Act, ActDifference, ActLine, ActRemark, ClientAct, ClientActLine
from documents.selectors.acts import act_operations
from documents.services.act_answers import (
    ActNotSettled,
    act_to_talk_of,
    file_name,
    line_doubted,
    open_differences,
    remark_write,
    require_sign,
)
from documents.services.act_telling import client_tell, managers_tell
from documents.states import Verdict
from finance.workdays import work_days
from portal.files.papers import paper_mime
from portal.files.services import store
from portal.lib.said import said

_BATCH = 1_000
_SETTLED = {"is_agreed_by_client": True, "is_agreed_by_us": True}


def client_act_compare(*, actor: Actor, uid: UUID, content: bytes, name: str, at: datetime) -> ClientAct:
    """Read the client's own act and write down what differs; the newest file counts.

    Words and agreements stay with differences that are the same in the new file; one that is gone and was
    talked of stays, settled. Raises AccessDenied, Act.DoesNotExist, WrongActState, TableRefused.
    """
    seen = Act.objects.visible_to(actor).select_related("organization", "legal_entity").get(uid=uid)
    require_open(seen.state)
    sides = Sides(
        our_name=seen.organization.name,
        our_inn=seen.organization.inn,
        their_name=seen.legal_entity.name,
    )
    comparison = compared(
        client_act_read(content, sides=sides),
        act_operations(seen),
        period_to=seen.period_to,
        days=work_days(since=seen.period_from),
    )
    with transaction.atomic():
        return _kept(actor, uid, comparison, content=content, name=name, at=at)


def _kept(
    actor: Actor, uid: UUID, comparison: Comparison, *, content: bytes, name: str, at: datetime
) -> ClientAct:
    act = act_to_talk_of(actor, uid)
    require_open(act.state)
    file = store(
        content=content,
        name=file_name(name),
        mime=paper_mime(content) or "application/octet-stream",
        source="client",
        created_by_id=actor.user_id,
    )
    told = comparison.act
    row = ClientAct.objects.create(
        act=act,
        file=file,
        name=file_name(name),
        opening=told.opening,
        closing=told.closing,
        uploaded_by_id=cast(int, actor.user_id),  # who talks of an act is a person
        impersonator_id=actor.impersonator_id,
        uploaded_at=at,
    )
    ClientActLine.objects.bulk_create(
        [
            ClientActLine(
                client_act=row,
                position=line.position,
                date=line.day,
                title=line.title,
                number=line.number,
                debit=line.debit,
                credit=line.credit,
            )
            for line in told.lines
        ],
        batch_size=_BATCH,
    )
    count = _differences_write(act, row, comparison.found)
    if actor.is_client:
        title = said(
            _("Клиент загрузил свой акт: расхождений {count}"),
            "The client has uploaded a statement of his own, differences: {count}",
            count=count,
        )
        managers_tell(act, kind=NoticeKind.ACT_ANSWERED, what=f"own:{row.pk}", title=title, at=at)
    return row


def _differences_write(act: Act, row: ClientAct, found: Sequence[Found]) -> int:
    """Put the differences of a new file in the place of those of the former one; return how many differ."""
    ours = dict(ActLine.objects.filter(act=act).values_list("position", "pk"))
    theirs = dict(row.lines.values_list("position", "pk"))
    former: dict[_Key, deque[ActDifference]] = defaultdict(deque)
    for known in _former(act):  # an operation that stands twice in a file has two of them
        former[_key_of(known)].append(known)
    changed, new = [], []
    count = 0
    for one in found:
        pair = one.pair
        if pair.verdict == Verdict.MATCHED:
            continue
        count += 1
        waiting = former[_key(pair.ours, pair.theirs)]
        difference = waiting.popleft() if waiting else None
        facts = {
            "ours_id": ours[pair.ours.position] if pair.ours else None,
            "theirs_id": theirs[pair.theirs.position] if pair.theirs else None,
            "verdict": pair.verdict,
            "cause": one.cause[:300],
            "amount": pair.amount,
        }
        if difference is None:
            new.append(ActDifference(act=act, **facts))
            continue
        if (difference.verdict, difference.amount) != (pair.verdict, pair.amount):
            difference.is_agreed_by_client = difference.is_agreed_by_us = False
        for name, value in facts.items():
            setattr(difference, name, value)
        changed.append(difference)
    _settle([one for rest in former.values() for one in rest])
    fields = ["ours", "theirs", "verdict", "cause", "amount", "is_agreed_by_client", "is_agreed_by_us"]
    ActDifference.objects.bulk_update(changed, fields, batch_size=_BATCH)
    ActDifference.objects.bulk_create(new, batch_size=_BATCH)
    return count


def _former(act: Act) -> list[ActDifference]:
    return list(act.differences.select_related("ours", "theirs").order_by("pk"))


_Key = tuple[object, ...]


def _key_of(difference: ActDifference) -> _Key:
    """The same line of ours, else the same operation of the client's."""
    if difference.ours is not None:
        return ("ours", difference.ours.position)
    line = difference.theirs
    if line is None:
        return ()
    return ("theirs", line.date, line.number, line.debit - line.credit)


def _key(ours: Operation | None, theirs: Operation | None) -> _Key:
    if ours is not None:
        return ("ours", ours.position)
    return ("theirs", theirs.day, theirs.number, theirs.value) if theirs else ()


def _settle(gone: list[ActDifference]) -> None:
    """What the new file does not differ in any more: forgotten, or settled where it was talked of."""
    pks = [one.pk for one in gone]
    talked = set(ActRemark.objects.filter(difference__in=pks).values_list("difference_id", flat=True))
    ActDifference.objects.filter(pk__in=set(pks) - talked).delete()
    doubts = {one.pk for one in gone if one.verdict == Verdict.MATCHED}
    ActDifference.objects.filter(pk__in=talked - doubts).update(
        cause=_("В новом акте клиента расхождения нет"), **_SETTLED
    )


@transaction.atomic
def act_remark_add(
    *,
    actor: Actor,
    uid: UUID,
    text: str,
    at: datetime,
    difference_id: int | None = None,
    position: int | None = None,
) -> ActRemark:
    """Write to a difference, or to one of our lines by its position, which is doubted from now on.

    The other side is told. Raises AccessDenied, Act.DoesNotExist, WrongActState, ActNotSettled (nothing
    is said), ActDifference.DoesNotExist, ActLine.DoesNotExist.
    """
    act = act_to_talk_of(actor, uid)
    require_open(act.state)
    text = text.strip()
    if not text:
        raise ActNotSettled(_("Напишите замечание."))
    if position is not None:
        difference = line_doubted(act, position)
    else:
        difference = act.differences.select_for_update(of=("self",)).get(pk=difference_id or 0)
    remark = remark_write(difference, actor=actor, text=text, at=at)
    tell = managers_tell if actor.is_client else client_tell
    kind = NoticeKind.ACT_ANSWERED if actor.is_client else NoticeKind.ACT_REPLIED
    tell(
        act,
        kind=kind,
        what=f"remark:{remark.pk}",
        title=said(_("Замечание к акту сверки"), "A remark on a reconciliation statement"),
        text=text,
        at=at,
    )
    return remark


@transaction.atomic
def act_difference_agree(
    *, actor: Actor, uid: UUID, difference_id: int, is_agreed: bool = True, at: datetime
) -> ActDifference:
    """Agree to how a difference is explained, or take that back, for the actor's own side.

    When the last one is settled, both sides are told that the act may be agreed. Idempotent.
    Raises AccessDenied (a client's person without DOCUMENT_SIGN), Act.DoesNotExist, WrongActState,
    ActDifference.DoesNotExist.
    """
    act = act_to_talk_of(actor, uid)
    if actor.is_client:
        require_sign(actor, act)
    require_open(act.state)
    difference = act.differences.select_for_update(of=("self",)).get(pk=difference_id)
    field = "is_agreed_by_client" if actor.is_client else "is_agreed_by_us"
    if getattr(difference, field) == is_agreed:
        return difference
    setattr(difference, field, is_agreed)
    difference.save(update_fields=[field])
    if is_agreed and not open_differences(act):
        title = said(
            _("Все расхождения акта сверки согласованы"),
            "All differences of a reconciliation statement are settled",
        )
        client_tell(act, kind=NoticeKind.ACT_REPLIED, what="agreed", title=title, at=at)
        managers_tell(act, kind=NoticeKind.ACT_ANSWERED, what="agreed", title=title, at=at)
    return difference
