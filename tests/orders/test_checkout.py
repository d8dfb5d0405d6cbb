"""What checkout offers and what an order keeps of it: days, payment, delivery, warehouses."""

import re
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import CityWarehouse, Stock, Warehouse
from counterparties.models import Contract
from finance.models import CalendarDay, CreditLine
from finance.states import PaymentTerms
from orders.choices import NO_CHOICES, CheckoutChoices
from orders.models import (
    AddressZone,
    Cart,
    DeliveryKind,
    DeliveryService,
    DeliveryTariff,
    DeliveryZone,
    Order,
    OrderPart,
    TradeRule,
)
from orders.refusals import DeliveryClosed, DeliveryCostChanged, PaymentTermsClosed, StockShort
from orders.selectors import cart_view
from orders.selectors.parcels import parcel_plan
from orders.services import order_submit
from orders.services.offers import CheckoutOffer, checkout_offers, delivery_cost_agreed
from portal.lib.dates import MOSCOW
from tests.factories import AT, TODAY, World, actor_of, make_cart

CHECKOUT = reverse("orders:checkout")
FRIDAY = datetime(2026, 11, 27, 14, 59, tzinfo=MOSCOW)


@pytest.fixture
def cart(world: World) -> Cart:
    """Bolts from both warehouses and a book of 10 % from the main one."""
    return make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 12, world.skus[2]: 1})


def submit(world: World, cart: Cart, choices: CheckoutChoices = NO_CHOICES, **changes: Any) -> Order:
    arguments: dict[str, Any] = {
        "actor": actor_of(world.buyer),
        "cart_id": cart.pk,
        "delivery_address_id": world.address.pk,
        "comment": "",
        "client_reference": "",
        "idempotency_key": uuid4(),
        "expected_total": cart_view(cart, on=TODAY).total.gross,
        "at": AT,
        "choices": choices,
    }
    return order_submit(**(arguments | changes))


def offer_of(cart: Cart, *, chosen: str = "", at: datetime = AT) -> CheckoutOffer:
    view = cart_view(cart, on=TODAY)
    return checkout_offers([view], chosen={cart.pk: chosen} if chosen else {}, at=at)[cart.pk]


def serve(warehouse: Warehouse, days: int, cutoff: time | None = None) -> None:
    CityWarehouse.objects.filter(warehouse=warehouse).update(delivery_days=days, cutoff_time=cutoff)


def rule(world: World, *, is_entity: bool = False, **fields: Any) -> TradeRule:
    scope: dict[str, Any] = {"legal_entity": world.entity} if is_entity else {"contract": world.contract}
    services, warehouses = fields.pop("services", ()), fields.pop("warehouses", ())
    made = TradeRule.objects.create(**scope, **fields)
    made.services.set(services)
    made.warehouses.set(warehouses)
    return made


def truck(world: World, price: int | None = 300, **fields: Any) -> DeliveryService:
    service = DeliveryService.objects.create(name="Наша машина", kind=DeliveryKind.OWN, **fields)
    if price is not None:
        DeliveryTariff.objects.create(service=service, city=world.city, price=price)
    return service


def browser(world: World) -> Client:
    client = Client()
    client.force_login(world.buyer)
    return client


# --- the plan of shipments -----------------------------------------------------------------------
def test_plan_tells_parts_by_warehouse_and_vat(world: World, cart: Cart) -> None:
    plans = cart_view(cart, on=TODAY).shipments

    assert [
        (plan.warehouse, plan.lines, [(part.vat_text, part.amount.gross) for part in plan.parts])
        for plan in plans
    ] == [
        ("Основной склад", 2, [("22%", 1000), ("10%", 10)]),
        ("Дальний склад", 1, [("22%", 200)]),
    ]
    order = submit(world, cart)
    assert order.parts.count() == sum(len(plan.parts) for plan in plans)


@pytest.mark.parametrize(
    ("at", "days", "ships_on", "until"),
    [
        (FRIDAY, 0, date(2026, 11, 27), "до 15:00 – отгрузим сегодня, 27.11"),
        (FRIDAY, 1, date(2026, 11, 30), "до 15:00 – отгрузим 30.11"),  # Saturday is no day to leave on
        (FRIDAY.replace(hour=15, minute=0), 0, date(2026, 11, 30), ""),  # the hour itself is too late
        (FRIDAY.replace(day=28), 0, date(2026, 11, 30), ""),
        (FRIDAY.replace(day=23), 1, date(2026, 11, 24), "до 15:00 – отгрузим завтра, 24.11"),
        (FRIDAY.replace(day=30), 3, date(2026, 12, 4), "до 15:00 – отгрузим 04.12"),  # the 3rd is a holiday
    ],
)
def test_plan_counts_the_hour_and_days_of_rest(
    world: World, cart: Cart, at: datetime, days: int, ships_on: date, until: str
) -> None:
    serve(world.main_warehouse, days, time(15))
    CalendarDay.objects.create(date=date(2026, 12, 3), is_working=False)

    parcel = parcel_plan(cart_view(cart, on=TODAY).shipments, at=at).parcels[0]

    assert (parcel.ships_on, parcel.until_text) == (ships_on, until)


