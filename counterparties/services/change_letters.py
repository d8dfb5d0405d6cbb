"""Letters about changes of requisites. Each returns how many addresses it went to."""

from django.conf import settings
from django.urls import reverse

from accounts.services.letters import letters_send
from counterparties.models import ChangeRequest, ChangeState
from counterparties.services.registration_letters import manager_addresses


def change_request_mail(*, change_request_id: int, key: str) -> int:
    """Tell the client's managers that somebody wants other requisites."""
    request = ChangeRequest.objects.select_related("legal_entity", "created_by").get(pk=change_request_id)
    if request.state != ChangeState.WAITING:
        return 0
    return letters_send(
        key=key,
        to=manager_addresses([request.legal_entity.holding_id]),
        letter="requisites_asked",
        context={
            "person": request.created_by.get_full_name(),
            "asked": request.subject,
            "subject_label": request.get_subject_display(),
            "entity": request.legal_entity.name,
            "inn": request.legal_entity.inn,
            "address": settings.SITE_URL + reverse("counterparties:change", args=[request.pk]),
        },
    )


def change_decision_mail(*, change_request_id: int, key: str) -> int:
    """Tell the author what was taken over, and why not the rest."""
    request = ChangeRequest.objects.select_related("legal_entity", "created_by").get(pk=change_request_id)
    if not request.created_by.is_active:
        return 0
    return letters_send(
        key=key,
        to=[request.created_by.email],
        letter="requisites_decided",
        context={
            "entity": request.legal_entity.name,
            "state": request.state,
            "state_label": request.get_state_display(),
            "reason": request.reason,
            "address": settings.SITE_URL
            + reverse("counterparties:company_entity", args=[request.legal_entity_id]),
        },
    )
