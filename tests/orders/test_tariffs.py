"""What our own delivery costs."""

from decimal import Decimal

import pytest

from orders.delivery import Parcel, Receiver, own_cost
from orders.models import DeliveryTariff

ZONE = 7
HERE = Receiver(city_id=1, city="Москва", address="ул. Складская, 1", zone_id=ZONE)


def tariff(price: str, **told: object) -> DeliveryTariff:
    numbers = {
        name: Decimal(str(value)) for name, value in told.items() if name not in ("zone_id", "city_id")
    }
    places = {"city_id": 1, "zone_id": None} | {
        name: value for name, value in told.items() if name in ("zone_id", "city_id")
    }
    return DeliveryTariff(price=Decimal(price), **numbers, **places)  # type: ignore[misc]


def cost(tariffs: list[DeliveryTariff], weight: str | None = "10", **told: object) -> Decimal | None:
    parcel = Parcel("", None if weight is None else Decimal(weight), Decimal(str(told.pop("volume", "0.1"))))
    order_sum = Decimal(str(told.pop("order_sum", 1000)))
    return own_cost(tariffs, receiver=HERE, parcel=parcel, order_sum=order_sum)


LADDER = [
    tariff("900", weight_limit=1000),
    tariff("300", weight_limit=20),
    tariff("500", weight_limit=200, volume_limit=1),
]


@pytest.mark.parametrize(
    ("weight", "volume", "expected"),
    [
        ("20", "0.1", 300),
        ("20.001", "0.1", 500),
        ("100", "1.5", 900),
        ("1000", "9", 900),
        ("1000.001", "9", None),
    ],
)
def test_the_smallest_tariff_that_fits_holds(weight: str, volume: str, expected: int | None) -> None:
    assert cost(LADDER, weight, volume=volume) == expected


def test_kilograms_above_the_included_ones_are_paid_for() -> None:
    by_weight = [tariff("250", included_weight=5, per_kg="12.505")]

    assert cost(by_weight, "5") == 250
    assert cost(by_weight, "7") == Decimal("275.01")


def test_it_is_free_from_a_sum_on() -> None:
    free = [tariff("250", free_from=1000)]

    assert (cost(free, order_sum="999.99"), cost(free, order_sum=1000)) == (250, 0)


def test_the_zone_comes_before_the_city() -> None:
    city, zone, foreign = tariff("100"), tariff("400", zone_id=ZONE), tariff("1", zone_id=ZONE + 1)

    assert cost([city, zone, foreign]) == 400
    assert cost([city, foreign]) == 100
    assert cost([tariff("5", city_id=2)]) is None


def test_a_weight_that_decides_and_is_unknown_leaves_the_cost_open() -> None:
    assert cost(LADDER, None) is None
    assert cost([tariff("300")], None) == 300
