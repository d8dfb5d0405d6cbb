"""The list of orders and one order as a browser meets them."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from catalog.models import Stock
from counterparties.permissions import ReadyRole
from finance.models import Payment
from orders import services
from orders.models import CartLine, Order
from orders.states import OrderState
from tests.factories import AT, World, actor_of, make_cart, make_contract, make_legal_entity, make_person

LIST = reverse("orders:list")


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(order: Order, name: str = "detail") -> str:
    return reverse(f"orders:{name}", args=[order.pk])


def make_order(world: World, lines: int = 1) -> Order:
    cart = make_cart(world.buyer, world.contract, world.city, dict.fromkeys(world.skus[:lines], 1))
    order = services.order_submit(
        actor=actor_of(world.buyer),
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="<b>Срочно</b>",
        client_reference="PO-17",
        idempotency_key=uuid4(),
        expected_total={1: Decimal(100), 3: Decimal("360.50")}[lines],
        at=AT,
    )
    cart.delete()
    return order


@pytest.fixture
def order(world: World) -> Order:
    return make_order(world)


# --- seeing --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("buyer", 200),
        ("head", 200),
        ("manager", 200),
        ("administrator", 200),
        ("other_buyer", 404),
        ("other_manager", 404),
    ],
)
def test_order_is_shown_to_whom_it_concerns(world: World, order: Order, person: str, status: int) -> None:
    client = browser(getattr(world, person))

    assert client.get(url(order)).status_code == status
    assert (order.number in client.get(LIST).content.decode()) == (status == 200)


def test_order_of_a_colleague_is_not_found_by_a_buyer(world: World, order: Order) -> None:
    colleague = browser(make_person(world.holding))

    assert colleague.get(url(order)).status_code == 404
    assert order.number not in colleague.get(LIST).content.decode()


def test_order_page_escapes_the_comment(world: World, order: Order) -> None:
    page = browser(world.buyer).get(url(order)).content.decode()

    assert "<b>Срочно</b>" not in page
    assert "&lt;b&gt;Срочно&lt;/b&gt;" in page


def test_order_page_shows_money_only_with_the_right(world: World, order: Order) -> None:
    buyer = browser(world.buyer).get(url(order)).content.decode()
    head = browser(world.head).get(url(order)).content.decode()

    assert "Осталось" not in buyer
    assert "Осталось" in head
    assert "Отметить оплату" not in head


@pytest.mark.parametrize("lines", [1, 3])
def test_order_page_asks_the_database_the_same(
    world: World, lines: int, django_assert_num_queries: Any
) -> None:
    order = make_order(world, lines)
    client = browser(world.buyer)
    client.get(url(order))

    with django_assert_num_queries(20):
        client.get(url(order))


@pytest.mark.parametrize("orders", [1, 3])
def test_order_list_asks_the_database_the_same(
    world: World, orders: int, django_assert_num_queries: Any
) -> None:
    for _number in range(orders):
        make_order(world)
    client = browser(world.buyer)
    client.get(LIST)

    with django_assert_num_queries(12):
        client.get(LIST)


def test_order_list_filters_by_its_address(world: World, order: Order) -> None:
    client = browser(world.buyer)

    found = client.get(LIST, {"q": "PO-17", "state": "submitted", "legal_entity": world.entity.pk})
    missing = client.get(LIST, {"state": "confirmed"})

    assert order.number in found.content.decode()
    assert "Ничего не найдено" in missing.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"page": "abc"},
        {"page": "-1"},
        {"page": "1" + "0" * 20},
        {"state": "nonsense"},
        {"legal_entity": "abc"},
        {"legal_entity": "1" + "0" * 20},
        {"q": "\x00"},
        {"q": "я" * 500},
        {"q": "%_\\'\""},
    ],
)
def test_order_list_bears_any_query(world: World, order: Order, query: dict[str, str]) -> None:
    assert browser(world.buyer).get(LIST, query).status_code == 200


def test_order_list_does_not_offer_foreign_legal_entities(world: World, order: Order) -> None:
    page = browser(world.buyer).get(LIST, {"legal_entity": world.other_entity.pk}).content.decode()

    assert world.other_entity.name not in page


# --- moving --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("manager", 302),
        ("administrator", 302),
        ("other_manager", 404),
        ("buyer", 403),
        ("head", 403),
        ("other_buyer", 403),
    ],
)
def test_order_is_confirmed_by_those_who_serve_the_client(
    world: World, order: Order, person: str, status: int
) -> None:
    answer = browser(getattr(world, person)).post(url(order, "confirm"))

    assert answer.status_code == status
    order.refresh_from_db()
    assert order.state == (OrderState.CONFIRMED if status == 302 else OrderState.SUBMITTED)


def test_confirming_twice_is_told(world: World, order: Order) -> None:
    client = browser(world.manager)
    client.post(url(order, "confirm"))

    answer = client.post(url(order, "confirm"), follow=True)

    assert answer.status_code == 200
    assert "Состояние заказа уже изменилось" in answer.content.decode()


@pytest.mark.parametrize(
    ("person", "status"),
    [("buyer", 302), ("head", 302), ("manager", 302), ("other_manager", 404), ("other_buyer", 404)],
)
def test_order_is_cancelled_before_it_is_confirmed(
    world: World, order: Order, person: str, status: int
) -> None:
    answer = browser(getattr(world, person)).post(url(order, "cancel"))

    assert answer.status_code == status
    order.refresh_from_db()
    assert order.state == (OrderState.CANCELLED if status == 302 else OrderState.SUBMITTED)
    assert Stock.objects.exclude(reserved=0).exists() == (status != 302)


def test_order_is_not_cancelled_by_a_viewer(world: World, order: Order) -> None:
    viewer = browser(make_person(world.holding, ReadyRole.VIEWER))

    assert viewer.get(url(order)).status_code == 200
    assert viewer.post(url(order, "cancel")).status_code == 403
    order.refresh_from_db()
    assert order.state == OrderState.SUBMITTED


@pytest.mark.parametrize("name", ["confirm", "cancel", "repeat", "payment"])
def test_order_is_not_moved_by_get(world: World, order: Order, name: str) -> None:
    for person in (world.manager, world.buyer):
        assert browser(person).get(url(order, name)).status_code == 405


# --- repeating -----------------------------------------------------------------------------------
def test_order_repeat_fills_the_cart_of_its_legal_entity(world: World, order: Order) -> None:
    second = make_legal_entity(world.holding, name="ООО «Север-2»")
    make_contract(second)
    client = browser(world.buyer)
    client.post(reverse("counterparties:legal_entity"), {"legal_entity": second.pk})

    answer = client.post(url(order, "repeat"), follow=True)

    assert answer.redirect_chain == [(reverse("orders:cart"), 302)]
    assert "Болт М8х40" in answer.content.decode()
    assert CartLine.objects.get().cart.legal_entity == world.entity


@pytest.mark.parametrize(("person", "status"), [("other_buyer", 404), ("manager", 403)])
def test_order_repeat_is_for_its_client(world: World, order: Order, person: str, status: int) -> None:
    assert browser(getattr(world, person)).post(url(order, "repeat")).status_code == status
    assert CartLine.objects.count() == 0


# --- paying --------------------------------------------------------------------------------------
PAID = {"amount": "60,50", "paid_on": "2026-11-20", "document_number": "481"}


def test_payment_is_noted_by_the_manager(world: World, order: Order) -> None:
    client = browser(world.manager)
    assert 'value="100,00"' in client.get(url(order)).content.decode()

    answer = client.post(url(order, "payment"), PAID, follow=True)

    payment = Payment.objects.get()
    assert (payment.amount, payment.reference, payment.legal_entity, payment.recorded_by) == (
        Decimal("60.50"),
        f"order:{order.pk}",
        world.entity,
        world.manager,
    )
    page = answer.content.decode()
    assert "Оплачен частично" in page
    assert 'value="39,50"' in page


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": "abc"}, "Укажите сумму числом"),
        ({"amount": "0"}, "больше нуля"),
        ({"amount": "-5"}, "больше нуля"),
        ({"amount": "1" + "0" * 20}, ""),
        ({"amount": "NaN"}, "Укажите сумму числом"),
        ({"amount": "1,001"}, ""),
        ({"paid_on": "2999-01-01"}, "еще не наступила"),
        ({"paid_on": "31.02.2026"}, ""),
        ({"document_number": ""}, ""),
        ({"document_number": "1" * 51}, ""),
    ],
)
def test_payment_form_tells_what_is_wrong(
    world: World, order: Order, changes: dict[str, str], reason: str
) -> None:
    answer = browser(world.manager).post(url(order, "payment"), PAID | changes)

    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert Payment.objects.count() == 0


@pytest.mark.parametrize(
    ("person", "status"), [("buyer", 403), ("head", 403), ("other_manager", 404), ("administrator", 302)]
)
def test_payment_is_noted_by_nobody_else(world: World, order: Order, person: str, status: int) -> None:
    answer = browser(getattr(world, person)).post(url(order, "payment"), PAID)

    assert answer.status_code == status
    assert Payment.objects.count() == (1 if status == 302 else 0)
