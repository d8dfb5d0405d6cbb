"""Lists of the catalogue as people of different kinds get them."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalog.index.reading import catalog_index
from catalog.models import Section
from catalog.selectors import section_tree
from pricing.models import ContractPricing
from tests.catalog.samples import (
    address,
    make_section,
    names,
    pickable,
    prices,
    stocks,
)
from tests.factories import (
    World,
    make_city,
    make_price,
    make_price_type,
    make_sku,
    make_warehouse,
)

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


# --- what is shown --------------------------------------------------------------------------------
def test_section_shows_the_clients_prices_and_stock_of_the_city(buyer: Client, section: Section) -> None:
    page = buyer.get(address(section)).content.decode()

    assert names(page) == ["Болт М8х40", "Кабель ВВГнг 3х2,5", "Книга учёта"]
    assert prices(page) == ["100,00", "250,50", "10,00"]
    assert stocks(page) == ["15", "15", "15"]
    assert len(pickable(page)) == 3


def test_two_clients_get_their_own_prices_at_one_address(
    client: Client, world: World, section: Section
) -> None:
    personal = make_price_type("Крупный опт")
    ContractPricing.objects.create(contract=world.other_contract, price_type=personal)
    make_price(world.skus[0], 77, price_type=personal)

    client.force_login(world.buyer)
    usual = client.get(address(section))
    client.force_login(world.other_buyer)
    other = client.get(address(section))

    assert prices(usual.content.decode()) == ["100,00", "250,50", "10,00"]
    assert prices(other.content.decode()) == ["77,00"]
    assert other.content.decode().count("по запросу") == 2
    assert "private" in usual["Cache-Control"]
    assert "no-cache" in usual["Cache-Control"]


def test_section_lists_goods_of_all_below(buyer: Client, world: World, section: Section) -> None:
    below = make_section(
        "Метрический", parent=section, goods=[make_sku("Анкер", stock={world.main_warehouse: 1})]
    )

    page = buyer.get(address(section)).content.decode()

    assert names(page) == ["Анкер", "Болт М8х40", "Кабель ВВГнг 3х2,5", "Книга учёта"]
    assert f'href="{address(below)}"' in page


def test_section_hides_what_has_run_out_until_asked(buyer: Client, world: World, section: Section) -> None:
    run_out = make_sku("Анкер", stock={world.main_warehouse: 0})
    section_of_it = make_section("Анкеры", goods=[run_out, world.skus[0]])

    usual = buyer.get(address(section_of_it)).content.decode()
    everything = buyer.get(address(section_of_it, "?stock=all")).content.decode()

    assert names(usual) == ["Болт М8х40"]
    assert names(everything) == ["Анкер", "Болт М8х40"]
    assert len(pickable(everything)) == 1


def test_section_empty_in_the_city_leaves_the_menu_and_still_opens(buyer: Client, world: World) -> None:
    elsewhere = make_sku("Анкер", stock={make_warehouse(make_city("Казань")): 5})
    section = make_section("Анкеры", goods=[elsewhere])

    menu = buyer.get(reverse("catalog:index")).content.decode()
    page = buyer.get(address(section))

    assert address(section) not in menu
    assert page.status_code == 200
    assert names(page.content.decode()) == []


def test_section_made_a_moment_ago_opens(buyer: Client, world: World) -> None:
    section_tree(catalog_index(), city=world.city)
    section = make_section("Новый", goods=[world.skus[0]])

    assert names(buyer.get(address(section)).content.decode()) == ["Болт М8х40"]


def test_hidden_and_absent_sections_are_not_found(buyer: Client, world: World) -> None:
    hidden = make_section("Служебный", is_hidden=True, goods=[world.skus[0]])
    below = make_section("Внутри", parent=hidden, goods=[world.skus[0]])

    assert buyer.get(address(hidden)).status_code == 404
    assert buyer.get(address(below)).status_code == 404
    assert buyer.get("/catalog/99999999999999999999999/").status_code == 404


def test_index_shows_sections_with_counts(buyer: Client, section: Section) -> None:
    page = buyer.get(reverse("catalog:index")).content.decode()

    assert re.findall(r'directory-title"><a href="([^"]*)">([^<]*)</a> <span class="count">(\d+)', page) == [
        (address(section), "Крепёж", "3")
    ]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("кабель", ["Кабель ВВГнг 3х2,5"]),
        ("м8 болт", ["Болт М8х40"]),
        ("нет такого", []),
        ("%", []),
        ("\0", None),
    ],
)
def test_search_looks_in_the_whole_catalogue(
    buyer: Client, world: World, search: str, found: list[str] | None
) -> None:
    answer = buyer.get(reverse("catalog:index"), {"q": search})

    assert answer.status_code == 200
    assert ("Поиск: «" in answer.content.decode()) is (found is not None)
    assert names(answer.content.decode()) == (found or [])


# --- how it is looked at --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["Болт М8х40", "Кабель ВВГнг 3х2,5", "Книга учёта", "Анкер"]),
        ("price", ["Книга учёта", "Болт М8х40", "Кабель ВВГнг 3х2,5", "Анкер"]),
        ("-price", ["Кабель ВВГнг 3х2,5", "Болт М8х40", "Книга учёта", "Анкер"]),
        ("-stock", ["Анкер", "Болт М8х40", "Кабель ВВГнг 3х2,5", "Книга учёта"]),
        ("drop table", ["Болт М8х40", "Кабель ВВГнг 3х2,5", "Книга учёта", "Анкер"]),
    ],
)
def test_section_is_sorted(buyer: Client, world: World, sort: str, order: list[str]) -> None:
    last = make_sku("Анкер", price=None, stock={world.main_warehouse: 500})
    last.product.sort_key = "я"
    last.product.save(update_fields=["sort_key"])
    section = make_section("Крепёж", goods=[*world.skus, last])

    page = buyer.get(address(section, f"?sort={sort}")).content.decode()

    assert names(page) == order


def test_section_is_cut_into_pages(buyer: Client, world: World) -> None:
    skus = [make_sku(f"Гайка {number}", stock={world.main_warehouse: 1}) for number in range(1, 31)]
    section = make_section("Гайки", goods=skus)

    first = buyer.get(address(section)).content.decode()
    second = buyer.get(address(section, "?page=2")).content.decode()
    beyond = buyer.get(address(section, "?page=999")).content.decode()

    assert names(first) == [f"Гайка {number}" for number in range(1, 25)]
    assert names(second) == [f"Гайка {number}" for number in range(25, 31)]
    assert names(beyond) == names(second)
    assert 'href="?page=2"' in first


@pytest.mark.parametrize(
    "query",
    [
        "?page=-1",
        "?page=9999999999999999999999",
        "?page=²",
        "?size=7",
        "?size=x",
        "?view=grid",
        "?sort=",
        "?q=%00",
        "?stock=1",
    ],
)
def test_section_ignores_what_it_does_not_know(buyer: Client, section: Section, query: str) -> None:
    answer = buyer.get(address(section, query))

    assert answer.status_code == 200
    assert names(answer.content.decode()) == ["Болт М8х40", "Кабель ВВГнг 3х2,5", "Книга учёта"]


def test_view_and_page_size_are_remembered(buyer: Client, section: Section) -> None:
    buyer.get(address(section, "?view=tile&size=50"))

    page = buyer.get(address(section)).content.decode()

    assert page.count('<article class="tile">') == 3
    assert names(page) == []
    assert '<option value="50" selected>' in page


def test_htmx_gets_the_list_alone_and_its_canonical_address(buyer: Client, section: Section) -> None:
    whole = buyer.get(address(section, "?sort=price"))
    fragment = buyer.get(address(section, "?q=&sort=price&price_from=&app_kind=&p7=x"), **HTMX)

    assert fragment.content.decode().lstrip().startswith('<div class="shelf" id="shelf">')
    assert names(fragment.content.decode()) == names(whole.content.decode())
    assert fragment["HX-Push-Url"] == address(section, "?sort=price")
    assert "HX-Push-Url" not in whole
    assert [answer["Vary"].split(", ").count("HX-Request") for answer in (whole, fragment)] == [1, 1]


def test_htmx_going_back_in_history_gets_the_whole_page(buyer: Client, section: Section) -> None:
    answer = buyer.get(address(section), **HTMX, HTTP_HX_HISTORY_RESTORE_REQUEST="true")

    assert answer.content.decode().lstrip().startswith("<!doctype html>")


@pytest.mark.parametrize("rows", [1, 3])
def test_section_page_takes_the_same_queries_whatever_its_rows(
    buyer: Client,
    world: World,
    rows: int,
    settled_index: Callable[[], None],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    section = make_section("Крепёж", goods=list(world.skus)[:rows])
    settled_index()
    buyer.get(address(section))

    with django_assert_num_queries(9):
        page = buyer.get(address(section)).content.decode()

    assert len(names(page)) == rows
