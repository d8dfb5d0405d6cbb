"""Telling people of claims: managers what is filed, the client what becomes of it; and the talk about it."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind
from accounts.permissions import Permission
from accounts.services.notices import notice_send
from counterparties.selectors.reaching import people_reaching
from counterparties.selectors.serving import manager_ids_of
from counterparties.services.talk import thread_note
from orders.claim_states import ClaimKind, ClaimState
from orders.english import CLAIM_KINDS, CLAIM_STATES
from orders.models import Claim, ClaimStep
from portal.lib.dates import format_moment, moscow_date
from portal.lib.said import Said, said

_FOR_STAFF = frozenset({ClaimState.WITHDRAWN})


def claim_filed_tell(*, claim_id: int, at: datetime) -> int:
    """Tell the client's managers of a new claim; return how many had not been told. Idempotent."""
    claim = Claim.objects.select_related("legal_entity", "shipment").get(pk=claim_id)
    return _staff_tell(
        claim,
        what="filed",
        title=said(
            _("Рекламация {number}: {kind}"),
            "Claim {number}: {kind}",
            number=claim.number,
            kind=Said(claim.get_kind_display().lower(), CLAIM_KINDS[ClaimKind(claim.kind)]),
        ),
        text=said(
            _("{buyer}, отгрузка {paper}. Ответить до {due}."),
            "{buyer}, shipment {paper}. Answer by {due}.",
            buyer=claim.legal_entity.name,
            paper=claim.shipment.number,
            due=format_moment(claim.answer_due_at),
        ),
        at=at,
    )


def claim_moved_tell(*, step_id: int, at: datetime) -> int:
    """Tell those on the other side of a move, and the talk about the claim. Idempotent."""
    step = ClaimStep.objects.select_related("claim__legal_entity", "claim__shipment").get(pk=step_id)
    claim = step.claim
    title = said(
        _("Рекламация {number}: {state}"),
        "Claim {number}: {state}",
        number=claim.number,
        state=Said(step.get_state_display().lower(), CLAIM_STATES[ClaimState(step.state)]),
    )
    thread_note(
        holding_id=claim.holding_id,
        legal_entity_id=claim.legal_entity_id,
        reference=claim.reference,
        permission=Permission.ORDER_VIEW,
        subject=_("Рекламация {number}").format(number=claim.number),
        text=f"{title}. {step.comment}" if step.comment else str(title),
        address=reverse("orders:claim", args=[claim.pk]),
        key=f"claim-step:{step.pk}",
        at=step.at,
    )
    if step.state in _FOR_STAFF:
        return _staff_tell(claim, what=step.state, title=title, text=step.comment, at=at)
    return _client_tell(claim, step, title=title, at=at)


def _staff_tell(claim: Claim, *, what: str, title: Said, text: Said | str, at: datetime) -> int:
    return notice_send(
        user_ids=manager_ids_of([claim.holding_id]).get(claim.holding_id, ()),
        kind=NoticeKind.CLAIM_FILED,
        reference=f"{claim.reference}:{what}",
        day=moscow_date(claim.created_at),
        title=title,
        text=text,
        address=reverse("orders:claim", args=[claim.pk]),
        at=at,
    )


def _client_tell(claim: Claim, step: ClaimStep, *, title: Said, at: datetime) -> int:
    """Whoever moved it knows already."""
    people = people_reaching(
        permission=Permission.ORDER_VIEW,
        legal_entity_ids=[claim.legal_entity_id],
        on=moscow_date(at),
        author_ids=[claim.created_by_id],
    )[claim.legal_entity_id]
    return notice_send(
        user_ids=[user_id for user_id in people if user_id != step.user_id or step.acting_user_id],
        kind=NoticeKind.CLAIM_MOVED,
        reference=f"{claim.reference}:{step.pk}",
        day=moscow_date(step.at),
        title=title,
        text=step.comment,
        address=reverse("orders:claim", args=[claim.pk]),
        at=at,
    )