def test_all_at_once_leaves_on_the_latest_day(world: World, cart: Cart) -> None:
    serve(world.second_warehouse, 3)

    order = submit(world, cart, CheckoutChoices(ships_together=True, desired_date=date(2026, 11, 30)))

    assert (order.ships_together, order.desired_date) == (True, date(2026, 11, 30))
    assert set(OrderPart.objects.values_list("ships_on", flat=True)) == {date(2026, 11, 26)}


def test_as_ready_each_parcel_has_its_own_day(world: World, cart: Cart) -> None:
    serve(world.second_warehouse, 3)

    order = submit(world, cart)

    assert order.ships_together is False
    days = OrderPart.objects.order_by("number").values_list("warehouse__name", "ships_on")
    assert list(days) == [
        ("Основной склад", date(2026, 11, 24)),
        ("Дальний склад", date(2026, 11, 26)),
        ("Основной склад", date(2026, 11, 24)),
    ]


def test_plan_names_what_is_late_for_the_desired_day(world: World, cart: Cart) -> None:
    serve(world.second_warehouse, 3)
    plan = parcel_plan(cart_view(cart, on=TODAY).shipments, at=AT)

    assert plan.late_for(date(2026, 11, 25), together=False) == ("Дальний склад",)
    assert plan.late_for(date(2026, 11, 25), together=True) == ("Основной склад", "Дальний склад")
    assert plan.late_for(date(2026, 11, 26), together=True) == ()


# --- payment -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "expected"),
    [("", PaymentTerms.PREPAID), ("deferral", PaymentTerms.CREDIT), ("contract", PaymentTerms.CREDIT),
     ("legal_entity", PaymentTerms.CREDIT), ("holding", PaymentTerms.CREDIT),
     ("ended", PaymentTerms.PREPAID)],
)  # fmt: skip
def test_payment_is_what_the_contract_has(
    world: World, cart: Cart, kind: str, expected: PaymentTerms
) -> None:
    if kind == "deferral":
        Contract.objects.filter(pk=world.contract.pk).update(deferral_days=14)
    scope = {"contract": world.contract, "legal_entity": world.entity, "holding": world.holding}
    if kind in scope:
        CreditLine.objects.create(amount=100_000, valid_from=TODAY, **{kind: scope[kind]})  # type: ignore[misc]
    if kind == "ended":
        CreditLine.objects.create(
            amount=1, valid_from=date(2026, 1, 1), valid_until=date(2026, 11, 22), contract=world.contract
        )
    cart.contract.refresh_from_db()

    assert submit(world, cart).payment_terms == expected


def test_payment_that_the_rule_leaves_out_is_refused_and_explained(world: World, cart: Cart) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(deferral_days=14)
    rule(world, payment_terms=PaymentTerms.PREPAID)

    with pytest.raises(PaymentTermsClosed):
        submit(world, cart, CheckoutChoices(payment_terms=PaymentTerms.CREDIT))

    assert Order.objects.count() == 0
    assert not Stock.objects.exclude(reserved=0).exists()
    assert offer_of(cart).closed == (f"«Отсрочка» недоступна по договору {world.contract}.",)
    assert submit(world, cart).payment_terms == PaymentTerms.PREPAID


def test_credit_without_a_deferral_is_refused(world: World, cart: Cart) -> None:
    with pytest.raises(PaymentTermsClosed):
        submit(world, cart, CheckoutChoices(payment_terms=PaymentTerms.CREDIT))

    assert offer_of(cart).closed == (f"Отсрочка по договору {world.contract} не предусмотрена.",)


def test_rule_of_the_contract_wins_over_its_legal_entity(world: World, cart: Cart) -> None:
    rule(world, is_entity=True, payment_terms=PaymentTerms.PREPAID)
    assert offer_of(cart).payment.choices == (PaymentTerms.PREPAID,)

    rule(world, payment_terms=PaymentTerms.CREDIT)
    assert offer_of(cart).payment.choices == (PaymentTerms.CREDIT,)

    foreign = make_cart(world.other_buyer, world.other_contract, world.city, {world.skus[0]: 1})
    assert offer_of(foreign).payment.closed == (
        f"Отсрочка по договору {world.other_contract} не предусмотрена.",
    )


