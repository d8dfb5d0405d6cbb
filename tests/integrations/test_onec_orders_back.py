"""Orders that 1C sends back: each finds its own, and what 1C says of it stands beside what was ordered."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from catalog.models import Stock
from counterparties.models import Contract
from integrations.models import (
    ExchangeNode,
    ExternalId,
    ExternalKind,
    HeldOrder,
    OrderExport,
    OrderStateMapping,
)
from orders.models import ErpDocument, ErpLine, Order, OrderPart, OrderStep
from orders.services import order_cancel
from orders.states import OrderState
from portal.outbox.models import Job
from tests.factories import World, actor_of, make_contract
from tests.integrations.erp_files import good, message, order, party, requisites
from tests.integrations.erp_world import BOLT, ENTITY, WAREHOUSE, make_erp_world, ordered
from tests.integrations.onec_talk import Talk, make_node

NUMBER = ("Номер по 1С", "00УТ-000123")


@pytest.fixture
def world(node: ExchangeNode) -> World:
    return make_erp_world(node)


@pytest.fixture
def sale(client: Client, node: ExchangeNode, world: World) -> Talk:
    return Talk(client, node, kind="sale").start()


def taken(world: World, sale: Talk, lines: dict[int, str] | None = None, total: str = "300") -> OrderPart:
    """An order of three bolts that 1C has fetched and confirmed."""
    made = ordered(world, lines or {0: "3"}, total)
    sale.get("query")
    assert sale.get("success").startswith("success")
    return made.parts.order_by("pk").first()  # type: ignore[return-value]


def send(sale: Talk, *documents: str, formed: str = "2026-11-24T9:05:07", name: str = "orders-1.xml") -> str:
    return sale.load(name, message(*documents, formed=formed))


def bolts(quantity: str = "3", price: str = "100") -> str:
    return good(BOLT, "Болт М8х40", quantity, price, str(Decimal(quantity) * Decimal(price)))


def own(part: OrderPart, goods: str | None = None, total: str = "300", **changes: object) -> str:
    return order(part.number, goods or bolts(), total, parties=party(ENTITY), **changes)  # type: ignore[arg-type]


def counts(sale: Talk, name: str = "orders-1.xml") -> dict[str, int]:
    return dict(sale.file(name).report["counts"])


# --- finding the order ------------------------------------------------------------------------------
def test_order_comes_back_with_its_number_state_and_date(world: World, sale: Talk) -> None:
    part = taken(world, sale)
    told = [
        NUMBER,
        ("Дата по 1С", "2026-11-24T9:51:39"),
        ("Проведен", "true"),
        ("Статус заказа", "К отгрузке"),
    ]

    answer = send(sale, own(part, told=told))

    assert answer == "success\norders-1.xml: заказов: 1, изменённых заказов: 1"
    part.refresh_from_db()
    assert (part.erp_number, part.erp_date, part.erp_state_text) == (
        "00УТ-000123",
        date(2026, 11, 24),
        "К отгрузке",
    )
    assert (part.is_posted, part.is_cancelled, part.is_paid, part.is_shipped) == (True, False, False, False)
    assert (part.erp_target, part.order.state) == (OrderState.RESERVED, OrderState.RESERVED)
    assert Order.objects.count() == 1


@pytest.mark.parametrize("spelling", ["{}", "{}       ", "  {}", "В{tail}", "b{tail}"])
def test_number_is_found_in_any_spelling(world: World, sale: Talk, spelling: str) -> None:
    part = taken(world, sale)
    number = spelling.format(part.number, tail=part.number[1:])

    send(sale, order(number, bolts(), "300", parties=party(ENTITY)))

    part.refresh_from_db()
    assert part.erp_number == "00УТ-000123"
    assert (Order.objects.count(), HeldOrder.objects.count()) == (1, 0)


def test_document_is_found_by_its_own_id_when_1c_renumbers_it(world: World, sale: Talk) -> None:
    part = taken(world, sale)
    send(sale, own(part))

    send(sale, order("77", bolts(), "300", told=[("Номер по 1С", "УТ-77")]), formed="2026-11-25T10:00:00")

    part.refresh_from_db()
    assert part.erp_number == "УТ-77"
    assert Order.objects.count() == 1


def test_document_is_found_by_the_id_that_we_gave_it(world: World, sale: Talk) -> None:
    part = taken(world, sale)

    send(sale, order("000-1", bolts(), "300", external_id=str(part.uid), parties=party(ENTITY)))

    part.refresh_from_db()
    assert part.erp_number == "00УТ-000123"
    assert not ExternalId.objects.filter(kind=ExternalKind.ORDER_PART).exists()


def test_same_word_again_changes_nothing(world: World, sale: Talk) -> None:
    part = taken(world, sale)
    send(sale, own(part))
    before = list(ErpLine.objects.values_list("pk", flat=True))

    again = send(sale, own(part), name="orders-2.xml")
    lost_answer = sale.finish("orders-2.xml")

    assert again == lost_answer == "success\norders-2.xml: заказов: 1, заказов без изменений: 1"
    assert list(ErpLine.objects.values_list("pk", flat=True)) == before
    assert OrderStep.objects.count() == 2


def test_older_file_changes_nothing(world: World, sale: Talk) -> None:
    part = taken(world, sale)
    send(sale, own(part, told=[NUMBER, ("Статус заказа", "Закрыт")]), formed="2026-11-25T10:00:00")

    answer = send(
        sale, own(part, bolts("1"), "100", told=[NUMBER]), formed="2026-11-25T9:59:59", name="late.xml"
    )

    part.refresh_from_db()
    assert answer == "success\nlate.xml: заказов: 1, заказов с более новыми сведениями: 1"
    assert part.erp_state_text == "Закрыт"
    assert ErpLine.objects.get().quantity == 3


def test_order_of_another_base_is_left_alone(world: World, sale: Talk, client: Client) -> None:
    part = taken(world, sale)
    stranger = Talk(client, make_node("erp"), kind="sale").start()

    answer = send(stranger, own(part))

    part.refresh_from_db()
    assert part.erp_number == ""
    assert "заказов не принято: 1" in answer
    assert Order.objects.count() == 1


def test_id_of_one_order_under_the_number_of_another_is_refused(world: World, sale: Talk) -> None:
    first, second = taken(world, sale), taken(world, sale)
    send(sale, own(first))

    answer = send(sale, own(second), formed="2026-11-25T10:00:00")

    second.refresh_from_db()
    assert second.erp_number == ""
    assert "заказов не принято: 1" in answer


def test_document_made_anew_under_our_number_outlives_the_deleted_one(world: World, sale: Talk) -> None:
    part = taken(world, sale)
    send(sale, own(part))
    send(sale, own(part, external_id="new-document"), formed="2026-11-25T10:00:00")

    told = [NUMBER, ("ПометкаУдаления", "true")]
    answer = send(sale, own(part, told=told), formed="2026-11-26T10:00:00")

    part.refresh_from_db()
    assert (part.is_cancelled, part.order.state) == (False, OrderState.CONFIRMED)
    assert "предупреждений: 1" in answer


def test_second_document_with_one_number_in_a_file_is_told_of(world: World, sale: Talk) -> None:
    part = taken(world, sale)

    send(sale, own(part), own(part, bolts("1"), "100", external_id="copy"))

    assert ErpLine.objects.get().quantity == 3
    assert counts(sale) == {"orders": 2, "orders_changed": 1, "orders_rejected": 1}


def test_file_cut_off_changes_nothing_and_names_the_line(world: World, sale: Talk) -> None:
    part, second = taken(world, sale), taken(world, sale)
    text = message(own(part), own(second, external_id="second"))

    answer = sale.load("orders-1.xml", text[:-60])

    part.refresh_from_db()
    assert answer.startswith("failure\norders-1.xml: файл обрезан или повреждён, строка 2")
    assert part.erp_number == ""


def test_order_that_makes_no_sense_does_not_hold_the_others(world: World, sale: Talk) -> None:
    part = taken(world, sale)

    answer = send(sale, own(part, bolts("-1"), external_id="bad"), own(part))

    part.refresh_from_db()
    assert part.erp_number == "00УТ-000123"
    assert "заказов не принято: 1, предупреждений: 1" in answer


def test_answer_without_orders_is_never_empty(sale: Talk) -> None:
    assert send(sale) == "success\norders-1.xml: изменений нет"


# --- what it changes --------------------------------------------------------------------------------
def test_rows_of_1c_stand_beside_what_was_ordered(world: World, sale: Talk) -> None:
    part = taken(world, sale, {0: "3", 1: "2"}, "801")
    goods = bolts("2", "110") + good("delivery", "Доставка", "1", "500", "500")

    send(sale, own(part, goods, "720"))

    ordered_lines = part.lines.order_by("position").values_list("sku", "quantity", "price")
    assert list(ordered_lines) == [(world.skus[0].pk, 3, 100), (world.skus[1].pk, 2, Decimal("250.5"))]
    rows = ErpLine.objects.order_by("position").values_list("sku", "name", "quantity", "price", "gross")
    assert list(rows) == [
        (world.skus[0].pk, "Болт М8х40", 2, 110, 220),
        (None, "Доставка", 1, 500, 500),
    ]
    part.refresh_from_db()
    assert (part.total, part.erp_total) == (801, 720)


def test_paid_and_shipped_mean_wholly(world: World, sale: Talk) -> None:
    part = taken(world, sale)
    told = [NUMBER, ("Дата оплаты по 1С", "2026-11-25T9:00:00"), ("Дата отгрузки по 1С", "Т")]

    send(sale, own(part, told=told))

    part.refresh_from_db()
    assert (part.is_paid, part.paid_on) == (True, date(2026, 11, 25))
    assert (part.is_shipped, part.shipped_on) == (False, None)
    send(sale, own(part, told=[NUMBER]), formed="2026-11-26T10:00:00")
    part.refresh_from_db()
    assert (part.is_paid, part.paid_on) == (False, None)


@pytest.mark.parametrize(
    "told", [("Отменен", "true"), ("ПометкаУдаления", "true"), ("СтатусЗаказа", "Отменён")]
)
def test_order_cancelled_in_1c_is_cancelled_here_and_comes_back(
    world: World, sale: Talk, told: tuple[str, str]
) -> None:
    part = taken(world, sale)

    send(sale, own(part, told=[NUMBER, told]))

    found = Order.objects.get()
    assert found.state == OrderState.CANCELLED
    stock = Stock.objects.get(sku=world.skus[0], warehouse=world.main_warehouse)
    assert (stock.free, stock.reserved) == (7, 0)  # 1C has counted it since `success`
    send(sale, own(part, told=[NUMBER]), formed="2026-11-26T10:00:00")
    found.refresh_from_db()
    assert found.state == OrderState.CONFIRMED
    assert list(OrderStep.objects.order_by("pk").values_list("state", flat=True)) == [
        "submitted", "confirmed", "cancelled", "confirmed",
    ]  # fmt: skip


def test_order_of_two_parts_is_cancelled_when_both_are(world: World, sale: Talk) -> None:
    made = ordered(world, {0: "12"}, "1200")
    sale.get("query")
    sale.get("success")
    first, second = made.parts.order_by("pk")
    gone = [NUMBER, ("Отменен", "true")]

    send(sale, own(first, told=gone))
    made.refresh_from_db()
    half = made.state
    send(sale, own(second, external_id="second", told=gone), formed="2026-11-26T10:00:00")

    made.refresh_from_db()
    assert (half, made.state) == (OrderState.CONFIRMED, OrderState.CANCELLED)


def test_lost_success_is_made_good_by_the_order_that_comes_back(world: World, sale: Talk) -> None:
    made = ordered(world, {0: "3"}, "300")
    sale.get("query")  # and `success` never arrived

    send(sale, own(made.parts.get()))

    export = OrderExport.objects.get()
    assert (export.state, export.accepted_version) == ("accepted", 1)
    stock = Stock.objects.get(sku=world.skus[0], warehouse=world.main_warehouse)
    assert (stock.free, stock.reserved) == (7, 0)
    assert "<Документ>" not in sale.get("query")


def test_part_cancelled_before_it_was_known_taken_frees_its_reserve(world: World, sale: Talk) -> None:
    made = ordered(world, {0: "3"}, "300")
    sale.get("query")

    send(sale, own(made.parts.get(), told=[NUMBER, ("Отменен", "true")]))

    stock = Stock.objects.get(sku=world.skus[0], warehouse=world.main_warehouse)
    assert (stock.free, stock.reserved) == (10, 0)
    assert made.parts.get().accepted_at is not None


def test_order_that_its_client_gave_up_stays_given_up(world: World, sale: Talk) -> None:
    made = ordered(world, {0: "3"}, "300")
    Order.objects.update(state=OrderState.SUBMITTED, confirmed_at=None)
    order_cancel(order_id=made.pk, actor=actor_of(world.buyer), at=made.submitted_at)

    send(sale, own(made.parts.get()))

    made.refresh_from_db()
    stock = Stock.objects.get(sku=world.skus[0], warehouse=world.main_warehouse)
    assert (made.state, stock.free, stock.reserved) == (OrderState.CANCELLED, 10, 0)


def test_unknown_status_is_kept_and_told_of(world: World, sale: Talk) -> None:
    part = taken(world, sale)

    answer = send(sale, own(part, told=[NUMBER, ("Статус заказа", "На сборке у Пети")]))

    part.refresh_from_db()
    assert (part.erp_state_text, part.order.state) == ("На сборке у Пети", OrderState.CONFIRMED)
    assert "предупреждений: 1" in answer
    (warning,) = sale.file("orders-1.xml").report["warnings"]
    assert warning["text"] == "Неизвестный статус «На сборке у Пети»: 1. Состояние заказа не изменено"


def test_administrator_decides_what_a_status_means(world: World, sale: Talk, node: ExchangeNode) -> None:
    part = taken(world, sale)
    OrderStateMapping.objects.create(name="Снят с производства", target="confirmed")
    OrderStateMapping.objects.create(node=node, name="снят с  Производства", target="cancelled")

    answer = send(sale, own(part, told=[NUMBER, ("СтатусЗаказа", "Снят с производства")]))

    assert Order.objects.get().state == OrderState.CANCELLED
    assert "предупреждений" not in answer


# --- shipments and payments -------------------------------------------------------------------------
def paper(
    operation: str, external_id: str, total: str, extra: str = "", tag: str = "ПодчиненныйДокумент"
) -> str:
    return (
        f"<{tag}><Ид>{external_id}</Ид><Номер>15</Номер><Дата>2026-11-25</Дата>"
        f"<ХозОперация>{operation}</ХозОперация><Сумма>{total}</Сумма>{extra}</{tag}>"
    )


def test_subordinate_documents_are_shown_with_the_order(world: World, sale: Talk) -> None:
    part = taken(world, sale)
    shipped = paper("Отпуск товара", "s1", "200", f"<Товары>{bolts('2')}</Товары>")
    paid = paper("Выплата безналичных денег", "p1", "100.50")
    inside = f"<ПодчиненныеДокументы>{paid}{shipped}</ПодчиненныеДокументы>"

    answer = send(sale, own(part, extra=inside))

    assert "новых документов по заказам: 2" in answer
    found = ErpDocument.objects.order_by("pk").values_list("kind", "number", "date", "total")
    assert list(found) == [
        ("payment", "15", date(2026, 11, 25), Decimal("100.50")),
        ("shipment", "15", date(2026, 11, 25), 200),
    ]
    (line,) = ErpDocument.objects.get(kind="shipment").lines.all()
    assert (line.sku, line.quantity) == (world.skus[0], 2)


def test_document_sent_again_is_changed_and_marked_deleted(world: World, sale: Talk) -> None:
    part = taken(world, sale)
    basis = f"<Основание>{part.number}</Основание>"
    send(sale, own(part), paper("Отпуск товара", "s1", "200", basis, "Документ"))

    mark = f"{basis}<ПометкаУдаления>true</ПометкаУдаления>"
    send(sale, paper("Отпуск товара", "s1", "150", mark, "Документ"), formed="2026-11-26T10:00:00")
    old = paper("Отпуск товара", "s1", "999", basis, "Документ")
    send(sale, old, formed="2026-11-25T10:00:00", name="old.xml")

    document = ErpDocument.objects.get()
    assert (document.total, document.is_deleted) == (150, True)


@pytest.mark.parametrize("name", ["Номер заказа", "НомерЗаказа", "Основание"])
def test_separate_document_is_attached_by_what_names_its_order(world: World, sale: Talk, name: str) -> None:
    part = taken(world, sale)
    basis = requisites([(name, part.order.number)])

    send(sale, paper("Счет-фактура", "f1", "300", basis, "Документ"))

    assert ErpDocument.objects.get().part == part


def test_separate_document_may_stand_before_its_order_in_a_container(world: World, sale: Talk) -> None:
    part = taken(world, sale)
    box = f"<Контейнер>{paper('Эквайринговая операция', 'p1', '300', '', 'Документ')}{own(part)}</Контейнер>"

    send(sale, box)

    assert ErpDocument.objects.get().part == part


def test_document_of_nobody_is_told_of(world: World, sale: Talk) -> None:
    answer = send(sale, paper("Отпуск товара", "s1", "200", "", "Документ"))

    assert ErpDocument.objects.count() == 0
    assert "предупреждений: 1" in answer


# --- orders born in 1C ------------------------------------------------------------------------------
def born(number: str = "НФНФ-000017", **changes: object) -> str:
    told: dict[str, object] = {
        "external_id": "born-1",
        "parties": party(ENTITY),
        "told": [("Номер по 1С", number), ("Статус заказа", "В работе"), ("Склад", "Основной склад")],
    } | changes
    return order(number, bolts("4") + good("svc", "Доставка", "1", "12.20", "12.20"), "412.20", **told)  # type: ignore[arg-type]


def test_order_born_in_1c_appears_once_and_follows_it(world: World, sale: Talk) -> None:
    first = send(sale, born())
    send(sale, born(), name="again.xml")
    told = [("Номер по 1С", "НФНФ-000017"), ("Отменен", "true")]
    send(sale, born(told=told), formed="2026-11-26T10:00:00", name="gone.xml")

    assert first == "success\norders-1.xml: заказов: 1, новых заказов из 1С: 1"
    made = Order.objects.get()
    assert (made.origin, made.label, made.created_by) == ("erp", "№ НФНФ-000017 из 1С", None)
    assert (made.legal_entity, made.contract, made.city) == (world.entity, world.contract, world.city)
    assert (made.total, made.vat_total) == (Decimal("412.20"), Decimal("74.33"))
    assert made.state == OrderState.CANCELLED
    part = made.parts.get()
    assert (part.warehouse, part.vat_percent) == (world.main_warehouse, 22)
    assert [row.sku for row in part.erp_lines.order_by("position")] == [world.skus[0], None]
    assert OrderExport.objects.count() == 0
    assert not Job.objects.filter(handler__contains="invoice").exists()


def test_order_of_an_unknown_client_waits_until_he_is_known(
    world: World, sale: Talk, node: ExchangeNode
) -> None:
    stranger = party("stranger", name="ООО «Ветер»", inn="7707083893")

    answer = send(sale, born(parties=stranger))

    held = HeldOrder.objects.get()
    assert (held.number, held.client) == ("НФНФ-000017", "ООО «Ветер»")
    assert held.reason == "контрагент «ООО «Ветер»» не сопоставлен с юрлицом"
    assert "заказов отложено: 1" in answer
    assert Order.objects.count() == 0
    ExternalId.objects.create(
        node=node, kind=ExternalKind.LEGAL_ENTITY, external_id="stranger", object_id=world.entity.pk
    )
    send(sale, name="empty.xml")
    assert (Order.objects.get().label, HeldOrder.objects.count()) == ("№ НФНФ-000017 из 1С", 0)


def test_papers_of_an_order_that_waits_wait_with_it(world: World, sale: Talk, node: ExchangeNode) -> None:
    stranger = party("stranger", name="ООО «Ветер»", inn="7707083893")
    inside = paper("Выплата наличных денег", "p1", "100", "", "Документ")
    send(sale, f"<Контейнер>{born(parties=stranger)}{inside}</Контейнер>")
    later = paper("Отпуск товара", "s1", "200", "<Основание>НФНФ-000017</Основание>", "Документ")
    send(sale, later, name="later.xml")
    send(sale, born(parties=stranger), formed="2026-11-26T10:00:00", name="again.xml")
    before = ErpDocument.objects.count()

    ExternalId.objects.create(
        node=node, kind=ExternalKind.LEGAL_ENTITY, external_id="stranger", object_id=world.entity.pk
    )
    send(sale, name="empty.xml")

    assert before == 0
    assert list(ErpDocument.objects.order_by("kind").values_list("kind", "part__order__erp_number")) == [
        ("payment", "НФНФ-000017"),
        ("shipment", "НФНФ-000017"),
    ]


def test_contract_is_named_or_the_only_one_else_the_order_waits(world: World, sale: Talk) -> None:
    other = make_contract(world.entity, organization=world.organization, number="77/26", is_default=False)
    send(sale, born())
    reason = HeldOrder.objects.get().reason

    told = [("Номер по 1С", "НФНФ-000017"), ("Договор контрагента", "Договор № 77/26 от 12.01.2026")]
    send(sale, born(told=told), formed="2026-11-26T10:00:00", name="named.xml")

    assert reason == "договор не определён: подходит 2"
    assert (Order.objects.get().contract, HeldOrder.objects.count()) == (other, 0)


def test_contract_whose_number_is_a_part_of_another_is_not_taken(world: World, sale: Talk) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(number="7")
    told = [("Номер по 1С", "НФНФ-000017"), ("Договор контрагента", "Договор № 77 от 12.01.2026")]

    send(sale, born(told=told))

    assert HeldOrder.objects.get().reason.startswith("у юрлица нет на портале договора")


@pytest.mark.parametrize(
    ("number", "external_id", "reason"),
    [
        ("B9999999-1", "born-1", "номер B9999999-1 выдан порталом, но такого заказа нет"),
        ("НФНФ-1", "", "у документа нет Ид или номера"),
    ],
)
def test_order_that_might_be_ours_is_never_made_anew(
    world: World, sale: Talk, number: str, external_id: str, reason: str
) -> None:
    send(sale, born(number, external_id=external_id))

    assert HeldOrder.objects.get().reason == reason
    assert Order.objects.count() == 0


def test_cancelled_order_that_nobody_knew_is_passed_over(world: World, sale: Talk) -> None:
    send(sale, born(told=[("Отменен", "true")]))

    assert (Order.objects.count(), HeldOrder.objects.count()) == (0, 0)


def test_warehouse_that_is_not_known_stays_unnamed(world: World, sale: Talk) -> None:
    send(sale, born(told=[("Номер по 1С", "1"), ("Склад", "Розница")], external_id="a"))
    place = f"<Склады><Склад><Ид>{WAREHOUSE}</Ид><Наименование>Другое имя</Наименование></Склад></Склады>"
    send(sale, born("2", external_id="b", extra=place), name="b.xml")

    assert list(OrderPart.objects.order_by("pk").values_list("warehouse", flat=True)) == [
        None,
        world.main_warehouse.pk,
    ]


def test_ids_are_those_of_the_base_itself(world: World, sale: Talk, client: Client) -> None:
    """Two bases may name different orders by one id; neither touches the other's."""
    send(sale, born())
    second = make_node("erp")
    second.organizations.add(world.organization)
    other = Talk(client, second, kind="sale").start()

    send(other, born("ERP-1"))

    assert Order.objects.count() == 1
    assert HeldOrder.objects.get().node == second
