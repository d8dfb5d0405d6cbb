"""CommerceML 3.1 of Bitrix' module: a tree of small files, each about one thing, in whatever order."""

from decimal import Decimal

import pytest

from catalog.models import Product, ProductSection, Property, PropertyValue, Sku, Stock, Unit, Warehouse
from integrations.models import ExchangeFile, PendingOffer
from pricing.models import Price, PriceType
from tests.integrations.onec_talk import BASE, BLUE, GOOD, KAZAN, LENGTH, MATERIAL, MOSCOW, OTHER, STEEL, Talk

pytestmark = pytest.mark.django_db

CATALOG = "8d9f1f3f-d0d4-4f94-abe4-8e1525727900"
GROUP = "82cfb8dc-18f9-11e7-80c2-000000000001"
VERSION = "<НомерВерсии>AAAAAQ==</НомерВерсии>"
KEPT = VERSION + "<ПометкаУдаления>false</ПометкаУдаления>"
GONE = VERSION + "<ПометкаУдаления>true</ПометкаУдаления>"


def root(content: str) -> str:
    return (
        '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n'
        '<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_3" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        ' ВерсияСхемы="3.1" ДатаФормирования="2026-11-20T9:51:39" Ид="Обмен с сайтом">\n'
        f"{content}\n</КоммерческаяИнформация>"
    )


def classifier(content: str) -> str:
    return root(
        f'<Классификатор СодержитТолькоИзменения="true"><Ид>{CATALOG}</Ид><Наименование>Товары</Наименование>'
        f"<Владелец><Ид>o</Ид><Наименование>ООО</Наименование></Владелец>{content}</Классификатор>"
    )


def goods(*items: str) -> str:
    return root(
        f'<Каталог СодержитТолькоИзменения="true"><Ид>{CATALOG}</Ид>'
        f"<ИдКлассификатора>{CATALOG}</ИдКлассификатора><Наименование>Товары</Наименование>"
        f"<Товары>{''.join(items)}</Товары></Каталог>"
    )


def package(*offers: str) -> str:
    return root(
        f'<ПакетПредложений СодержитТолькоИзменения="true"><Ид>{CATALOG}#</Ид>'
        f"<ИдКаталога>{CATALOG}</ИдКаталога><ИдКлассификатора>{CATALOG}</ИдКлассификатора>"
        f"<Предложения>{''.join(offers)}</Предложения></ПакетПредложений>"
    )


def good(external_id: str, name: str, *, mark: str = KEPT, unit: str = "8899") -> str:
    return (
        f"<Товар><Ид>{external_id}</Ид>{mark}<Артикул>A</Артикул><Наименование>{name}</Наименование>"
        f"<БазоваяЕдиница>{unit}</БазоваяЕдиница><Группы><Ид>{GROUP}</Ид></Группы>"
        f"<ЗначенияСвойств><ЗначенияСвойства><Ид>{LENGTH}</Ид><Значение>40</Значение></ЗначенияСвойства>"
        f"<ЗначенияСвойства><Ид>{MATERIAL}</Ид><Значение>{STEEL}</Значение></ЗначенияСвойства></ЗначенияСвойств>"
        "<СтавкиНалогов><СтавкаНалога><Наименование>НДС</Наименование><Ставка>22</Ставка></СтавкаНалога>"
        "</СтавкиНалогов></Товар>"
    )


def offer(external_id: str, content: str) -> str:
    return f"<Предложение><Ид>{external_id}</Ид>{content}</Предложение>"


def rest(**quantities: str) -> str:
    rows = "".join(
        f"<Остаток><Склад><Ид>{MOSCOW if name == 'moscow' else KAZAN}</Ид><Количество>{told}</Количество>"
        "</Склад></Остаток>"
        for name, told in quantities.items()
    )
    return f"<Остатки>{rows}</Остатки>"