# --- warehouses ----------------------------------------------------------------------------------
def test_cart_and_order_take_from_allowed_warehouses_only(world: World, cart: Cart) -> None:
    rule(world, warehouses=[world.main_warehouse])

    view = cart_view(cart, on=TODAY)

    bolt = next(line for line in view.lines if line.sku == world.skus[0])
    assert (bolt.available, bolt.missing) == (10, 2)
    assert [plan.warehouse for plan in view.shipments] == ["Основной склад"]
    assert view.closed_warehouses == ("Дальний склад",)
    with pytest.raises(StockShort):
        submit(world, cart)
    cart.lines.filter(sku=world.skus[0]).update(quantity=10)
    order = submit(world, cart)
    assert {part.warehouse for part in order.parts.all()} == {world.main_warehouse}


# --- delivery ------------------------------------------------------------------------------------
def test_offer_tells_cost_of_every_parcel_together(world: World, cart: Cart) -> None:
    service = truck(world)
    DeliveryService.objects.create(name="Без тарифа", kind=DeliveryKind.OWN, position=2)
    DeliveryService.objects.create(name="Прежняя", kind=DeliveryKind.OWN, is_active=False)

    offer = offer_of(cart)

    assert [(way.service.name, way.cost) for way in offer.ways] == [
        ("Наша машина", 600),
        ("Без тарифа", None),
    ]
    assert offer.cost(service.pk) == 600
    assert offer_of(cart, chosen="pickup").ways == ()


def test_address_in_a_zone_has_the_price_of_the_zone(world: World, cart: Cart) -> None:
    service = truck(world)
    zone = DeliveryZone.objects.create(city=world.city, name="За МКАД")
    DeliveryTariff.objects.create(service=service, city=world.city, zone=zone, price=1000)
    AddressZone.objects.create(address=world.address, zone=zone)

    assert offer_of(cart).cost(service.pk) == 2000


def test_delivery_that_the_rule_leaves_out_is_refused_and_explained(world: World, cart: Cart) -> None:
    closed, allowed = truck(world), DeliveryService.objects.create(name="СДЭК", kind=DeliveryKind.CARRIER)
    rule(world, services=[allowed])

    with pytest.raises(DeliveryClosed):
        submit(world, cart, CheckoutChoices(delivery_service_id=closed.pk))

    assert Order.objects.count() == 0
    offer = offer_of(cart)
    assert [way.service for way in offer.ways] == [allowed]
    assert f"«Наша машина» недоступна по договору {world.contract}." in offer.closed


def test_pickup_is_closed_where_the_rule_leaves_out_all_of_them(world: World, cart: Cart) -> None:
    DeliveryService.objects.create(name="Самовывоз", kind=DeliveryKind.PICKUP)
    rule(world, services=[truck(world)])

    with pytest.raises(DeliveryClosed):
        submit(world, cart, delivery_address_id=None)

    assert Order.objects.count() == 0
    offer = offer_of(cart, chosen="pickup")
    assert (offer.lets_pickup, offer.address) == (False, world.address)


def test_pickup_costs_nothing(world: World, cart: Cart) -> None:
    pickup = DeliveryService.objects.create(name="Самовывоз", kind=DeliveryKind.PICKUP)

    order = submit(world, cart, delivery_address_id=None)

    assert (order.delivery_service, order.delivery_cost) == (pickup, 0)


def agreed(world: World, cart: Cart, service: DeliveryService, seen: str) -> Decimal | None:
    return delivery_cost_agreed(
        actor=actor_of(world.buyer),
        cart_id=cart.pk,
        delivery_address_id=world.address.pk,
        choices=CheckoutChoices(delivery_service_id=service.pk),
        seen=seen,
        idempotency_key=uuid4(),
        at=AT,
    )


def test_cost_is_agreed_on_as_it_was_seen(world: World, cart: Cart) -> None:
    service = truck(world)
    seen = offer_of(cart).seen

    assert agreed(world, cart, service, seen) == 600
    DeliveryTariff.objects.update(price=350)
    with pytest.raises(DeliveryCostChanged):
        agreed(world, cart, service, seen)


