"""Letters about applications, requests of access and consents. Each returns how many addresses it went to."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from counterparties.models import (
    AccessRequest,
    AccessRequestState,
    Consent,
    HoldingUserObjectPermission,
    LegalEntity,
    Membership,
    Organization,
    Registration,
    RegistrationState,
)
from counterparties.permissions import SERVE_HOLDING
from counterparties.selectors.people import people_managers
from counterparties.services.registration import registration_token
from portal.lib.mail import mail_send

_NOTICE = "mail/notice"


def confirmation_mail(*, registration_id: int, key: str) -> int:
    """Ask the applicant to confirm his address. What the pages may not tell stands here."""
    registration = Registration.objects.get(pk=registration_id)
    blocked = Registration.objects.filter(email=registration.email, state=RegistrationState.BLOCKED)
    if registration.state != RegistrationState.DRAFT or blocked.exists():
        return 0
    person = User.objects.filter(email=registration.email).first()
    if person is not None and (person.is_staff or not person.is_active):
        return 0
    paragraphs = [
        f"Мы получили заявку на регистрацию компании {registration.name}, ИНН {registration.inn}.",
        "Чтобы мы ее рассмотрели, подтвердите адрес почты по ссылке. Она действует 72 часа.",
    ]
    if LegalEntity.objects.in_use().filter(inn=registration.inn, holding__is_active=True).exists():
        paragraphs.append(
            "Компания с этим ИНН уже работает с нами. После подтверждения запрос доступа получат "
            "ее руководитель и менеджер: новая карточка клиента не понадобится."
        )
    if person is not None:
        paragraphs.append("С этой почтой на портале уже есть вход: пароль останется прежним.")
    paragraphs.append("Если заявку отправляли не вы, ничего не делайте.")
    return _send(
        key,
        [registration.email],
        "Подтвердите почту",
        paragraphs,
        "Подтвердить почту",
        reverse("counterparties:join_confirm", args=[registration_token(registration)]),
    )


def entered_mail(*, registration_id: int, key: str) -> int:
    """Tell the seller that a new company waits: the organizations' mail, else the administrators."""
    registration = Registration.objects.select_related("city").get(pk=registration_id)
    return _send(
        key,
        _seller_addresses(),
        f"Новая заявка: {registration.name}",
        [
            f"{registration.name}, ИНН {registration.inn}, {registration.city.name}.",
            f"{registration.contact_name}, {registration.phone}, {registration.email}.",
        ],
        "Рассмотреть заявку",
        reverse("counterparties:registration", args=[registration.pk]),
    )


def access_request_mail(*, access_request_id: int, on: date, key: str) -> int:
    """Tell those who manage the client's people, and its managers, each with the page that is his.

    A client whom nobody serves yet is told to the seller: else the request would lie unseen.
    """
    request = AccessRequest.objects.select_related("registration", "legal_entity").get(pk=access_request_id)
    if request.state != AccessRequestState.WAITING:
        return 0
    person = request.registration
    paragraphs = [
        (
            f"{person.contact_name} ({person.email}, {person.phone}) просит доступ в кабинет: "
            f"{request.legal_entity.name}, ИНН {request.legal_entity.inn}."
        ),
        "Откройте доступ, только если знаете этого человека.",
    ]
    subject = f"{person.contact_name} просит доступ в кабинет"
    heads = [one.user.email for one in people_managers(request.holding_id, on=on)]
    managers = manager_addresses([request.holding_id]) or _seller_addresses()
    sent = _send(
        f"{key}:heads", heads, subject, paragraphs, "Решить", reverse("counterparties:access_requests")
    )
    queue = reverse("counterparties:registration", args=[person.pk])
    return sent + _send(f"{key}:managers", managers, subject, paragraphs, "Открыть заявку", queue)


def decision_mail(*, registration_id: int, key: str) -> int:
    """Tell the applicant: approved, or rejected and why. Nobody writes to a blocked address."""
    registration = Registration.objects.select_related("user").get(pk=registration_id)
    if registration.state == RegistrationState.APPROVED:
        return _send(
            key,
            [registration.email],
            "Доступ на портал открыт",
            [f"Заявка компании {registration.name} одобрена: можно собирать заказы по вашим ценам."],
            "Войти на портал",
            reverse("home"),
        )
    if registration.state == RegistrationState.REJECTED:
        return _send(
            key,
            [registration.email],
            "Заявка отклонена",
            [
                f"Мы не смогли принять заявку компании {registration.name}.",
                f"Причина: {registration.reason}",
                "Если это можно исправить, подайте заявку еще раз.",
            ],
            "Подать заявку",
            reverse("counterparties:join"),
        )
    return 0


def consent_withdrawn_mail(*, consent_id: int, key: str) -> int:
    """Tell those who serve the person to stop what the consent allowed."""
    consent = Consent.objects.select_related("text", "user").get(pk=consent_id)
    holdings = Membership.objects.filter(user=consent.user_id).values_list("holding_id", flat=True)
    addresses = sorted({*manager_addresses(holdings), *_seller_addresses()})
    who = consent.user.get_full_name() if consent.user else consent.email
    return _send(
        key,
        addresses,
        "Отозвано согласие",
        [
            f"{who} ({consent.email}) отозвал согласие: {consent.text}.",
            (
                "Прекратите обработку, на которую оно давалось, не позднее 30 дней "
                "(статья 21 Федерального закона № 152-ФЗ)."
            ),
        ],
        "",
        "",
    )


def manager_addresses(holding_ids: Iterable[int]) -> list[str]:
    """Addresses of working managers who serve the holdings."""
    served = HoldingUserObjectPermission.objects.filter(
        content_object__in=list(holding_ids),
        permission__codename=SERVE_HOLDING,
        user__is_active=True,
        user__is_staff=True,
    )
    return sorted(set(served.values_list("user__email", flat=True)))


def _seller_addresses() -> list[str]:
    organizations = Organization.objects.exclude(email="").values_list("email", flat=True)
    administrators = User.objects.filter(is_superuser=True, is_active=True)
    return sorted(set(organizations) or set(administrators.values_list("email", flat=True)))


def _send(key: str, to: list[str], subject: str, paragraphs: list[str], action: str, path: str) -> int:
    """Each gets a letter of his own: applicants' data and colleagues' addresses are nobody else's."""
    for number, address in enumerate(to):
        mail_send(
            key=f"{key}:{number}",
            to=[address],
            subject=subject,
            template=_NOTICE,
            context={
                "paragraphs": paragraphs,
                "action": action,
                "address": settings.SITE_URL + path if path else "",
            },
        )
    return len(to)
