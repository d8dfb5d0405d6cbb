"""Offers: prices per base unit, stock per warehouse, what a delta changes and what it must not."""

from decimal import Decimal

import pytest

from catalog.models import Product, Sku, Stock, Warehouse
from integrations.models import ExchangeStream, PendingOffer
from pricing.models import Price, PriceType
from tests.factories import AT
from tests.integrations.onec_talk import (
    BASE,
    BLUE,
    GOOD,
    KAZAN,
    MOSCOW,
    OTHER,
    RED,
    RETAIL,
    TYPES,
    WAREHOUSES,
    Talk,
    catalog,
    changes,
    good,
    offer,
    package,
    price,
    rest,
    root,
)


@pytest.fixture
def talk(talk: Talk) -> Talk:
    """A base with two goods."""
    assert talk.load("import0_1.xml", catalog(good(), good(OTHER, "Гайка"))).startswith("success")
    return talk


def prices(name: str = "Болт М8х40") -> dict[str, Decimal]:
    return dict(Price.objects.filter(sku__product__name=name).values_list("price_type__name", "amount"))


def stock(name: str = "Болт М8х40") -> dict[str, Decimal]:
    return dict(Stock.objects.filter(sku__product__name=name).values_list("warehouse__name", "free"))


def warnings(talk: Talk, name: str) -> list[str]:
    return [warning["text"] for warning in talk.file(name).report["warnings"]]


def test_package_gives_closed_price_types_prices_and_stock(talk: Talk) -> None:
    answer = talk.load("offers0_1.xml", package(offer()))

    assert answer == (
        "success\noffers0_1.xml: новых видов цен: 2, новых складов: 2, предложений: 1,"
        " изменённых цен: 1, изменённых остатков: 2"
    )
    assert list(
        PriceType.objects.order_by("pk").values_list("name", "currency", "is_vat_included", "is_open")
    ) == [
        ("Оптовая", "RUB", True, False),
        ("Розничная", "RUB", True, False),
    ]
    assert prices() == {"Оптовая": Decimal("10.50")}
    assert stock() == {"Москва": 10, "Казань": 2}


def test_same_package_again_changes_nothing(talk: Talk) -> None:
    body = package(offer(), offer(OTHER, name="Гайка"))
    talk.load("offers0_1.xml", body)
    Price.objects.update(updated_at=AT)
    Stock.objects.update(updated_at=AT)
    before = [list(model.objects.order_by("pk").values()) for model in (Price, Stock, Sku, PriceType)]

    talk.load("offers0_2.xml", body)

    assert [list(model.objects.order_by("pk").values()) for model in (Price, Stock, Sku, PriceType)] == before
    assert talk.file("offers0_2.xml").report["counts"] == {"offers": 2}


def test_opened_price_type_stays_open_when_renamed(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer()))
    PriceType.objects.filter(name="Оптовая").update(is_open=True)

    talk.load(
        "offers0_2.xml", package(offer(), types=TYPES.replace("Оптовая", "Опт").replace("true", "false"))
    )

    assert list(PriceType.objects.order_by("pk").values_list("name", "is_vat_included", "is_open")) == [
        ("Опт", False, True),
        ("Розничная", True, False),
    ]


@pytest.mark.parametrize(
    ("told", "expected", "warned"),
    [
        (price("525", unit="778", coefficient="50"), "10.5", []),
        (price("1 234,567", currency="руб"), "1234.567", []),
        (price("100", unit="778", coefficient="3"), "33.3333", []),
        (price("0"), "0", []),
        (
            price("500", unit="778", coefficient="50") + price("11") + price("12", unit="778"),
            "11",
            ["Две цены одного вида: взята цена базовой единицы или последняя"],
        ),
        (
            price("500", unit="778", coefficient="50") + price("600", unit="778", coefficient="50"),
            "12",
            ["Две цены одного вида: взята цена базовой единицы или последняя"],
        ),
        (price("дорого"), None, ["Цена не читается, пропущена"]),
        (price("-5"), None, ["Цена не читается, пропущена"]),
        (price("1e9"), None, ["Цена не читается, пропущена"]),
        (price("5", currency="USD"), None, ["Валюта цены USD не та, что у вида цен, цена пропущена"]),
        (price("5", coefficient="0"), None, ["Коэффициент единицы не читается, цена пропущена"]),
    ],
    ids=[
        "pack",
        "spaces",
        "third",
        "zero",
        "two",
        "two-packs",
        "word",
        "negative",
        "float",
        "currency",
        "by-zero",
    ],
)
def test_price_is_of_one_base_unit(talk: Talk, told: str, expected: str | None, warned: list[str]) -> None:
    talk.load("offers0_1.xml", package(offer(prices=told)))

    assert prices() == ({} if expected is None else {"Оптовая": Decimal(expected)})
    assert warnings(talk, "offers0_1.xml") == warned


