"""Charts of purchases: the sums of plain Python over random orders, each person's own, in a file too."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from catalog.models import Classifier, ProductSection, Section
from orders.models import ErpDocument, ErpDocumentLine, Order, OrderLine, OrderPart, OrderServed
from orders.selectors.analytics import (
    Period,
    Service,
    entities_bought,
    months_bought,
    orders_counted,
    people_bought,
    sections_bought,
    service_of,
)
from orders.selectors.staff_analytics import clients_falling, months_and_hands
from orders.services.arrivals import arrival_watch
from orders.services.served import served_count
from tests.factories import AT, TODAY, World, actor_of, make_contract, make_legal_entity, make_person
from tests.orders.purchases import bought, bought_in_erp

pytestmark = pytest.mark.django_db

YEAR = Period(date(2025, 12, 1), TODAY)
EVENING = AT.replace(hour=23)


def browser(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def make_total(order: Order) -> Order:
    order.total = sum(
        (line.gross for part in order.parts.all() for line in (*part.lines.all(), *part.erp_lines.all())),
        Decimal("0.00"),
    )
    order.save(update_fields=["total"])
    return order


@pytest.fixture
def history(world: World) -> list[Order]:
    """Sixty orders of two firms, of the portal and of 1C, some given up, over two years."""
    chance = Random(17)
    second = make_contract(make_legal_entity(world.holding))
    colleague = make_person(world.holding)
    orders = []
    for _order in range(60):
        day = TODAY - timedelta(days=chance.randrange(700))
        lines = {sku: chance.randint(1, 9) for sku in chance.sample(world.skus, chance.randint(1, 3))}
        contract = chance.choice([world.contract, second, world.other_contract])
        price = f"{chance.randint(100, 99_999) / 100:.2f}"
        state = chance.choice(["completed", "submitted", "shipped", "cancelled", "on_approval"])
        if chance.random() < 0.3:
            order = bought_in_erp(
                world, day, lines, contract=contract, price=price, state="completed", confirmed_at=AT
            )
        else:
            person = chance.choice([world.buyer, colleague])
            acting = chance.choice([None, None, world.manager])
            order = bought(
                world, day, lines, contract=contract, price=price, state=state, person=person,
                acting_user=acting, confirmed_at=AT,
            )  # fmt: skip
        orders.append(make_total(order))
    return orders


def served(world: World) -> Service:
    """How the head's client was served, counted at the end of the day."""
    served_count(at=EVENING)
    return service_of(orders_counted(actor_of(world.head), YEAR))


def counted(history: list[Order], world: World) -> list[Order]:
    return [
        order
        for order in history
        if order.holding_id == world.holding.pk
        and order.state not in {"cancelled", "rejected", "on_approval"}
        and YEAR.since <= order.submitted_at.date() <= YEAR.until
    ]


def summed(orders: list[Order], key: object) -> dict[object, tuple[Decimal, int]]:
    totals: dict[object, Decimal] = defaultdict(Decimal)
    counts: Counter[object] = Counter()
    for order in orders:
        totals[key(order)] += order.total  # type: ignore[operator]
        counts[key(order)] += 1  # type: ignore[operator]
    return {name: (totals[name], counts[name]) for name in totals}


def test_sums_are_those_of_plain_python(world: World, history: list[Order]) -> None:
    mine = counted(history, world)
    orders = orders_counted(actor_of(world.head), YEAR)

    months = {one.start: (one.total, one.orders) for one in months_bought(orders, YEAR) if one.orders}
    entities = {one.key: (one.total, one.orders) for one in entities_bought(orders)}
    people = {one.key: (one.total, one.orders) for one in people_bought(orders, nobody="-")}

    assert months == summed(mine, lambda order: order.submitted_at.date().replace(day=1))
    assert entities == summed(mine, lambda order: order.legal_entity_id)
    assert people == summed(mine, lambda order: order.created_by_id)


