"""Search in the catalogue: what is found, in which order, for whom; how soon after a change."""

import re

import numpy as np
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from catalog.index.reading import catalog_index
from catalog.models import (
    AbsentPolicy,
    Brand,
    Product,
    ProductSection,
    Property,
    SearchPin,
    SearchQueryDay,
    SearchRedirect,
    SearchStopWord,
    SearchSynonym,
    SearchWeights,
    Section,
    Sku,
    SkuPopularity,
    Stock,
    SuggestedPhrase,
)
from catalog.selectors.search import goods_searched, sold_anywhere, suggestions_for
from catalog.services import index_rebuild
from catalog.services.vocabulary import vocabulary_renew
from tests.catalog.samples import make_property, make_section, names
from tests.factories import TODAY, World, make_city, make_sku, make_unit, make_warehouse

pytestmark = pytest.mark.django_db

GOODS = {
    "Кабель силовой ВВГнг(А)-LS 3х2,5": ("ВВГ-325", "4601234567893"),
    "Кабель силовой ВВГнг(А)-LS 3х1,5": ("ВВГ-315", "4601234567894"),
    "Розетка двойная с заземлением белая 16А": ("RS-16/2", ""),
    "Болт М10х60 DIN 933 оцинкованный": ("DIN933-1060", ""),
    "Лента клейкая упаковочная 48х66": ("TAPE-48", ""),
    "Перфоратор SDS-plus 800Вт": ("GBH-2-26", ""),
}


@pytest.fixture
def shop(world: World) -> dict[str, int]:
    """Products by the first word of the name."""
    bosch = Brand.objects.create(name="Bosch", normalized_name="bosch")
    found = {}
    for name, (article, barcode) in GOODS.items():
        sku = make_sku(name, price=100, stock={world.main_warehouse: 10}, unit=make_unit())
        brand = bosch if name.startswith("Перфоратор") else None
        Product.objects.filter(pk=sku.product_id).update(article=article, barcode=barcode, brand=brand)
        found[name] = sku.product_id
    settle()
    return found


def place(section: Section, product_id: int) -> None:
    ProductSection.objects.create(section=section, product_id=product_id)


def settle() -> None:
    catalog_index()
    vocabulary_renew(on=TODAY)


def found(text: str, *, is_literal: bool = False) -> list[str]:
    index = catalog_index()
    searched = goods_searched(index, text, among=sold_anywhere(index), is_literal=is_literal)
    best = sorted(searched.goods, key=lambda ordinal: -searched.relevance[ordinal])
    by_pk = dict(Product.objects.values_list("skus__pk", "name"))
    return [by_pk[pk] for pk in index.sku_ids(np.array(best, np.int64))]


def suggested(text: str) -> list[str]:
    index = catalog_index()
    return [one.text for one in suggestions_for(index, text, among=sold_anywhere(index)).suggestions]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("кабеля силового 3x2.5", "Кабель силовой ВВГнг(А)-LS 3х2,5"),
        ("rf,tkm 3х1,5", "Кабель силовой ВВГнг(А)-LS 3х1,5"),
        ("розеток двойных", "Розетка двойная с заземлением белая 16А"),
        ("разетка", "Розетка двойная с заземлением белая 16А"),
        ("бош перфоратор", "Перфоратор SDS-plus 800Вт"),
        ("перфоратор 800 вт", "Перфоратор SDS-plus 800Вт"),
        ("gbh226", "Перфоратор SDS-plus 800Вт"),
        ("GBH-2", "Перфоратор SDS-plus 800Вт"),
        ("4601234567893", "Кабель силовой ВВГнг(А)-LS 3х2,5"),
        ("болт м10х60 200 шт", "Болт М10х60 DIN 933 оцинкованный"),
    ],
)
def test_query_finds_the_good(shop: dict[str, int], query: str, name: str) -> None:
    assert found(query)[:1] == [name]


def test_renamed_good_is_found_at_once(shop: dict[str, int]) -> None:
    Product.objects.filter(pk=shop["Болт М10х60 DIN 933 оцинкованный"]).update(name="Шуруп чёрный 4х70")

    assert found("шуруп 4х70") == ["Шуруп чёрный 4х70"]
    assert found("м10х60", is_literal=True) == []


