"""Sending an order."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from catalog.models import City, Product, Stock
from counterparties.actor import AccessDenied
from counterparties.models import Contract, DeliveryAddress, ExpiredContract, Organization, TaxRegime
from counterparties.permissions import ReadyRole
from orders import services
from orders.models import Cart, CartLine, Order, OrderLine, OrderPart, OrderStep
from orders.services import submission
from orders.states import OrderState
from portal.outbox.models import Job
from pricing.models import ContractPricing, Price, PriceType
from tests.factories import (
    AT,
    World,
    actor_of,
    make_address,
    make_cart,
    make_city,
    make_person,
    make_price_type,
    make_stock,
    make_world,
)

KEY = UUID("7d6c1a9e-0000-4000-8000-000000000001")


def submit(world: World, cart: Cart, total: str, **changes: Any) -> Order:
    arguments: dict[str, Any] = {
        "actor": actor_of(world.buyer),
        "cart_id": cart.pk,
        "delivery_address_id": world.address.pk,
        "comment": "",
        "client_reference": "",
        "idempotency_key": KEY,
        "expected_total": Decimal(total),
        "at": AT,
    }
    return services.order_submit(**(arguments | changes))


def reserved() -> dict[tuple[int, int], Decimal]:
    rows = Stock.objects.exclude(reserved=0).values_list("sku_id", "warehouse_id", "reserved")
    return {(sku, warehouse): quantity for sku, warehouse, quantity in rows}


def assert_nothing_happened(cart: Cart, lines: int = 1) -> None:
    assert Order.objects.count() == 0
    assert reserved() == {}
    assert Job.objects.count() == 0
    assert CartLine.objects.filter(cart=cart).count() == lines


def test_order_submit_freezes_what_was_ordered(world: World) -> None:
    bolt, cable, book = world.skus
    cart = make_cart(world.buyer, world.contract, world.city, {bolt: 3, cable: "2.5", book: 7})

    order = submit(world, cart, "996.25", comment="Позвоните", client_reference="PO-17")

    order.refresh_from_db()
    assert (order.total, order.vat_total) == (Decimal("996.25"), Decimal("173.39"))
    assert (order.state, order.submitted_at, order.confirmed_at) == (OrderState.SUBMITTED, AT, None)
    assert (order.created_by, order.acting_user) == (world.buyer, None)
    assert (order.holding, order.legal_entity, order.contract, order.organization, order.city) == (
        world.holding,
        world.entity,
        world.contract,
        world.organization,
        world.city,
    )
    assert (order.comment, order.client_reference, order.delivery_address) == (
        "Позвоните",
        "PO-17",
        world.address,
    )
    assert order.delivery_text == f"{world.address.address}, Петров Иван, +7 900 000-00-00"
    assert list(
        OrderLine.objects.order_by("position").values_list(
            "position", "name", "unit_name", "quantity", "price", "vat_percent", "net", "vat", "gross"
        )
    ) == [
        (1, "Болт М8х40", "шт", 3, 100, 22, Decimal("245.90"), Decimal("54.10"), 300),
        (
            2,
            "Кабель ВВГнг 3х2,5",
            "м",
            Decimal("2.5"),
            Decimal("250.5"),
            22,
            Decimal("513.32"),
            Decimal("112.93"),
            Decimal("626.25"),
        ),
        (3, "Книга учёта", "шт", 7, 10, 10, Decimal("63.64"), Decimal("6.36"), 70),
    ]


def test_order_submit_splits_parts_by_warehouse_and_vat(world: World) -> None:
    bolt, _cable, book = world.skus
    cart = make_cart(world.buyer, world.contract, world.city, {bolt: 12, book: 4})

    order = submit(world, cart, "1240.00")

    assert order.number[0] == "B"
    assert len(order.number) == 8
    parts = OrderPart.objects.order_by("number")
    assert [(part.number, part.warehouse, part.vat_percent, part.total) for part in parts] == [
        (f"{order.number}-1", world.main_warehouse, 22, 1000),
        (f"{order.number}-2", world.second_warehouse, 22, 200),
        (f"{order.number}-3", world.main_warehouse, 10, 40),
    ]
    assert all(len(part.number) <= 11 for part in parts)
    assert list(OrderLine.objects.order_by("pk").values_list("part__number", "position", "quantity")) == [
        (f"{order.number}-1", 1, 10),
        (f"{order.number}-2", 1, 2),
        (f"{order.number}-3", 2, 4),
    ]


def test_order_submit_reserves_what_it_took(world: World) -> None:
    bolt = world.skus[0]
    cart = make_cart(world.buyer, world.contract, world.city, {bolt: 12})

    submit(world, cart, "1200.00")

    assert reserved() == {
        (bolt.pk, world.main_warehouse.pk): Decimal(10),
        (bolt.pk, world.second_warehouse.pk): Decimal(2),
    }
    assert set(Stock.objects.filter(sku=bolt).values_list("free", flat=True)) == {10, 5}


def test_order_submit_empties_the_cart_and_tells_others(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    other = make_cart(world.head, world.contract, world.city, {world.skus[0]: 1})

    order = submit(world, cart, "100.00")

    assert list(CartLine.objects.values_list("cart_id", flat=True)) == [other.pk]
    assert list(OrderStep.objects.values_list("order", "state", "at", "user", "acting_user")) == [
        (order.pk, OrderState.SUBMITTED, AT, world.buyer.pk, None)
    ]


def test_order_submit_publishes_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(submission, "publish", told.append)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})

    order = submit(world, cart, "100.00")
    submit(world, cart, "100.00")

    assert told == [submission.OrderSubmitted(order_id=order.pk)]


def test_order_submit_records_the_manager_behind_the_client(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})

    order = submit(world, cart, "100.00", actor=actor_of(world.buyer, impersonator=world.manager))

    assert (order.created_by, order.acting_user) == (world.buyer, world.manager)
    assert OrderStep.objects.get().acting_user == world.manager


def test_order_submit_for_pickup_names_the_warehouses(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 11})

    order = submit(world, cart, "1100.00", delivery_address_id=None)

    assert order.delivery_address is None
    assert order.delivery_text == "Самовывоз: Основной склад, Дальний склад"


def test_order_submit_adds_vat_on_top_where_prices_lack_it(world: World) -> None:
    PriceType.objects.filter(pk=world.price_type.pk).update(is_vat_included=False)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3})

    order = submit(world, cart, "366.00")

    assert (order.total, order.vat_total, order.is_vat_included) == (366, 66, False)


def test_order_submit_by_an_exempt_seller_has_no_vat(world: World) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(tax_regime=TaxRegime.SIMPLIFIED_EXEMPT)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1, world.skus[2]: 1})

    order = submit(world, cart, "110.00")

    assert (order.total, order.vat_total) == (110, 0)
    assert list(OrderPart.objects.values_list("vat_percent", flat=True)) == [None]


def test_order_submit_confirms_at_once_where_the_seller_says_so(world: World) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(confirms_orders_itself=True)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})

    order = submit(world, cart, "100.00")

    assert (order.state, order.confirmed_at) == (OrderState.CONFIRMED, AT)
    assert list(OrderStep.objects.order_by("pk").values_list("state", "user")) == [
        (OrderState.SUBMITTED, world.buyer.pk),
        (OrderState.CONFIRMED, None),
    ]


def test_order_submit_again_returns_the_same_order(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})

    first = submit(world, cart, "100.00")
    second = submit(world, cart, "100.00")

    assert second == first
    assert Order.objects.count() == 1
    assert reserved() == {(world.skus[0].pk, world.main_warehouse.pk): Decimal(1)}


@pytest.mark.parametrize(
    "changes", [{"comment": "Другое"}, {"delivery_address_id": None}, {"expected_total": Decimal(99)}]
)
def test_order_submit_refuses_a_used_key_for_something_else(world: World, changes: dict[str, Any]) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    submit(world, cart, "100.00")
    CartLine.objects.create(cart=cart, sku=world.skus[0], quantity=1)

    with pytest.raises(services.IdempotencyConflict):
        submit(world, cart, "100.00", **changes)

    assert Order.objects.count() == 1
    assert CartLine.objects.count() == 1


def test_order_submit_never_hands_a_key_to_another_person(world: World) -> None:
    mine = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    submit(world, mine, "100.00")
    theirs = make_cart(world.other_buyer, world.other_contract, world.city, {world.skus[0]: 1})

    with pytest.raises(services.IdempotencyConflict):
        submit(world, theirs, "100.00", actor=actor_of(world.other_buyer), delivery_address_id=None)

    assert Order.objects.count() == 1


def test_order_submit_refuses_an_empty_cart(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city)

    with pytest.raises(services.CartEmpty):
        submit(world, cart, "0.00")

    assert_nothing_happened(cart, lines=0)


def test_order_submit_refuses_goods_without_a_price(world: World) -> None:
    Price.objects.filter(sku=world.skus[0]).update(amount=0)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})

    with pytest.raises(services.PriceUnknown) as refusal:
        submit(world, cart, "100.00")

    assert refusal.value.names == ("Болт М8х40",)
    assert_nothing_happened(cart)


def test_order_submit_refuses_more_than_there_is(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 16})

    with pytest.raises(services.StockShort) as refusal:
        submit(world, cart, "1600.00")

    assert refusal.value.lines == (
        services.ShortLine(
            sku_id=world.skus[0].pk,
            name="Болт М8х40",
            wanted=Decimal(16),
            available=Decimal(15),
            unit="шт",
        ),
    )
    assert_nothing_happened(cart)


def test_order_submit_counts_what_others_have_reserved(world: World) -> None:
    Stock.objects.filter(sku=world.skus[0]).update(reserved=4)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 8})

    with pytest.raises(services.StockShort) as refusal:
        submit(world, cart, "800.00")

    assert [line.available for line in refusal.value.lines] == [7]
    assert Order.objects.count() == 0


def test_order_submit_does_not_take_from_another_city(world: World) -> None:
    elsewhere = make_city("Казань", price_type=world.price_type)
    cart = make_cart(world.buyer, world.contract, elsewhere, {world.skus[0]: 1})

    with pytest.raises(services.StockShort):
        submit(world, cart, "100.00", delivery_address_id=None)

    assert_nothing_happened(cart)


def test_order_submit_refuses_a_price_that_was_not_seen(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    Price.objects.filter(sku=world.skus[0]).update(amount=Decimal("100.01"))

    with pytest.raises(services.PriceChanged) as refusal:
        submit(world, cart, "200.00")

    assert (refusal.value.old, refusal.value.new) == (Decimal("200.00"), Decimal("200.02"))
    assert_nothing_happened(cart)


def test_order_submit_refuses_what_is_no_longer_sold(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    Product.objects.filter(pk=world.skus[0].product_id).update(is_hidden=True)

    with pytest.raises(services.SkuNotOnSale):
        submit(world, cart, "200.00")

    assert_nothing_happened(cart)


def test_order_submit_refuses_half_a_piece_however_it_got_there(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: "1.5"})

    with pytest.raises(services.WrongQuantity):
        submit(world, cart, "150.00")

    assert_nothing_happened(cart)


def test_order_submit_refuses_a_contract_that_has_run_out(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    Contract.objects.filter(pk=world.contract.pk).update(valid_until=date(2026, 11, 22))
    Organization.objects.update(expired_contract=ExpiredContract.BLOCK)

    with pytest.raises(services.ContractClosed):
        submit(world, cart, "100.00")

    assert_nothing_happened(cart)


def test_order_submit_does_not_know_foreign_addresses(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    foreign = make_address(world.other_entity)
    elsewhere = make_address(world.entity, city=make_city("Казань"))

    for address in (foreign, elsewhere):
        with pytest.raises(DeliveryAddress.DoesNotExist):
            submit(world, cart, "100.00", delivery_address_id=address.pk)

    assert_nothing_happened(cart)


def test_order_submit_does_not_know_foreign_carts(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})

    for person in (world.head, world.other_buyer):
        with pytest.raises(Cart.DoesNotExist):
            submit(world, cart, "100.00", actor=actor_of(person))

    assert_nothing_happened(cart)


def test_order_submit_needs_the_right_to_send(world: World) -> None:
    viewer = make_person(world.holding, ReadyRole.VIEWER)
    cart = make_cart(viewer, world.contract, world.city, {world.skus[0]: 1})

    with pytest.raises(AccessDenied):
        submit(world, cart, "100.00", actor=actor_of(viewer))

    assert_nothing_happened(cart)


def test_order_submit_takes_the_contracts_price_type(world: World) -> None:
    special = make_price_type("Особая")
    Price.objects.create(sku=world.skus[0], price_type=special, amount=90, updated_at=AT)
    ContractPricing.objects.create(contract=world.contract, price_type=special)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})

    order = submit(world, cart, "180.00")

    assert order.total == 180


@pytest.mark.parametrize("lines", [1, 3])
def test_order_submit_asks_the_database_the_same_for_any_length(
    world: World, lines: int, django_assert_num_queries: Any
) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, dict.fromkeys(world.skus[:lines], 1))
    total = {1: "100.00", 3: "360.50"}[lines]
    actor = actor_of(world.buyer)

    with django_assert_num_queries(30):
        submit(world, cart, total, actor=actor)


@pytest.mark.django_db(transaction=True)
def test_order_submit_leaves_nothing_behind_when_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})

    def fail(_event: object) -> None:
        raise RuntimeError("the last step fails")

    monkeypatch.setattr(submission, "publish", fail)
    with pytest.raises(RuntimeError):
        submit(world, cart, "200.00")

    assert_nothing_happened(cart)
    assert OrderPart.objects.count() == 0
    assert OrderLine.objects.count() == 0
    assert OrderStep.objects.count() == 0


def test_order_lines_that_do_not_add_up_cannot_exist(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    submit(world, cart, "100.00", idempotency_key=uuid4())

    with pytest.raises(IntegrityError):
        OrderLine.objects.update(vat=1)


@pytest.mark.django_db
def test_order_numbers_follow_one_another() -> None:
    first, second = submission.next_order_number(), submission.next_order_number()

    assert int(second.removeprefix("B")) == int(first.removeprefix("B")) + 1


def test_order_submit_refuses_a_city_that_is_no_longer_served(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    City.objects.filter(pk=world.city.pk).update(is_active=False)

    with pytest.raises(services.CityClosed):
        submit(world, cart, "100.00")

    assert_nothing_happened(cart)


def test_order_submit_reserves_what_1c_put_into_a_warehouse_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bolt = world.skus[0]
    Stock.objects.filter(sku=bolt, warehouse=world.second_warehouse).delete()
    cart = make_cart(world.buyer, world.contract, world.city, {bolt: 12})
    lock = submission.lock_stock

    def lock_and_let_1c_in(**arguments: Any) -> list[Stock]:
        locked = lock(**arguments)
        if not Stock.objects.filter(sku=bolt, warehouse=world.second_warehouse).exists():
            make_stock(bolt, world.second_warehouse, 5)
        return locked

    monkeypatch.setattr(submission, "lock_stock", lock_and_let_1c_in)

    submit(world, cart, "1200.00")

    assert reserved() == {(bolt.pk, world.main_warehouse.pk): 10, (bolt.pk, world.second_warehouse.pk): 2}
