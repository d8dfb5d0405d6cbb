"""What bringing goods costs: facts, our own tariffs, and what is asked of a carrier. No queries here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from orders.models import DeliveryTariff
from portal.lib.money import q2


class CarrierUnavailable(Exception):
    """The carrier did not answer in time, refused or has no such tariff; a manager tells the price."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one warehouse sends: kilograms and cubic metres, None where those of some goods are not known.

    `sender` is the warehouse's address.
    """

    sender: str
    weight: Decimal | None
    volume: Decimal | None


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where it goes; `zone_id` is None where the address lies in no zone."""

    city_id: int
    city: str
    address: str
    zone_id: int | None = None


class Carrier(Protocol):
    """A delivery company that tells its price."""

    def cost(self, *, tariff_code: int, receiver: Receiver, parcel: Parcel) -> Decimal:
        """Roubles with VAT for a parcel whose weight is known. Raises CarrierUnavailable."""
        ...


def own_cost(
    tariffs: Iterable[DeliveryTariff], *, receiver: Receiver, parcel: Parcel, order_sum: Decimal
) -> Decimal | None:
    """Price of one trip by our own tariffs; None where none fits, or the weight decides and is unknown.

    Tariffs of the zone come first; of those that fit the smallest holds.
    """
    here = [tariff for tariff in tariffs if tariff.city_id == receiver.city_id]
    zones: Sequence[int | None] = (None,) if receiver.zone_id is None else (receiver.zone_id, None)
    for zone_id in zones:
        own = [tariff for tariff in here if tariff.zone_id == zone_id]
        if any(_undecided(tariff, parcel) for tariff in own):
            return None
        fitting = [tariff for tariff in own if _fits(tariff, parcel)]
        if fitting:
            return _priced(min(fitting, key=_size), parcel, order_sum)
    return None


def _undecided(tariff: DeliveryTariff, parcel: Parcel) -> bool:
    weighs = tariff.weight_limit is not None or tariff.per_kg > 0
    return (weighs and parcel.weight is None) or (tariff.volume_limit is not None and parcel.volume is None)


def _fits(tariff: DeliveryTariff, parcel: Parcel) -> bool:
    weight, volume = parcel.weight or Decimal(0), parcel.volume or Decimal(0)
    return (tariff.weight_limit is None or weight <= tariff.weight_limit) and (
        tariff.volume_limit is None or volume <= tariff.volume_limit
    )


def _size(tariff: DeliveryTariff) -> tuple[Decimal, Decimal, Decimal]:
    endless = Decimal("Infinity")
    weight = endless if tariff.weight_limit is None else tariff.weight_limit
    volume = endless if tariff.volume_limit is None else tariff.volume_limit
    return (weight, volume, tariff.price)


def _priced(tariff: DeliveryTariff, parcel: Parcel, order_sum: Decimal) -> Decimal:
    if tariff.free_from is not None and order_sum >= tariff.free_from:
        return Decimal("0.00")
    above = max((parcel.weight or Decimal(0)) - tariff.included_weight, Decimal(0))
    return q2(tariff.price + tariff.per_kg * above)