# --- pages ---------------------------------------------------------------------------------------
def sent(page: str) -> dict[str, str]:
    """What the browser would send from the page as it stands."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    ticked = re.findall(r'<input type="radio" name="(\w+)" value="([^"]*)" checked', page)
    return found | dict(ticked) | {"comment": "", "client_reference": ""}


def test_page_sends_what_it_shows(world: World, cart: Cart) -> None:
    service = truck(world)
    Contract.objects.filter(pk=world.contract.pk).update(deferral_days=14)
    client = browser(world)

    page = client.get(CHECKOUT).content.decode()
    answer = client.post(CHECKOUT, sent(page) | {"shipping": "together", "payment_terms": "prepaid"})

    order = Order.objects.get()
    assert answer["Location"] == reverse("orders:detail", args=[order.pk])
    assert (order.delivery_service, order.delivery_cost, order.total) == (service, 600, 1210)
    assert (order.payment_terms, order.ships_together) == (PaymentTerms.PREPAID, True)
    detail = client.get(answer["Location"]).content.decode()
    assert "Наша машина" in detail
    assert "600,00" in detail


def test_replay_gives_the_same_order_though_the_tariff_has_changed(world: World, cart: Cart) -> None:
    truck(world)
    client = browser(world)
    form = sent(client.get(CHECKOUT).content.decode())
    first = client.post(CHECKOUT, form)
    DeliveryTariff.objects.update(price=999)

    again = client.post(CHECKOUT, form)

    assert (again.status_code, again["Location"]) == (first.status_code, first["Location"])
    assert Order.objects.get().delivery_cost == 600


def test_changed_cost_is_shown_before_the_order_goes(world: World, cart: Cart) -> None:
    truck(world)
    client = browser(world)
    form = sent(client.get(CHECKOUT).content.decode())
    DeliveryTariff.objects.update(price=350)

    answer = client.post(CHECKOUT, form)

    page = answer.content.decode()
    assert (answer.status_code, Order.objects.count()) == (409, 0)
    assert "Стоимость доставки пересчитана" in page
    assert client.post(CHECKOUT, sent(page)).status_code == 302
    assert Order.objects.get().delivery_cost == 700


def test_recount_sends_nothing_and_keeps_what_was_typed(world: World, cart: Cart) -> None:
    truck(world)
    client = browser(world)
    form = sent(client.get(CHECKOUT).content.decode())

    answer = client.post(
        CHECKOUT,
        form | {"recount": "1", "delivery": "pickup", "comment": "Позвоните", "shipping": "together"},
    )

    page = answer.content.decode()
    assert (answer.status_code, Order.objects.count()) == (200, 0)
    assert sent(page)["delivery"] == "pickup"
    assert sent(page)["shipping"] == "together"
    assert "Позвоните" in page
    assert "Кто везёт" not in page


def test_page_asks_by_whom_to_bring_it(world: World, cart: Cart) -> None:
    truck(world)
    client = browser(world)
    form = sent(client.get(CHECKOUT).content.decode())
    del form["service"]

    answer = client.post(CHECKOUT, form)

    assert (answer.status_code, Order.objects.count()) == (422, 0)
    assert "Выберите способ доставки" in answer.content.decode()


def test_page_says_that_a_manager_tells_the_cost(world: World, cart: Cart) -> None:
    truck(world, price=None)
    client = browser(world)

    page = client.get(CHECKOUT).content.decode()
    client.post(CHECKOUT, sent(page))

    assert "стоимость уточнит менеджер" in page
    assert Order.objects.get().delivery_cost is None


def test_several_carts_keep_their_choices(world: World, cart: Cart) -> None:
    service = truck(world)
    client = browser(world)
    where = reverse("orders:carts_checkout")
    page = client.get(where, {"cart": cart.pk}).content.decode()
    form = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    form |= dict(re.findall(r'<input type="radio" name="([\w-]+)" value="([^"]*)" checked', page))

    client.post(where, form | {f"cart-{cart.pk}-delivery": str(world.address.pk)})

    order = Order.objects.get()
    assert (order.delivery_service, order.delivery_cost) == (service, 600)


def test_past_day_is_no_wish(world: World, cart: Cart) -> None:
    client = browser(world)
    form = sent(client.get(CHECKOUT).content.decode())

    answer = client.post(CHECKOUT, form | {"desired_date": "2020-01-01"})

    assert (answer.status_code, Order.objects.count()) == (422, 0)
    assert "Эта дата уже прошла" in answer.content.decode()


@pytest.mark.parametrize("lines", [1, 3])
def test_page_asks_the_database_the_same(world: World, lines: int, django_assert_num_queries: Any) -> None:
    make_cart(world.buyer, world.contract, world.city, dict.fromkeys(world.skus[:lines], 1))
    truck(world)
    client = browser(world)
    client.get(CHECKOUT)

    with django_assert_num_queries(25):
        client.get(CHECKOUT)


def test_choices_without_a_cost_are_the_same_request() -> None:
    choices = CheckoutChoices(payment_terms="credit", delivery_cost=Decimal(1))

    assert choices.told == replace(choices, delivery_cost=None).told
