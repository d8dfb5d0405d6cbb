"""In whose name and where a person looks at goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.conf import settings
from django.db import connection

from catalog.masks import StockMask
from catalog.models import City
from catalog.selectors import cities_read
from counterparties.actor import Actor
from counterparties.models import (
    ORDER_KINDS,
    ClientGroup,
    Contract,
    ContractState,
    ExpiredContract,
    Holding,
    LegalEntity,
    Organization,
)
from portal.lib.columns import Columns

ENTITY = Columns(LegalEntity, "entity", first=1)
HOLDING = Columns(Holding, "holding", first=ENTITY.end)
GROUP = Columns(ClientGroup, "client_group", first=HOLDING.end)
CONTRACT = Columns(Contract, "contract", first=GROUP.end)
ORGANIZATION = Columns(Organization, "organization", first=CONTRACT.end)

# The condition is that of `LegalEntity.objects.visible_to` for a client's person.
_VISIBLE = f"""
SELECT (SELECT address.city_id FROM counterparties_deliveryaddress address
          JOIN catalog_city city ON city.id = address.city_id AND city.is_active
         WHERE address.legal_entity_id = entity.id AND address.is_active
         ORDER BY address.is_default DESC, address.id LIMIT 1),
       {ENTITY.sql}, {HOLDING.sql}, {GROUP.sql}, {CONTRACT.sql}, {ORGANIZATION.sql}
  FROM counterparties_legalentity entity
  JOIN counterparties_holding holding ON holding.id = entity.holding_id
  LEFT JOIN counterparties_clientgroup client_group ON client_group.id = holding.group_id
  LEFT JOIN (counterparties_contract contract
             JOIN counterparties_organization organization ON organization.id = contract.organization_id)
         ON contract.legal_entity_id = entity.id AND contract.date <= %(on)s AND contract.state = %(active)s
        AND contract.kind = ANY(%(kinds)s)
        AND (contract.valid_until IS NULL OR contract.valid_until >= %(on)s
             OR organization.expired_contract <> %(block)s)
 WHERE entity.merged_into_id IS NULL AND entity.holding_id = %(holding)s AND entity.id = ANY(%(reachable)s)
 ORDER BY entity.name, entity.id, coalesce(contract.valid_until < %(on)s, false),
          contract.is_default DESC NULLS LAST, contract.date DESC NULLS LAST, contract.id DESC
"""  # noqa: S608 - own words only


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

    The contract is the legal entity's default one, else its newest one; only of those open on the date,
    and one that has ended after all others.
    Whoever works neither for a client nor for us (his company is still on review) sees prices only where
    settings say so. `cities` are those that may be chosen where the caller knows them. Two queries for a
    client's person, one for others; one less with the cities.
    """
    entities = _entities(actor, on)
    entity = _entity_chosen(entities, legal_entity_id)
    cities = cities_read() if cities is None else cities
    return Workplace(
        legal_entity=entity,
        contract=None if entity is None else entity.open_contract,
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


def _entities(actor: Actor, on: date) -> list[LegalEntity]:
    """Legal entities of a client's person by name, each with its first open contract and address's city.

    The query gives a row for every open contract, the first one first; one row where there is none.
    """
    if not actor.is_client:
        return []
    reachable = list(actor.reachable_entity_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            _VISIBLE,
            {
                "on": on,
                "active": ContractState.ACTIVE,
                "kinds": list(ORDER_KINDS),
                "block": ExpiredContract.BLOCK,
                "holding": actor.holding_id,
                "reachable": reachable,
            },
        )
        rows = cursor.fetchall()
    found: dict[int, LegalEntity] = {}
    for row in rows:
        if row[ENTITY.first] not in found:
            entity = _entity(row)
            found[entity.pk] = entity
    return list(found.values())


def _entity(row: Sequence[Any]) -> LegalEntity:
    """A legal entity with holding, group, and as attributes of its own the open contract and the city."""
    entity: Any = ENTITY.read(row)
    entity.address_city_id = row[0]
    entity.holding = HOLDING.read(row)
    entity.holding.group = GROUP.read_joined(row)
    entity.open_contract = contract = CONTRACT.read_joined(row)
    if contract is not None:
        contract.organization = ORGANIZATION.read(row)
        contract.legal_entity = entity
    return cast(LegalEntity, entity)


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
