"""In whose name and where a person looks at goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery

from catalog.masks import StockMask
from catalog.models import City
from catalog.selectors import cities_read
from counterparties.actor import Actor
from counterparties.models import Contract, ContractState, DeliveryAddress, LegalEntity
from counterparties.models.clients import LegalEntityQuerySet


@dataclass(frozen=True, slots=True)
class Workplace:
    """In whose name and where a person looks at goods: decides prices, stock and how exactly it is told.

    `legal_entities` (a client's person only) and `cities` are what may be chosen instead.
    """

    legal_entity: LegalEntity | None
    contract: Contract | None
    city: City | None
    sees_prices: bool = True
    stock_mask: StockMask = StockMask.EXACT
    legal_entities: tuple[LegalEntity, ...] = ()
    cities: tuple[City, ...] = ()


def workplace_for(
    actor: Actor,
    *,
    legal_entity_id: int | None,
    city_id: int | None,
    on: date,
    cities: tuple[City, ...] | None = None,
) -> Workplace:
    """The chosen legal entity and city where they are permitted, else the holding's own.

    The contract is the legal entity's default one, else its newest one; only of those open on the date.
    Whoever works neither for a client nor for us (his company is still on review) sees prices only where
    settings say so. `cities` are those that may be chosen where the caller knows them. Two queries for a
    client's person, one for others; one less with the cities.
    """
    entities = _entities(actor, on)
    entity = _entity_chosen(entities, legal_entity_id)
    cities = cities_read() if cities is None else cities
    return Workplace(
        legal_entity=entity,
        contract=getattr(entity, "open_contract", None),  # absent where there is none,
        city=_city_chosen(cities, entity, city_id),
        sees_prices=actor.is_client or actor.is_employee or settings.PRICES_BEFORE_APPROVAL,
        stock_mask=_mask_for(actor, entity),
        legal_entities=tuple(entities),
        cities=cities,
    )


def _mask_for(actor: Actor, entity: LegalEntity | None) -> StockMask:
    """Employees see numbers, clients what their group may; a stranger as little as anybody."""
    if entity is not None:
        return stock_mask_of(entity)
    return StockMask.EXACT if actor.is_employee else StockMask.WORDS


def stock_mask_of(entity: LegalEntity) -> StockMask:
    """How exactly stock is told to the client of a legal entity; `holding__group` should be loaded."""
    group = entity.holding.group
    return StockMask(group.stock_mask) if group else StockMask.EXACT


def _entities(actor: Actor, on: date) -> list[Any]:
    """Legal entities of a client's person by name, each with its first open contract and address's city.

    The query gives a row for every open contract, the first one first; one row where there is none.
    """
    if not actor.is_client:
        return []
    rows = _entities_with_contracts(on).visible_to(actor)
    found: dict[int, LegalEntity] = {}
    for row in rows:
        found.setdefault(row.pk, row)
    return list(found.values())


@lru_cache(maxsize=2)
def _entities_with_contracts(on: date) -> LegalEntityQuerySet:
    """What every page asks for one actor; put together once a day, since it takes Django milliseconds.

    Requests share it: it is narrowed, never read itself.
    """
    is_open = Q(contracts__valid_until__isnull=True) | Q(contracts__valid_until__gte=on)
    addresses = DeliveryAddress.objects.filter(
        legal_entity=OuterRef("pk"), is_active=True, city__is_active=True
    ).order_by("-is_default", "pk")
    return (
        LegalEntity.objects.annotate(
            open_contract=FilteredRelation(
                "contracts",
                condition=Q(is_open, contracts__state=ContractState.ACTIVE, contracts__date__lte=on),
            ),
            address_city_id=Subquery(addresses.values("city_id")[:1]),
        )
        .select_related("holding__group", "open_contract__organization")  # type: ignore[misc]  # an annotation
        .order_by(
            "name",
            "pk",
            F("open_contract__is_default").desc(nulls_last=True),
            F("open_contract__date").desc(nulls_last=True),
            "-open_contract__pk",
        )
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
