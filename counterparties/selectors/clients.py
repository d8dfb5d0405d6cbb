"""Clients as their managers see them."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Holding, LegalEntity, Membership


@dataclass(frozen=True, slots=True)
class ClientPerson:
    """A person of a client as the manager sees him in the list."""

    user_id: int
    name: str
    email: str
    role: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client in the manager's list."""

    pk: int
    name: str
    city: str
    legal_entities: list[LegalEntity]
    people: list[ClientPerson]


def client_rows(*, actor: Actor, search: str = "") -> list[ClientRow]:
    """Clients that the actor serves, by name; three queries whatever their number."""
    actor.require(Permission.CLIENT_SERVE)
    holdings = Holding.objects.visible_to(actor).filter(merged_into__isnull=True).select_related("home_city")
    if search:
        holdings = holdings.filter(
            Q(name__icontains=search)
            | Q(legal_entities__name__icontains=search)
            | Q(legal_entities__inn__startswith=search)
            | Q(memberships__user__full_name__icontains=search)
            | Q(memberships__user__email__icontains=search)
        ).distinct()
    rows = list(holdings.order_by("name", "pk"))
    entities: dict[int, list[LegalEntity]] = {}
    for entity in LegalEntity.objects.in_use().filter(holding__in=rows).order_by("name"):
        entities.setdefault(entity.holding_id, []).append(entity)
    people: dict[int, list[ClientPerson]] = {}
    for member in (
        Membership.objects.filter(holding__in=rows).select_related("user", "role").order_by("role", "pk")
    ):
        people.setdefault(member.holding_id, []).append(_person(member))
    return [
        ClientRow(
            pk=holding.pk,
            name=holding.name,
            city=holding.home_city.name,
            legal_entities=entities.get(holding.pk, []),
            people=people.get(holding.pk, []),
        )
        for holding in rows
    ]


def _person(member: Membership) -> ClientPerson:
    return ClientPerson(
        user_id=member.user_id,
        name=member.user.full_name,
        email=member.user.email,
        role=member.role.name,
        is_active=member.is_active and member.user.is_active,
    )
