"""The page of a product, its pictures, the choice of the city, and who sees what."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import City, Section
from counterparties.permissions import ReadyRole
from tests.catalog.samples import (
    address,
    make_picture,
    make_property,
    make_section,
    names,
    prices,
    stocks,
)
from tests.factories import (
    World,
    make_city,
    make_person,
    make_product,
    make_sku,
    make_stock,
    make_warehouse,
)

pytestmark = pytest.mark.django_db


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
        ("Основной склад", "привезем завтра", "10&nbsp;шт"),
        ("Дальний склад", "привезем завтра", "5&nbsp;шт"),
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
    assert page.count('name="q-') == 1


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
    client.force_login(make_person(world.holding, ReadyRole.VIEWER))

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
    answer.getvalue()

    assert answer["ETag"] == f'"{small.sha256}"'


def test_picture_whose_file_is_lost_is_not_found(buyer: Client, world: World, settings: object) -> None:
    picture = make_picture(world.skus[0].product)
    for path in settings.FILES_ROOT.rglob("*.png"):  # type: ignore[attr-defined]
        path.unlink()

    assert buyer.get(reverse("catalog:picture", args=[picture.pk])).status_code == 404