def test_unreadable_price_keeps_the_known_one(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer(prices=price("10") + price("12", type_id=RETAIL))))

    talk.load("offers0_2.xml", package(offer(prices=price("?"))))

    assert prices() == {"Оптовая": 10}


def test_listed_prices_replace_the_set_and_silence_keeps_it(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer(prices=price("10") + price("12", type_id=RETAIL))))

    talk.load("offers0_2.xml", changes(offer(name="", prices="-")))
    kept = prices()
    talk.load("offers0_3.xml", changes(offer(name="", prices=price("11"))))

    assert kept == {"Оптовая": 10, "Розничная": 12}
    assert prices() == {"Оптовая": 11}


def test_prices_of_another_source_are_left_alone(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer()))
    own = PriceType.objects.create(name="Своя")
    Price.objects.create(
        sku=Sku.objects.get(product__name="Болт М8х40"), price_type=own, amount=5, updated_at=AT
    )
    local = Warehouse.objects.create(name="Свой")
    Stock.objects.create(
        sku=Sku.objects.get(product__name="Болт М8х40"), warehouse=local, free=7, updated_at=AT
    )

    talk.load("offers0_2.xml", changes(offer(name="", prices="", rests="", quantity="0")))

    assert prices() == {"Своя": 5}
    assert stock() == {"Москва": 0, "Казань": 0, "Свой": 7}


def test_delta_replaces_warehouses_of_listed_offers_only(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer(), offer(OTHER, name="Гайка")))
    rows = f'<Склады ИдСклада="{KAZAN}" КоличествоНаСкладе="4099,72"/>'

    talk.load("offers0_2.xml", changes(offer(name="", prices="-", rests=rows, quantity="4099,72")))

    assert stock() == {"Москва": 0, "Казань": Decimal("4099.72")}
    assert stock("Гайка") == {"Москва": 10, "Казань": 2}


def test_sold_out_good_of_a_delta_is_zero_everywhere(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer()))

    talk.load("offers0_2.xml", changes(offer(name="", prices="-", rests="", quantity="0")))

    assert stock() == {"Москва": 0, "Казань": 0}


def test_package_without_any_stock_does_not_touch_it(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer()))

    talk.load("offers0_2.xml", package(offer(prices=price("99"), rests="", quantity="-"), warehouses=""))

    assert (prices(), stock()) == ({"Оптовая": 99}, {"Москва": 10, "Казань": 2})


def test_reserve_of_the_portal_survives_new_stock(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer()))
    Stock.objects.filter(warehouse__name="Москва").update(reserved=3)

    talk.load("offers0_2.xml", changes(offer(name="", rests=rest(MOSCOW, "-2"), quantity="-2")))

    assert list(Stock.objects.filter(warehouse__name="Москва").values_list("free", "reserved")) == [(-2, 3)]


@pytest.mark.parametrize(
    ("warehouses", "expected", "warned"),
    [
        ("", {"Основной склад": 12}, []),
        (WAREHOUSES, {}, ["Количество без склада при нескольких складах: остаток не изменён"]),
    ],
)
def test_total_without_warehouses_lies_in_the_only_one(
    talk: Talk, warehouses: str, expected: dict[str, int], warned: list[str]
) -> None:
    talk.load("offers0_1.xml", package(offer(rests=""), warehouses=warehouses))

    assert stock() == expected
    assert warnings(talk, "offers0_1.xml") == warned


def test_warehouse_that_nobody_named_keeps_its_stock_and_serves_no_city(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer(rests=rest(MOSCOW, "1") + rest("nowhere", "5"))))

    assert stock() == {"Москва": 1, "nowhere": 5}
    assert not Warehouse.objects.get(name="nowhere").serves.exists()
    assert talk.file("offers0_1.xml").report["warnings"] == [
        {"text": "Неизвестный склад заведён без города", "id": "nowhere", "line": 7}
    ]