def test_sections_add_up_to_all_that_was_bought(world: World, history: list[Order]) -> None:
    classifier = Classifier.objects.create(name="Каталог")
    section = Section.objects.create(classifier=classifier, name="Крепёж", sort_key="крепёж")
    ProductSection.objects.create(product=world.skus[0].product, section=section)
    mine = counted(history, world)
    lines = [
        line for order in mine for part in order.parts.all()
        for line in (*part.lines.all(), *part.erp_lines.all())
    ]  # fmt: skip

    shares = sections_bought(orders_counted(actor_of(world.head), YEAR), rest="Прочее")

    assert {one.title: one.total for one in shares} == {
        "Крепёж": sum(line.gross for line in lines if line.sku_id == world.skus[0].pk),
        "Прочее": sum(line.gross for line in lines if line.sku_id != world.skus[0].pk),
    }


def test_own_scope_sees_own_and_others_nothing(world: World, history: list[Order]) -> None:
    mine = [order for order in counted(history, world) if order.created_by_id == world.buyer.pk]

    own = orders_counted(actor_of(world.buyer), YEAR)
    assert set(own) == set(mine)
    assert not set(orders_counted(actor_of(world.other_buyer), YEAR)) & set(mine)
    assert not orders_counted(actor_of(world.other_manager), YEAR).filter(holding=world.holding).exists()


def test_fill_is_what_was_sent_of_what_was_asked(world: World) -> None:
    bolt, cable, _book = world.skus
    told = bought(world, TODAY, {bolt: 10, cable: 10}, state="completed", confirmed_at=AT)
    part = told.parts.get()
    paper = ErpDocument.objects.create(part=part, kind="shipment")
    for place, (sku, quantity) in enumerate([(bolt, 6), (cable, 12)], 1):
        ErpDocumentLine.objects.create(
            document=paper, position=place, sku=sku, name=sku.name, quantity=quantity, price=100, gross=0
        )
    silent = bought(world, TODAY, {bolt: 10}, state="shipped", confirmed_at=AT)
    OrderLine.objects.filter(part__order=silent).update(quantity=7, quantity_before=10)
    bought(world, TODAY, {bolt: 10})  # not finished: says nothing

    service = served(world)

    assert service.fill_percent == Decimal("76.7")  # 6 + 10 + 7 of 30


def test_in_time_is_by_the_planned_day(world: World) -> None:
    days = [(TODAY, TODAY), (TODAY, TODAY - timedelta(days=1)), (TODAY - timedelta(days=1), TODAY)]
    for planned, left in days:
        order = bought(world, TODAY, {world.skus[0]: 1})
        OrderPart.objects.filter(order=order).update(ships_on=planned, shipped_on=left, is_shipped=True)
    late = bought(world, TODAY, {world.skus[0]: 1})
    OrderPart.objects.filter(order=late).update(ships_on=TODAY - timedelta(days=1))
    waits = bought(world, TODAY, {world.skus[0]: 1})
    OrderPart.objects.filter(order=waits).update(ships_on=TODAY)

    service = served(world)

    assert (service.on_time_percent, service.parts) == (Decimal("50.0"), 4)


def test_saved_is_against_the_base_list(world: World) -> None:
    world.price_type.is_base = True
    world.price_type.save()
    bought(world, TODAY, {world.skus[0]: 5}, price="80")

    service = served(world)

    assert (service.saved, service.saved_of) == (Decimal("100.00"), Decimal("500.00"))


def test_nothing_is_said_of_nothing(world: World) -> None:
    service = served(world)

    assert (service.fill_percent, service.on_time_percent, service.saved) == (None, None, 0)


