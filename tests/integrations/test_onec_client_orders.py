"""The rules by which 1C would refuse the orders of a site, each broken once."""

from decimal import Decimal

import pytest

from integrations.onec.client.orders import OrderLine, read_orders

ORDER = """<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.05" ДатаФормирования="2026-03-02T10:02:21">
 <Документ>
  <Ид>2f6d0c1e-5d39-4c46-9a11-0d6f4f9f0001</Ид><Номер>B2B-0001234</Номер>
  <Дата>2026-03-02</Дата><Время>10:02:21</Время>
  <ХозОперация>Заказ товара</ХозОперация><Роль>Продавец</Роль><Валюта>руб</Валюта><Курс>1</Курс>
  <Сумма>12960.00</Сумма>
  <Контрагенты><Контрагент>
    <Ид>9c1</Ид><Наименование>ООО Ромашка</Наименование>
    <ОфициальноеНаименование>ООО "Ромашка"</ОфициальноеНаименование>
    <ИНН>7707083893</ИНН><КПП>770701001</КПП><Роль>Покупатель</Роль>
  </Контрагент></Контрагенты>
  <Склады><Склад><Ид>w1</Ид><Наименование>Краснодар</Наименование></Склад></Склады>
  <Комментарий>Позвонить</Комментарий>
  <Товары><Товар>
    <Ид>g1</Ид><Артикул>275</Артикул><Наименование>Плитка</Наименование>
    <БазоваяЕдиница Код="055">м2</БазоваяЕдиница>
    <ЦенаЗаЕдиницу>750.00</ЦенаЗаЕдиницу><Количество>10.08</Количество><Сумма>7560.00</Сумма>
    <Единица>055</Единица><Коэффициент>1</Коэффициент>
  </Товар><Товар>
    <Ид>ORDER_DELIVERY</Ид><Наименование>Доставка</Наименование>
    <ЦенаЗаЕдиницу>5400.00</ЦенаЗаЕдиницу><Количество>1</Количество><Сумма>5400.00</Сумма>
  </Товар></Товары>
  <ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>Статус заказа</Наименование>
   <Значение>Принят</Значение></ЗначениеРеквизита></ЗначенияРеквизитов>
 </Документ>
</КоммерческаяИнформация>"""


def rules(text: str, charset: str = "utf-8") -> list[str]:
    return [violation.rule for violation in read_orders(text, charset)[1]]


def broken(old: str, new: str) -> str:
    assert old in ORDER
    return ORDER.replace(old, new, 1)


def test_order_is_read_whole() -> None:
    (order,), violations = read_orders(ORDER, "utf-8")

    assert violations == ()
    assert (order.number, order.date, order.time, order.currency) == (
        "B2B-0001234",
        "2026-03-02",
        "10:02:21",
        "руб",
    )
    assert (order.counterparty, order.inn, order.kpp) == ("ООО Ромашка", "7707083893", "770701001")
    assert (order.amount, order.warehouse_id, order.comment) == (Decimal("12960.00"), "w1", "Позвонить")
    assert order.requisites == {"Статус заказа": "Принят"}
    assert order.lines[0] == OrderLine(
        good_id="g1",
        article="275",
        name="Плитка",
        unit_code="055",
        price=Decimal("750.00"),
        quantity=Decimal("10.08"),
        amount=Decimal("7560.00"),
    )
    assert order.lines[1].unit_code == ""


def test_orders_are_read_in_a_namespace_and_in_a_container() -> None:
    spaced = broken("<КоммерческаяИнформация ", '<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" ')
    packed = spaced.replace("<Документ>", "<Контейнер><Документ>").replace(
        "</Документ>", "</Документ></Контейнер>"
    )

    orders, violations = read_orders(packed, "utf-8")

    assert [order.number for order in orders] == ["B2B-0001234"]
    assert violations == ()


