"""The list of orders as people look through it: filters, kept views, a file, orders that stand."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from catalog.models import Sku
from finance.services import payment_record
from finance.states import PaymentTerms
from orders.models import Order, OrderPart, OrderStep, OrderView
from orders.refusals import ViewRefused
from orders.selectors import OrderFilter, order_rows
from orders.selectors.listing import orders_in_portions
from orders.selectors.neighbours import Neighbours, order_neighbours
from orders.services import order_confirm, order_hold, part_accepted
from orders.services.views import order_view_default, order_view_delete, order_view_rename, order_view_save
from orders.states import ErpDocumentKind, OrderState
from orders.stuck import StuckFacts, StuckKind, next_event, standstill
from orders.web.order_file import MOST_ROWS
from tests.factories import AT, World, actor_of
from tests.orders.past import make_order
from tests.orders.test_erp import born, row
from tests.orders.test_standing import note, paper

LIST, EXPORT = reverse("orders:list"), reverse("orders:export")


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ordered(world: World, lines: dict[int, int] | None = None) -> Order:
    goods: dict[Sku, Any] = {world.skus[place]: count for place, count in (lines or {0: 3}).items()}
    return make_order(world.buyer, world.contract, world, goods)


def found(world: World, person: str = "head", **chosen: Any) -> list[int]:
    page = order_rows(actor=actor_of(getattr(world, person)), chosen=OrderFilter(**chosen), at=AT)
    return [row.pk for row in page.rows]


def pay(world: World, order: Order, amount: str) -> None:
    payment_record(
        actor=actor_of(world.manager),
        organization_id=order.organization_id,
        legal_entity_id=order.legal_entity_id,
        contract_id=order.contract_id,
        reference=order.reference,
        amount=Decimal(amount),
        paid_on=AT.date(),
        document_number=amount,
        at=AT,
    )


# --- filters --------------------------------------------------------------------------------------
def test_filter_by_several_states(world: World) -> None:
    waits, works, held = (ordered(world) for _number in range(3))
    order_confirm(order_id=works.pk, actor=None, at=AT)
    order_hold(order_id=held.pk, actor=actor_of(world.manager), reason="ждём", at=AT)

    assert set(found(world, states=(OrderState.SUBMITTED, OrderState.ON_HOLD))) == {waits.pk, held.pk}


def test_filter_by_goods_finds_them_inside_orders_of_portal_and_1c(world: World) -> None:
    bolts, cable = ordered(world, {0: 1}), ordered(world, {1: 2})
    erp = born(world, [row(world.skus[1].pk, "4", "100")])

    assert found(world, goods=world.skus[0].article) == [bolts.pk]
    assert set(found(world, goods="кабель")) == {cable.pk, erp.pk}
    assert found(world, goods="нет такого") == []


@pytest.mark.parametrize("most", [1_000, 0], ids=["by the index", "order by order"])
def test_word_in_the_middle_of_a_number_or_of_unsold_goods_finds_the_order(
    world: World, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("orders.selectors.order_filter.MOST_BEARING", most)
    ours, parted = ordered(world), ordered(world)
    Order.objects.filter(pk=ours.pk).update(client_reference="Закупка-77/ab")
    OrderPart.objects.filter(order=parted).update(erp_number="УТ-00177/АБ")
    delivery = born(world, [row(None, "1", "100", name="Доставка-77/Аб до склада")])

    assert set(found(world, search="77/аб")) == {parted.pk, delivery.pk}
    assert found(world, search="ка-77/AB") == [ours.pk]
    assert set(found(world, search="-7")) == {ours.pk, delivery.pk}  # too short for a piece
    assert found(world, search="78/аб") == []
    assert found(world, "other_buyer", search="77/аб") == []


def test_number_written_in_full_finds_that_order_alone(world: World) -> None:
    order, other = ordered(world), ordered(world)
    Order.objects.filter(pk=other.pk).update(client_reference=order.number)

    assert found(world, search=order.number.lower()) == [order.pk]
    assert found(world, search=f"{order.number}-1") == [order.pk]
    assert set(found(world, search=order.number[:-1])) == {order.pk, other.pk}
    assert found(world, "other_buyer", search=order.number) == []


def test_filter_by_period_is_of_moscow_and_whole_days(world: World) -> None:
    order = ordered(world)
    late = AT.replace(hour=23, minute=59)
    Order.objects.filter(pk=order.pk).update(submitted_at=late)

    assert found(world, since=date(2026, 11, 23), until=date(2026, 11, 23)) == [order.pk]
    assert found(world, since=date(2026, 11, 24)) == []
    assert found(world, until=date(2026, 11, 22)) == []


def test_filter_by_origin_contract_author_and_client(world: World) -> None:
    order, erp = ordered(world), born(world, [row(world.skus[0].pk, "4", "100")])

    assert found(world, origin="erp") == [erp.pk]
    assert found(world, author="закупкина") == [order.pk]
    assert set(found(world, contract=world.contract.number.lower())) == {order.pk, erp.pk}
    assert found(world, contract="нет такого") == []
    assert set(found(world, "manager", client="север")) == {order.pk, erp.pk}
    assert found(world, "manager", client="юг") == []


def test_filter_by_payment_agrees_with_the_row(world: World) -> None:
    orders = [ordered(world, {0: 1}) for _number in range(5)]
    for order in orders:
        order_confirm(order_id=order.pk, actor=None, at=AT)
    pay(world, orders[1], "40")
    pay(world, orders[2], "100")
    paper(orders[3], ErpDocumentKind.PAYMENT, "30")
    note(orders[4], is_paid=True, total=Decimal(100))
    actor = actor_of(world.head)

    told = {row.pk: row.paid_state.value for row in order_rows(actor=actor, chosen=OrderFilter()).rows}

    assert [told[order.pk] for order in orders] == ["unpaid", "partly", "paid", "partly", "paid"]
    for state in ("unpaid", "partly", "paid"):
        assert set(found(world, paid=state)) == {pk for pk, value in told.items() if value == state}


def test_filter_stays_inside_what_the_actor_may_see(world: World) -> None:
    ordered(world)

    for person in ("other_buyer", "other_manager"):
        for chosen in ({"goods": "болт"}, {"search": "болт"}, {"paid": "unpaid"}, {"client": "север"}):
            assert found(world, person, **chosen) == []


# --- rows -----------------------------------------------------------------------------------------
def test_row_tells_contract_manager_share_and_average(world: World) -> None:
    order = ordered(world)
    ordered(world, {0: 1})
    order_confirm(order_id=order.pk, actor=None, at=AT)
    paper(order, ErpDocumentKind.SHIPMENT, "100")

    page = order_rows(actor=actor_of(world.head), chosen=OrderFilter(), at=AT)
    told = next(row for row in page.rows if row.pk == order.pk)

    assert (told.contract, told.manager, told.state) == (
        world.contract.number,
        "Мария Менеджерова",
        "partly_shipped",
    )
    assert (told.shipped_percent, page.count, page.total, page.average) == (33, 2, 400, 200)


@pytest.mark.parametrize("orders", [1, 3])
@pytest.mark.parametrize(
    ("query", "queries"), [("", 9), ("?goods=болт", 11), ("?paid=unpaid&q=болт&state=submitted", 12)]
)
def test_list_page_asks_the_database_the_same(
    world: World, orders: int, query: str, queries: int, django_assert_num_queries: Any
) -> None:
    for _number in range(orders):
        ordered(world, {0: 1})
    client = browser(world.manager)
    client.get(LIST)

    with django_assert_num_queries(queries):
        page = client.get(LIST + query).content.decode()

    assert page.count('class="line-name"') == orders


def test_list_page_shows_chips_that_take_one_filter_away(world: World) -> None:
    ordered(world)

    page = browser(world.head).get(LIST, {"q": "болт", "state": ["submitted", "on_hold"]}).content.decode()

    assert f'href="{LIST}?q=%D0%B1%D0%BE%D0%BB%D1%82&amp;state=on_hold">Ждет подтверждения' in page
    assert f'href="{LIST}?state=submitted&amp;state=on_hold">болт' in page
    assert "в среднем <b>300,00" in page


def test_list_page_takes_nonsense_for_no_filter(world: World) -> None:
    order = ordered(world)

    page = browser(world.head).get(LIST, {"since": "позавчера", "state": "never", "size": "7"})

    assert (page.status_code, order.number in page.content.decode()) == (200, True)


def test_list_page_repeats_an_order_from_its_row(world: World) -> None:
    order = ordered(world)
    repeat = reverse("orders:repeat", args=[order.pk])

    assert repeat in browser(world.buyer).get(LIST).content.decode()
    assert repeat not in browser(world.manager).get(LIST).content.decode()


def test_list_page_is_as_long_as_chosen(world: World) -> None:
    for _number in range(3):
        ordered(world, {0: 1})

    page = browser(world.head).get(LIST, {"size": "50"})

    assert page.context["orders"].page.paginator.per_page == 50


def test_order_page_leads_to_the_newer_and_the_older_one_that_is_seen(world: World) -> None:
    first, second, third = (ordered(world, {0: 1}) for _number in range(3))
    make_order(world.other_buyer, world.other_contract, world, {world.skus[0]: 1})
    actor = actor_of(world.head)

    told = [order_neighbours(actor=actor, order=order) for order in (first, second, third)]

    assert told == [
        Neighbours(newer=second.pk, older=None),
        Neighbours(newer=third.pk, older=first.pk),
        Neighbours(newer=None, older=second.pk),
    ]
    page = browser(world.head).get(reverse("orders:detail", args=[second.pk])).content.decode()
    assert f'href="{reverse("orders:detail", args=[third.pk])}">← новее' in page


# --- kept views -----------------------------------------------------------------------------------
def test_view_is_saved_opened_first_renamed_and_forgotten(world: World) -> None:
    ordered(world)
    client = browser(world.buyer)

    client.post(reverse("orders:view_save"), {"view_name": "Ждут", "state": "submitted", "page": "3"})
    view = OrderView.objects.get()
    change = reverse("orders:view_change", args=[view.pk])
    client.post(change, {"act": "default"})
    opened = client.get(LIST)
    client.post(change, {"act": "rename", "view_name": "Ждут ответа"})
    page = client.get(LIST, {"state": "submitted"}).content.decode()
    client.post(change, {"act": "delete"})

    assert (view.name, view.query) == ("Ждут", "state=submitted")
    assert opened.headers["Location"] == f"{LIST}?state=submitted&view={view.pk}"
    assert "Вид «Ждут ответа»" in page
    assert not OrderView.objects.exists()


def test_view_of_the_same_name_takes_the_new_filters(world: World) -> None:
    actor = actor_of(world.buyer)
    order_view_save(actor=actor, name="Мои", query="state=submitted")
    order_view_save(actor=actor, name=" Мои ", query="state=on_hold")

    assert list(OrderView.objects.values_list("name", "query")) == [("Мои", "state=on_hold")]


def test_only_one_view_opens_first(world: World) -> None:
    actor = actor_of(world.buyer)
    first, second = (order_view_save(actor=actor, name=name, query="") for name in ("А", "Б"))

    order_view_default(actor=actor, view_id=first.pk, is_default=True)
    order_view_default(actor=actor, view_id=second.pk, is_default=True)

    assert list(OrderView.objects.filter(is_default=True)) == [second]


def test_view_is_a_persons_own(world: World) -> None:
    view = order_view_save(actor=actor_of(world.buyer), name="Личный вид", query="")
    stranger = actor_of(world.head)

    for act in (
        lambda: order_view_rename(actor=stranger, view_id=view.pk, name="Чужой"),
        lambda: order_view_default(actor=stranger, view_id=view.pk, is_default=True),
        lambda: order_view_delete(actor=stranger, view_id=view.pk),
    ):
        with pytest.raises(OrderView.DoesNotExist):
            act()

    view.refresh_from_db()
    assert (view.name, view.is_default) == ("Личный вид", False)
    assert "Личный вид" not in browser(world.head).get(LIST).content.decode()


def test_view_needs_a_name_of_its_own_and_there_are_not_too_many(world: World) -> None:
    actor = actor_of(world.buyer)
    first = order_view_save(actor=actor, name="А", query="")
    for number in range(19):
        order_view_save(actor=actor, name=f"Вид {number}", query="")

    for act in (
        lambda: order_view_save(actor=actor, name=" ", query=""),
        lambda: order_view_save(actor=actor, name="Лишний", query=""),
        lambda: order_view_save(actor=actor, name="Длинный", query="q" * 501),
        lambda: order_view_rename(actor=actor, view_id=first.pk, name="Вид 1"),
    ):
        with pytest.raises(ViewRefused):
            act()

    assert OrderView.objects.count() == 20


# --- file -----------------------------------------------------------------------------------------
def sheet_of(answer: Any) -> list[tuple[Any, ...]]:
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_file_holds_what_was_found_and_no_formulas(world: World) -> None:
    order = ordered(world)
    Order.objects.filter(pk=order.pk).update(client_reference="=1+1")
    ordered(world, {1: 1})

    answer = browser(world.head).get(EXPORT, {"goods": world.skus[0].article})

    head, *rows = sheet_of(answer)
    told = dict(zip(head, rows[0], strict=True))
    assert len(rows) == 1
    assert (told["Заказ"], told["Номер у клиента"], told["Сумма с НДС"]) == (order.number, "=1+1", 300)
    assert (told["Состояние"], told["Оплачено"]) == ("Ждет подтверждения", 0)


def test_file_tells_no_money_without_the_right(world: World) -> None:
    ordered(world)

    head, _row = sheet_of(browser(world.buyer).get(EXPORT))

    assert "Оплачено" not in head


def test_file_that_is_too_long_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ordered(world)
    ordered(world)
    monkeypatch.setattr("orders.web.views.order_list.MOST_ROWS", 1)

    answer = browser(world.head).get(EXPORT, {"state": "submitted"}, follow=True)

    assert answer.redirect_chain == [(f"{LIST}?state=submitted", 302)]
    assert "Сузьте отбор" in answer.content.decode()
    assert MOST_ROWS == 10_000


def test_file_is_read_in_portions(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = [ordered(world, {0: 1}) for _number in range(3)]
    monkeypatch.setattr("orders.selectors.listing._PORTION", 2)
    actor = actor_of(world.head)

    portions = list(orders_in_portions(actor=actor, chosen=OrderFilter(), most=10, at=AT))

    assert [len(rows) for rows in portions] == [2, 1]
    assert [one.pk for rows in portions for one in rows] == [order.pk for order in reversed(orders)]


# --- why it stands --------------------------------------------------------------------------------
FACTS = StuckFacts(
    state=OrderState.CONFIRMED,
    is_from_erp=False,
    step_at=AT,
    step_comment="",
    moved_at=None,
    parts=2,
    parts_accepted=2,
    parts_in_erp=2,
    is_prepaid=False,
    is_paid=False,
    is_shipped=False,
)


@pytest.mark.parametrize(
    ("changes", "hours", "kind"),
    [
        ({"state": "on_approval"}, 0, StuckKind.APPROVAL),
        ({"state": "submitted"}, 0, StuckKind.MANAGER),
        ({"state": "on_hold"}, 0, StuckKind.HOLD),
        ({"parts_accepted": 1}, 3, None),
        ({"parts_accepted": 1}, 4, StuckKind.FETCH),
        ({"parts_accepted": 1, "is_from_erp": True}, 5, None),
        ({"parts_accepted": 1, "fault": "нет артикула"}, 0, StuckKind.QUARANTINE),
        ({"is_prepaid": True}, 0, StuckKind.PREPAYMENT),
        ({"is_prepaid": True, "is_paid": True}, 0, None),
        ({}, 7 * 24 - 1, None),
        ({}, 7 * 24, StuckKind.STILL),
        ({"moved_at": AT + timedelta(days=3)}, 7 * 24, None),
        ({"state": "shipped"}, 900, None),
        ({"state": "completed"}, 900, None),
        ({"state": "rejected"}, 900, None),
        ({"state": "cancelled", "parts_in_erp": 0}, 900, None),
        ({"state": "cancelled", "parts_in_erp": 1}, 0, StuckKind.ABANDONED),
        ({"state": "cancelled", "moved_at": AT}, 0, StuckKind.ABANDONED),
        ({"state": "cancelled", "is_from_erp": True}, 0, None),
    ],
)
def test_standstill(changes: dict[str, Any], hours: int, kind: StuckKind | None) -> None:
    stands = standstill(replace(FACTS, **changes), at=AT + timedelta(hours=hours))

    assert (stands and stands.kind) == kind


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"state": "submitted"}, "Подтверждение менеджера"),
        ({"state": "on_hold", "step_comment": "ждём оплату"}, "Приостановлен: ждём оплату"),
        ({"parts_accepted": 0}, "Передаём в 1С"),
        ({"ships_on": date(2026, 11, 30)}, "Отгрузка 30.11.2026"),
        ({"state": "partly_shipped", "ships_on": date(2026, 11, 30)}, "Отгрузка остатка"),
        ({"state": "shipped"}, "Оплата"),
        ({"state": "shipped", "is_paid": True}, ""),
        ({"state": "completed"}, ""),
        ({"state": "cancelled", "parts_in_erp": 0}, ""),
    ],
)
def test_next_event(changes: dict[str, Any], expected: str) -> None:
    assert next_event(replace(FACTS, **changes), at=AT) == expected


STUCK = reverse("orders:stuck")


@pytest.fixture
def standing(world: World) -> dict[str, Order]:
    """One order of each kind that orders alone tell."""
    orders = {name: ordered(world, {2: 1}) for name in ("manager", "hold", "fetch", "prepayment", "still")}
    order_hold(order_id=orders["hold"].pk, actor=actor_of(world.manager), reason="ждём", at=AT)
    long_ago = timezone.now() - timedelta(days=9)
    for name in ("fetch", "prepayment", "still"):
        order_confirm(order_id=orders[name].pk, actor=None, at=long_ago)
        if name != "fetch":
            parts = OrderPart.objects.filter(order=orders[name]).values_list("pk", flat=True)
            part_accepted(part_ids=list(parts), at=long_ago)
    OrderStep.objects.filter(state=OrderState.CONFIRMED).update(at=long_ago)
    Order.objects.update(payment_terms=PaymentTerms.CREDIT)
    Order.objects.filter(pk=orders["prepayment"].pk).update(payment_terms=PaymentTerms.PREPAID)
    return orders


def kinds_of(answer: Any) -> set[tuple[int, str]]:
    return {(row.order.pk, row.stands.kind.value) for row in answer.context["rows"]}


def test_stuck_page_tells_why_each_order_stands(world: World, standing: dict[str, Order]) -> None:
    answer = browser(world.manager).get(STUCK)

    assert kinds_of(answer) == {(order.pk, name) for name, order in standing.items()}
    assert "Подтвердите заказ, приостановите или отклоните его." in answer.content.decode()


def test_stuck_page_narrows_to_one_kind_and_client(world: World, standing: dict[str, Order]) -> None:
    client = browser(world.manager)

    for name, order in standing.items():
        assert kinds_of(client.get(STUCK, {"kind": name})) == {(order.pk, name)}
    assert kinds_of(client.get(STUCK, {"client": "юг"})) == set()
    assert len(kinds_of(client.get(STUCK, {"kind": "никакая"}))) == len(standing)


def test_stuck_page_shows_ones_own_clients_only(world: World, standing: dict[str, Order]) -> None:
    assert kinds_of(browser(world.other_manager).get(STUCK)) == set()
    assert browser(world.head).get(STUCK).status_code == 403


def test_stuck_pages_tell_each_order_once(
    world: World, standing: dict[str, Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orders.selectors.stuck.MOST_ROWS", 2)
    client = browser(world.manager)

    pages = [client.get(STUCK, {"page": page}) for page in ("1", "2", "3", "4")]

    told = [[row.order.pk for row in page.context["rows"]] for page in pages]
    assert [len(rows) for rows in told] == [2, 2, 1, 0]
    assert {pk for rows in told for pk in rows} == {order.pk for order in standing.values()}
    since = [row.stands.since for page in pages for row in page.context["rows"]]
    assert since == sorted(since)
    assert [(page.context["earlier"], page.context["later"]) for page in pages] == [
        (0, 2), (1, 3), (2, None), (3, None),
    ]  # fmt: skip
    assert 'rel="next" href="?page=2"' in pages[0].content.decode()
    assert "На этой странице заказов нет" in pages[3].content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 30])
def test_stuck_page_takes_any_number_of_a_page(world: World, page: str) -> None:
    assert browser(world.manager).get(STUCK, {"page": page}).status_code == 200


def test_stuck_page_asks_the_database_the_same(
    world: World, standing: dict[str, Order], django_assert_num_queries: Any
) -> None:
    client = browser(world.manager)
    client.get(STUCK)

    for query, queries in (({}, 10), ({"kind": "hold"}, 9)):
        with django_assert_num_queries(queries):
            client.get(STUCK, query)


def test_order_page_tells_why_it_stands_to_each_in_his_words(world: World) -> None:
    order = ordered(world)
    order_hold(order_id=order.pk, actor=actor_of(world.manager), reason="ждём оплату", at=AT)
    url = reverse("orders:detail", args=[order.pk])

    pages: Iterable[str] = (
        browser(person).get(url).content.decode() for person in (world.buyer, world.manager)
    )

    buyer, manager = pages
    assert "Почему стоит" in buyer
    assert "ждём оплату" in buyer
    assert "Свяжитесь с менеджером" in buyer
    assert "Снимите паузу, подтвердите или отклоните заказ." in manager
