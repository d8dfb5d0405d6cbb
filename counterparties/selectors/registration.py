"""Applications as managers see them, and requests of access as heads and managers see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Count, Model, Q, QuerySet

from accounts.models import User
from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import (
    AccessRequest,
    AccessRequestState,
    Holding,
    LegalEntity,
    Membership,
    Registration,
    RegistrationState,
)
from counterparties.selectors.serving import managers_of

Row = TypeVar("Row", bound=Model)

PUBLIC_MAIL_DOMAINS = frozenset(
    {
        "mail.ru", "bk.ru", "list.ru", "inbox.ru", "internet.ru", "yandex.ru", "ya.ru", "yandex.com",
        "gmail.com", "rambler.ru", "outlook.com", "hotmail.com", "icloud.com", "vk.com",
    }
)  # fmt: skip
QUEUE_LENGTH = 200
_MOST_DUPLICATES = 20
_PHONE_DIGITS = 10


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """One application in the queue; `days` is its age since the address was confirmed."""

    pk: int
    name: str
    inn: str
    contact_name: str
    city: str
    state: str
    state_label: str
    confirmed_at: datetime | None
    days: int
    access_requests: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A client that may be the same company, and by what; `pk` is set only where the actor serves it."""

    pk: int | None
    holding: str
    managers: str
    legal_entities: tuple[LegalEntity, ...]
    people: tuple[User, ...]
    is_by_inn: bool
    is_by_phone: bool
    is_by_mail: bool


@dataclass(frozen=True, slots=True)
class RegistrationCard:
    """An application with what a decision needs."""

    registration: Registration
    duplicates: tuple[Duplicate, ...]
    earlier: tuple[Registration, ...]
    access_requests: tuple[AccessRequest, ...]


def registration_rows(*, actor: Actor, state: str, at: datetime) -> list[RegistrationRow]:
    """Applications in a state, the oldest first while they wait, else the newest; one query."""
    actor.require(Permission.CLIENT_SERVE)
    rows = (
        Registration.objects.visible_to(actor)
        .filter(state=state)
        .select_related("city")
        .annotate(asked=Count("access_requests"))
        .order_by("confirmed_at" if state == RegistrationState.REVIEW else "-decided_at", "pk")
    )
    return [_row(one, at) for one in rows[:QUEUE_LENGTH]]


def _row(registration: Registration, at: datetime) -> RegistrationRow:
    confirmed = registration.confirmed_at
    return RegistrationRow(
        pk=registration.pk,
        name=registration.name,
        inn=registration.inn,
        contact_name=registration.contact_name,
        city=registration.city.name,
        state=registration.state,
        state_label=registration.get_state_display(),
        confirmed_at=confirmed,
        days=max((at - confirmed).days, 0) if confirmed else 0,
        access_requests=int(vars(registration)["asked"]),
    )


def registration_card(*, actor: Actor, registration_id: int) -> RegistrationCard:
    """Load an application. Raises AccessDenied, Registration.DoesNotExist."""
    actor.require(Permission.CLIENT_SERVE)
    registration = (
        Registration.objects.visible_to(actor)
        .select_related("city", "user", "holding", "decided_by")
        .prefetch_related("consents__text")
        .get(pk=registration_id)
    )
    earlier = (
        Registration.objects.visible_to(actor)
        .filter(Q(inn=registration.inn) | Q(email=registration.email))
        .exclude(pk=registration.pk)
        .order_by("-created_at")
    )
    requests = registration.access_requests.select_related("holding", "legal_entity").order_by("pk")
    return RegistrationCard(
        registration=registration,
        duplicates=tuple(_duplicates(registration, actor)),
        earlier=tuple(earlier[:_MOST_DUPLICATES]),
        access_requests=tuple(requests),
    )


def phone_digits(phone: str) -> str:
    """The last ten digits: +7 and 8 before them mean the same."""
    return "".join(sign for sign in phone if sign in "0123456789")[-_PHONE_DIGITS:]


def _duplicates(registration: Registration, actor: Actor) -> Iterable[Duplicate]:
    """Clients with the same ИНН, phone or mail domain; seven queries whatever their number."""
    phone = phone_digits(registration.phone)
    domain = registration.email.rpartition("@")[2]
    own_domain = domain not in PUBLIC_MAIL_DOMAINS
    mail = Q(email__iendswith=f"@{domain}") if own_domain else Q(email=registration.email)
    by_phone = _with_phone(LegalEntity.objects.all(), phone)
    entities = LegalEntity.objects.filter(
        Q(inn=registration.inn) | mail | Q(pk__in=by_phone.values("pk"))
    ).exclude(holding=registration.holding_id or 0)
    people = User.objects.filter(is_staff=False).exclude(pk=registration.user_id or 0)
    people = people.filter(mail | Q(pk__in=_with_phone(people, phone).values("pk")))
    members = Membership.objects.filter(user__in=people).exclude(holding=registration.holding_id or 0)
    found = list(members.select_related("user").order_by("pk")[:_MOST_DUPLICATES])
    firms = list(entities.order_by("pk")[:_MOST_DUPLICATES])
    holding_ids = {one.holding_id for one in found} | {one.holding_id for one in firms}
    mine = set(Holding.objects.visible_to(actor).filter(pk__in=holding_ids).values_list("pk", flat=True))
    managers = managers_of(holding_ids)
    for holding in Holding.objects.filter(pk__in=holding_ids).order_by("name", "pk"):
        its_firms = tuple(one for one in firms if one.holding_id == holding.pk)
        its_people = tuple(one.user for one in found if one.holding_id == holding.pk)
        contacts = [(one.phone, one.email) for one in its_firms]
        contacts += [(one.phone, one.email) for one in its_people]
        yield Duplicate(
            pk=holding.pk if holding.pk in mine else None,
            holding=holding.name,
            managers=", ".join(managers.get(holding.pk, [])),
            legal_entities=its_firms,
            people=its_people if holding.pk in mine else (),
            is_by_inn=any(firm.inn == registration.inn for firm in its_firms),
            is_by_phone=len(phone) == _PHONE_DIGITS
            and any(phone_digits(other) == phone for other, _mail in contacts),
            is_by_mail=any(
                _is_same_mail(other, registration.email, own_domain) for _phone, other in contacts
            ),
        )


def _is_same_mail(email: str, other: str, is_by_domain: bool) -> bool:
    if is_by_domain:
        return email.lower().rpartition("@")[2] == other.rpartition("@")[2]
    return email.lower() == other


def _with_phone(rows: QuerySet[Row], phone: str) -> QuerySet[Row]:
    """Rows whose phone ends with the digits, whatever is written between them."""
    if len(phone) < _PHONE_DIGITS:
        return rows.none()
    return rows.filter(phone__regex="[^0-9]*".join(phone) + r"[^0-9]*$")


def registrations_of(user_id: int) -> list[Registration]:
    """A person's own applications that came on review, the newest first."""
    mine = Registration.objects.filter(user_id=user_id).select_related("city")
    return list(mine.exclude(state=RegistrationState.DRAFT).order_by("-created_at", "-pk"))


def access_requests_waiting(*, actor: Actor) -> list[AccessRequest]:
    """Requests of access that the actor may decide, the oldest first; one query."""
    waiting = AccessRequest.objects.visible_to(actor).filter(state=AccessRequestState.WAITING)
    return list(
        waiting.select_related("registration__city", "legal_entity", "holding").order_by("created_at", "pk")
    )
