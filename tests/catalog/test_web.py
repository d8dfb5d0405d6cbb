"""Pages of the catalogue as people of different kinds get them."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalog.models import City, Section
from catalog.selectors import section_tree
from counterparties.permissions import Role
from pricing.models import ContractPricing
from tests.catalog.samples import make_picture, make_property, make_section
from tests.factories import (
    World,
    make_city,
    make_person,
    make_price,
    make_price_type,
    make_product,
    make_sku,
    make_stock,
    make_warehouse,
)

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def names(page: str) -> list[str]:
    """Names of goods in the order of the table."""
    return re.findall(r'<td class="goods-name"><a [^>]*>([^<]*)</a>', page)


def prices(page: str) -> list[str]:
    return [
        text.replace("\N{NO-BREAK SPACE}", " ") for text in re.findall(r'class="price">([^&]*)&nbsp;', page)
    ]


def stocks(page: str) -> list[str]:
    return re.findall(r'class="stock[^"]*"[^>]*>([^<&]*)', page)


@pytest.fixture
def section(world: World) -> Section:
    return make_section("Крепёж", goods=list(world.skus))


def address(section: Section, query: str = "") -> str:
    return reverse("catalog:section", args=[section.pk]) + query


# --- what is shown --------------------------------------------------------------------------------
def test_section_shows_the_clients_prices_and_stock_of_the_city(buyer: Client, section: Section) -> None:
    page = buyer.get(address(section)).content.decode()

    assert names(page) == ["Болт М8х40", "Кабель ВВГнг 3х2,5", "Книга учёта"]
    assert prices(page) == ["100,00", "250,50", "10,00"]
    assert stocks(page) == ["15", "15", "15"]
    assert page.count('name="quantity"') == 3


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
    assert everything.count('name="quantity"') == 1


def test_section_empty_in_the_city_leaves_the_menu_and_still_opens(buyer: Client, world: World) -> None:
    elsewhere = make_sku("Анкер", stock={make_warehouse(make_city("Казань")): 5})
    section = make_section("Анкеры", goods=[elsewhere])

    menu = buyer.get(reverse("catalog:index")).content.decode()
    page = buyer.get(address(section))

    assert address(section) not in menu
    assert page.status_code == 200
    assert names(page.content.decode()) == []


def test_section_made_a_moment_ago_opens(buyer: Client, world: World) -> None:
    section_tree(city=world.city)
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

    assert names(first) == [f"Гайка {number}" for number in range(1, 26)]
    assert names(second) == [f"Гайка {number}" for number in range(26, 31)]
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
    fragment = buyer.get(address(section, "?q=&sort=price&view=table&size=25"), **HTMX)

    assert fragment.content.decode().lstrip().startswith('<section class="listing" id="listing">')
    assert names(fragment.content.decode()) == names(whole.content.decode())
    assert fragment["HX-Push-Url"] == address(section, "?sort=price")
    assert "HX-Push-Url" not in whole
    assert [answer["Vary"].split(", ").count("HX-Request") for answer in (whole, fragment)] == [1, 1]


def test_htmx_going_back_in_history_gets_the_whole_page(buyer: Client, section: Section) -> None:
    answer = buyer.get(address(section), **HTMX, HTTP_HX_HISTORY_RESTORE_REQUEST="true")

    assert answer.content.decode().lstrip().startswith("<!doctype html>")


@pytest.mark.parametrize("rows", [1, 3])
def test_section_page_takes_the_same_queries_whatever_its_rows(
    buyer: Client, world: World, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    section = make_section("Крепёж", goods=list(world.skus)[:rows])
    buyer.get(address(section))

    with django_assert_num_queries(15):
        page = buyer.get(address(section)).content.decode()

    assert len(names(page)) == rows


# --- a product ------------------------------------------------------------------------------------
def product_page(client: Client, pk: int) -> str:
    return client.get(reverse("catalog:product", args=[pk])).content.decode()


def test_product_page_tells_price_stock_and_properties(buyer: Client, world: World) -> None:
    bolt = world.skus[0]
    top = make_section("Крепёж")
    make_section("Болты", parent=top, goods=[bolt])
    make_property(bolt.product, "Класс прочности", "8.8")

    page = product_page(buyer, bolt.product_id)

    assert prices(page) == ["100,00"]
    assert re.findall(
        r"<td>([^<]+)<span class=\"warehouse-days\">([^<]+)</span></td><td class=\"number\">([^<]+)<", page
    ) == [
        ("Основной склад", "доставка 1 дн.", "10 шт"),
        ("Дальний склад", "доставка 1 дн.", "5 шт"),
    ]
    assert re.findall(r'<th scope="row">([^<]+)</th><td>([^<]+)</td>', page) == [("Класс прочности", "8.8")]
    assert re.search(r'class="trail".*?Крепёж.*?Болты', page, re.DOTALL)
    assert page.count('name="quantity"') == 1


def test_product_page_lists_characteristics_with_own_stock(buyer: Client, world: World) -> None:
    product = make_product("Провод ПуВ")
    make_sku(product=product, characteristic="белый", price=10, stock={world.main_warehouse: 7})
    make_sku(product=product, characteristic="синий", price=None)

    page = product_page(buyer, product.pk)

    assert re.findall(r'<td class="goods-name">([^<]+)</td>', page) == ["белый", "синий"]
    assert stocks(page) == ["7", "нет"]
    assert page.count('name="quantity"') == 1


def test_product_absent_in_the_city_opens_and_says_so(buyer: Client, world: World) -> None:
    sku = make_sku("Анкер", stock={make_warehouse(make_city("Казань")): 5})

    page = product_page(buyer, sku.product_id)

    assert "нет в вашем городе" in page
    assert 'name="quantity"' not in page


def test_product_off_sale_opens_for_the_sake_of_old_orders(buyer: Client, world: World) -> None:
    sku = make_sku(product=make_product("Анкер", is_hidden=True), stock={world.main_warehouse: 5})

    page = product_page(buyer, sku.product_id)

    assert "Товар снят с продажи" in page
    assert 'name="quantity"' not in page


def test_absent_product_is_not_found(buyer: Client) -> None:
    assert buyer.get(reverse("catalog:product", args=[10**30])).status_code == 404


# --- who is there ---------------------------------------------------------------------------------
def test_catalogue_needs_a_sign_in(client: Client, world: World) -> None:
    picture = make_picture(world.skus[0].product)

    for name, args in (("index", []), ("product", [world.skus[0].product_id]), ("picture", [picture.pk])):
        target = reverse(f"catalog:{name}", args=args)

        assert client.get(target).headers["Location"] == f"{reverse('account_login')}?next={target}"


def test_person_without_the_right_to_order_sees_goods_only(
    client: Client, world: World, section: Section
) -> None:
    client.force_login(make_person(world.holding, Role.VIEWER))

    page = client.get(address(section)).content.decode()

    assert prices(page) == ["100,00", "250,50", "10,00"]
    assert 'name="quantity"' not in page


def test_employee_sees_prices_of_the_city(client: Client, world: World, section: Section) -> None:
    client.force_login(world.manager)

    page = client.get(address(section)).content.decode()

    assert prices(page) == ["100,00", "250,50", "10,00"]
    assert 'name="quantity"' not in page


def test_employee_without_any_city_gets_an_empty_catalogue(
    client: Client, world: World, section: Section
) -> None:
    City.objects.update(is_active=False)
    client.force_login(world.manager)

    assert client.get(reverse("catalog:index")).status_code == 200
    assert names(client.get(address(section)).content.decode()) == []


# --- the city -------------------------------------------------------------------------------------
def test_city_is_remembered_and_changes_stock(buyer: Client, world: World, section: Section) -> None:
    other = make_city("Казань", price_type=world.price_type)
    make_stock(world.skus[1], make_warehouse(other), 4)

    answer = buyer.post(reverse("catalog:city"), {"city": other.pk, "next": address(section, "?sort=price")})

    assert (answer.status_code, answer.headers["Location"]) == (302, address(section, "?sort=price"))
    page = buyer.get(address(section)).content.decode()
    assert (names(page), stocks(page)) == (["Кабель ВВГнг 3х2,5"], ["4"])


def test_city_goes_back_to_the_page_htmx_has_pushed(buyer: Client, world: World) -> None:
    answer = buyer.post(
        reverse("catalog:city"),
        {"city": world.city.pk, "next": "/catalog/"},
        HTTP_REFERER="http://testserver/catalog/?q=болт",
    )

    assert answer.headers["Location"] == "http://testserver/catalog/?q=%D0%B1%D0%BE%D0%BB%D1%82"


@pytest.mark.parametrize("city", ["", "x", "0", "99999999999999999999", "closed"])
def test_city_that_is_not_served_changes_nothing(
    buyer: Client, world: World, section: Section, city: str
) -> None:
    closed = make_city("Омск", is_active=False)

    answer = buyer.post(reverse("catalog:city"), {"city": closed.pk if city == "closed" else city})

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("catalog:index"))
    assert len(names(buyer.get(address(section)).content.decode())) == 3


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_city_never_leads_away_from_the_portal(buyer: Client, world: World, target: str) -> None:
    answer = buyer.post(reverse("catalog:city"), {"city": world.city.pk, "next": target}, HTTP_REFERER=target)

    assert answer.headers["Location"] == reverse("catalog:index")


def test_city_is_chosen_by_post_only(buyer: Client) -> None:
    assert buyer.get(reverse("catalog:city")).status_code == 405


# --- pictures -------------------------------------------------------------------------------------
def test_picture_is_kept_for_a_day_by_its_content(buyer: Client, world: World) -> None:
    picture = make_picture(world.skus[0].product)
    target = reverse("catalog:picture", args=[picture.pk])

    first = buyer.get(target)
    content = b"".join(first)  # type: ignore[arg-type]
    again = buyer.get(target, HTTP_IF_NONE_MATCH=first["ETag"])

    assert (first.status_code, first["Content-Type"], len(content)) == (200, "image/png", picture.file.size)
    assert first["Cache-Control"] == "private, max-age=86400"
    assert first["ETag"] == f'"{picture.file.sha256}"'
    assert (again.status_code, again.content) == (304, b"")


def test_picture_gives_its_small_copy(buyer: Client, world: World) -> None:
    small = make_picture(world.skus[1].product, position=7).file
    picture = make_picture(world.skus[0].product, preview=small)

    answer = buyer.get(reverse("catalog:picture", args=[picture.pk]) + "?preview")
    answer.close()

    assert answer["ETag"] == f'"{small.sha256}"'


def test_picture_whose_file_is_lost_is_not_found(buyer: Client, world: World, settings: object) -> None:
    picture = make_picture(world.skus[0].product)
    for path in settings.FILES_ROOT.rglob("*.png"):  # type: ignore[attr-defined]
        path.unlink()

    assert buyer.get(reverse("catalog:picture", args=[picture.pk])).status_code == 404