def test_price_type_that_nobody_named_is_kept_closed_until_its_list_comes(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer(prices=price("7", type_id="новый", currency="EUR"))))
    told = (prices(), talk.file("offers0_1.xml").report["warnings"])
    named = "<Ид>новый</Ид><Наименование>Дилер</Наименование><Валюта>EUR</Валюта>"
    types = f"<ТипыЦен><ТипЦены>{named}</ТипЦены></ТипыЦен>"

    talk.load("offers0_2.xml", package(types=types, warehouses=""))

    assert told == (
        {"новый": 7},
        [{"text": "Неизвестный вид цен заведён закрытым", "id": "новый", "line": 0}],
    )
    assert prices() == {"Дилер": 7}
    assert PriceType.objects.filter(is_open=True).count() == 0


def test_rests_and_prices_of_version_3_load_from_files_of_their_own(talk: Talk) -> None:
    talk.load(
        "priceLists.xml",
        root(f"<Классификатор><Ид>cls</Ид>{TYPES}{WAREHOUSES}</Классификатор>", version="3.1"),
    )
    rests = f"""<Остатки><Остаток><Склад><Ид>{MOSCOW}</Ид><Количество>3</Количество></Склад></Остаток>
<Остаток><Склад><Ид>{KAZAN}</Ид><Количество>0,5</Количество></Склад></Остаток></Остатки>"""

    talk.load("rests_1.xml", package(offer(prices="-", quantity="-", rests=rests), types="", warehouses=""))
    talk.load("prices_1.xml", package(offer(quantity="-", rests=""), types="", warehouses=""))

    assert stock() == {"Москва": 3, "Казань": Decimal("0.5")}
    assert prices() == {"Оптовая": Decimal("10.5")}


def test_offers_of_characteristics_are_skus_and_hide_the_good_as_such(talk: Talk) -> None:
    traits = "<ХарактеристикиТовара><ХарактеристикаТовара><Наименование>Цвет</Наименование><Значение>алый</Значение></ХарактеристикаТовара></ХарактеристикиТовара>"  # noqa: E501

    talk.load(
        "offers0_1.xml",
        package(
            offer(f"{GOOD}#{RED}", name="Болт М8х40 (красный)", extra=traits),
            offer(f"{GOOD}#{BLUE}", name="Болт М8х40 (синий)", prices=price("11")),
            offer(),
        ),
    )

    assert list(
        Sku.objects.filter(product__name="Болт М8х40")
        .order_by("characteristic")
        .values_list("characteristic", "is_hidden")
    ) == [("", True), ("красный", False), ("синий", False)]
    assert Price.objects.get(sku__characteristic="синий").amount == 11


def test_delta_names_a_characteristic_by_an_id_of_its_own(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer(f"{GOOD}#{RED}", name="Болт М8х40 (красный)")))
    apart = f"<ИдХарактеристики>{RED}</ИдХарактеристики>"
    fresh = f"<ИдХарактеристики>{BLUE}</ИдХарактеристики>"

    talk.load(
        "offers0_2.xml",
        changes(
            offer(name="", extra=apart, prices=price("77")),
            offer(name="", extra=fresh, prices=price("88")),
        ),
    )

    assert dict(Price.objects.values_list("sku__characteristic", "amount")) == {"красный": 77, BLUE: 88}


def test_deleted_characteristic_is_hidden_and_the_good_as_such_returns_with_its_offer(talk: Talk) -> None:
    red = offer(f"{GOOD}#{RED}", name="Болт М8х40 (красный)")
    talk.load("offers0_1.xml", package(red))

    talk.load(
        "offers0_2.xml", package(red.replace("<Предложение>", '<Предложение Статус="Удален">'), offer())
    )

    assert dict(
        Sku.objects.filter(product__name="Болт М8х40").values_list("characteristic", "is_hidden")
    ) == {
        "": False,
        "красный": True,
    }


def test_deleted_offer_hides_the_good_as_such_until_it_comes_back(talk: Talk) -> None:
    gone = offer().replace("<Предложение>", '<Предложение Статус="Удален">')
    talk.load("offers0_1.xml", package(gone))
    hidden = Sku.objects.get(product__name="Болт М8х40").is_hidden
    talk.load("import0_2.xml", catalog(good()))
    still = Sku.objects.get(product__name="Болт М8х40").is_hidden

    talk.load("offers0_2.xml", package(offer()))

    assert (hidden, still) == (True, True)
    assert not Sku.objects.get(product__name="Болт М8х40").is_hidden


