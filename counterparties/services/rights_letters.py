"""Letters about invitations and stages of rights."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from counterparties.models import GrantState, Invitation, InvitationState, StageGrant
from counterparties.selectors.people import people_managers
from counterparties.services.invitations import invitation_token, token_hash
from portal.lib.dates import format_date, moscow_date
from portal.lib.mail import mail_send


def invitation_mail(*, invitation_id: int, serial: int, key: str) -> int:
    """Send the link, unless the invitation was settled or sent anew meanwhile; return how many letters."""
    invitation = Invitation.objects.select_related("holding", "role", "invited_by").get(pk=invitation_id)
    token = invitation_token(invitation)
    if invitation.state != InvitationState.PENDING or invitation.serial != serial:
        return 0
    if token_hash(token) != invitation.token_hash:
        # The portal's key was changed between the click and the letter: such a link would be dead.
        return 0
    mail_send(
        key=key,
        to=[invitation.email],
        subject=_("Приглашение на портал: {holding}").format(holding=invitation.holding.name),
        template="mail/invitation",
        context={
            "holding": invitation.holding.name,
            "inviter": invitation.invited_by.get_full_name(),
            "role": invitation.role.name if invitation.role else "",
            "expires": timezone.localtime(invitation.expires_at).strftime("%d.%m.%Y %H:%M"),
            "address": settings.SITE_URL + reverse("counterparties:invitation", args=[token]),
        },
    )
    return 1


def stage_request_mail(*, grant_id: int, at: datetime, key: str) -> int:
    """Tell those who manage people that somebody asks for a stage; return the number of addresses."""
    grant = StageGrant.objects.select_related("membership__user", "membership__holding").get(pk=grant_id)
    if grant.state != GrantState.REQUESTED:
        return 0
    member = grant.membership
    managers = people_managers(member.holding_id, on=moscow_date(at))
    addresses = [one.user.email for one in managers if one.pk != member.pk]
    if addresses:
        mail_send(
            key=key,
            to=addresses,
            subject=_("{person} запрашивает доступ").format(person=member.user.get_full_name()),
            template="mail/stage_request",
            context={
                "person": member.user.get_full_name(),
                "holding": member.holding.name,
                "stage": grant.get_stage_display(),
                "reason": grant.reason,
                "address": settings.SITE_URL + reverse("counterparties:person", args=[member.pk]),
            },
        )
    return len(addresses)


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
    mail_send(
        key=key,
        to=[member.user.email],
        subject=_subject(state, grant.get_stage_display()),
        template="mail/stage_decision",
        context={
            "holding": member.holding.name,
            "stage": grant.get_stage_display(),
            "state": state,
            "entities": [one.name for one in grant.legal_entities.all()],
            "until": format_date(grant.valid_until) if grant.valid_until else "",
            "answer": grant.answer,
            "address": settings.SITE_URL + reverse("counterparties:my_rights"),
        },
    )
    return 1


def _subject(state: str, stage: str) -> str:
    what = {
        GrantState.GRANTED.value: _("Доступ открыт"),
        GrantState.DECLINED.value: _("В доступе отказано"),
        GrantState.REVOKED.value: _("Доступ отозван"),
    }
    return f"{what[state]}: {stage}"
