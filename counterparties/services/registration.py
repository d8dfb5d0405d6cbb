"""The applicant's side of a registration: filling in, confirming the address.

Whether the ИНН or the address is known decides only what the letter says, and letters are written by
a job: to a stranger the pages answer alike, in words and in time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import connection, transaction

from accounts.models import User
from catalog.models import City
from counterparties.events import AccessRequested, RegistrationEntered, RegistrationStarted
from counterparties.models import (
    REGISTRATION_STEPS,
    AccessRequest,
    ConsentText,
    LegalEntity,
    Registration,
    RegistrationState,
)
from counterparties.registration_refusals import (
    AlreadyConfirmed,
    LinkDead,
    NotAccepted,
    PasswordNeeded,
    WrongRequisites,
    WrongStep,
)
from counterparties.requisites import errors_of, requisites_faults
from counterparties.services.consents import consents_give
from portal import outbox

LINK_SECONDS = 72 * 3600
_SALT = "counterparties.registration"


@dataclass(frozen=True, slots=True)
class Application:
    """What an applicant tells about his company and himself; codes without spaces."""

    kind: str
    name: str
    full_name: str
    inn: str
    kpp: str
    ogrn: str
    legal_address: str
    head_position: str
    head_name: str
    contact_name: str
    contact_position: str
    phone: str
    email: str
    city: City
    lookup_note: str = ""


def require_step(registration: Registration, target: RegistrationState) -> None:
    """Raise `WrongStep` unless the table allows the move."""
    if target not in REGISTRATION_STEPS[registration.state]:
        raise WrongStep(registration.get_state_display())


def key_lock(key: str) -> None:
    """Let others with the same key wait until this transaction ends; for rows that are not there yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


@transaction.atomic
def registration_start(
    *, application: Application, texts: Iterable[ConsentText], ip: str | None, at: datetime
) -> Registration:
    """Keep an application and send a letter to its address. Raises WrongRequisites."""
    values = {field.name: getattr(application, field.name) for field in fields(application)}
    errors = errors_of(requisites_faults({name: value for name, value in values.items() if name != "city"}))
    if errors:
        raise WrongRequisites(errors)
    values["email"] = application.email.strip().lower()
    registration = Registration.objects.create(
        state=RegistrationState.DRAFT, ip=ip or None, created_at=at, **values
    )
    consents_give(texts=texts, registration=registration, ip=ip, at=at)
    outbox.publish(RegistrationStarted(registration_id=registration.pk))
    return registration


def registration_token(registration: Registration) -> str:
    """The signed part of the link in the letter."""
    return signing.dumps({"registration": registration.pk}, salt=_SALT)


def registration_of_token(token: str) -> Registration:
    """The application behind a link of the letter. Raises LinkDead."""
    try:
        named = signing.loads(token, salt=_SALT, max_age=LINK_SECONDS)
        return Registration.objects.get(pk=named["registration"])
    except (signing.BadSignature, Registration.DoesNotExist) as error:
        raise LinkDead from error


@transaction.atomic
def registration_confirm(*, registration_id: int, password: str | None, at: datetime) -> Registration:
    """The address is the applicant's: make his account and put the application on review.

    Where clients with the ИНН are there, each gets a request of access instead of a duplicate. Whoever
    has an account keeps its password. Raises AlreadyConfirmed, NotAccepted, PasswordNeeded.
    """
    registration = Registration.objects.select_for_update().get(pk=registration_id)
    if registration.state != RegistrationState.DRAFT:
        raise AlreadyConfirmed
    key_lock(f"registration:{registration.email}")
    same = Registration.objects.filter(email=registration.email)
    if same.filter(state=RegistrationState.BLOCKED).exists():
        raise NotAccepted
    if same.filter(inn=registration.inn, state=RegistrationState.REVIEW).exists():
        raise AlreadyConfirmed
    registration.user = _person(registration, password)
    registration.confirmed_at = at
    registration.consents.update(user=registration.user)
    for state in (RegistrationState.CONFIRMED, RegistrationState.REVIEW):
        require_step(registration, state)
        registration.state = state
        registration.save(update_fields=["state", "user", "confirmed_at"])
    requests = _ask_for_access(registration, at)
    if requests:
        outbox.publish(*(AccessRequested(access_request_id=one.pk) for one in requests))
    else:
        outbox.publish(RegistrationEntered(registration_id=registration.pk))
    return registration


def _person(registration: Registration, password: str | None) -> User:
    user = User.objects.select_for_update().filter(email=registration.email).first()
    if user is not None:
        if user.is_staff or not user.is_active:
            raise NotAccepted
        return user
    if not password:
        raise PasswordNeeded
    user = User.objects.create_user(
        registration.email,
        password,
        full_name=registration.contact_name,
        phone=registration.phone,
        position=registration.contact_position,
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def _ask_for_access(registration: Registration, at: datetime) -> list[AccessRequest]:
    """One request for each client that has the ИНН; its branch with the КПП is named, else its oldest."""
    chosen: dict[int, LegalEntity] = {}
    for entity in (
        LegalEntity.objects.in_use().filter(inn=registration.inn, holding__is_active=True).order_by("pk")
    ):
        if entity.holding_id not in chosen or entity.kpp == registration.kpp:
            chosen[entity.holding_id] = entity
    return AccessRequest.objects.bulk_create(
        AccessRequest(registration=registration, holding_id=holding_id, legal_entity=entity, created_at=at)
        for holding_id, entity in chosen.items()
    )