def test_word_that_nothing_had_costs_no_query_and_is_found_when_a_good_gets_it(
    shop: dict[str, int], settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found("шуруп", is_literal=True)
    settings.CATALOG_INDEX_INLINE = False
    index = catalog_index()

    with django_assert_num_queries(0):
        nothing = index.words(["w:шуруп"])

    settings.CATALOG_INDEX_INLINE = True
    Product.objects.filter(pk=shop["Болт М10х60 DIN 933 оцинкованный"]).update(name="Шуруп чёрный 4х70")
    assert nothing == {}
    assert found("шуруп", is_literal=True) == ["Шуруп чёрный 4х70"]


def test_renamed_brand_is_found_at_once(shop: dict[str, int]) -> None:
    Brand.objects.update(name="Makita", normalized_name="makita")

    assert found("makita") == ["Перфоратор SDS-plus 800Вт"]
    assert found("bosch", is_literal=True) == []


def test_own_synonyms_and_stop_words_count(shop: dict[str, int]) -> None:
    assert found("закрутка", is_literal=True) == []
    SearchSynonym.objects.create(phrase="закрутка", meaning="болт")
    SearchStopWord.objects.create(word="купить")

    assert "Болт М10х60 DIN 933 оцинкованный" in found("купить закрутка")


def test_what_has_run_out_stands_below_what_is_sold(shop: dict[str, int], world: World) -> None:
    city = world.city
    city.absent_policy = AbsentPolicy.TO_ORDER
    city.save()
    popular = shop["Кабель силовой ВВГнг(А)-LS 3х2,5"]
    sku = Sku.objects.get(product_id=popular)
    SkuPopularity.objects.create(sku=sku, score=500)
    index = catalog_index()
    liked = suggestions_for(index, "кабель", among=index.on_sale, city=city).goods
    Stock.objects.filter(sku=sku).update(free=0)
    index = catalog_index()

    told = suggestions_for(index, "кабель", among=index.on_sale, city=city).goods
    searched = goods_searched(index, "кабель", among=index.on_sale, city=city)

    best = max(searched.goods, key=lambda ordinal: searched.relevance[ordinal])
    assert index.sku_ids(np.array(liked, np.int64))[0] == sku.pk
    assert index.sku_ids(np.array(told, np.int64))[-1] == sku.pk
    assert index.sku_ids(np.array([best], np.int64))[0] != sku.pk


def test_pinned_good_is_first(shop: dict[str, int]) -> None:
    name = "Кабель силовой ВВГнг(А)-LS 3х1,5"
    sku_id = Product.objects.get(name="Кабель силовой ВВГнг(А)-LS 3х2,5").skus.get().pk
    SkuPopularity.objects.create(sku_id=sku_id, score=500)
    assert found("кабель силовой")[0] == "Кабель силовой ВВГнг(А)-LS 3х2,5"

    SearchPin.objects.create(query="Кабель силовой", product_id=shop[name])

    assert found("кабель силовой")[0] == name


def test_suggestions_count_what_the_city_has(shop: dict[str, int], world: World) -> None:
    index = catalog_index()

    told = suggestions_for(index, "rf,", among=sold_anywhere(index))

    assert told.text == "каб"
    assert [(one.text, one.count) for one in told.suggestions][:1] == [("кабель", 3)]


def test_suggestions_stand_in_the_order_of_the_weights(shop: dict[str, int]) -> None:
    def first(text: str) -> list[str]:
        index = catalog_index()
        told = suggestions_for(index, text, among=sold_anywhere(index))
        return [one.text for one in told.suggestions][:1]

    SuggestedPhrase.objects.create(text="кабель силовой", priority=100)
    settle()
    assert first("каб") == ["кабель силовой"]

    SearchWeights.objects.create(suggest_priority=0)
    settle()
    assert first("каб") == ["кабель"]  # more goods have it


def test_page_of_what_was_found(buyer: Client, shop: dict[str, int], world: World) -> None:
    page = buyer.get("/catalog/", {"q": "разетка"}).content.decode()

    assert names(page) == ["Розетка двойная с заземлением белая 16А"]
    assert "Показаны результаты по запросу <b>«розетка»</b>" in page
    literal = buyer.get("/catalog/", {"q": "разетка", "exact": "1"}).content.decode()
    assert names(literal) == []
    assert "Ищем как есть" in literal


def test_words_that_nothing_has_with_the_rest_are_told(buyer: Client, shop: dict[str, int]) -> None:
    page = buyer.get("/catalog/", {"q": "розетка двойная 32А"}).content.decode()

    assert names(page) == ["Розетка двойная с заземлением белая 16А"]
    assert "не учтено: <b>32а</b>" in page


def test_goods_of_other_cities_are_counted_and_not_shown(
    buyer: Client, shop: dict[str, int], world: World
) -> None:
    far = make_warehouse(make_city("Казань"), name="Казанский склад")
    make_sku("Кабель силовой ВВГнг 5х10", price=1, stock={far: 4})

    page = buyer.get("/catalog/", {"q": "кабель силовой"}).content.decode()

    assert len(names(page)) == 2
    assert "Ещё 1 поз. есть только в других городах" in page


def test_quantity_of_the_query_stands_in_the_first_row(buyer: Client, shop: dict[str, int]) -> None:
    page = buyer.get("/catalog/", {"q": "болт м10х60 оцинкованный 200 шт", "view": "table"}).content.decode()

    assert names(page)[0] == "Болт М10х60 DIN 933 оцинкованный"
    assert re.findall(r'class="stepper-input" form="picks-form"[^>]*? value="([^"]*)"', page)[:2][0] == "200"
    assert "Количество из запроса: <b>200 шт</b>" in page


def test_search_is_counted_once_and_what_was_opened_of_it(buyer: Client, shop: dict[str, int]) -> None:
    for query in (
        {"q": "Перфоратор"},
        {"q": "Перфоратор", "page": "2"},
        {"q": "перфоратор", "price_from": "1"},
    ):
        buyer.get("/catalog/", query)
    buyer.head("/catalog/", {"q": "перфоратор"})
    buyer.get("/catalog/", {"q": "перфоратор"}, headers={"Sec-Purpose": "prefetch;prerender"})
    address = f"/catalog/product/{shop['Перфоратор SDS-plus 800Вт']}/"
    buyer.get(
        address,
        HTTP_REFERER="http://testserver/catalog/?q=%D0%9F%D0%B5%D1%80%D1%84%D0%BE%D1%80%D0%B0%D1%82%D0%BE%D1%80",
    )
    buyer.get(address, HTTP_REFERER="http://evil.example/catalog/?q=%D0%9F")

    day = SearchQueryDay.objects.get()
    assert (day.text, day.asked, day.found, day.clicks) == ("перфоратор", 1, 1, 1)


def test_value_of_a_hidden_property_is_not_found_after_a_rebuild(shop: dict[str, int]) -> None:
    product = Product.objects.get(pk=shop["Перфоратор SDS-plus 800Вт"])
    described = make_property(product, "Цвет корпуса", "Фиолетовый")
    SuggestedPhrase.objects.create(text="перфоратор фиолетовый", priority=100)
    settle()
    before = found("фиолетовых"), suggested("перфоратор фио")

    Property.objects.filter(pk=described.pk).update(is_hidden=True)
    index_rebuild()
    vocabulary_renew(on=TODAY)

    assert before == ([product.name], ["перфоратор фиолетовый"])
    assert found("фиолетовых") == []
    assert suggested("перфоратор фио") == []
    assert suggested("фиол") == []


def test_redirect_leads_to_its_page(buyer: Client, shop: dict[str, int]) -> None:
    SearchRedirect.objects.create(query="доставка", path="/articles/")

    answer = buyer.get("/catalog/", {"q": "Доставка"})

    assert (answer.status_code, answer["Location"]) == (302, "/articles/")


@pytest.mark.parametrize(
    "paths",
    [
        {"болт": "/catalog/?q=болт"},
        {"болт": "/catalog/?q=БОЛТ&page=2"},
        {"болт": "/catalog?q=болт"},
        {"болт": "/%63atalog/?q=болт"},
        {"болт": "/catalog/?q=винт", "винт": "/catalog/?q=болт"},
    ],
)
def test_redirects_lead_nobody_round(buyer: Client, shop: dict[str, int], paths: dict[str, str]) -> None:
    for query, path in paths.items():
        SearchRedirect.objects.create(query=query, path=path)

    assert buyer.get("/catalog/", {"q": "болт"}).status_code == 200


@pytest.mark.parametrize("path", ["/catalog/?q=винт", "/catalog/?q=болт&price_from=1"])
def test_redirect_leads_to_another_search(buyer: Client, shop: dict[str, int], path: str) -> None:
    SearchRedirect.objects.create(query="болт", path=path)

    answer = buyer.get("/catalog/", {"q": "болт"})

    assert answer.status_code == 302
    assert buyer.get(answer["Location"]).status_code == 200


def test_sections_of_what_was_found_stand_beside_it(buyer: Client, shop: dict[str, int]) -> None:
    top, other = make_section("Электрика"), make_section("Метизы")
    cables, sockets = make_section("Кабели", parent=top), make_section("Розетки", parent=top)
    place(cables, shop["Кабель силовой ВВГнг(А)-LS 3х2,5"])
    place(sockets, shop["Розетка двойная с заземлением белая 16А"])
    place(other, shop["Болт М10х60 DIN 933 оцинкованный"])

    both = buyer.get("/catalog/", {"q": "ввг"})
    one = buyer.get("/catalog/", {"q": "розетка"})

    assert [(node.name, node.count) for node in both.context["branch"]] == [("Кабели", 1)]
    assert f'href="/catalog/{cables.pk}/?q=%D0%B2%D0%B2%D0%B3"' in both.content.decode()
    assert [(node.name, node.count) for node in one.context["branch"]] == [("Розетки", 1)]


def test_section_is_searched_for_itself(buyer: Client, shop: dict[str, int]) -> None:
    section = make_section("Электрика", goods=[])
    place(section, shop["Розетка двойная с заземлением белая 16А"])

    page = buyer.get(f"/catalog/{section.pk}/", {"q": "разетка"}).content.decode()
    other = buyer.get(f"/catalog/{section.pk}/", {"q": "болт"}).content.decode()

    assert names(page) == ["Розетка двойная с заземлением белая 16А"]
    assert names(other) == []
