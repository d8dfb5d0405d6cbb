"""Letters about applications, requests of access and consents. Each returns how many addresses it went to."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.services.letters import letters_send
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
from portal.lib.said import Said


def confirmation_mail(*, registration_id: int, key: str) -> int:
    """Ask the applicant to confirm his address. What the pages may not tell stands here."""
    registration = Registration.objects.get(pk=registration_id)
    blocked = Registration.objects.filter(email=registration.email, state=RegistrationState.BLOCKED)
    if registration.state != RegistrationState.DRAFT or blocked.exists():
        return 0
    person = User.objects.filter(email=registration.email).first()
    if person is not None and (person.is_staff or not person.is_active):
        return 0
    clients = LegalEntity.objects.in_use().filter(inn=registration.inn, holding__is_active=True)
    return letters_send(
        key=key,
        to=[registration.email],
        letter="registration_confirm",
        context={
            "company": registration.name,
            "inn": registration.inn,
            "is_client": clients.exists(),
            "is_person": person is not None,
            "address": _address("counterparties:join_confirm", registration_token(registration)),
        },
    )


def entered_mail(*, registration_id: int, key: str) -> int:
    """Tell the seller that a new company waits: the organizations' mail, else the administrators."""
    registration = Registration.objects.select_related("city").get(pk=registration_id)
    return letters_send(
        key=key,
        to=_seller_addresses(),
        letter="registration_entered",
        context={
            "company": registration.name,
            "inn": registration.inn,
            "city": registration.city.name,
            "contact": registration.contact_name,
            "phone": registration.phone,
            "email": registration.email,
            "address": _address("counterparties:registration", registration.pk),
        },
    )


def access_request_mail(*, access_request_id: int, on: date, key: str) -> int:
    """Tell those who manage the client's people, and its managers, each with the page that is his.

    A client whom nobody serves yet is told to the seller: else the request would lie unseen.
    """
    request = AccessRequest.objects.select_related("registration", "legal_entity").get(pk=access_request_id)
    if request.state != AccessRequestState.WAITING:
        return 0
    person = request.registration
    heads = [one.user.email for one in people_managers(request.holding_id, on=on)]
    managers = manager_addresses([request.holding_id]) or _seller_addresses()
    pages = {
        "heads": (heads, _address("counterparties:access_requests")),
        "managers": (managers, _address("counterparties:registration", person.pk)),
    }
    return sum(
        letters_send(
            key=f"{key}:{readers}",
            to=addresses,
            letter="access_asked",
            context={
                "person": person.contact_name,
                "email": person.email,
                "phone": person.phone,
                "entity": request.legal_entity.name,
                "inn": request.legal_entity.inn,
                "address": page,
            },
        )
        for readers, (addresses, page) in pages.items()
    )


def decision_mail(*, registration_id: int, key: str) -> int:
    """Tell the applicant: approved, or rejected and why. Nobody writes to a blocked address."""
    registration = Registration.objects.get(pk=registration_id)
    letters = {
        RegistrationState.APPROVED.value: ("registration_approved", "home"),
        RegistrationState.REJECTED.value: ("registration_rejected", "counterparties:join"),
    }
    if registration.state not in letters:
        return 0
    letter, page = letters[registration.state]
    return letters_send(
        key=key,
        to=[registration.email],
        letter=letter,
        context={"company": registration.name, "reason": registration.reason, "address": _address(page)},
    )


def consent_withdrawn_mail(*, consent_id: int, key: str) -> int:
    """Tell those who serve the person to stop what the consent allowed."""
    consent = Consent.objects.select_related("text", "user").get(pk=consent_id)
    holdings = Membership.objects.filter(user=consent.user_id).values_list("holding_id", flat=True)
    return letters_send(
        key=key,
        to=sorted({*manager_addresses(holdings), *_seller_addresses()}),
        letter="consent_withdrawn",
        context={
            "person": consent.user.get_full_name() if consent.user else consent.email,
            "email": consent.email,
            "consent": Said(
                str(consent.text),
                f"{consent.text.title}, version {consent.text.version}",
            ),
        },
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


def _address(page: str, *args: object) -> str:
    return settings.SITE_URL + reverse(page, args=args)
