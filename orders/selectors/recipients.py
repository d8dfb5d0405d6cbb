"""Where the goods of one cart may go: delivery points of all legal entities that a person acts for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from catalog.models import City
from counterparties.actor import Actor
from counterparties.models import Contract, DeliveryAddress, LegalEntity
from counterparties.selectors import Workplace
from orders.models import Order, OrderLine
from orders.states import GIVEN_UP


@dataclass(frozen=True, slots=True)
class Recipient:
    """A delivery point, or the legal entity itself where it has none in the city (pickup).

    `key` names it in a form: `<legal entity>.<address or 0>`.
    """

    legal_entity: LegalEntity
    contract: Contract
    city: City
    address: DeliveryAddress | None

    @property
    def key(self) -> str:
        return f"{self.legal_entity.pk}.{self.address.pk if self.address else 0}"

    @property
    def place(self) -> str:
        return self.address.address if self.address else _("Самовывоз")


def recipients(*, workplace: Workplace, city: City) -> list[Recipient]:
    """By legal entity as the workplace has them, the default address first; one query.

    Legal entities without an open contract cannot order and are absent. Of an entity without any address
    there is one recipient, who fetches the goods himself in the given city.
    """
    entities = [entity for entity in workplace.legal_entities if _contract(entity) is not None]
    cities = {one.pk: one for one in workplace.cities}
    places: dict[int, list[DeliveryAddress]] = {}
    for address in DeliveryAddress.objects.filter(
        legal_entity__in=[entity.pk for entity in entities], is_active=True, city__in=cities
    ).order_by("-is_default", "pk"):
        places.setdefault(address.legal_entity_id, []).append(address)
    found: list[Recipient] = []
    for entity in entities:
        contract = _contract(entity)
        if contract is None:
            continue
        own = places.get(entity.pk)
        if own:
            found += [Recipient(entity, contract, cities[address.city_id], address) for address in own]
        else:
            found.append(Recipient(entity, contract, city, None))
    return found


def taken_last_time(
    *, actor: Actor, to: Sequence[Recipient], sku_ids: Collection[int]
) -> dict[str, dict[int, Decimal]]:
    """What each recipient had of the goods in its newest order with any of them; two queries."""
    orders = (
        Order.objects.visible_to(actor)
        .filter(parts__lines__sku__in=sku_ids, legal_entity__in={one.legal_entity.pk for one in to})
        .exclude(state__in=GIVEN_UP)
        .order_by("legal_entity_id", "delivery_address_id", "-submitted_at", "-pk")
        .distinct("legal_entity_id", "delivery_address_id")
        .values_list("pk", "legal_entity_id", "delivery_address_id")
    )
    key_of = {pk: f"{entity_id}.{address_id or 0}" for pk, entity_id, address_id in orders}
    lines = (
        OrderLine.objects.filter(part__order__in=key_of, sku__in=sku_ids)
        .values_list("part__order_id", "sku_id")
        .annotate(taken=Sum("quantity"))
    )
    found: dict[str, dict[int, Decimal]] = {}
    for order_id, sku_id, taken in lines:
        found.setdefault(key_of[order_id], {})[sku_id] = taken
    return found


def _contract(entity: LegalEntity) -> Contract | None:
    """The open contract that the workplace has put beside the legal entity."""
    contract: Contract | None = vars(entity)["open_contract"]
    return contract
