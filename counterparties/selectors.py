"""Reads of people, clients and their contracts."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from guardian.shortcuts import get_objects_for_user

from accounts.models import User
from accounts.permissions import Permission
from catalog.models import City
from counterparties.actor import ANONYMOUS, Actor
from counterparties.models import (
    Contract,
    DeliveryAddress,
    Holding,
    LegalEntity,
    LegalEntityUserObjectPermission,
    Membership,
)
from counterparties.permissions import ROLE_PERMISSIONS, SERVE_HOLDING, STAFF_PERMISSIONS


def actor_for(user: User, *, on: date, impersonator_id: int | None = None) -> Actor:
    """Build the actor of a signed-in person; two queries for a client's person, one for an employee.

    A person without a membership valid on the date, who is not an employee, may do nothing.
    """
    if not user.is_active:
        return ANONYMOUS
    if user.is_staff:
        return Actor(
            user_id=user.pk,
            permissions=STAFF_PERMISSIONS,
            served_holding_ids=frozenset() if user.is_superuser else served_holding_ids(user),
            is_administrator=user.is_superuser,
        )
    membership = memberships_valid(on).filter(user=user).order_by("pk").first()
    if membership is None:
        return Actor(user_id=user.pk, impersonator_id=impersonator_id)
    return Actor(
        user_id=user.pk,
        holding_id=membership.holding_id,
        legal_entity_ids=_legal_entity_ids(membership),
        permissions=ROLE_PERMISSIONS[membership.role],
        impersonator_id=impersonator_id,
    )


def memberships_valid(on: date) -> QuerySet[Membership]:
    """Memberships that give rights on the date (Moscow date, inclusive)."""
    return Membership.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on), is_active=True, holding__is_active=True
    )


def served_holding_ids(user: User) -> frozenset[int]:
    """Holdings that the manager is assigned to."""
    served = get_objects_for_user(user, SERVE_HOLDING, Holding, accept_global_perms=False)
    return frozenset(served.values_list("pk", flat=True))


def _legal_entity_ids(membership: Membership) -> frozenset[int]:
    entities = LegalEntity.objects.filter(holding_id=membership.holding_id)
    if not membership.is_whole_holding:
        assigned = LegalEntityUserObjectPermission.objects.filter(user_id=membership.user_id)
        entities = entities.filter(pk__in=assigned.values("content_object_id"))
    return frozenset(entities.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Workplace:
    """In whose name and where a person looks at goods: decides prices and stock."""

    legal_entity: LegalEntity | None
    contract: Contract | None
    city: City | None


def workplace_for(actor: Actor, *, legal_entity_id: int | None, city_id: int | None, on: date) -> Workplace:
    """The chosen legal entity and city where they are permitted, else the holding's own.

    The contract is the legal entity's default one, else its newest one; only of those open on the date.
    """
    entity = _entity_chosen(actor, legal_entity_id)
    contract = None
    if entity is not None:
        contract = (
            Contract.objects.open_on(on)
            .filter(legal_entity=entity)
            .select_related("organization")
            .order_by("-is_default", "-date", "-pk")
            .first()
        )
    return Workplace(legal_entity=entity, contract=contract, city=_city_chosen(entity, city_id))


def _entity_chosen(actor: Actor, legal_entity_id: int | None) -> LegalEntity | None:
    if not actor.is_client:
        return None
    entities = list(
        LegalEntity.objects.visible_to(actor).select_related("holding__home_city").order_by("name", "pk")
    )
    by_id = {entity.pk: entity for entity in entities}
    if legal_entity_id in by_id:
        return by_id[legal_entity_id]
    main = entities[0].holding.main_entity_id if entities else None
    return by_id.get(main or 0) or (entities[0] if entities else None)


def _city_chosen(entity: LegalEntity | None, city_id: int | None) -> City | None:
    cities = City.objects.filter(is_active=True)
    chosen = cities.filter(pk=city_id).first() if city_id else None
    if chosen is not None:
        return chosen
    if entity is not None:
        address = (
            DeliveryAddress.objects.filter(legal_entity=entity, city__is_active=True)
            .select_related("city")
            .order_by("-is_default", "pk")
            .first()
        )
        if address is not None:
            return address.city
        if entity.holding.home_city.is_active:
            return entity.holding.home_city
    return cities.order_by("position", "name").first()


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
    holdings = Holding.objects.visible_to(actor).select_related("home_city")
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
    for entity in LegalEntity.objects.filter(holding__in=rows).order_by("name"):
        entities.setdefault(entity.holding_id, []).append(entity)
    people: dict[int, list[ClientPerson]] = {}
    for member in Membership.objects.filter(holding__in=rows).select_related("user").order_by("role", "pk"):
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
        role=member.get_role_display(),
        is_active=member.is_active and member.user.is_active,
    )


def may_enter_as(*, employee: User, person: User, on: date) -> bool:
    """Whether an employee may enter a client's cabinet in this person's name right now."""
    if not (employee.is_active and employee.is_staff and person.is_active) or person.is_staff:
        return False
    membership = memberships_valid(on).filter(user=person).order_by("pk").first()
    if membership is None:
        return False
    return employee.is_superuser or membership.holding_id in served_holding_ids(employee)
