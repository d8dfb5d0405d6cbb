"""Documents and counterparties of 1C read in every dialect, and what is refused."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from integrations.onec.incoming.file import MOST_LINES, IncomingFile, holds_orders
from integrations.onec.incoming.records import Bundle, DocumentRecord, Head, Operation, PartyRecord
from integrations.onec.incoming.requisites import document_moment, folded, state_key
from integrations.onec.refusal import ExchangeRefusal
from portal.lib.dates import MOSCOW
from tests.integrations.erp_files import GUID, PARTY, good, message, order, party, requisites


def opened(tmp_path: Path, text: str | bytes) -> IncomingFile:
    path = tmp_path / "orders.xml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return IncomingFile(path, name="orders.xml", zone=MOSCOW)


def documents(tmp_path: Path, text: str | bytes) -> list[DocumentRecord]:
    records = opened(tmp_path, text).records()
    return [document for item in records if isinstance(item, Bundle) for document in item.documents]


def test_ut_order_is_read_whole(tmp_path: Path) -> None:
    told = [
        ("Номер по 1С", "00УТ-000123"),
        ("Дата по 1С", "2026-11-24T9:51:39"),
        ("ПометкаУдаления", "false"),
        ("Проведен", "true"),
        ("Номер оплаты по 1С", "УТ-77"),
        ("Дата оплаты по 1С", "2026-11-25T9:00:00"),
        ("Статус заказа", "К отгрузке"),
    ]
    goods = good("g1", "Болт", "3.000", "100.00", "300.00") + good("g2#c1", "Кабель", "2,5", "100", "250")
    text = message(order("B0000001-1  ", goods, "550.00", told=told))

    head, bundle = opened(tmp_path, text).records()

    assert head == Head("2.07", datetime(2026, 11, 24, 9, 5, 7, tzinfo=MOSCOW))
    assert isinstance(bundle, Bundle)
    (document,) = bundle.documents
    assert (document.external_id, document.number, document.operation) == (
        GUID,
        "B0000001-1",
        Operation.ORDER,
    )
    assert (document.erp_number, document.erp_date) == ("00УТ-000123", date(2026, 11, 24))
    assert (document.is_posted, document.is_deleted, document.is_cancelled) == (True, False, False)
    assert (document.is_paid, document.paid_on) == (True, date(2026, 11, 25))
    assert (document.is_shipped, document.shipped_on) == (False, None)
    assert (document.state_text, document.total, document.currency) == ("К отгрузке", 550, "RUB")
    assert document.buyer is not None
    assert (document.buyer.external_id, document.buyer.inn) == (PARTY, "7707083893")
    assert document.lines is not None
    assert [
        (line.external_id, line.quantity, line.price, line.gross, line.vat) for line in document.lines
    ] == [
        ("g1", 3, 100, 300, Decimal("54.10")),
        ("g2#c1", Decimal("2.5"), 100, 250, Decimal("45.08")),
    ]


@pytest.mark.parametrize("empty", ["T", "Т", "", "0001-01-01", "0001-01-01T00:00:00", "скоро"])
def test_empty_date_of_payment_is_no_payment(tmp_path: Path, empty: str) -> None:
    told = [("Номер оплаты по 1С", "УТ-77"), ("Дата оплаты по 1С", empty), ("Дата отгрузки по 1С", empty)]

    (document,) = documents(tmp_path, message(order("1", "", "0", told=told)))

    assert (document.is_paid, document.paid_on, document.is_shipped, document.shipped_on) == (
        False, None, False, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014-12-12T9:51:39", datetime(2014, 12, 12, 9, 51, 39, tzinfo=MOSCOW)),
        ("2014-12-12Т09:51", datetime(2014, 12, 12, 9, 51, tzinfo=MOSCOW)),
        ("2026-3-2", datetime(2026, 3, 2, tzinfo=MOSCOW)),
        ("2007-10-16 15:44:47", datetime(2007, 10, 16, 15, 44, 47, tzinfo=MOSCOW)),
        ("11.02.2021 18:45:21", datetime(2021, 2, 11, 18, 45, 21, tzinfo=MOSCOW)),
        ("2026-02-31", None),
        ("T9:51:39", None),
    ],
)
def test_dates_of_1c(text: str, expected: datetime | None) -> None:
    assert document_moment(text, MOSCOW) == expected


def test_zone_belongs_to_the_base() -> None:
    moment = document_moment("2026-11-24T00:30:00", ZoneInfo("Asia/Vladivostok"))

    assert moment is not None
    assert moment.astimezone(MOSCOW).date() == date(2026, 11, 23)


def test_names_differ_in_spaces_case_and_latin_letters_only() -> None:
    assert folded("Номер по 1C") == folded("НомерПо1С") == folded("номер по 1с")
    assert folded("Дата отгрузки") != folded("Дата оплаты")
    assert state_key("[N] Принят, ожидается оплата") == state_key("Принят,ожидается Оплата")


def test_homoglyphs_in_names_of_requisites_are_read(tmp_path: Path) -> None:
    latin = "Номер по 1C"  # the last letter is Latin

    (document,) = documents(tmp_path, message(order("1", "", "0", told=[(latin, "УТ-5")])))

    assert document.erp_number == "УТ-5"


def test_unf_order_has_subordinate_documents(tmp_path: Path) -> None:
    payment = (
        "<ПодчиненныйДокумент><Ид>pay-1</Ид><Номер>15</Номер><Дата>2026-11-25</Дата>"
        "<ХозОперация>Выплата безналичных денег</ХозОперация><Сумма>100.00</Сумма><Валюта>руб</Валюта>"
        "</ПодчиненныйДокумент>"
    )
    shipment = (
        "<ПодчиненныйДокумент><Ид>ship-1</Ид><Дата>2026-11-26</Дата><ХозОперация>Отпуск товара</ХозОперация>"
        f"<Сумма>200.00</Сумма><Товары>{good('g1', 'Болт', '2', '100', '200')}</Товары>"
        f"{requisites([('Номер отгрузки по 1С', 'НФНФ-3')])}</ПодчиненныйДокумент>"
    )
    extra = f"<ПодчиненныеДокументы>{payment}{shipment}</ПодчиненныеДокументы>"
    told = [("Оплачен", "false"), ("Отгружен", "true"), ("Статус заказа", "В работе")]
    goods = good("g1", "Болт", "3", "100", "300")

    (document,) = documents(
        tmp_path, message(order("1", goods, "300", told=told, extra=extra), version="2.10")
    )

    assert (document.is_paid, document.is_shipped, document.shipped_on) == (False, True, None)
    assert document.lines is not None
    assert len(document.lines) == 1
    paid, shipped = document.subordinate
    assert (paid.operation, paid.external_id, paid.total, paid.lines) == (
        Operation.PAYMENT,
        "pay-1",
        100,
        None,
    )
    assert (shipped.operation, shipped.number) == (Operation.SHIPMENT, "")
    assert shipped.lines is not None
    assert [(line.external_id, line.quantity) for line in shipped.lines] == [("g1", 2)]


def test_bitrix_container_keeps_its_documents_together(tmp_path: Path) -> None:
    main = (
        "<Документ><Номер>320       </Номер><Дата>2026-11-23</Дата><ХозОперация>Заказ товара</ХозОперация>"
        "<Номер1С>УТ-9</Номер1С><Дата1С>2026-11-24</Дата1С><НомерВерсии>AAAAAAACyg0=</НомерВерсии>"
        f"<ПометкаУдаления>true</ПометкаУдаления>{requisites([('СтатусЗаказа', 'Отгружен')])}</Документ>"
    )
    paid = (
        "<Документ><Ид>p1</Ид><Номер>7</Номер><ХозОперация>Выплата наличных денег</ХозОперация>"
        "<Основание>320</Основание><Сумма>5</Сумма></Документ>"
    )
    text = message(f"<Контейнер>{main}{paid}</Контейнер>", version="3.1", namespace="urn:1C.ru:commerceml_3")

    _head, bundle = opened(tmp_path, text).records()

    assert isinstance(bundle, Bundle)
    order_document, payment = bundle.documents
    assert (order_document.external_id, order_document.number) == ("", "320")
    assert (order_document.erp_number, order_document.version) == ("УТ-9", "AAAAAAACyg0=")
    assert (order_document.state_text, order_document.is_deleted) == ("Отгружен", True)
    assert (payment.operation, payment.basis) == (Operation.PAYMENT, ("320",))


def test_windows_1251_without_a_namespace_is_read(tmp_path: Path) -> None:
    text = message(order("B1", "", "0", told=[("Статус заказа", "Ёлка")]), encoding="windows-1251")
    text = text.replace(' xmlns="urn:1C.ru:commerceml_2"', "")

    (document,) = documents(tmp_path, text.encode("windows-1251"))

    assert document.state_text == "Ёлка"


def test_package_and_tax_on_top_become_base_units_with_vat(tmp_path: Path) -> None:
    tax = "<Налоги><Налог><УчтеноВСумме>false</УчтеноВСумме><Сумма>22.00</Сумма></Налог></Налоги>"
    goods = good("g1", "Болт", "2", "50", "100", extra=f"<Коэффициент>10</Коэффициент>{tax}")

    (document,) = documents(tmp_path, message(order("B1", goods, "122")))

    assert document.lines is not None
    (line,) = document.lines
    assert (line.quantity, line.price, line.gross, line.vat) == (20, Decimal("6.10"), 122, 22)


@pytest.mark.parametrize(("quantity", "price"), [("-1", "5"), ("1", "9" * 15), ("9" * 15, "1"), ("1", "-5")])
def test_absurd_document_is_passed_over_and_the_next_is_read(
    tmp_path: Path, quantity: str, price: str
) -> None:
    bad = order("B1", good("g", "x", quantity, price, ""), "1", external_id="bad")
    file = opened(tmp_path, message(bad, order("B2", "", "0")))

    found = [item for item in file.records() if isinstance(item, Bundle)]

    assert [bundle.documents[0].number for bundle in found] == ["B2"]
    assert [(external_id, line) for _text, external_id, line in file.unread] == [("bad", 2)]


def test_counterparties_are_read_alone_and_with_odd_codes(tmp_path: Path) -> None:
    odd = (
        "<Контрагент><Ид>P2</Ид><Наименование>ИП Иванов</Наименование><ПолноеНаименование>Иванов И. И."
        "</ПолноеНаименование><ИНН> 5001 0073 2259 </ИНН><Контакты><Контакт><Тип>ТелефонРабочий</Тип>"
        "<Значение>+7 900</Значение></Контакт><Контакт><Тип>Электронная почта</Тип>"
        "<Значение>a@b.ru</Значение></Контакт></Контакты><ПометкаУдаления>true</ПометкаУдаления></Контрагент>"
    )
    text = message(f"<Контрагенты>{party()}{odd}<Контрагент><Ид>P3</Ид><ИНН/></Контрагент></Контрагенты>")

    found = [item for item in opened(tmp_path, text).records() if isinstance(item, PartyRecord)]

    assert [(item.external_id, item.inn, item.kpp, item.is_person) for item in found] == [
        (PARTY, "7707083893", "770101001", False),
        ("P2", "500100732259", "", True),
        ("P3", "", "", True),
    ]
    assert (found[1].phone, found[1].email, found[1].is_deleted) == ("+7 900", "a@b.ru", True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "x">]><КоммерческаяИнформация/>', "DOCTYPE"),
        ("<html><body>404</body></html>", "нет элемента КоммерческаяИнформация"),
        (message(order("B1", "", "0"))[:-30], "обрезан или повреждён"),
        ("", "пуст"),
    ],
)
def test_hostile_and_broken_files_are_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ExchangeRefusal, match=reason):
        list(opened(tmp_path, text).records())


def test_endless_document_is_refused(tmp_path: Path) -> None:
    line = "<Товар><Ид>g</Ид><Количество>1</Количество></Товар>"

    with pytest.raises(ExchangeRefusal, match="больше 20000 строк"):
        list(opened(tmp_path, message(order("B1", line * (MOST_LINES + 1), "0"))).records())


def test_file_tells_orders_from_goods(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"

    found = []
    for content in (order("B1", "", "0"), "<Контейнер/>", "<Контрагенты/>", "<Каталог/>", ""):
        path.write_text(message(content))
        found.append(holds_orders(path, name="x.xml"))

    assert found == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("carono+yii2-1c-exchange/files/xml/from.xml", [("36", 2)]),
        ("carono+yii2-1c-exchange/files/xml/to.v-8fcab98.xml", [("20", 2)]),
        ("carono+php-commerceml/tests/xml/orders.xml", [("20", 2)]),
        ("dobromyslov+commerceml-parser/data/bitrix-query-response-empty.xml", []),
    ],
)
def test_real_orders_are_read(shared_data: Path, name: str, expected: list[tuple[str, int]]) -> None:
    file = IncomingFile(shared_data / "commerceml" / name, name=name, zone=MOSCOW)

    bundles = [item for item in file.records() if isinstance(item, Bundle)]

    found = [(bundle.documents[0].number, len(bundle.documents[0].lines or ())) for bundle in bundles]
    assert (found, file.unread) == (expected, [])


def test_real_answer_of_bitrix_is_read(shared_data: Path) -> None:
    name = "dobromyslov+commerceml-parser/data/bitrix-query-response-full.xml"
    file = IncomingFile(shared_data / "commerceml" / name, name=name, zone=MOSCOW)

    bundles = [item for item in file.records() if isinstance(item, Bundle)]

    assert [bundle.documents[0].number for bundle in bundles][:2] == ["132", "133"]
    assert bundles[0].documents[0].state_text == "[N] Принят, ожидается оплата"
    assert file.unread == []