PRICE = (
    f"<Цены><Цена><Представление>10,5 РУБ за м.п.</Представление><ИдТипаЦены>{BASE}</ИдТипаЦены>"
    "<ЦенаЗаЕдиницу>10.5</ЦенаЗаЕдиницу><Валюта>РУБ</Валюта><Налог><Наименование>НДС</Наименование>"
    "<УчтеноВСумме>true</УчтеноВСумме></Налог><Единица>8899</Единица></Цена></Цены>"
)
TREE = {
    "groups/1/groups_1_1.xml": classifier(
        f"<Группы><Группа><Ид>{GROUP}</Ид>{KEPT}<Наименование>Профиль</Наименование></Группа></Группы>"
    ),
    "propertiesGoods/1/propertiesGoods_1_1.xml": classifier(
        f"<Свойства><Свойство><Ид>{LENGTH}</Ид>{KEPT}<Наименование>Длина</Наименование>"
        "<Обязательное>false</Обязательное><ТипЗначений>Число</ТипЗначений></Свойство>"
        f"<Свойство><Ид>{MATERIAL}</Ид>{KEPT}<Наименование>Материал</Наименование>"
        "<ТипЗначений>Справочник</ТипЗначений><ВариантыЗначений><Справочник>"
        f"<ИдЗначения>{STEEL}</ИдЗначения><Значение>Сталь</Значение></Справочник></ВариантыЗначений>"
        "</Свойство></Свойства>"
    ),
    "units/units_1_1.xml": classifier(
        f"<ЕдиницыИзмерения><ЕдиницаИзмерения><Ид>8899</Ид>{KEPT}<Код>8899</Код>"
        "<НаименованиеПолное>Метр погонный</НаименованиеПолное>"
        "<НаименованиеКраткое>м.п.</НаименованиеКраткое></ЕдиницаИзмерения></ЕдиницыИзмерения>"
    ),
    "priceLists/priceLists_1_1.xml": classifier(
        f"<ТипыЦен><ТипЦены><Ид>{BASE}</Ид>{KEPT}<Наименование>Оптовая</Наименование><Валюта>РУБ</Валюта>"
        "<Налог><Наименование>НДС</Наименование><УчтеноВСумме>true</УчтеноВСумме></Налог></ТипЦены></ТипыЦен>"
    ),
    "storages/storages_1_1.xml": classifier(
        f"<Склады><Склад><Ид>{MOSCOW}</Ид>{KEPT}<Наименование>Москва</Наименование></Склад>"
        f"<Склад><Ид>{KAZAN}</Ид>{KEPT}<Наименование>Казань</Наименование></Склад></Склады>"
    ),
    "goods/1/goods_1_1.xml": goods(good(GOOD, "Профиль стоечный"), good(OTHER, "Профиль старый", mark=GONE)),
    "offers/1/offers_1_1.xml": package(
        offer(GOOD, f"{KEPT}<Наименование>Профиль стоечный</Наименование>"),
        offer(f"{GOOD}#{BLUE}", f"{GONE}<Наименование>Профиль стоечный (синий)</Наименование>"),
    ),
    "prices/1/prices_1_1.xml": package(offer(GOOD, PRICE), offer(f"{GOOD}#{BLUE}", PRICE)),
    "rests/1/rests_1_1.xml": package(
        offer(GOOD, rest(moscow="3", kazan="0,5")), offer(f"{GOOD}#{BLUE}", rest(moscow="1"))
    ),
    "contragents/contragents_1_1.xml": root(
        '<Контрагенты СодержитТолькоИзменения="true"><Контрагент><Ид>c</Ид><Наименование>ООО</Наименование>'
        "<ИНН/></Контрагент><Контрагент><Ид>d</Ид></Контрагент></Контрагенты>"
    ),
    "orders/orders_1.xml": root(
        "<Контейнер><Документ><Ид>1</Ид><Номер>7</Номер><Товары><Товар><Ид>x</Ид></Товар></Товары></Документ>"
        "</Контейнер>"
    ),
}
COUNTS: dict[str, tuple[dict[str, int], dict[str, int]]] = {
    "groups": ({"sections": 1}, {"sections": 1}),
    "propertiesGoods": ({"properties": 2}, {"properties": 2}),
    "units": ({}, {}),
    "priceLists": ({"price_types_new": 1}, {}),
    "storages": ({"warehouses_new": 2}, {}),
    "goods": (
        {"goods": 2, "goods_new": 2, "goods_hidden": 1, "values_changed": 4, "skus_new": 2},
        {"goods": 2, "goods_hidden": 1},
    ),
    "offers": ({"skus_new": 1, "offers": 2}, {"offers": 2}),
    "prices": ({"offers": 2, "prices_changed": 2}, {"offers": 2}),
    "rests": ({"offers": 2, "stocks_changed": 3}, {"offers": 2}),
    "contragents": ({"parties": 2, "parties_waiting": 2}, {"parties": 2, "parties_waiting": 2}),
    "orders": ({}, {}),
}