def test_count_again_moves_nothing_and_forgets_what_does_not_count(world: World) -> None:
    orders = [bought(world, TODAY, {world.skus[0]: 1}, state="completed", confirmed_at=AT) for _ in range(4)]
    assert [served_count(at=EVENING) for _ in range(2)] == [4, 0]

    Order.objects.filter(pk=orders[0].pk).update(state="cancelled")
    Order.objects.filter(pk=orders[1].pk).update(submitted_at=EVENING - timedelta(days=3000))
    OrderLine.objects.filter(part__order=orders[2]).update(quantity=1, quantity_before=2)

    assert served_count(at=EVENING) == 2
    told = {row.order_id: (row.asked, row.sent) for row in OrderServed.objects.all()}
    price = OrderLine.objects.get(part__order=orders[3]).price
    old_and_new = dict.fromkeys((orders[1].pk, orders[3].pk), (price, price))
    assert told == {orders[2].pk: (2 * price, price)} | old_and_new


def test_year_before_stands_beside(world: World) -> None:
    make_total(bought(world, date(2025, 11, 5), {world.skus[0]: 1}, price="70"))
    make_total(bought(world, date(2026, 11, 5), {world.skus[0]: 1}, price="90"))

    period = Period(date(2026, 11, 1), TODAY)
    months, hands = months_and_hands(actor=actor_of(world.manager), period=period)

    assert [(one.month.total, one.before) for one in months] == [(Decimal(90), Decimal(70))]
    assert [(one.start, one.alone) for one in hands] == [(date(2026, 11, 1), 1)]


def test_period_of_years_counts_a_month_as_itself_and_as_the_year_before(world: World) -> None:
    for day, price in ((date(2025, 11, 3), "70"), (date(2026, 11, 5), "90")):
        make_total(bought(world, day, {world.skus[0]: 1}, price=price))

    months, _hands = months_and_hands(
        actor=actor_of(world.manager), period=Period(date(2025, 11, 1), date(2026, 11, 4))
    )

    told = {one.month.start: (one.month.total, one.month.orders, one.before) for one in months}
    assert (len(told), told[date(2025, 11, 1)]) == (13, (Decimal(70), 1, Decimal(0)))
    assert told[date(2026, 11, 1)] == (Decimal(0), 0, Decimal(70))  # the fifth is not asked for


def test_hands_are_told_apart(world: World) -> None:
    for acting in (None, None, world.manager):
        bought(world, TODAY, {world.skus[0]: 1}, acting_user=acting)
    bought_in_erp(world, TODAY, {world.skus[0]: 1})

    _months, (month,) = months_and_hands(actor=actor_of(world.manager), period=YEAR)

    assert (month.alone, month.by_manager, month.in_erp, month.alone_percent) == (2, 1, 1, 50)


def test_falling_clients_are_the_managers_own(world: World) -> None:
    for contract, before, now in ((world.contract, 9, 4), (world.other_contract, 9, 1)):
        make_total(bought(world, TODAY - timedelta(days=90), {world.skus[0]: before}, contract=contract))
        make_total(bought(world, TODAY - timedelta(days=89), {world.skus[0]: now}, contract=contract))

    (client,) = clients_falling(actor=actor_of(world.manager), on=TODAY)

    assert (client.holding_id, client.lost) == (world.holding.pk, Decimal(500))
    assert [one.holding_id for one in clients_falling(actor=actor_of(world.administrator), on=TODAY)] == [
        world.other_holding.pk,
        world.holding.pk,
    ]


# --- pages ---------------------------------------------------------------------------------------
def test_page_has_figures_and_leads_to_the_orders(world: World, history: list[Order]) -> None:
    client = browser(world.head)
    asked = {"since": "2025-12-01", "until": f"{TODAY:%Y-%m-%d}", "legal_entity": world.entity.pk}

    page = client.get(reverse("orders:analytics"), asked)

    months, *_others = page.context["tables"]
    mine = [order for order in counted(history, world) if order.legal_entity_id == world.entity.pk]
    assert sum(row.cells[1].value for row in months.rows) == len(mine)
    row = next(row for row in months.rows if row.cells[1].value)
    assert client.get(row.address).context["orders"].page.paginator.count == row.cells[1].value
    assert 'data-chart="1"' in page.content.decode()