def test_empty_root_means_no_orders() -> None:
    answer = read_orders('<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация/>', "utf-8")

    assert answer == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Заказ товара", "Отпуск товара", ["operation"]),
        ("<ХозОперация>Заказ товара</ХозОперация>", "", ["required"]),
        ("B2B-0001234", "B2B-00012345", ["number-length"]),
        ("<Сумма>12960.00", "<Сумма>12960.01", ["lines-sum"]),
        ("<Артикул>275</Артикул>", "<Артикул></Артикул>", ["empty"]),
        ("<Артикул>275</Артикул>", "<Артикул> </Артикул>", ["empty"]),
        ("<Склады>", "<Скидки/><Склады>", ["empty"]),
        ("<ИНН>7707083893", "<ИНН>770708389", ["shape"]),
        ("<ИНН>7707083893", "<ИНН>77070838931", ["shape"]),
        ("<КПП>770701001", "<КПП>7707010011", ["shape"]),
        ("<Валюта>руб", "<Валюта>руб.", ["shape"]),
        ("<Единица>055", "<Единица>м2", ["shape"]),
        ('Код="055"', 'Код="5 "', ["shape"]),
        ('Код="055"', 'Код=""', ["shape"]),
        ("<Дата>2026-03-02", "<Дата>02.03.2026", ["shape"]),
        ("<Время>10:02:21", "<Время>9:02:21", ["shape"]),
        ("<Курс>1<", "<Курс>1,0<", ["number"]),
        ("<Количество>10.08", "<Количество>10 шт", ["number"]),
        ("</Склад></Склады>", "</Склад><Склад><Ид>w2</Ид></Склад></Склады>", ["one-warehouse"]),
        ("<Роль>Продавец", "<Роль>Покупатель", ["role"]),
        ("<Роль>Покупатель</Роль>", "", ["role"]),
        ("<Наименование>ООО Ромашка</Наименование>", "", ["required"]),
        (
            "<Единица>055",
            "<Скидки><Скидка><Процент>5</Процент></Скидка></Скидки><Единица>055",
            ["line-discount"],
        ),
        ("Позвонить", "я" * 3001, ["comment-length"]),
        ("<Ид>g1</Ид>", "", ["required"]),
        ("<КоммерческаяИнформация", "<!DOCTYPE x [<!ENTITY e 'b'>]><КоммерческаяИнформация", ["doctype"]),
        ("</КоммерческаяИнформация>", "", ["xml"]),
    ],
)
def test_broken_rule_is_named(old: str, new: str, expected: list[str]) -> None:
    assert rules(broken(old, new)) == expected


def test_second_counterparty_is_refused() -> None:
    party = ORDER[ORDER.index("<Контрагент>") : ORDER.index("</Контрагенты>")]

    assert rules(ORDER.replace("</Контрагенты>", f"{party}</Контрагенты>")) == ["one-counterparty"]


def test_order_without_counterparty_is_refused() -> None:
    start, end = ORDER.index("<Контрагенты>"), ORDER.index("<Склады>")

    assert rules(ORDER[:start] + ORDER[end:]) == ["one-counterparty"]


def test_order_without_goods_is_refused() -> None:
    start, end = ORDER.index("<Товары>"), ORDER.index("<ЗначенияРеквизитов>")

    assert rules(ORDER[:start] + ORDER[end:]) == ["required", "lines-sum"]


def test_bank_code_of_a_wrong_length_is_refused() -> None:
    bank = "<РасчетныеСчета><РасчетныйСчет><Банк><БИК>04452522</БИК></Банк></РасчетныйСчет></РасчетныеСчета>"

    assert rules(broken("<КПП>", f"{bank}<КПП>")) == ["shape"]


def test_repeated_number_and_id_are_refused() -> None:
    document = ORDER[ORDER.index("<Документ>") : ORDER.index("</КоммерческаяИнформация>")]

    assert rules(ORDER.replace("</КоммерческаяИнформация>", f"{document}</КоммерческаяИнформация>")) == [
        "repeated",
        "repeated",
    ]


def test_empty_element_beside_the_documents_is_refused() -> None:
    assert rules(broken("<Документ>", "<Контейнер/><Документ>")) == ["empty"]


def test_foreign_root_is_refused() -> None:
    assert rules('<?xml version="1.0" encoding="UTF-8"?><html><p>x</p></html>') == ["root"]


def test_violation_names_order_place_and_value() -> None:
    _, (violation,) = read_orders(broken("<ИНН>7707083893", "<ИНН>770708389"), "utf-8")

    assert violation.order == "B2B-0001234"
    assert violation.message == "Контрагенты/Контрагент/ИНН: «770708389», нужно 10 или 12 цифр"


def test_sole_proprietor_without_kpp_is_accepted() -> None:
    order = broken("<ИНН>7707083893</ИНН><КПП>770701001</КПП>", "<ИНН>500100732259</ИНН>")

    assert rules(order) == []


def test_charset_of_header_and_declaration_have_to_agree() -> None:
    assert rules(ORDER, "windows-1251") == ["charset"]
    assert rules(ORDER, "UTF8") == []
    assert rules(broken('encoding="UTF-8"', 'encoding="windows-1251"'), "cp1251") == []
    assert rules(broken('encoding="UTF-8"', 'encoding="klingon"'), "utf-8") == ["charset"]


def test_bytes_that_do_not_fit_the_charset_are_named() -> None:
    assert rules(broken("Позвонить", "Позвонит\ufffd")) == ["charset"]
