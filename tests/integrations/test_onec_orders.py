"""Orders for 1C: queued at confirmation, offered until taken, an unfit one set aside."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from lxml import etree

from catalog.models import Stock
from counterparties.models import LegalEntity
from finance.models import Payment
from integrations.models import ExchangeNode, ExternalId, ExternalKind, OrderExport
from integrations.onec.client.order_rules import document_violations
from integrations.onec.order_check import order_faults
from integrations.onec.orders_xml import amount, legal, quantity
from integrations.services.orders import QUERY_LIMIT, export_requeue, orders_enqueue
from orders.models import DeliveryService, Order, OrderLine, OrderPart
from portal.outbox.models import Job
from tests.factories import AT, World, make_organization
from tests.integrations.erp_world import BOLT, ENTITY, WAREHOUSE, make_erp_world, ordered
from tests.integrations.onec_talk import Talk, make_node, run_jobs


@pytest.fixture
def world(node: ExchangeNode) -> World:
    return make_erp_world(node)


@pytest.fixture
def sale(client: Client, node: ExchangeNode, world: World) -> Talk:
    """The order exchange of UT: sign-in, no init."""
    return Talk(client, node, kind="sale").sign_in()


def documents(answer: str) -> list[etree._Element]:
    return etree.fromstring(answer.encode()).findall("Документ")


def numbers(answer: str) -> list[str]:
    return [document.findtext("Номер") for document in documents(answer)]


def test_answer_without_orders_is_an_empty_root(sale: Talk) -> None:
    status, text, response = sale.answer("GET", "query")

    assert status == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    assert response.content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<")
    root = etree.fromstring(response.content)
    assert (root.tag, len(root), root.get("ВерсияСхемы")) == ("КоммерческаяИнформация", 0, "2.05")
    assert sale.get("success") == "success\nПринято заказов: 0"
    assert text.endswith("/>")


def test_document_has_everything_in_its_place(sale: Talk, world: World) -> None:
    order = ordered(world, {0: "3", 1: "2.5"}, "926.25")

    (document,) = documents(sale.get("query"))

    part = OrderPart.objects.get()
    head = {item.tag: item.text for item in document if len(item) == 0}
    assert head == {
        "Ид": str(part.uid),
        "Номер": part.number,
        "Дата": "2026-11-23",
        "Время": "10:41:00",
        "ХозОперация": "Заказ товара",
        "Роль": "Продавец",
        "Валюта": "руб",
        "Курс": "1",
        "Сумма": "926.25",
        "Комментарий": "Позвоните за час\nОплата: предоплата\n"
        f"Доставка: {order.delivery_text}\nНомер у клиента: PO-17",
    }
    party = document.find("Контрагенты/Контрагент")
    assert {item.tag: item.text for item in party if len(item) == 0} == {
        "Ид": ENTITY,
        "Наименование": "ООО «Север»",
        "ОфициальноеНаименование": "Общество с ограниченной ответственностью «Север»",
        "ИНН": world.entity.inn,
        "КПП": "770101001",
        "Роль": "Покупатель",
    }
    assert document.findtext("Склады/Склад/Ид") == WAREHOUSE
    bolt, cable = document.findall("Товары/Товар")
    assert {item.tag: item.text for item in bolt if len(item) == 0} == {
        "Ид": BOLT,
        "Артикул": world.skus[0].article,
        "Наименование": "Болт М8х40",
        "БазоваяЕдиница": "шт",
        "ЦенаЗаЕдиницу": "100.00",
        "Количество": "3",
        "Сумма": "300.00",
        "Единица": "796",
        "Коэффициент": "1",
    }
    assert (cable.findtext("ЦенаЗаЕдиницу"), cable.findtext("Количество")) == ("250.50", "2.5")
    assert bolt.findtext("СтавкиНалогов/СтавкаНалога/Ставка") == "22"
    assert bolt.findtext("Налоги/Налог/Сумма") == "54.10"
    told = {
        item.findtext("Наименование"): item.findtext("Значение")
        for item in document.findall("ЗначенияРеквизитов/ЗначениеРеквизита")
    }
    assert (told["Номер заказа на портале"], told["Организация"]) == (order.number, world.organization.name)
    assert {name: told[name] for name in PLAIN} == PLAIN
    assert not {"Дата отгрузки", "Комментарий доставки"} & set(told)
    assert document_violations(document.getparent(), [document]) == []


PLAIN = {
    "Метод оплаты": "Безналичный расчет, предоплата",
    "Метод оплаты ИД": "prepaid",
    "Способ доставки": "Доставка",
    "Способ доставки ИД": "2",
    "Комментарии покупателя": "Позвоните за час",
    "Заказ оплачен": "false",
    "Отменен": "false",
}


def test_what_the_client_asked_for_reaches_1c(sale: Talk, world: World) -> None:
    """By the names that 1C reads, and in the comment for a 1C that reads none of them."""
    order = ordered(world, {0: "3"}, "300")
    service = DeliveryService.objects.create(name="Со склада на Лесной", kind="pickup")
    Order.objects.update(
        desired_date=date(2026, 12, 1), payment_terms="credit", delivery_service=service,
        delivery_cost=Decimal("350.5"), ships_together=True,
    )  # fmt: skip
    OrderLine.objects.update(client_reference="7", comment="Оцинкованные", desired_date=date(2026, 11, 30))
    Payment.objects.create(
        organization=world.organization, legal_entity=world.entity, contract=world.contract,
        reference=order.reference, amount=300, paid_on=AT.date(), document_number="17",
        recorded_by=world.manager, recorded_at=AT,
    )  # fmt: skip

    (document,) = documents(sale.get("query"))

    told = {
        item.findtext("Наименование"): item.findtext("Значение")
        for item in document.findall("ЗначенияРеквизитов/ЗначениеРеквизита")
    }
    delivery = "Со склада на Лесной; стоимость на весь заказ 350.50; отгружать всё сразу"
    expected = {
        "Дата отгрузки": "2026-12-01 00:00:00",
        "Метод оплаты": "Безналичный расчет, отсрочка",
        "Метод оплаты ИД": "credit",
        "Способ доставки": "Самовывоз",
        "Способ доставки ИД": "1",
        "Комментарий доставки": delivery,
        "Заказ оплачен": "true",
    }
    assert {name: told[name] for name in expected} == expected
    assert document.findtext("Комментарий") == (
        f"Позвоните за час\n{world.skus[0].article}: № 7 · нужно к 30.11.2026 · Оцинкованные\n"
        f"Нужен к: 01.12.2026\nСпособ доставки: {delivery}\n"
        f"Доставка: {order.delivery_text}\nНомер у клиента: PO-17"
    )
    assert document_violations(document.getparent(), [document]) == []


@pytest.mark.parametrize(
    ("name", "text"), [("Дата отгрузки", "01.12.2026"), ("Заказ оплачен", "да"), ("Отменен", "1")]
)
def test_requisite_that_1c_cannot_read_is_a_fault(sale: Talk, world: World, name: str, text: str) -> None:
    ordered(world, {0: "3"}, "300")
    Order.objects.update(desired_date=date(2026, 12, 1))
    (document,) = documents(sale.get("query"))
    assert order_faults(document) == []
    [value] = [
        item.find("Значение")
        for item in document.findall("ЗначенияРеквизитов/ЗначениеРеквизита")
        if item.findtext("Наименование") == name
    ]

    value.text = text

    assert order_faults(document) == [f"реквизит «{name}»: «{text}» 1С не прочтёт"]
    [violation] = document_violations(document.getparent(), [document])
    assert (violation.rule, violation.message.startswith(f"{name}: «{text}»")) == ("requisite", True)


def test_order_of_two_warehouses_and_rates_goes_in_parts(sale: Talk, world: World) -> None:
    ExternalId.objects.create(
        node=sale.node, kind=ExternalKind.SKU, external_id="book", object_id=world.skus[2].pk
    )
    ordered(world, {0: "12", 2: "1"}, "1210")

    found = documents(sale.get("query"))

    assert [(item.findtext("Сумма"), len(item.findall("Склады/Склад"))) for item in found] == [
        ("1000.00", 1),
        ("200.00", 0),
        ("10.00", 1),
    ]
    assert [len(item.findtext("Номер")) <= 11 for item in found] == [True] * 3
    assert document_violations(found[0].getparent(), found) == []


def test_success_takes_out_exactly_what_was_offered_and_moves_stock(sale: Talk, world: World) -> None:
    first = ordered(world, {0: "3"}, "300")
    offered = numbers(sale.get("query"))
    second = ordered(world, {0: "2"}, "200")

    answer = sale.get("success")
    again = sale.get("success")
    rest = numbers(sale.get("query"))

    assert answer == "success\nПринято заказов: 1"
    assert again == "success\nПринято заказов: 0"
    assert offered == [part.number for part in first.parts.all()]
    assert rest == [part.number for part in second.parts.all()]
    assert list(OrderExport.objects.order_by("pk").values_list("state", "accepted_version")) == [
        ("accepted", 1),
        ("queued", 0),
    ]
    assert first.parts.get().accepted_at is not None
    stock = Stock.objects.get(sku=world.skus[0], warehouse=world.main_warehouse)
    assert (stock.free, stock.reserved) == (7, 2)


def test_orders_not_taken_are_offered_again_in_the_next_session(
    sale: Talk, world: World, client: Client
) -> None:
    ordered(world, {0: "3"}, "300")
    first = numbers(sale.get("query"))
    later = Talk(client, sale.node, kind="sale").sign_in()

    second = numbers(later.get("query"))
    late_word = sale.get("success")

    assert second == first
    assert late_word == "success\nПринято заказов: 0"
    assert OrderExport.objects.get().state == "queued"
    assert later.get("success") == "success\nПринято заказов: 1"


def test_part_changed_after_the_query_stays_in_the_queue(sale: Talk, world: World) -> None:
    ordered(world, {0: "3"}, "300")
    sale.get("query")
    OrderExport.objects.update(version=2)

    sale.get("success")

    assert list(OrderExport.objects.values_list("state", "version", "accepted_version")) == [("queued", 2, 1)]
    assert len(numbers(sale.get("query"))) == 1


def wrong_sum(order: Order) -> None:
    order.parts.update(total=Decimal("301.00"))


def wrong_inn(order: Order) -> None:
    LegalEntity.objects.filter(pk=order.legal_entity_id).update(inn="123")


def unknown_good(order: Order) -> None:
    ExternalId.objects.filter(external_id=BOLT).delete()


def empty_name(order: Order) -> None:
    order.parts.get().lines.update(name="\x0b")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (wrong_sum, "сумма строк 300.00 не равна сумме заказа 301.00"),
        (wrong_inn, "ИНН «123»: неверная длина"),
        (unknown_good, "товар не из этой базы 1С: Болт М8х40"),
        (empty_name, "строка 1: нет элемента Наименование"),
    ],
)
def test_unfit_order_is_set_aside_and_the_others_go(
    sale: Talk, world: World, spoil: Callable[[Order], None], reason: str
) -> None:
    bad = ordered(world, {0: "3"}, "300")
    fine = ordered(world, {1: "2"}, "501")
    spoil(bad)
    if "ИНН" in reason:
        Order.objects.filter(pk=fine.pk).update(legal_entity=world.other_entity)

    offered = numbers(sale.get("query"))
    sale.get("success")

    assert offered == [part.number for part in fine.parts.all()]
    assert list(OrderExport.objects.order_by("pk").values_list("state", "error")) == [
        ("quarantined", reason),
        ("accepted", ""),
    ]


def test_order_put_right_goes_out_after_all(sale: Talk, world: World) -> None:
    order = ordered(world, {0: "3"}, "300")
    order.parts.update(total=Decimal(301))
    sale.get("query")
    order.parts.update(total=Decimal(300))

    count = export_requeue(export_ids=list(OrderExport.objects.values_list("pk", flat=True)))

    assert count == 1
    assert numbers(sale.get("query")) == [order.parts.get().number]


def test_confirmation_queues_the_order_once_by_its_event(world: World, node: ExchangeNode) -> None:
    order = ordered(world, {0: "12"}, "1200")
    OrderExport.objects.all().delete()
    Job.objects.exclude(handler__contains="export_confirmed_order").delete()

    run_jobs()
    repeated = orders_enqueue(order_id=order.pk)

    assert repeated == 0
    assert set(OrderExport.objects.values_list("part__order_id", "node_id")) == {(order.pk, node.pk)}
    assert OrderExport.objects.count() == 2


def test_base_gets_orders_of_its_own_organizations_only(world: World, client: Client) -> None:
    stranger = make_node("erp")
    stranger.organizations.add(make_organization("ООО «Другая»"))
    ordered(world, {0: "3"}, "300")

    assert numbers(Talk(client, stranger, kind="sale").sign_in().get("query")) == []


def test_order_of_an_organization_without_a_base_stays(world: World, node: ExchangeNode) -> None:
    node.organizations.clear()

    ordered(world, {0: "3"}, "300")

    assert OrderExport.objects.count() == 0


def test_counterparty_unknown_to_1c_gets_a_steady_id(sale: Talk, world: World) -> None:
    ExternalId.objects.filter(kind=ExternalKind.LEGAL_ENTITY).delete()
    ordered(world, {0: "3"}, "300")

    ids = {documents(sale.get("query"))[0].findtext("Контрагенты/Контрагент/Ид") for _ in range(2)}

    assert len(ids) == 1
    assert all(len(key) == 36 for key in ids)


def test_prices_without_vat_go_out_with_it(sale: Talk, world: World) -> None:
    order = ordered(world, {0: "3"}, "300")
    Order.objects.filter(pk=order.pk).update(is_vat_included=False)
    order.parts.get().lines.update(net=300, vat=66, gross=366)
    order.parts.update(total=366)

    (document,) = documents(sale.get("query"))

    line = document.find("Товары/Товар")
    assert (line.findtext("ЦенаЗаЕдиницу"), line.findtext("Сумма")) == ("122.00", "366.00")


@pytest.mark.parametrize("parts", [1, 3])
def test_query_costs_the_same_for_one_order_and_for_three(
    sale: Talk, world: World, parts: int, django_assert_num_queries: object
) -> None:
    for _ in range(parts):
        ordered(world, {0: "1"}, "100")

    with django_assert_num_queries(14):  # type: ignore[operator]
        sale.get("query")


def test_query_is_bounded(sale: Talk, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert QUERY_LIMIT == 200
    monkeypatch.setattr("integrations.services.orders.QUERY_LIMIT", 1)
    ordered(world, {0: "1"}, "100")
    ordered(world, {0: "1"}, "100")

    taken = []
    for _ in range(3):
        taken.append(len(numbers(sale.get("query"))))
        sale.get("success")

    assert taken == [1, 1, 0]


def test_numbers_and_texts_are_printed_as_1c_reads_them() -> None:
    assert [amount(Decimal(value)) for value in ("0", "10", "10.5", "250.1234", "1E+2")] == [
        "0.00", "10.00", "10.50", "250.1234", "100.00",
    ]  # fmt: skip
    assert [quantity(Decimal(value)) for value in ("3.000", "2.500", "100")] == ["3", "2.5", "100"]
    assert legal(" а\x00б\x0b\ud800😀\n ") == "аб😀"


def test_check_finds_what_1c_would_stumble_over() -> None:
    document = etree.fromstring(
        "<Документ><Ид/><Номер>123456789012</Номер><Валюта>рубль</Валюта><Товары/></Документ>"
    )

    faults = order_faults(document)

    assert "пустой элемент Ид" in faults
    assert "номер «123456789012» длиннее 11 знаков" in faults
    assert "Валюта «рубль»: неверная длина" in faults
    assert "в заказе нет строк" in faults


def test_long_comment_leaves_room_for_the_delivery(world: World, sale: Talk) -> None:
    ordered(world, {0: "1"}, "100.00", comment="к" * 3000)

    comment = documents(sale.get("query"))[0].findtext("Комментарий") or ""

    assert len(comment) == 3000
    assert comment.endswith(
        f"Доставка: {world.address.address}, Петров Иван, +7 900 000-00-00\nНомер у клиента: PO-17"
    )


@pytest.mark.parametrize("blank", [" ", "\x01", "\u00a0\n"])
def test_blank_requisites_of_the_client_do_not_hold_the_order_back(
    world: World, sale: Talk, blank: str
) -> None:
    LegalEntity.objects.filter(pk=world.entity.pk).update(legal_address=blank, phone=blank, email="")
    order = ordered(world, {0: "1"}, "100.00")

    answer = sale.get("query")

    assert numbers(answer) == [f"{order.number}-1"]
    assert documents(answer)[0].find("Контрагенты/Контрагент/Контакты") is None