def test_offers_before_their_goods_wait_and_complement_each_other(talk: Talk) -> None:
    late = "bd8c4e15-18f9-11e7-80c2-0000000000aa"

    talk.load(
        "offers0_1.xml", package(offer(late, name="Шайба"), offer(f"{late}#{RED}", name="Шайба (красная)"))
    )
    talk.load(
        "offers0_2.xml", changes(offer(late, name="", prices="-", rests=rest(MOSCOW, "3"), quantity="3"))
    )
    waiting = PendingOffer.objects.count()
    answer = talk.load("import0_2.xml", catalog(good(late, "Шайба")))

    assert waiting == 2
    assert "применено отложенных: 2" in answer
    assert PendingOffer.objects.count() == 0
    assert sorted(Sku.objects.filter(product__name="Шайба").values_list("characteristic", "is_hidden")) == [
        ("", True),
        ("красная", False),
    ]
    base = Sku.objects.get(product__name="Шайба", characteristic="")
    assert base.prices.get().amount == Decimal("10.5")
    assert dict(base.stocks.values_list("warehouse__name", "free")) == {"Москва": 3}


def test_older_file_adds_but_does_not_overwrite(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer(), formed="2026-11-20T10:00:00"))

    talk.load(
        "offers0_2.xml",
        package(
            offer(prices=price("1") + price("2", type_id=RETAIL), rests=rest(MOSCOW, "99")),
            offer(OTHER, name="Гайка"),
            formed="2026-11-20T9:59:59",
        ),
    )

    assert prices() == {"Оптовая": Decimal("10.5"), "Розничная": 2}
    assert stock() == {"Москва": 10, "Казань": 2}
    assert (prices("Гайка"), stock("Гайка")) == ({"Оптовая": Decimal("10.5")}, {"Москва": 10, "Казань": 2})
    assert warnings(talk, "offers0_2.xml") == [
        "Файл сформирован раньше уже загруженного: имеющиеся цены и остатки не изменены"
    ]


def test_file_of_the_future_is_taken_as_one_without_a_date(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer(), formed="2062-11-20T10:00:00"))

    talk.load("offers0_2.xml", package(offer(rests=rest(MOSCOW, "7")), formed="2026-11-20T10:00:00"))

    assert stock()["Москва"] == 7
    assert warnings(talk, "offers0_1.xml") == [
        "Дата формирования 20.11.2062: момент в будущем, проверьте часы базы 1С. Файл принят как без даты"
    ]


def test_streams_of_prices_and_stock_are_apart(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer(prices="-"), formed="2026-11-20T12:00:00"))

    talk.load("offers0_2.xml", package(offer(rests="", quantity="-"), formed="2026-11-20T11:00:00"))

    assert (prices(), stock()) == ({"Оптовая": Decimal("10.5")}, {"Москва": 10, "Казань": 2})
    assert set(ExchangeStream.objects.values_list("kind", "catalog_external_id")) == {
        ("goods", "cat"),
        ("prices", "cat"),
        ("stock", "cat"),
    }


def test_file_without_its_moment_is_never_old(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer()))

    talk.load(
        "offers0_2.xml",
        package(offer(prices=price("5"))).replace(' ДатаФормирования="2026-11-20T10:00:00"', ""),
    )

    assert prices() == {"Оптовая": 5}


def test_same_offer_twice_takes_the_last(talk: Talk) -> None:
    filler = [offer(f"bd8c4e15-18f9-11e7-80c2-{number:012}", name="x") for number in range(1001, 1601)]

    talk.load(
        "offers0_1.xml",
        package(offer(rests=rest(MOSCOW, "1")), *filler, offer(prices=price("20"), rests=rest(KAZAN, "2"))),
    )

    assert (prices(), stock()) == ({"Оптовая": 20}, {"Казань": 2})
    assert warnings(talk, "offers0_1.xml") == ["Ид повторяется в файле: взято последнее предложение"]


def test_price_types_known_from_before_need_not_be_sent_again(talk: Talk) -> None:
    talk.load("offers0_1.xml", package(offer()))

    answer = talk.load(
        "offers0_2.xml", package(offer(prices=price("7", type_id=BASE)), types="", warehouses="")
    )

    assert answer.startswith("success")
    assert prices() == {"Оптовая": 7}


def test_hidden_good_still_takes_prices(talk: Talk) -> None:
    talk.load("import0_2.xml", catalog(good(status="Удален")))

    talk.load("offers0_1.xml", package(offer()))

    assert Product.objects.get(name="Болт М8х40").is_hidden
    assert prices() == {"Оптовая": Decimal("10.5")}
