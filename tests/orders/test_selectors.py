"""Reads of carts and orders."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from catalog.models import Product
from counterparties.models import Contract
from counterparties.selectors import workplace_for
from finance.services import payment_record
from orders import services
from orders.models import Order, OrderPart
from orders.selectors import (
    OrderFilter,
    PaidState,
    cart_current,
    cart_line_count,
    cart_view,
    order_card,
    order_rows,
    paid_state,
)
from orders.states import OrderState
from tests.factories import (
    AT,
    TODAY,
    World,
    actor_of,
    make_cart,
    make_city,
    make_legal_entity,
    make_person,
    make_sku,
    make_unit,
)


def make_order(
    world: World,
    *,
    lines: int = 1,
    buyer: User | None = None,
    contract: Contract | None = None,
    reference: str = "",
    minutes: int = 0,
) -> Order:
    buyer, contract = buyer or world.buyer, contract or world.contract
    cart = make_cart(buyer, contract, world.city, dict.fromkeys(world.skus[:lines], 1))
    order = services.order_submit(
        actor=actor_of(buyer),
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="",
        client_reference=reference,
        idempotency_key=uuid4(),
        expected_total={1: Decimal(100), 3: Decimal("360.50")}[lines],
        at=AT + timedelta(minutes=minutes),
    )
    cart.delete()
    return order


def pay(world: World, order: Order, amount: str) -> None:
    payment_record(
        actor=actor_of(world.manager),
        organization_id=order.organization_id,
        legal_entity_id=order.legal_entity_id,
        contract_id=order.contract_id,
        reference=order.reference,
        amount=Decimal(amount),
        paid_on=AT.date(),
        document_number=f"{amount}",
        at=AT,
    )


# --- carts ---------------------------------------------------------------------------------------
def test_cart_view_prices_and_places_every_line(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 12, world.skus[2]: 1})

    view = cart_view(cart, on=TODAY)

    assert [
        (line.price, line.amount.gross, line.available, line.missing, line.problem) for line in view.lines
    ] == [
        (100, 1200, 15, 0, ""),
        (10, 10, 15, 0, ""),
    ]
    assert [
        (plan.warehouse, plan.delivery_days, plan.lines, plan.amount.gross) for plan in view.shipments
    ] == [
        ("Основной склад", 1, 2, 1010),
        ("Дальний склад", 1, 1, 200),
    ]
    assert (view.total.gross, view.total.vat, view.currency) == (1210, Decimal("217.31"), "RUB")
    assert view.may_be_ordered


def test_cart_view_puts_problems_first_and_names_them(world: World) -> None:
    unpriced = make_sku("Без цены", price=None, stock={world.main_warehouse: 9})
    gone = make_sku("Снятый", stock={world.main_warehouse: 9})
    nowhere = make_sku("Кончился")
    cut = make_sku("Кабель в бухтах", stock={world.main_warehouse: 9}, unit=make_unit("006", "м"))
    cart = make_cart(
        world.buyer,
        world.contract,
        world.city,
        {world.skus[0]: 1, world.skus[1]: 16, unpriced: 1, gone: 1, nowhere: 1, cut: "1.5"},
    )
    Product.objects.filter(pk=gone.product_id).update(is_hidden=True)
    Product.objects.filter(pk=cut.product_id).update(unit=make_unit())

    view = cart_view(cart, on=TODAY)

    assert [(line.sku.name, line.problem) for line in view.lines] == [
        ("Кабель ВВГнг 3х2,5", "Не хватает: в наличии 15 м"),
        ("Без цены", "Нет цены: запросите ее у менеджера"),
        ("Снятый", "Снято с продажи"),
        ("Кончился", "Нет в наличии"),
        ("Кабель в бухтах", "1,5 шт заказать нельзя, только целое число. Заказать 1 или 2?"),
        ("Болт М8х40", ""),
    ]
    assert (view.problems, view.may_be_ordered) == (5, False)


def test_cart_view_total_is_what_the_order_will_cost(world: World) -> None:
    odd = make_sku("Пайка", price="0.0250", stock={world.main_warehouse: 1, world.second_warehouse: 9})
    cart = make_cart(world.buyer, world.contract, world.city, {odd: 2})

    total = cart_view(cart, on=TODAY).total.gross

    assert total == Decimal("0.06")  # 0.03 from each warehouse, where 0.05 would be one line
    order = services.order_submit(
        actor=actor_of(world.buyer),
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=total,
        at=AT,
    )
    assert order.total == total


@pytest.mark.parametrize("lines", [1, 3])
def test_cart_view_asks_the_database_the_same(
    world: World, lines: int, django_assert_num_queries: Any
) -> None:
    make_cart(world.buyer, world.contract, world.city, dict.fromkeys(world.skus[:lines], 1))
    actor = actor_of(world.buyer)
    workplace = workplace_for(actor, legal_entity_id=None, city_id=None, on=TODAY)

    with django_assert_num_queries(8):
        cart = cart_current(actor=actor, workplace=workplace)
        assert cart is not None
        assert len(cart_view(cart, on=TODAY).lines) == lines


def test_cart_current_is_the_workplaces_own(world: World) -> None:
    mine = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1, world.skus[1]: 1})
    make_cart(world.buyer, world.contract, make_city("Казань"), {world.skus[0]: 1})
    make_cart(world.head, world.contract, world.city, {world.skus[0]: 1})
    actor = actor_of(world.buyer)
    workplace = workplace_for(actor, legal_entity_id=world.entity.pk, city_id=world.city.pk, on=TODAY)

    assert cart_current(actor=actor, workplace=workplace) == mine
    assert cart_line_count(actor=actor, workplace=workplace) == 2


# --- orders --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("buyer", {"buyer"}),
        ("head", {"buyer", "colleague"}),
        ("other_buyer", {"other"}),
        ("manager", {"buyer", "colleague"}),
        ("other_manager", {"other"}),
        ("administrator", {"buyer", "colleague", "other"}),
    ],
)
def test_order_rows_show_exactly_what_each_person_may_see(
    world: World, person: str, expected: set[str]
) -> None:
    colleague = make_person(world.holding)
    orders = {
        "buyer": make_order(world),
        "colleague": make_order(world, buyer=colleague),
        "other": make_order(world, buyer=world.other_buyer, contract=world.other_contract),
    }

    found = order_rows(actor=actor_of(getattr(world, person)), chosen=OrderFilter())

    assert {row.pk for row in found.rows} == {orders[name].pk for name in expected}
    assert (found.count, found.total) == (len(expected), 100 * len(expected))


def test_order_rows_without_the_legal_entity_are_hidden(world: World) -> None:
    make_order(world)
    second = make_legal_entity(world.holding, name="ООО «Север-2»")
    person = make_person(world.holding, "accountant", legal_entities=[second])

    assert order_rows(actor=actor_of(person), chosen=OrderFilter()).rows == ()


@pytest.mark.parametrize(
    ("search", "expected"),
    [("PO-1", [0]), ("кабель", [2]), ("нет такого", []), ("УТ-0001", [1])],
)
def test_order_rows_search_numbers_and_goods(world: World, search: str, expected: list[int]) -> None:
    orders = [make_order(world, reference="PO-17"), make_order(world), make_order(world, lines=3)]
    OrderPart.objects.filter(order=orders[1]).update(erp_number="УТ-000123")

    found = order_rows(actor=actor_of(world.buyer), chosen=OrderFilter(search=search))

    assert [row.pk for row in found.rows] == [orders[place].pk for place in expected]


def test_order_rows_search_by_number_and_article(world: World) -> None:
    order, other = make_order(world), make_order(world, lines=3)
    actor = actor_of(world.buyer)

    by_number = order_rows(actor=actor, chosen=OrderFilter(search=order.number.lower()))
    by_article = order_rows(actor=actor, chosen=OrderFilter(search=world.skus[2].article))

    assert [row.pk for row in by_number.rows] == [order.pk]
    assert [row.pk for row in by_article.rows] == [other.pk]


def test_order_rows_filter_by_state_and_legal_entity(world: World) -> None:
    first, second = make_order(world), make_order(world)
    services.order_confirm(order_id=second.pk, actor=None, at=AT)
    make_order(world, buyer=world.other_buyer, contract=world.other_contract)
    actor = actor_of(world.administrator)

    confirmed = order_rows(actor=actor, chosen=OrderFilter(states=(OrderState.CONFIRMED,)))
    of_entity = order_rows(actor=actor, chosen=OrderFilter(legal_entity_id=world.entity.pk))

    assert [row.pk for row in confirmed.rows] == [second.pk]
    assert {row.pk for row in of_entity.rows} == {first.pk, second.pk}


def test_order_rows_page_newest_first_and_total_all(world: World) -> None:
    orders = [make_order(world, minutes=minute) for minute in range(3)]

    page = order_rows(actor=actor_of(world.buyer), chosen=OrderFilter(), page=2, per_page=2)

    assert [row.pk for row in page.rows] == [orders[0].pk]
    assert (page.count, page.total, page.page.number, page.page.paginator.num_pages) == (3, 300, 2, 2)


def test_order_rows_tell_lines_payments_and_1c(world: World) -> None:
    order = make_order(world, lines=3)
    part = OrderPart.objects.filter(order=order).first()
    assert part is not None
    services.part_accepted(part_ids=[part.pk], at=AT)
    pay(world, order, "60.50")

    (row,) = order_rows(actor=actor_of(world.buyer), chosen=OrderFilter()).rows

    assert (row.lines, row.parts, row.parts_accepted) == (3, 2, 1)
    assert (row.total, row.paid, row.paid_state) == (Decimal("360.50"), Decimal("60.50"), PaidState.PARTLY)


def test_order_rows_count_a_split_line_once(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 12})
    services.order_submit(
        actor=actor_of(world.buyer),
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=Decimal(1200),
        at=AT,
    )

    (row,) = order_rows(actor=actor_of(world.buyer), chosen=OrderFilter()).rows

    assert (row.lines, row.parts) == (1, 2)


@pytest.mark.parametrize("orders", [1, 3])
@pytest.mark.parametrize(("search", "queries"), [("", 4), ("болт", 7), ("ART-", 6)])
def test_order_rows_ask_the_database_the_same(
    world: World, orders: int, search: str, queries: int, django_assert_num_queries: Any
) -> None:
    for _number in range(orders):
        make_order(world, lines=3)
    actor = actor_of(world.buyer)

    with django_assert_num_queries(queries):
        found = order_rows(actor=actor, chosen=OrderFilter(search=search))

    assert len(found.rows) == orders


@pytest.mark.parametrize("lines", [1, 3])
def test_order_card_asks_the_database_seven_times(
    world: World, lines: int, django_assert_num_queries: Any
) -> None:
    order = make_order(world, lines=lines)
    actor = actor_of(world.buyer)

    with django_assert_num_queries(7):
        card = order_card(actor=actor, order_id=order.pk)

    assert sum(len(part.lines) for part in card.parts) == lines


def test_order_card_tells_where_parts_stand_in_1c(world: World) -> None:
    order = make_order(world, lines=3)
    actor = actor_of(world.buyer)
    before = order_card(actor=actor, order_id=order.pk)
    services.order_confirm(order_id=order.pk, actor=None, at=AT)
    first = OrderPart.objects.order_by("number").first()
    assert first is not None
    services.part_accepted(part_ids=[first.pk], at=AT)

    after = order_card(actor=actor, order_id=order.pk)

    assert [part.erp_state for part in before.parts] == ["", ""]
    assert [part.erp_state for part in after.parts] == ["принят в 1С 23.11.2026 в 10:41", "в очереди в 1С"]


def test_order_card_counts_what_is_left_to_pay(world: World) -> None:
    order = make_order(world)
    pay(world, order, "40.00")

    card = order_card(actor=actor_of(world.buyer), order_id=order.pk)

    assert (card.paid, card.rest, card.paid_state) == (40, 60, PaidState.PARTLY)
    assert [payment.amount for payment in card.payments] == [40]


@pytest.mark.parametrize("person", ["other_buyer", "other_manager"])
def test_order_card_does_not_know_foreign_orders(world: World, person: str) -> None:
    order = make_order(world)

    with pytest.raises(Order.DoesNotExist):
        order_card(actor=actor_of(getattr(world, person)), order_id=order.pk)


@pytest.mark.parametrize(
    ("paid", "expected"),
    [("0", "unpaid"), ("99.99", "partly"), ("100", "paid"), ("100.01", "paid")],
)
def test_paid_state_compares_to_the_kopeck(paid: str, expected: str) -> None:
    assert paid_state(total=Decimal(100), paid=Decimal(paid)) == expected
