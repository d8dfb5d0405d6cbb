"""Search in the catalogue: what is found, in which order, for whom; how soon after a change."""

import re

import pytest
from django.test import Client

from catalog.index.reading import catalog_index
from catalog.models import Brand, Product, Section, SearchPin, SearchStopWord, SearchSynonym, SkuPopularity
from catalog.selectors.search import goods_searched, sold_anywhere, suggestions_for
from catalog.services.vocabulary import vocabulary_renew
from tests.catalog.samples import make_section, names
from tests.factories import World, make_city, make_sku, make_stock, make_unit, make_warehouse

pytestmark = pytest.mark.django_db

GOODS = {
    "Кабель силовой ВВГнг(А)-LS 3х2,5": ("ВВГ-325", "4601234567893"),
    "Кабель силовой ВВГнг(А)-LS 3х1,5": ("ВВГ-315", "4601234567894"),
    "Розетка двойная с заземлением белая 16А": ("RS-16/2", ""),
    "Болт М8х40 DIN 933 оцинкованный": ("DIN933-840", ""),
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


def settle() -> None:
    catalog_index()
    vocabulary_renew()


def found(text: str, *, is_literal: bool = False) -> list[str]:
    index = catalog_index()
    searched = goods_searched(index, text, among=sold_anywhere(index), is_literal=is_literal)
    best = sorted(searched.goods, key=lambda ordinal: -searched.relevance[ordinal])
    by_pk = dict(Product.objects.values_list("skus__pk", "name"))
    return [by_pk[pk] for pk in index.sku_ids(best)]


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
        ("болт м8х40 200 шт", "Болт М8х40 DIN 933 оцинкованный"),
    ],
)
def test_query_finds_the_good(shop: dict[str, int], query: str, name: str) -> None:
    assert found(query)[:1] == [name]


def test_renamed_good_is_found_at_once(shop: dict[str, int]) -> None:
    Product.objects.filter(pk=shop["Болт М8х40 DIN 933 оцинкованный"]).update(name="Шуруп чёрный 4х70")

    assert found("шуруп 4х70") == ["Шуруп чёрный 4х70"]
    assert found("болт м8х40", is_literal=True) == ["Болт М8х40"]  # the world's own


def test_renamed_brand_is_found_at_once(shop: dict[str, int]) -> None:
    Brand.objects.update(name="Makita", normalized_name="makita")

    assert found("makita") == ["Перфоратор SDS-plus 800Вт"]
    assert found("bosch", is_literal=True) == []


def test_own_synonyms_and_stop_words_count(shop: dict[str, int]) -> None:
    assert found("закрутка", is_literal=True) == []
    SearchSynonym.objects.create(phrase="закрутка", meaning="болт")
    SearchStopWord.objects.create(word="купить")

    assert "Болт М8х40 DIN 933 оцинкованный" in found("купить закрутка")


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
    assert [(one.text, one.count) for one in told.suggestions][:1] == [("Кабель силовой", 2)]


def test_page_of_what_was_found(buyer: Client, shop: dict[str, int], world: World) -> None:
    page = buyer.get("/catalog/", {"q": "разетка"}).content.decode()

    assert names(page) == ["Розетка двойная с заземлением белая 16А"]
    assert "розетка" in page
