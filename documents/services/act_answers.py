"""What the client answers to an акт сверки: agreed, disputed, signed."""

from collections.abc import Mapping
from datetime import datetime
from typing import BinaryIO, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind
from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.reach import reach
from documents.acts.moves import MOVES, require_move
from documents.models import Act, ActDifference, ActLine, ActRemark, Document, DocumentFile
from documents.services.act_stale import act_is_late
from documents.services.act_telling import client_tell, managers_tell
from documents.states import STEPS, ActState, DocumentState, FileRole, Verdict
from portal.files.scans import Scan, scan_read
from portal.files.services import store
from portal.lib.said import said


class ActNotSettled(Exception):
    """The act cannot be agreed as it stands; `str()` says why."""


@transaction.atomic
def act_confirm(*, actor: Actor, uid: UUID, at: datetime) -> Act:
    """Agree an act in the name of the client; all differences must be settled. Idempotent.

    Raises AccessDenied, Act.DoesNotExist, WrongActState, ActNotSettled (differences are open, or the books
    of the period have changed).
    """
    act = act_to_sign(actor, uid)
    if act.state == ActState.CONFIRMED:
        return act
    require_move(act.state, ActState.CONFIRMED)
    if act.is_stale or act_is_late(act):
        raise ActNotSettled(_("Данные периода изменились: сделайте акт заново."))
    if open_differences(act):
        raise ActNotSettled(_("Есть несогласованные расхождения."))
    _answer(act, ActState.CONFIRMED, actor=actor, comment=act.comment, at=at)
    managers_tell(
        act,
        kind=NoticeKind.ACT_ANSWERED,
        what="confirmed",
        title=said(_("Акт сверки согласован"), "A reconciliation statement is agreed"),
        at=at,
    )
    return act


@transaction.atomic
def act_dispute(
    *, actor: Actor, uid: UUID, comment: str, remarks: Mapping[int, str] | None = None, at: datetime
) -> Act:
    """Tell that the client sees it differently, with a word to the act or to lines (by their position).

    Raises AccessDenied, Act.DoesNotExist, WrongActState, ActNotSettled (nothing is said),
    ActLine.DoesNotExist.
    """
    act = act_to_sign(actor, uid)
    require_move(act.state, ActState.DISPUTED)
    comment = comment.strip()
    doubts = {position: text.strip() for position, text in (remarks or {}).items() if text.strip()}
    if not comment and not doubts and not open_differences(act):
        raise ActNotSettled(_("Напишите, с чем не согласны, или загрузите свой акт."))
    for position, text in doubts.items():
        remark_write(line_doubted(act, position), actor=actor, text=text, at=at)
    _answer(act, ActState.DISPUTED, actor=actor, comment=comment[:1000], at=at)
    managers_tell(
        act,
        kind=NoticeKind.ACT_ANSWERED,
        what="disputed",
        title=said(_("Акт сверки: есть расхождения"), "A reconciliation statement has differences"),
        text=comment,
        at=at,
    )
    return act


def act_signed_scan_add(*, actor: Actor, uid: UUID, content: BinaryIO, name: str, at: datetime) -> Act:
    """Keep a scan of the signed act; the act and its paper are signed then. The same file again is no news.

    The client signs with DOCUMENT_SIGN, the distributor's employee keeps what came by post. What the file
    is, its bytes tell. Raises AccessDenied, Act.DoesNotExist, WrongActState, ScanRefused.
    """
    act = _may_scan(actor, Act.objects.visible_to(actor).get(uid=uid))
    if act.state != ActState.SIGNED:
        require_move(act.state, ActState.SIGNED)
    scan = scan_read(content, name=name)  # slow: before the transaction
    return _scan_kept(actor, uid, scan, at)


@transaction.atomic
def _scan_kept(actor: Actor, uid: UUID, scan: Scan, at: datetime) -> Act:
    act = _may_scan(actor, _act_locked(actor, uid))
    if act.signed_scan is not None and act.signed_scan.sha256 == scan.sha256:  # a second click
        return act
    require_move(act.state, ActState.SIGNED)
    file = store(
        content=scan.content, name=scan.name, mime=scan.mime, source="client", created_by_id=actor.user_id
    )
    act.signed_scan, act.state = file, ActState.SIGNED
    act.save(update_fields=["signed_scan", "state"])
    if act.document is not None:
        DocumentFile.objects.get_or_create(
            document=act.document,
            role=FileRole.SIGNED_SCAN,
            file=file,
            defaults={"name": scan.name, "added_by_id": actor.user_id, "added_at": at},
        )
        if DocumentState.SIGNED in STEPS[DocumentState(act.document.state)]:
            Document.objects.filter(pk=act.document.pk).update(state=DocumentState.SIGNED)
    tell = managers_tell if actor.is_client else client_tell
    kind = NoticeKind.ACT_ANSWERED if actor.is_client else NoticeKind.ACT_REPLIED
    tell(
        act,
        kind=kind,
        what="signed",
        title=said(_("Акт сверки подписан"), "A reconciliation statement is signed"),
        at=at,
    )
    return act


