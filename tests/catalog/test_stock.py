"""Stock of the warehouses that serve a city."""

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.selectors import WarehouseStock, availability, available_total
from tests.factories import make_city, make_sku, make_stock, make_warehouse

pytestmark = pytest.mark.django_db


def test_availability_lists_warehouses_in_the_order_of_the_city() -> None:
    city = make_city()
    far = make_warehouse(city, name="Дальний", position=2, delivery_days=5)
    near = make_warehouse(city, name="Ближний", position=1, delivery_days=0)
    sku = make_sku(stock={far: 7, near: 3})

    found = availability(sku_ids=[sku.pk], city=city)

    assert found == {
        sku.pk: [
            WarehouseStock(near.pk, "Ближний", Decimal(3), 0),
            WarehouseStock(far.pk, "Дальний", Decimal(7), 5),
        ]
    }


@pytest.mark.parametrize(
    ("free", "reserved", "available"),
    [("10", "4", "6"), ("4", "10", "0"), ("-3", "0", "0"), ("2.5", "0", "2.5")],
)
def test_availability_takes_off_what_the_portal_has_promised(
    free: str, reserved: str, available: str
) -> None:
    city = make_city()
    warehouse = make_warehouse(city)
    sku = make_sku()
    make_stock(sku, warehouse, free, reserved=reserved)

    found = availability(sku_ids=[sku.pk], city=city)

    assert [stock.available for stock in found[sku.pk]] == [Decimal(available)]


def test_availability_knows_only_working_warehouses_of_the_city() -> None:
    city, other = make_city(), make_city("Казань")
    closed, foreign = make_warehouse(city), make_warehouse(other)
    closed.is_active = False
    closed.save(update_fields=["is_active"])
    sku = make_sku(stock={closed: 5, foreign: 5, make_warehouse(): 5})

    assert availability(sku_ids=[sku.pk], city=city) == {}


def test_availability_without_a_city_is_empty() -> None:
    sku = make_sku(stock={make_warehouse(make_city()): 5})

    assert availability(sku_ids=[sku.pk], city=None) == {}


@pytest.mark.parametrize("goods", [1, 3])
def test_availability_takes_one_query(goods: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    city = make_city()
    warehouse = make_warehouse(city)
    skus = [make_sku(stock={warehouse: 1}) for _ in range(goods)]

    with django_assert_num_queries(1):
        found = availability(sku_ids=[sku.pk for sku in skus], city=city)

    assert set(found) == {sku.pk for sku in skus}


def test_available_total_adds_warehouses_up() -> None:
    stocks = [WarehouseStock(1, "А", Decimal("1.5"), 1), WarehouseStock(2, "Б", Decimal(2), 1)]

    assert available_total(stocks) == Decimal("3.5")
    assert available_total([]) == Decimal(0)
