"""Letters about invitations and stages of rights."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.services.letters import letters_send
from counterparties.models import GrantState, Invitation, InvitationState, StageGrant
from counterparties.selectors.people import people_managers
from counterparties.services.invitations import invitation_token, token_hash
from portal.lib.dates import moscow_date


def invitation_mail(*, invitation_id: int, serial: int, key: str) -> int:
    """Send the link, unless the invitation was settled or sent anew meanwhile; return how many letters."""
    invitation = Invitation.objects.select_related("holding", "role", "invited_by").get(pk=invitation_id)
    token = invitation_token(invitation)
    if invitation.state != InvitationState.PENDING or invitation.serial != serial:
        return 0
    if token_hash(token) != invitation.token_hash:
        # The portal's key was changed between the click and the letter: such a link would be dead.
        return 0
    return letters_send(
        key=key,
        to=[invitation.email],
        letter="invitation",
        context={
            "holding": invitation.holding.name,
            "inviter": invitation.invited_by.get_full_name(),
            "role": invitation.role.name if invitation.role else "",
            "expires": timezone.localtime(invitation.expires_at),
            "address": settings.SITE_URL + reverse("counterparties:invitation", args=[token]),
        },
    )


def stage_request_mail(*, grant_id: int, at: datetime, key: str) -> int:
    """Tell those who manage people that somebody asks for a stage; return the number of addresses."""
    grant = StageGrant.objects.select_related("membership__user", "membership__holding").get(pk=grant_id)
    if grant.state != GrantState.REQUESTED:
        return 0
    member = grant.membership
    managers = people_managers(member.holding_id, on=moscow_date(at))
    return letters_send(
        key=key,
        to=[one.user.email for one in managers if one.pk != member.pk],
        letter="stage_request",
        context={
            "person": member.user.get_full_name(),
            "holding": member.holding.name,
            "stage": grant.stage,
            "stage_label": grant.get_stage_display(),
            "reason": grant.reason,
            "address": settings.SITE_URL + reverse("counterparties:person", args=[member.pk]),
        },
    )


def stage_decision_mail(*, grant_id: int, state: str, key: str) -> int:
    """Tell a person what became of a stage; return the number of letters."""
    grant = (
        StageGrant.objects.select_related("membership__user", "membership__holding", "decided_by")
        .prefetch_related("legal_entities")
        .get(pk=grant_id)
    )
    member = grant.membership
    if grant.state != state or not (member.is_active and member.user.is_active):
        return 0
    return letters_send(
        key=key,
        to=[member.user.email],
        letter="stage_decision",
        context={
            "holding": member.holding.name,
            "stage": grant.stage,
            "stage_label": grant.get_stage_display(),
            "state": state,
            "entities": [one.name for one in grant.legal_entities.all()],
            "until": grant.valid_until,
            "answer": grant.answer,
            "address": settings.SITE_URL + reverse("counterparties:my_rights"),
        },
    )