@transaction.atomic
def act_signed_at_operator(*, document_id: int, at: datetime) -> None:
    """An act whose paper both sides have signed through ЭДО is signed; one that is talked of stays so.

    Idempotent; a paper that is no act changes nothing.
    """
    related = ("legal_entity", "organization")
    acts = Act.objects.select_for_update(of=("self",)).select_related(*related)
    act = acts.filter(document=document_id).first()
    if act is None or ActState.SIGNED not in MOVES[act.state]:
        return
    act.state = ActState.SIGNED
    act.save(update_fields=["state"])
    managers_tell(
        act,
        kind=NoticeKind.ACT_ANSWERED,
        what="signed",
        title=said(_("Акт сверки подписан"), "A reconciliation statement is signed"),
        at=at,
    )


def _may_scan(actor: Actor, act: Act) -> Act:
    """The act, for the client's signer or an employee. Raises AccessDenied."""
    actor.require(Permission.FINANCE_VIEW)
    if actor.is_client:
        require_sign(actor, act)
    return act


def file_name(name: str) -> str:
    """The name without a path and signs that no name has."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[-255:] or "scan"


def _act_locked(actor: Actor, uid: UUID) -> Act:
    """An act that the actor sees, and may do something to at all. Raises AccessDenied, Act.DoesNotExist."""
    actor.require(Permission.FINANCE_VIEW)
    if actor.user_id is None or actor.is_read_only:
        raise AccessDenied(_("Отвечают по актам только люди"))
    acts = Act.objects.visible_to(actor).select_for_update(of=("self",))
    return acts.select_related("document", "contract", "legal_entity", "organization").get(uid=uid)


def act_to_talk_of(actor: Actor, uid: UUID) -> Act:
    """The same for either side that writes to it or uploads."""
    return _act_locked(actor, uid)


def act_to_sign(actor: Actor, uid: UUID) -> Act:
    """The same for a client's person who may bind his firm."""
    act = _act_locked(actor, uid)
    require_sign(actor, act)
    return act


def require_sign(actor: Actor, act: Act) -> None:
    """Raise AccessDenied unless the actor may bind the firm of the act."""
    actor.require(Permission.DOCUMENT_SIGN)
    mine = Act.objects.filter(reach(actor, Permission.DOCUMENT_SIGN), pk=act.pk)
    if not actor.is_client or actor.impersonator_id is not None or not mine.exists():
        raise AccessDenied(Permission.DOCUMENT_SIGN.label)


def open_differences(act: Act) -> bool:
    """Whether any difference waits for the word of a side."""
    return act.differences.exclude(is_agreed_by_client=True, is_agreed_by_us=True).exists()


def line_doubted(act: Act, position: int) -> ActDifference:
    """The difference of one of our lines; a line that matches, or was not compared, gets one of doubt.

    Raises ActLine.DoesNotExist.
    """
    line = ActLine.objects.get(act=act, position=position)
    difference, _is_new = ActDifference.objects.get_or_create(
        act=act, ours=line, defaults={"verdict": Verdict.MATCHED}
    )
    return difference


def remark_write(difference: ActDifference, *, actor: Actor, text: str, at: datetime) -> ActRemark:
    """Write a word to a difference."""
    return ActRemark.objects.create(
        difference=difference,
        author_id=cast(int, actor.user_id),  # who talks of an act is a person
        impersonator_id=actor.impersonator_id,
        is_ours=not actor.is_client,
        text=text[:1000],
        at=at,
    )


def _answer(act: Act, state: ActState, *, actor: Actor, comment: str, at: datetime) -> None:
    act.state, act.comment = state, comment
    act.answered_by_id, act.answered_at = actor.user_id, at
    act.save(update_fields=["state", "comment", "answered_by", "answered_at"])
