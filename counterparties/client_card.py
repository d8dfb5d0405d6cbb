"""A client as the manager sees him: legal entities with requisites and contracts, people."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Contract, Holding, LegalEntity, Membership
from counterparties.selectors import memberships_valid


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person of the client; `may_be_entered` tells whether his cabinet opens to the actor today."""

    user_id: int
    name: str
    position: str
    email: str
    phone: str
    role: str
    last_login: datetime | None
    may_be_entered: bool


@dataclass(frozen=True, slots=True)
class ClientCard:
    """A holding with its legal entities (contracts with `deferral_on_day`, addresses) and people."""

    holding: Holding
    legal_entities: tuple[LegalEntity, ...]
    people: tuple[PersonCard, ...]


def client_card(*, actor: Actor, holding_id: int, on: date) -> ClientCard:
    """Load a client; seven queries whatever its size. Raises AccessDenied, Holding.DoesNotExist."""
    actor.require(Permission.CLIENT_SERVE)
    holdings = Holding.objects.visible_to(actor).select_related("home_city", "main_entity", "merged_into")
    holding = holdings.get(pk=holding_id)
    contracts = (
        Contract.objects.select_related("organization")
        .with_deferral_on(on)
        .order_by("-is_default", "-date", "-pk")
    )
    entities = (
        LegalEntity.objects.in_use()
        .filter(holding=holding)
        .prefetch_related(
            "bank_accounts", "delivery_addresses__city", Prefetch("contracts", queryset=contracts)
        )
        .order_by("name", "pk")
    )
    members = (
        Membership.objects.filter(holding=holding).select_related("user", "role").order_by("role_id", "pk")
    )
    valid = set(memberships_valid(on).filter(holding=holding).values_list("pk", flat=True))
    may_enter = actor.can(Permission.CLIENT_ENTER)
    return ClientCard(
        holding=holding,
        legal_entities=tuple(entities),
        people=tuple(_person(member, may_be_entered=may_enter and member.pk in valid) for member in members),
    )


def _person(member: Membership, *, may_be_entered: bool) -> PersonCard:
    user = member.user
    return PersonCard(
        user_id=user.pk,
        name=user.get_full_name(),
        position=user.position,
        email=user.email,
        phone=user.phone,
        role=member.role.name,
        last_login=user.last_login,
        may_be_entered=may_be_entered and user.is_active and not user.is_staff,
    )
