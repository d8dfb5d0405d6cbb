"""In whose name and where a person looks at goods."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from catalog.masks import StockMask
from catalog.models import City
from counterparties.actor import Actor
from counterparties.models import Contract, DeliveryAddress, LegalEntity


@dataclass(frozen=True, slots=True)
class Workplace:
    """In whose name and where a person looks at goods: decides prices, stock and how exactly it is told."""

    legal_entity: LegalEntity | None
    contract: Contract | None
    city: City | None
    sees_prices: bool = True
    stock_mask: StockMask = StockMask.EXACT


def workplace_for(actor: Actor, *, legal_entity_id: int | None, city_id: int | None, on: date) -> Workplace:
    """The chosen legal entity and city where they are permitted, else the holding's own.

    The contract is the legal entity's default one, else its newest one; only of those open on the date.
    Whoever works neither for a client nor for us (his company is still on review) sees prices only where
    settings say so.
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
    return Workplace(
        legal_entity=entity,
        contract=contract,
        city=_city_chosen(entity, city_id),
        sees_prices=actor.is_client or actor.is_employee or settings.PRICES_BEFORE_APPROVAL,
        stock_mask=_mask_for(actor, entity),
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


def _entity_chosen(actor: Actor, legal_entity_id: int | None) -> LegalEntity | None:
    if not actor.is_client:
        return None
    entities = list(
        LegalEntity.objects.visible_to(actor)
        .select_related("holding__home_city", "holding__group")
        .order_by("name", "pk")
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
            DeliveryAddress.objects.filter(legal_entity=entity, is_active=True, city__is_active=True)
            .select_related("city")
            .order_by("-is_default", "pk")
            .first()
        )
        if address is not None:
            return address.city
        if entity.holding.home_city.is_active:
            return entity.holding.home_city
    return cities.order_by("position", "name").first()
