"""СДЭК against its stand-in: the price, the token, every fault, and checkout going on without it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from pytest_django import Settings
from structlog.testing import capture_logs

from integrations.cdek.carrier import REST, CdekCarrier
from orders.delivery import CarrierUnavailable, Parcel, Receiver
from orders.models import DeliveryKind, DeliveryService, Order
from tests.factories import World, make_cart, make_world
from tests.orders.test_checkout import browser, sent
from tests.standins.cdek import ACCOUNT, SECRET, Cdek, cdek_server

HERE = Receiver(city_id=1, city="Казань", address="ул. Баумана, 1")
PARCEL = Parcel("Москва, Складская, 1", Decimal("61.5"), Decimal("0.081"))


@pytest.fixture
def cdek(settings: Settings) -> Iterator[Cdek]:
    with cdek_server() as server:
        settings.CDEK_URL, settings.CDEK_ACCOUNT, settings.CDEK_SECRET = server.url, ACCOUNT, SECRET
        settings.CDEK_TIMEOUT_SECONDS = 0.5
        settings.DELIVERY_CARRIERS = {"cdek": "integrations.cdek.carrier.CdekCarrier"}
        yield server


def cost() -> Decimal:
    return CdekCarrier().cost(tariff_code=136, receiver=HERE, parcel=PARCEL)


def test_cost_is_asked_for_places_of_thirty_kilograms(cdek: Cdek) -> None:
    assert cost() == Decimal("451.50")

    (asked,) = cdek.costs_asked
    assert asked["tariff_code"] == 136
    assert asked["from_location"] == {"address": "Москва, Складская, 1"}
    assert asked["to_location"] == {"city": "Казань", "address": "ул. Баумана, 1"}
    assert asked["packages"] == [{"weight": 20500, "length": 30, "width": 30, "height": 30}] * 3


def test_token_is_kept_until_a_minute_before_its_end(cdek: Cdek) -> None:
    cost()
    cost()
    assert cdek.tokens == 1

    cache.clear()
    cdek.lives = 60
    cost()
    cost()
    assert cdek.tokens == 3


def test_token_that_ran_out_is_asked_for_once(cdek: Cdek) -> None:
    cost()
    cdek.good_from = 2

    assert cost() == Decimal("451.50")
    assert cdek.tokens == 2

    cdek.good_from = 99
    with pytest.raises(CarrierUnavailable):
        cost()
    assert cdek.tokens == 3


@pytest.mark.parametrize("fault", [500, 502, 301, "malformed", "slow", "dropped"])
def test_fault_is_told_and_three_of_them_end_in_a_rest(cdek: Cdek, fault: int | str) -> None:
    cdek.fault = fault

    for _time in range(3):
        with pytest.raises(CarrierUnavailable):
            cost()
    asked = len(cdek.costs_asked)
    with pytest.raises(CarrierUnavailable):
        cost()

    assert (REST.is_on(), len(cdek.costs_asked)) == (True, asked)


@pytest.mark.parametrize("fault", [400, 404])
def test_what_is_not_carried_is_no_fault(cdek: Cdek, fault: int) -> None:
    cdek.fault = fault

    for _time in range(4):
        with pytest.raises(CarrierUnavailable):
            cost()

    assert (REST.is_on(), len(cdek.costs_asked)) == (False, 4)


def test_it_is_left_alone_as_long_as_it_asks(cdek: Cdek) -> None:
    cdek.fault, cdek.retry_after = 429, "120"
    with pytest.raises(CarrierUnavailable):
        cost()
    cdek.fault = ""

    with pytest.raises(CarrierUnavailable):
        cost()

    assert len(cdek.costs_asked) == 1
    assert 100 < (cache.ttl("cdek:rest") if hasattr(cache, "ttl") else 120) <= 120


@pytest.mark.parametrize("told", ["много", None, -1, True, [], "NaN"])
def test_sum_of_another_shape_is_a_fault(cdek: Cdek, told: Any) -> None:
    cdek.total_sum = told

    with pytest.raises(CarrierUnavailable):
        cost()


@pytest.mark.parametrize("fault", [401, 500, "malformed"])
def test_nothing_secret_is_logged(cdek: Cdek, fault: int | str, capfd: pytest.CaptureFixture[str]) -> None:
    cdek.fault = fault

    with capture_logs() as logs, pytest.raises(CarrierUnavailable):
        cost()

    written = str(logs) + "".join(capfd.readouterr())
    assert not [word for word in (SECRET, ACCOUNT, "token-") if word in written]


def test_server_that_is_not_there_is_a_fault(settings: Settings, cdek: Cdek) -> None:
    settings.CDEK_URL = "http://127.0.0.1:9"

    with pytest.raises(CarrierUnavailable):
        cost()


# --- at checkout ---------------------------------------------------------------------------------
@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    for sku in world.skus:
        sku.product.weight, sku.product.volume = Decimal(2), Decimal("0.001")
        sku.product.save()
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3})
    DeliveryService.objects.create(name="СДЭК", kind=DeliveryKind.CARRIER, carrier="cdek", tariff_code=136)
    return world


def test_checkout_shows_and_keeps_the_cost_asked_once(world: World, cdek: Cdek) -> None:
    client = browser(world)

    page = client.get(reverse("orders:checkout")).content.decode()
    client.post(reverse("orders:checkout"), sent(page))

    assert "451,50" in page
    assert Order.objects.get().delivery_cost == Decimal("451.50")
    assert len(cdek.costs_asked) == 1


@pytest.mark.parametrize("fault", [400, 500, "slow"])
def test_checkout_goes_on_without_an_answer(world: World, cdek: Cdek, fault: int | str) -> None:
    cdek.fault = fault
    client = browser(world)

    page = client.get(reverse("orders:checkout")).content.decode()
    answer = client.post(reverse("orders:checkout"), sent(page))

    assert "стоимость уточнит менеджер" in page
    assert answer.status_code == 302
    order = Order.objects.get()
    assert (order.delivery_service.name, order.delivery_cost) == ("СДЭК", None)  # type: ignore[union-attr]
