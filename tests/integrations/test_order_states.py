"""States of an order across the portal, 1C and a CRM: one page of the admin, and whose word counts."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree

from catalog.models import Stock
from counterparties.selectors import actor_for
from finance.models import Reservation
from integrations.models import (
    ExchangeNode,
    ExportState,
    ExternalId,
    ExternalKind,
    FieldTruth,
    OrderExport,
    OrderStateMapping,
    StateTarget,
)
from integrations.onec.client.order_rules import document_violations
from integrations.reports.order_states import state_lines, unmoved_names
from integrations.services.incoming.statuses import USUAL
from orders.models import Order, OrderLine
from orders.selectors import order_card
from orders.services import order_cancel
from orders.services.changes import change_accept, order_change
from orders.states import OrderState
from tests.factories import AT, TODAY, World, actor_of
from tests.integrations.erp_world import make_erp_world, ordered
from tests.integrations.onec_talk import Talk, run_jobs
from tests.integrations.test_onec_orders_back import bolts, own, send, taken

TABLE = reverse("admin:integrations_orderstatemapping_table")


@pytest.fixture
def world(node: ExchangeNode) -> World:
    return make_erp_world(node)


@pytest.fixture
def sale(client: Client, node: ExchangeNode, world: World) -> Talk:
    return Talk(client, node, kind="sale").start()


@pytest.fixture
def admin(world: World) -> Client:
    client = Client()
    client.force_login(world.administrator)
    return client


def test_table_names_every_state_in_all_three_systems(world: World, admin: Client) -> None:
    OrderStateMapping.objects.create(name="Едет к клиенту", target=StateTarget.RESERVED)
    OrderStateMapping.objects.create(name="К отгрузке", target=StateTarget.KEEP)
    OrderStateMapping.objects.create(system="crm", name="Сделка выиграна", target=StateTarget.COMPLETED)

    lines = {line.state: line for line in state_lines()}
    page = admin.get(TABLE).content.decode()

    assert list(lines) == OrderState.values
    assert lines["reserved"].erp == ("Едет к клиенту", "В процессе отгрузки")
    assert lines["completed"].crm == ("Сделка выиграна",)
    assert lines["submitted"].by_people == ("Приостановлен", "Подтвержден", "Отменен", "Отклонен")
    assert "К отгрузке" in unmoved_names()
    for state in OrderState:
        assert str(state.label) in page


def test_table_is_the_administrators(world: World) -> None:
    for person in (world.manager, world.head):
        client = Client()
        client.force_login(person)
        assert client.get(TABLE).status_code != 200
        client.post(TABLE, {"state": "portal"})

    assert not FieldTruth.objects.exists()


def test_owner_is_chosen_on_the_page_and_nonsense_is_not_taken(world: World, admin: Client) -> None:
    admin.post(TABLE, {"state": "portal", "rows": "erp", "prices": "nobody", "payment": "portal"})

    assert dict(FieldTruth.objects.values_list("field", "owner")) == {"state": "portal", "rows": "erp"}


def test_usual_statuses_mean_what_the_trade_means_by_them() -> None:
    told = {name: target for name, target in USUAL.items() if target != StateTarget.KEEP}

    assert told == {
        "К отгрузке": StateTarget.RESERVED,
        "В процессе отгрузки": StateTarget.RESERVED,
        "Выполнен": StateTarget.COMPLETED,
        "Завершен": StateTarget.COMPLETED,
        "Закрыт": StateTarget.COMPLETED,
        "Согласован": StateTarget.CONFIRMED,
        "Подтвержден": StateTarget.CONFIRMED,
        "Отменен": StateTarget.CANCELLED,
        "Аннулирован": StateTarget.CANCELLED,
    }


def test_state_of_the_portal_is_not_moved_by_1c_and_the_manager_sees_it(world: World, sale: Talk) -> None:
    part = taken(world, sale)
    FieldTruth.objects.create(field="state", owner="portal")

    send(sale, own(part, told=[("Статус заказа", "Закрыт"), ("Номер по 1С", "УТ-7")]))

    assert Order.objects.get().state == OrderState.CONFIRMED
    client = Client()
    client.force_login(world.manager)
    page = client.get(reverse("orders:detail", args=[part.order_id])).content.decode()
    assert "По данным 1С заказ в состоянии «Выполнен»" in page


def test_rows_of_the_portal_stay_and_the_manager_sees_1cs(world: World, sale: Talk) -> None:
    part = taken(world, sale)
    FieldTruth.objects.create(field="rows", owner="portal")

    send(sale, own(part, bolts("2"), "200"))

    card = order_card(actor=actor_for(world.manager, on=TODAY), order_id=part.order_id)
    assert (card.due, card.order.total) == (300, 300)
    assert [(row.quantity, row.ordered_quantity) for row in card.parts[0].beside] == [(2, 3)]
    client = Client()
    client.force_login(world.manager)
    page = client.get(reverse("orders:detail", args=[part.order_id])).content.decode()
    assert "Хозяин строк и цен – портал" in page
    client.force_login(world.buyer)
    page = client.get(reverse("orders:detail", args=[part.order_id])).content.decode()
    assert "Хозяин строк и цен – портал" not in page


def test_owner_1c_again_takes_its_next_word(world: World, sale: Talk) -> None:
    part = taken(world, sale)
    FieldTruth.objects.create(field="state", owner="portal")
    send(sale, own(part, told=[("Статус заказа", "Закрыт"), ("Номер по 1С", "УТ-7")]))
    FieldTruth.objects.update(owner="erp")

    told = [("Статус заказа", "Закрыт"), ("Номер по 1С", "УТ-7")]
    send(sale, own(part, told=told), formed="2026-11-26T10:00:00")

    assert Order.objects.get().state == OrderState.COMPLETED


def test_order_given_up_before_1c_asks_is_not_offered(world: World, sale: Talk) -> None:
    made = ordered(world, {0: "3"}, "300")
    order_cancel(order_id=made.pk, actor=actor_of(world.buyer), at=AT)

    assert made.parts.get().number not in sale.get("query")


def test_order_given_up_while_1c_fetches_it_is_told_to_the_manager(world: World, sale: Talk) -> None:
    made = ordered(world, {0: "3"}, "300")
    assert made.parts.get().number in sale.get("query")
    order_cancel(order_id=made.pk, actor=actor_of(world.buyer), at=AT)

    sale.get("success")

    stock = Stock.objects.get(sku=world.skus[0], warehouse=made.parts.get().warehouse)
    assert (stock.free, stock.reserved) == (7, 0)
    client = Client()
    client.force_login(world.manager)
    rows = client.get(reverse("orders:stuck")).context["rows"]
    assert [(row.order.pk, row.stands.kind.value) for row in rows] == [(made.pk, "abandoned")]
    assert cancelled_in(sale.get("query")) == {made.parts.get().number: ("true", "300.00")}
    assert sale.get("success") == "success\nПринято заказов: 1"
    assert OrderExport.objects.get().state == ExportState.ACCEPTED
    assert cancelled_in(sale.get("query")) == {}


def cancelled_in(answer: str) -> dict[str, tuple[str, str]]:
    """«Отменен» and the sum of each document of an answer, by number; 1C would take all of them."""
    root = etree.fromstring(answer.encode())
    documents = root.findall("Документ")
    assert document_violations(root, documents) == []
    found = {}
    for document in documents:
        told = {
            item.findtext("Наименование"): item.findtext("Значение")
            for item in document.findall("ЗначенияРеквизитов/ЗначениеРеквизита")
        }
        found[document.findtext("Номер")] = (told["Отменен"], document.findtext("Сумма"))
    return found


def give_up(world: World, order: Order, lines: list[OrderLine]) -> None:
    """The client wants no more of the lines, and the manager agrees."""
    wanted = {line.pk: Decimal(0) for line in lines}
    asked = order_change(actor=actor_of(world.buyer), order_id=order.pk, quantities=wanted, at=AT)
    change_accept(actor=actor_of(world.manager), change_id=asked.pk, at=AT)
    run_jobs()


def test_emptied_part_that_1c_holds_goes_as_cancelled(world: World, sale: Talk) -> None:
    """The other part stands: it goes as it is, too, for the version is of the order."""
    ExternalId.objects.create(
        node=sale.node, kind=ExternalKind.SKU, external_id="book", object_id=world.skus[2].pk
    )
    made = ordered(world, {0: "3", 2: "1"}, "310")
    sale.get("query")
    sale.get("success")
    bolt, book = OrderLine.objects.filter(part__order=made).order_by("pk")

    give_up(world, made, [bolt])

    expected = {bolt.part.number: ("true", "300.00"), book.part.number: ("false", "10.00")}
    assert cancelled_in(sale.get("query")) == expected
    assert cancelled_in(sale.get("query")) == expected
    assert sale.get("success") == "success\nПринято заказов: 2"
    assert cancelled_in(sale.get("query")) == {}
    made.refresh_from_db()
    assert made.state == OrderState.CONFIRMED


def test_emptied_part_that_1c_never_had_does_not_go(world: World, sale: Talk) -> None:
    ExternalId.objects.create(
        node=sale.node, kind=ExternalKind.SKU, external_id="book", object_id=world.skus[2].pk
    )
    made = ordered(world, {0: "3", 2: "1"}, "310")
    bolt, book = OrderLine.objects.filter(part__order=made).order_by("pk")
    order_change(actor=actor_of(world.buyer), order_id=made.pk, quantities={bolt.pk: Decimal(0)}, at=AT)
    run_jobs()

    assert cancelled_in(sale.get("query")) == {book.part.number: ("false", "10.00")}


def test_emptied_order_goes_as_cancelled_and_stands_until_1c_says_so(world: World, sale: Talk) -> None:
    made = ordered(world, {0: "3"}, "300")
    part = made.parts.get()
    sale.get("query")
    sale.get("success")
    send(sale, own(part, told=[("Номер по 1С", "УТ-7")]))
    run_jobs()
    give_up(world, made, list(part.lines.all()))

    # 1C tells of the order before it fetches the new version: that one goes nevertheless.
    send(sale, own(part, told=[("Номер по 1С", "УТ-8")]), formed="2026-11-26T10:00:00")
    run_jobs()

    made.refresh_from_db()
    assert made.state == OrderState.CANCELLED
    client = Client()
    client.force_login(world.manager)
    assert [row.stands.kind.value for row in client.get(reverse("orders:stuck")).context["rows"]] == [
        "abandoned"
    ]
    assert cancelled_in(sale.get("query")) == {part.number: ("true", "300.00")}
    sale.get("success")

    send(sale, own(part, told=[("Отменен", "true")]), formed="2026-11-26T11:00:00")

    assert client.get(reverse("orders:stuck")).context["rows"] == []
    assert cancelled_in(sale.get("query")) == {}
    assert Reservation.objects.filter(is_active=True).count() == 0


def test_stuck_page_tells_why_1c_does_not_get_an_order(world: World, sale: Talk) -> None:
    made = ordered(world, {0: "3"}, "300")
    OrderExport.objects.update(state=ExportState.QUARANTINED, error="нет артикула")
    client = Client()
    client.force_login(world.manager)

    pages = {
        kind: client.get(reverse("orders:stuck"), {"kind": kind}) for kind in ("", "quarantine", "fetch")
    }

    assert {kind: len(page.context["rows"]) for kind, page in pages.items()} == {
        "": 1,
        "quarantine": 1,
        "fetch": 0,
    }
    assert "Исправьте и выгрузите снова: нет артикула" in pages[""].content.decode()
    detail = reverse("orders:detail", args=[made.pk])
    assert "нет артикула" in client.get(detail).content.decode()
    client.force_login(world.buyer)
    assert "нет артикула" not in client.get(detail).content.decode()
