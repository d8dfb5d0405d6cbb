"""What a delivery service would ask for a cart. Carriers are asked outside of any transaction."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from django.conf import settings
from django.core.cache import cache
from django.utils.module_loading import import_string

from catalog.models import Warehouse
from counterparties.models import DeliveryAddress
from orders.delivery import Carrier, CarrierUnavailable, Parcel, Receiver, own_cost
from orders.models import AddressZone, DeliveryKind, DeliveryService
from orders.selectors import CartView

_KEPT_SECONDS = 600
_UNKNOWN = "unknown"
_UNKNOWN_SECONDS = 60


def delivery_costs(
    *, view: CartView, services: Sequence[DeliveryService], address: DeliveryAddress | None
) -> dict[int, Decimal | None]:
    """What each service asks for the cart's parcels together, with VAT; None: a manager will tell.

    One trip from each warehouse. Without an address nothing but pickup has a price. `services` are those
    of `services_of`, with their tariffs. Two queries; answers of carriers are kept for minutes.
    """
    if not services:
        return {}
    parcels = _parcels(view)
    receiver = _receiver(view, address) if address is not None else None
    return {service.pk: _cost(service, parcels, receiver, view.total.gross) for service in services}


def _parcels(view: CartView) -> list[Parcel]:
    addresses = dict(
        Warehouse.objects.filter(pk__in=[plan.warehouse_id for plan in view.shipments]).values_list(
            "pk", "address"
        )
    )
    return [
        Parcel(
            sender=addresses.get(plan.warehouse_id, ""),
            weight=None if plan.unweighed else plan.weight,
            volume=None if plan.unmeasured else plan.volume,
        )
        for plan in view.shipments
    ]


def _receiver(view: CartView, address: DeliveryAddress) -> Receiver:
    zone = AddressZone.objects.filter(address=address).values_list("zone_id", flat=True).first()
    return Receiver(view.cart.city_id, view.cart.city.name, address.address, zone)


def _cost(
    service: DeliveryService, parcels: Sequence[Parcel], receiver: Receiver | None, order_sum: Decimal
) -> Decimal | None:
    if service.kind == DeliveryKind.PICKUP:
        return Decimal("0.00")
    if receiver is None:
        return None
    costs = [_trip(service, parcel, receiver, order_sum) for parcel in parcels]
    known = [cost for cost in costs if cost is not None]
    return sum(known, Decimal("0.00")) if len(known) == len(costs) else None


def _trip(service: DeliveryService, parcel: Parcel, receiver: Receiver, order_sum: Decimal) -> Decimal | None:
    if service.carrier:
        return _asked(service, parcel, receiver)
    return own_cost(service.tariffs.all(), receiver=receiver, parcel=parcel, order_sum=order_sum)


def _asked(service: DeliveryService, parcel: Parcel, receiver: Receiver) -> Decimal | None:
    """A carrier's price, asked once in some minutes; a silent one is left alone for one."""
    path = settings.DELIVERY_CARRIERS.get(service.carrier)
    if path is None or parcel.weight is None or service.tariff_code is None:
        return None
    told = (service.carrier, service.tariff_code, receiver.city, receiver.address, parcel)
    key = f"delivery:{hashlib.sha256(repr(told).encode()).hexdigest()[:40]}"
    kept = cache.get(key)
    if kept is not None:
        return None if kept == _UNKNOWN else Decimal(kept)
    carrier = cast(Carrier, import_string(path)())
    try:
        cost = carrier.cost(tariff_code=service.tariff_code, receiver=receiver, parcel=parcel)
    except CarrierUnavailable:
        cache.set(key, _UNKNOWN, _UNKNOWN_SECONDS)
        return None
    cache.set(key, str(cost), _KEPT_SECONDS)
    return cost
