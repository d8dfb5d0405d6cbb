"""Setting price lists up: what is in them, when they go out by mail, and their links."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import transaction

from accounts.notices import NoticeKind
from accounts.services.letters import letters_want
from counterparties.actor import AccessDenied, Actor
from counterparties.merge_gate import parties_hold
from counterparties.models import Contract
from documents.models import PriceListProfile
from documents.price_lists.options import ListOptions
from portal.lib.dates import moscow_date

MOST_PROFILES = 50
_SALT = "documents.price_list"


class TooManyPriceLists(Exception):
    """A person has as many as anybody may have."""

    def __str__(self) -> str:
        return f"Можно сохранить не больше {MOST_PROFILES} прайс-листов. Удалите ненужные."


@dataclass(frozen=True, slots=True)
class ListPlace:
    """For which contract and city a new price list is."""

    contract_id: int
    city_id: int


@transaction.atomic
def price_list_create(
    *, actor: Actor, place: ListPlace, name: str, options: ListOptions, at: datetime
) -> PriceListProfile:
    """Keep a new price list.

    Raises AccessDenied, Contract.DoesNotExist (not the actor's or closed), TooManyPriceLists.
    """
    user_id, holding_id = _writer(actor)
    parties_hold()
    contracts = Contract.objects.visible_to(actor).open_on(moscow_date(at))
    contract = contracts.get(pk=place.contract_id)
    if PriceListProfile.objects.filter(user_id=user_id).count() >= MOST_PROFILES:
        raise TooManyPriceLists
    return PriceListProfile.objects.create(
        user_id=user_id,
        holding_id=holding_id,
        legal_entity_id=contract.legal_entity_id,
        contract=contract,
        city_id=place.city_id,
        name=name,
        options=options.as_json(),
        created_at=at,
        updated_at=at,
    )


@transaction.atomic
def price_list_change(
    *, actor: Actor, uid: UUID, name: str, options: ListOptions, at: datetime
) -> PriceListProfile:
    """Change name and options; firm, contract and city stay. Raises AccessDenied, DoesNotExist."""
    profile = profile_locked(actor, uid)
    profile.name, profile.options, profile.updated_at = name, options.as_json(), at
    profile.save(update_fields=["name", "options", "updated_at"])
    return profile


@transaction.atomic
def price_list_remove(*, actor: Actor, uid: UUID) -> None:
    """Remove it with its files; its link is dead. Raises AccessDenied, DoesNotExist."""
    profile_locked(actor, uid).delete()


@transaction.atomic
def price_list_schedule(*, actor: Actor, uid: UUID, weekday: int | None, hour: int | None) -> None:
    """Send it every week on the day (0 is Monday) at the hour of Moscow, or (None) no more.

    Whoever asks for letters with it wants such letters again, even if he once refused them.
    Raises AccessDenied, DoesNotExist.
    """
    profile = profile_locked(actor, uid)
    profile.weekday, profile.hour = (None, None) if weekday is None or hour is None else (weekday, hour)
    profile.save(update_fields=["weekday", "hour"])
    if profile.weekday is not None:
        letters_want(user_id=profile.user_id, kind=NoticeKind.PRICE_LIST)


@transaction.atomic
def price_list_link_make(*, actor: Actor, uid: UUID, at: datetime) -> str:
    """Give out a new link's secret, which is told only now; an older link is dead.

    Raises AccessDenied, DoesNotExist.
    """
    profile = profile_locked(actor, uid)
    token = Signer(salt=_SALT, sep=".").sign(f"{profile.pk}-{secrets.token_urlsafe(18)}")
    profile.link_hash, profile.link_made_at = _hash(token), at
    profile.save(update_fields=["link_hash", "link_made_at"])
    return token


@transaction.atomic
def price_list_link_revoke(*, actor: Actor, uid: UUID) -> None:
    """The link is dead at once. Raises AccessDenied, DoesNotExist."""
    profile = profile_locked(actor, uid)
    profile.link_hash, profile.link_made_at = "", None
    profile.save(update_fields=["link_hash", "link_made_at"])


def profile_of_link(token: str) -> PriceListProfile:
    """Whose link it is. Raises PriceListProfile.DoesNotExist for a forged and a revoked one alike."""
    try:
        Signer(salt=_SALT, sep=".").unsign(token)
    except BadSignature as error:
        raise PriceListProfile.DoesNotExist from error
    return PriceListProfile.objects.select_related("city").get(link_hash=_hash(token))


def _writer(actor: Actor) -> tuple[int, int]:
    """A client's person, or a manager who sits there in the person's name; who only looks changes nothing.

    Returns the person's id and the client's.
    """
    if actor.user_id is None or actor.holding_id is None or actor.is_read_only:
        raise AccessDenied("Прайс-листы настраивает сам сотрудник клиента")
    return actor.user_id, actor.holding_id


def profile_locked(actor: Actor, uid: UUID) -> PriceListProfile:
    """The person's own, locked. Raises AccessDenied, PriceListProfile.DoesNotExist."""
    _writer(actor)
    return PriceListProfile.objects.visible_to(actor).select_for_update(of=("self",)).get(uid=uid)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
