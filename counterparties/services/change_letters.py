"""Letters about changes of requisites. Each returns how many addresses it went to."""

from django.conf import settings
from django.urls import reverse

from counterparties.models import ChangeRequest, ChangeState
from counterparties.services.registration_letters import manager_addresses
from portal.lib.mail import mail_send


def change_request_mail(*, change_request_id: int, key: str) -> int:
    """Tell the client's managers that somebody wants other requisites."""
    request = ChangeRequest.objects.select_related("legal_entity", "created_by").get(pk=change_request_id)
    addresses = manager_addresses([request.legal_entity.holding_id])
    if request.state != ChangeState.WAITING or not addresses:
        return 0
    mail_send(
        key=key,
        to=addresses,
        subject=f"Изменение реквизитов: {request.legal_entity.name}",
        template="mail/notice",
        context={
            "paragraphs": [
                (
                    f"{request.created_by.get_full_name()} просит: {request.get_subject_display().lower()}, "
                    f"{request.legal_entity.name}, ИНН {request.legal_entity.inn}."
                )
            ],
            "action": "Сравнить и решить",
            "address": settings.SITE_URL + reverse("counterparties:change", args=[request.pk]),
        },
    )
    return len(addresses)


def change_decision_mail(*, change_request_id: int, key: str) -> int:
    """Tell the author what was taken over, and why not the rest."""
    request = ChangeRequest.objects.select_related("legal_entity", "created_by").get(pk=change_request_id)
    if not request.created_by.is_active:
        return 0
    paragraphs = [f"{request.legal_entity.name}: {request.get_state_display().lower()}."]
    if request.reason:
        paragraphs.append(f"Причина: {request.reason}")
    mail_send(
        key=key,
        to=[request.created_by.email],
        subject=f"Запрос на изменение реквизитов: {request.get_state_display().lower()}",
        template="mail/notice",
        context={
            "paragraphs": paragraphs,
            "action": "Открыть реквизиты",
            "address": settings.SITE_URL
            + reverse("counterparties:company_entity", args=[request.legal_entity_id]),
        },
    )
    return 1
