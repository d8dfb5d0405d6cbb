"""In whose name and where a person looks at goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery

from catalog.models import City
from counterparties.actor import Actor
from counterparties.models import Contract, DeliveryAddress, LegalEntity


@dataclass(frozen=True, slots=True)
class Workplace:
    """In whose name and where a person looks at goods: decides prices and stock.

    `legal_entities` (a client's person only) and `cities` are what may be chosen instead.
    """

    legal_entity: LegalEntity | None
    contract: Contract | None
    city: City | None
    sees_prices: bool = True
    legal_entities: tuple[LegalEntity, ...] = ()
    cities: tuple[City, ...] = ()


def workplace_for(actor: Actor, *, legal_entity_id: int | None, city_id: int | None, on: date) -> Workplace:
    """The chosen legal entity and city where they are permitted, else the holding's own.

    The contract is the legal entity's default one, else its newest one; only of those open on the date.
    Whoever works neither for a client nor for us (his company is still on review) sees prices only where
    settings say so. Three queries for a client's person, one for others.
    """
    entities = _entities(actor)
    entity = _entity_chosen(entities, legal_entity_id)
    contract = None
    if entity is not None:
        contract = (
            Contract.objects.open_on(on)
            .filter(legal_entity=entity)
            .select_related("organization")
            .order_by("-is_default", "-date", "-pk")
            .first()
        )
    cities = tuple(City.objects.filter(is_active=True).order_by("position", "name"))
    return Workplace(
        legal_entity=entity,
        contract=contract,
        city=_city_chosen(cities, entity, city_id),
        sees_prices=actor.is_client or actor.is_employee or settings.PRICES_BEFORE_APPROVAL,
        legal_entities=tuple(entities),
        cities=cities,
    )


def _entities(actor: Actor) -> list[Any]:
    """Legal entities of a client's person by name; each with the city of its own address, if it has one."""
    if not actor.is_client:
        return []
    addresses = DeliveryAddress.objects.filter(
        legal_entity=OuterRef("pk"), is_active=True, city__is_active=True
    ).order_by("-is_default", "pk")
    return list(
        LegalEntity.objects.visible_to(actor)
        .select_related("holding")
        .annotate(address_city_id=Subquery(addresses.values("city_id")[:1]))
        .order_by("name", "pk")
    )


def _entity_chosen(entities: Sequence[Any], chosen_id: int | None) -> Any:
    by_id = {entity.pk: entity for entity in entities}
    if chosen_id in by_id:
        return by_id[chosen_id]
    main = entities[0].holding.main_entity_id if entities else None
    return by_id.get(main or 0) or (entities[0] if entities else None)


def _city_chosen(cities: Sequence[City], entity: Any, chosen_id: int | None) -> City | None:
    """The chosen city, else that of the legal entity's address, else the holding's own, else the first."""
    by_id = {city.pk: city for city in cities}
    wanted = [chosen_id]
    if entity is not None:
        wanted += [entity.address_city_id, entity.holding.home_city_id]
    known = (by_id[pk] for pk in wanted if pk in by_id)
    return next(known, cities[0] if cities else None)