def assert_whole() -> None:
    product = Product.objects.get(is_hidden=False)
    assert (product.name, product.unit.name, product.vat_percent) == ("Профиль стоечный", "м.п.", 22)
    assert list(Product.objects.filter(is_hidden=True).values_list("name", flat=True)) == ["Профиль старый"]
    assert list(ProductSection.objects.filter(product=product).values_list("section__name", flat=True)) == [
        "Профиль"
    ]
    assert dict(PropertyValue.objects.filter(product=product).values_list("property__name", "text")) == {
        "Длина": "40",
        "Материал": "Сталь",
    }
    assert Sku.objects.get(product=product, is_hidden=False).characteristic == ""
    assert dict(Sku.objects.filter(characteristic="синий").values_list("characteristic", "is_hidden")) == {
        "синий": True
    }
    sku = Sku.objects.get(product=product, is_hidden=False)
    assert dict(sku.prices.values_list("price_type__name", "amount")) == {"Оптовая": Decimal("10.5")}
    assert dict(sku.stocks.values_list("warehouse__name", "free")) == {"Москва": 3, "Казань": Decimal("0.5")}
    assert (PriceType.objects.count(), Warehouse.objects.count(), PendingOffer.objects.count()) == (1, 2, 0)
    assert (Price.objects.count(), Stock.objects.count(), Property.objects.count()) == (2, 3, 2)


def test_tree_of_small_files_loads_twice_and_the_second_time_changes_nothing(talk: Talk) -> None:
    answers = [talk.load(name, body) for name, body in TREE.items()]
    first = {name.partition("/")[0]: talk.file(name).report["counts"] for name in TREE}
    moments = dict(Product.objects.values_list("pk", "updated_at"))
    again = Talk(talk.client, talk.node).start()
    answers += [again.load(name, body) for name, body in TREE.items()]
    second = {name.partition("/")[0]: again.file(name).report["counts"] for name in TREE}

    assert [answer for answer in answers if not answer.startswith("success")] == []
    assert first == {name: pair[0] for name, pair in COUNTS.items()}
    assert second == {name: pair[1] for name, pair in COUNTS.items()}
    assert dict(Product.objects.values_list("pk", "updated_at")) == moments
    assert_whole()
    assert again.get("complete") == "success"


def test_tree_loads_in_the_opposite_order_too(talk: Talk) -> None:
    """Rests before goods, prices before their types: what went before its turn is sent again."""
    for name, body in reversed(TREE.items()):
        talk.load(name, body)
    goods_file = "goods/1/goods_1_1.xml"
    talk.load("goods/2/goods_2_1.xml", TREE[goods_file])
    talk.load("offers/2/offers_2_1.xml", TREE["offers/1/offers_1_1.xml"])

    assert_whole()
    assert Unit.objects.filter(code="8899").count() == 1


def test_rows_of_prices_and_stock_do_not_bring_back_what_is_marked_deleted(talk: Talk) -> None:
    for name in ("goods/1/goods_1_1.xml", "offers/1/offers_1_1.xml", "prices/1/prices_1_1.xml"):
        talk.load(name, TREE[name])

    talk.load("rests/1/rests_1_1.xml", TREE["rests/1/rests_1_1.xml"])

    assert Sku.objects.get(characteristic="синий").is_hidden
    talk.load(
        "offers/2/offers_2_1.xml",
        package(offer(f"{GOOD}#{BLUE}", f"{KEPT}<Наименование>Профиль стоечный (синий)</Наименование>")),
    )
    assert not Sku.objects.get(characteristic="синий").is_hidden


def test_counterparties_and_papers_among_goods_are_read_as_such(talk: Talk) -> None:
    talk.load("contragents/contragents_1_1.xml", TREE["contragents/contragents_1_1.xml"])
    talk.load("orders/orders_1.xml", TREE["orders/orders_1.xml"])

    told = [file.report["warnings"] for file in ExchangeFile.objects.order_by("pk")]
    assert [[row["text"] for row in rows] for rows in told] == [[], ["Документ «» портал не читает"]]
    assert Product.objects.count() == 0