def test_file_holds_the_same_tables(world: World, history: list[Order]) -> None:
    Order.objects.filter(created_by=world.buyer).update(created_by=world.head)
    world.head.full_name = "=HYPERLINK(1)"
    world.head.save()

    answer = browser(world.head).get(reverse("orders:analytics_export"), {"since": "2025-12-01"})

    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert book.sheetnames == [
        "Закупки по месяцам", "По разделам каталога", "По юрлицам", "Кто заказывал",
    ]  # fmt: skip
    cells = [cell for row in book["Кто заказывал"].iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "x", "until": "2026-99-99"},
        {"since": "9999-12-31"},
        {"until": "0001-01-01"},
        {"since": "0001-01-01", "until": "9999-12-31"},
        {"legal_entity": "x"},
        {"legal_entity": "999999"},
    ],
)
def test_nonsense_asks_for_the_usual_period(world: World, asked: dict[str, str]) -> None:
    for address, person in (("orders:analytics", world.head), ("orders:staff_analytics", world.manager)):
        assert browser(person).get(reverse(address), asked).status_code == 200


def test_anothers_firm_is_not_shown(world: World) -> None:
    make_total(bought(world, TODAY, {world.skus[0]: 1}, contract=world.other_contract))

    page = browser(world.head).get(reverse("orders:analytics"), {"legal_entity": world.other_entity.pk})

    assert page.context["period"].legal_entity_id is None
    assert world.other_entity.name not in page.content.decode()


@pytest.mark.parametrize("orders", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [("orders:analytics", 12), ("orders:staff_analytics", 9)])
def test_pages_cost_the_same_queries(
    world: World, django_assert_num_queries: object, orders: int, address: str, queries: int
) -> None:
    for _order in range(orders):
        make_total(bought(world, TODAY - timedelta(days=3), {world.skus[0]: 1}))
    client = browser(world.head if address == "orders:analytics" else world.manager)
    client.get(reverse(address))

    with django_assert_num_queries(queries):  # type: ignore[operator]
        client.get(reverse(address))


def test_how_clients_were_served_comes_after_the_page(world: World) -> None:
    order = bought(world, TODAY, {world.skus[0]: 1})
    OrderPart.objects.filter(order=order).update(ships_on=TODAY, shipped_on=TODAY, is_shipped=True)
    served_count(at=timezone.now())
    client, period = browser(world.manager), "?since=2026-01-01"
    address = reverse("orders:staff_analytics_service") + period

    page = client.get(reverse("orders:staff_analytics") + period).content.decode()
    later = client.get(address, headers={"HX-Request": "true"})
    whole = client.get(address)

    assert page.count(address) == 2  # fetched by itself, or by a press
    assert "Отгружено в срок" not in page
    assert later.content.decode().startswith("\n<section")
    assert later.headers["Vary"].count("HX-Request") == 1
    for answer in (later, whole):
        assert answer.context["service"].on_time_percent == 100
    assert "</html>" in whole.content.decode()


def test_falling_client_leads_to_the_orders_of_both_spans(world: World) -> None:
    today = timezone.localdate()
    for days in (179, 180):
        make_total(bought(world, today - timedelta(days=days), {world.skus[0]: 9}))
    client = browser(world.manager)

    falling = client.get(reverse("orders:staff_analytics"), {"since": f"{today}"}).context["tables"][2]

    (row,) = falling.rows
    listed = client.get(row.address).context["orders"]
    assert (row.cells[0].value, listed.page.paginator.count) == (Decimal(900), 1)


def test_staff_page_names_what_is_waited_for(world: World) -> None:
    arrival_watch(actor=actor_of(world.buyer), city_id=world.city.pk, sku_id=world.skus[0].pk, at=AT)
    arrival_watch(actor=actor_of(world.other_buyer), city_id=world.city.pk, sku_id=world.skus[1].pk, at=AT)

    page = browser(world.manager).get(reverse("orders:staff_analytics"))

    waited = page.context["tables"][3]
    assert [(row.title, row.cells[0].value) for row in waited.rows] == [(world.skus[0].product.name, 1)]
