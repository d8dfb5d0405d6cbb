"""Filters of lists: what they offer, what they leave, what strange addresses come to."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from catalog.models import (
    AbsentPolicy,
    Application,
    Brand,
    FacetKind,
    ProductApplication,
    Property,
    PropertyType,
    PropertyValue,
    Section,
    SectionFacet,
    SkuPopularity,
)
from pricing.models import ContractPricing, PriceType
from tests.catalog.samples import address, make_section, names, pickable, prices
from tests.factories import (
    World,
    make_city,
    make_price,
    make_price_type,
    make_sku,
    make_stock,
    make_warehouse,
)
from tests.orders.past import make_order

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
BOLT, CABLE, BOOK = "Болт М8х40", "Кабель ВВГнг 3х2,5", "Книга учёта"


@pytest.fixture
def material(world: World, section: Section) -> Property:
    """Материал of the three goods: copper, copper, steel; Длина 40, 100, none."""
    material = Property.objects.create(name="Материал")
    length = Property.objects.create(name="Длина", value_type=PropertyType.NUMBER, unit="мм")
    for sku, text, number in zip(world.skus, ("Медь", "Медь", "Сталь"), (40, 100, None), strict=True):
        PropertyValue.objects.create(product=sku.product, property=material, raw=text, text=text)
        if number:
            PropertyValue.objects.create(
                product=sku.product, property=length, raw=str(number), text=str(number), number=number
            )
    SectionFacet.objects.create(section=section, property=material, position=1)
    SectionFacet.objects.create(section=section, property=length, position=0, kind=FacetKind.RANGE, unit="см")
    return material


def options(page: str, name: str) -> list[tuple[str, str, bool]]:
    """Value, count, whether it is ticked."""
    rows = re.findall(rf'name="{name}" value="([^"]*)"[^>]*?( checked)?>.*?class="count">([^<]*)<', page)
    return [(value, count, bool(tick)) for value, tick, count in rows]


def facets(page: str) -> list[str]:
    return re.findall(r'id="facet-([^"]+)"', page)


def chips(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<a class="chip" href="([^"]*)".*?chip-text">([^<]*)<', page)


def test_filters_stand_as_the_administrator_set_them(
    buyer: Client, section: Section, material: Property
) -> None:
    length = Property.objects.get(name="Длина")

    page = buyer.get(address(section)).content.decode()

    assert facets(page) == ["price", f"p{length.pk}", f"p{material.pk}", "warehouse"]
    assert options(page, f"p{material.pk}") == [("Медь", "2", False), ("Сталь", "1", False)]
    assert re.findall(r'placeholder="([^"]*)"[^>]*aria-label="Длина', page) == ["40", "100"]
    assert 'facet-title">Длина<span class="facet-unit">, см' in page


def test_values_of_one_filter_add_up_and_filters_meet(
    buyer: Client, section: Section, material: Property
) -> None:
    both = buyer.get(address(section, f"?p{material.pk}=Медь&p{material.pk}=Сталь")).content.decode()
    meeting = buyer.get(address(section, f"?p{material.pk}=Медь&price_from=200")).content.decode()

    assert names(both) == [BOLT, CABLE, BOOK]
    assert names(meeting) == [CABLE]
    assert options(meeting, f"p{material.pk}") == [("Медь", "1", True)]


def test_counts_of_a_filter_do_not_ask_itself(buyer: Client, section: Section, material: Property) -> None:
    page = buyer.get(address(section, f"?p{material.pk}=Сталь")).content.decode()

    assert names(page) == [BOOK]
    assert options(page, f"p{material.pk}") == [("Медь", "2", False), ("Сталь", "1", True)]
    assert options(page, "warehouse") != []


def test_chosen_value_without_goods_stays_to_be_taken_away(
    buyer: Client, section: Section, material: Property
) -> None:
    page = buyer.get(address(section, f"?p{material.pk}=Сталь&price_from=200")).content.decode()

    assert names(page) == []
    assert ("Сталь", "0", True) in options(page, f"p{material.pk}")
    assert "Под эти фильтры ничего не подходит" in page


def test_chips_name_what_is_chosen_and_lead_to_the_list_without_it(
    buyer: Client, section: Section, material: Property
) -> None:
    page = buyer.get(
        address(section, f"?sort=price&p{material.pk}=Медь&price_to=1000&page=9")
    ).content.decode()

    assert chips(page) == [
        (
            escape(address(section, f"?p{material.pk}=%D0%9C%D0%B5%D0%B4%D1%8C&sort=price")),
            "Цена: до 1 000 ₽".replace(" 000", "\N{NO-BREAK SPACE}000"),
        ),
        (escape(address(section, "?price_to=1000&sort=price")), "Материал: Медь"),
    ]
    assert f'class="chip chip-clear" href="{address(section, "?sort=price")}"' in page


def test_ranges_are_filters_of_numbers(buyer: Client, section: Section, material: Property) -> None:
    length = Property.objects.get(name="Длина").pk

    assert names(buyer.get(address(section, f"?p{length}_from=41")).content.decode()) == [CABLE]
    assert names(buyer.get(address(section, f"?p{length}_from=100&p{length}_to=40")).content.decode()) == [
        BOLT,
        CABLE,
    ]
    assert names(buyer.get(address(section, f"?p{length}_to=39,9")).content.decode()) == []


def test_price_filter_and_order_are_of_the_persons_own_prices(
    client: Client, world: World, section: Section
) -> None:
    personal = make_price_type("Крупный опт")
    ContractPricing.objects.create(contract=world.other_contract, price_type=personal)
    for sku, amount in zip(world.skus, (500, 5, 0), strict=True):
        make_price(sku, amount, price_type=personal)
    query = "?price_from=1&price_to=250&sort=price"

    found = {}
    for person in (world.buyer, world.other_buyer, world.buyer):
        client.force_login(person)
        page = client.get(address(section, query)).content.decode()
        found.setdefault(person.email, []).append((names(page), prices(page)))

    assert found[world.buyer.email] == [([BOOK, BOLT], ["10,00", "100,00"])] * 2
    assert found[world.other_buyer.email] == [([CABLE], ["5,00"])]


def test_brands_and_warehouses_are_filters(buyer: Client, world: World) -> None:
    brand = Brand.objects.create(name="Рубин", normalized_name="рубин")
    other = Brand.objects.create(name="Агат", normalized_name="агат")
    only_second = make_sku("Анкер", stock={world.second_warehouse: 5})
    skus = [world.skus[0], world.skus[1], only_second]
    for sku, own in zip(skus, (brand, other, brand), strict=True):
        sku.product.brand = own
        sku.product.save(update_fields=["brand"])
    section = make_section("Крепёж", goods=skus)

    whole = buyer.get(address(section)).content.decode()
    filtered = buyer.get(
        address(section, f"?brand={brand.pk}&warehouse={world.main_warehouse.pk}")
    ).content.decode()

    assert options(whole, "brand") == [(str(other.pk), "1", False), (str(brand.pk), "2", False)]
    assert options(whole, "warehouse")[0] == (str(world.main_warehouse.pk), "2", False)
    assert names(filtered) == [BOLT]
    assert [label for _address, label in chips(filtered)] == ["Рубин", f"Склад: {world.main_warehouse.name}"]


def test_warehouses_of_another_city_are_passed_over(buyer: Client, world: World, section: Section) -> None:
    elsewhere = make_warehouse(make_city("Омск"), name="Дальний")
    make_stock(world.skus[0], elsewhere, 5)

    page = buyer.get(address(section, f"?warehouse={elsewhere.pk}")).content.decode()

    assert names(page) == [BOLT, CABLE, BOOK]
    assert chips(page) == []


def test_application_selects_depend_on_each_other(buyer: Client, world: World, section: Section) -> None:
    kamaz = Application.objects.create(
        kind="Грузовик", make="КАМАЗ", model="5320", year_from=2001, year_to=2003
    )
    maz = Application.objects.create(kind="Грузовик", make="МАЗ")
    ProductApplication.objects.create(product=world.skus[0].product, application=kamaz)
    ProductApplication.objects.create(product=world.skus[1].product, application=maz)

    whole = buyer.get(address(section)).content.decode()
    of_make = buyer.get(address(section, "?app_kind=Грузовик&app_make=КАМАЗ")).content.decode()
    of_year = buyer.get(address(section, "?app_kind=Грузовик&app_make=КАМАЗ&app_year=2002")).content.decode()
    changed = buyer.get(address(section, "?app_kind=Грузовик&app_make=УАЗ&app_model=5320")).content.decode()

    assert re.findall(r'name="(app_\w+)"[^>]*?( disabled)?>', whole) == [
        ("app_kind", ""), ("app_make", " disabled"), ("app_model", " disabled"), ("app_year", " disabled"),
    ]  # fmt: skip
    assert names(of_make) == names(of_year) == [BOLT]
    assert re.findall(r'<option value="(20\d\d)"', of_make) == ["2003", "2002", "2001"]
    assert names(changed) == [BOLT, CABLE]


@pytest.mark.parametrize(
    ("policy", "listed", "terms"),
    [
        (AbsentPolicy.HIDE, [BOLT], 0),
        (AbsentPolicy.LAST, [BOLT, "Анкер"], 0),
        (AbsentPolicy.TO_ORDER, ["Анкер", BOLT], 1),
    ],
)
def test_city_decides_what_becomes_of_goods_that_ran_out(
    buyer: Client, world: World, policy: AbsentPolicy, listed: list[str], terms: int
) -> None:
    world.city.absent_policy, world.city.order_days = policy, 21
    world.city.save()
    section = make_section(
        "Крепёж", goods=[make_sku("Анкер", stock={world.main_warehouse: 0}), world.skus[0]]
    )

    page = buyer.get(address(section)).content.decode()

    assert names(page) == listed
    assert page.count("под заказ, 21&nbsp;дн.") == terms
    assert pickable(page) == [world.skus[0].pk]


def test_popular_goods_come_first_when_asked(buyer: Client, world: World, section: Section) -> None:
    SkuPopularity.objects.create(sku=world.skus[2], score=5)
    SkuPopularity.objects.create(sku=world.skus[1], score=7)

    assert names(buyer.get(address(section, "?sort=popular")).content.decode()) == [CABLE, BOOK, BOLT]


def test_rows_show_stock_and_price_of_this_moment_whatever_the_index_knows(
    buyer: Client, world: World, section: Section, settled_index: Callable[[], None]
) -> None:
    settled_index()
    buyer.get(address(section))
    world.skus[0].prices.update(amount=123)
    world.skus[1].stocks.update(free=0)
    world.skus[2].is_hidden = True
    world.skus[2].save()

    page = buyer.get(address(section)).content.decode()

    assert (names(page), prices(page)) == ([BOLT], ["123,00"])


@pytest.mark.parametrize(
    "query",
    [
        "p0=x", "p1=%00", "p99999999=x", "p99999999_from=1", "p1_from=NaN", "brand=99999999", "brand=x",
        "warehouse=99999999", "price_from=-1", "price_from=NaN&price_to=Infinity", "price_to=999999999999999",
        "price_from=999999999999999", "price_from=9&price_to=1", "page=-1", "page=999999999", "size=1000000",
        "view=%00", "sort=%00", "app_kind=%00", "app_kind=нет&app_make=нет&app_model=нет&app_year=2001",
        "app_year=99999", "stock=maybe", "q=%00", "q=%25%5C_'\"", "%FF=%FE", "p1=" + "я" * 2000, "by=нет",
    ],
)  # fmt: skip
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_strange_addresses_break_nothing(
    buyer: Client, section: Section, material: Property, query: str, headers: dict[str, str]
) -> None:
    for page in (address(section), "/catalog/"):
        assert buyer.get(f"{page}?{query}", **headers).status_code == 200  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [1, 3])
def test_filtered_page_takes_the_same_queries_whatever_its_rows(
    buyer: Client, world: World, material: Property, rows: int,
    settled_index: Callable[[], None], django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    section = make_section("Часть", goods=list(world.skus)[:rows])
    query = f"?p{material.pk}=Медь&p{material.pk}=Сталь&sort=price&price_to=900"
    settled_index()
    buyer.get(address(section, query))

    with django_assert_num_queries(9):
        page = buyer.get(address(section, query)).content.decode()

    assert len(names(page)) == rows


# --- looks ---------------------------------------------------------------------------------------
def columns(page: str) -> list[str]:
    return re.findall(r'<th class="[^"]*"[^>]*>(?:<span[^>]*>)?([^<]+)', page)


def test_views_are_remembered_for_each_section_apart(buyer: Client, section: Section, world: World) -> None:
    other = make_section("Кабели", goods=[world.skus[1]])
    buyer.get(address(section, "?view=tile"))
    buyer.get(address(other, "?view=list"))

    tiles = buyer.get(address(section)).content.decode()
    lines = buyer.get(address(other)).content.decode()

    assert (tiles.count('<article class="tile">'), tiles.count('<article class="line">')) == (3, 0)
    assert (lines.count('<article class="tile">'), lines.count('<article class="line">')) == (0, 1)


def test_columns_and_density_are_chosen(buyer: Client, section: Section) -> None:
    before = buyer.get(address(section)).content.decode()
    answer = buyer.post(
        "/catalog/look/",
        {
            "name": f"section:{section.pk}",
            "columns": ["brand", "warehouses"],
            "density": "compact",
            "next": address(section),
        },
    )
    after = buyer.get(address(section)).content.decode()

    assert answer["Location"] == address(section)
    assert columns(before)[:4] == ["Фото", "Артикул", "Наименование", "Бренд"]
    assert columns(after)[:2] == ["Наименование", "Бренд"]
    assert after.count("goods-warehouse") == 2 * 4
    assert "table goods is-compact" in after


def test_columns_of_advice_and_of_the_last_order(buyer: Client, world: World, section: Section) -> None:
    bolt = world.skus[0]
    make_order(world.buyer, world.contract, world, {bolt: 2})
    order = make_order(world.buyer, world.contract, world, {bolt: 7})
    make_order(world.other_buyer, world.other_contract, world, {world.skus[1]: 1})
    make_price(bolt, 150, price_type=PriceType.objects.create(name="РРЦ", is_recommended=True))
    chosen = {"name": f"section:{section.pk}", "columns": ["recommended", "bought"], "density": "normal"}
    buyer.post("/catalog/look/", chosen)

    page = buyer.get(address(section)).content.decode().replace("&nbsp;", " ")

    _head, row, *others = page.split('<tr class="goods-row">')
    assert columns(page) == ["Наименование", "Моя цена", "РРЦ", "Наличие", "Последний заказ", "Количество"]
    assert '150,00 ₽<span class="price-unit">+50%</span>' in row
    assert f'href="/orders/{order.pk}/"' in row
    assert '<span class="price-unit">7 шт</span>' in row
    assert all("/orders/" not in other.split("</tbody>")[0] for other in others)


def test_unit_that_ends_a_name_is_told_once(buyer: Client, section: Section, material: Property) -> None:
    Property.objects.filter(name="Длина").update(name="Длина, см")

    page = buyer.get(address(section)).content.decode()

    assert 'Длина<span class="facet-unit">, см</span>' in page
    assert "Длина, см" not in page


@pytest.mark.parametrize(
    "form", [{}, {"name": "orders"}, {"name": "section:1", "density": "x"}, {"name": "section:1\n"}]
)
def test_strange_looks_are_passed_over(buyer: Client, world: World, form: dict[str, str]) -> None:
    answer = buyer.post("/catalog/look/", form)

    assert (answer.status_code, User.objects.get(pk=world.buyer.pk).looks) == (302, [])


def test_looking_in_anothers_name_remembers_nothing(client: Client, world: World, section: Section) -> None:
    client.force_login(world.manager)
    client.post("/hijack/acquire/", {"user_pk": world.buyer.pk, "cart": "own"})

    page = client.get(address(section, "?view=tile")).content.decode()

    assert page.count('<article class="tile">') == 3
    assert User.objects.get(pk=world.buyer.pk).looks == []


# --- what is folded ------------------------------------------------------------------------------
@pytest.fixture
def many(world: World) -> tuple[Section, Property, Property]:
    """Twenty goods, each with a mark of its own; a colour, collapsed, which is one of two."""
    mark, colour = Property.objects.create(name="Марка"), Property.objects.create(name="Цвет")
    skus = [make_sku(f"Кабель {number:02}", stock={world.main_warehouse: 5}) for number in range(20)]
    for number, sku in enumerate(skus):
        for described, text in ((mark, f"М{number:02}"), (colour, "Белый" if number % 2 else "Черный")):
            PropertyValue.objects.create(product=sku.product, property=described, raw=text, text=text)
    section = make_section("Кабели", goods=skus)
    SectionFacet.objects.create(section=section, property=mark, position=0)
    SectionFacet.objects.create(section=section, property=colour, position=1, is_collapsed=True)
    return section, mark, colour


def test_folded_values_are_not_drawn_until_they_are_asked_for(
    buyer: Client, many: tuple[Section, Property, Property]
) -> None:
    section, mark, colour = many

    page = buyer.get(address(section)).content.decode()
    whole = buyer.get(address(section, f"?open=p{mark.pk}&open=p{colour.pk}")).content.decode()

    assert [value for value, _count, _tick in options(page, f"p{mark.pk}")] == [
        f"М{number:02}" for number in range(8)
    ]
    assert options(page, f"p{colour.pk}") == []
    assert 'facet-more-head">Ещё 12<' in page
    assert f'href="{address(section, f"?open=p{mark.pk}")}#facet-p{mark.pk}"' in page
    assert f'href="{address(section, f"?open=p{colour.pk}")}#facet-p{colour.pk}"' in page
    assert len(options(whole, f"p{mark.pk}")) == 20
    assert options(whole, f"p{colour.pk}") == [("Белый", "10", False), ("Черный", "10", False)]
    assert re.findall(r'name="open" value="([^"]+)"', whole) == [f"p{mark.pk}", f"p{colour.pk}"]


def test_chosen_value_is_drawn_though_its_filter_is_collapsed(
    buyer: Client, many: tuple[Section, Property, Property]
) -> None:
    section, mark, colour = many

    page = buyer.get(address(section, f"?p{colour.pk}=Белый&p{mark.pk}=М19")).content.decode()

    assert options(page, f"p{colour.pk}") == [("Белый", "1", True)]
    assert ("М19", "1", True) in options(page, f"p{mark.pk}")
    assert len(names(page)) == 1


def test_opened_filter_comes_alone_to_its_place(
    buyer: Client, many: tuple[Section, Property, Property]
) -> None:
    section, mark, colour = many

    body = buyer.get(address(section, f"?open=p{colour.pk}"), **HTMX, HTTP_HX_TARGET=f"body-p{colour.pk}")
    folded = buyer.get(address(section, f"?open=p{mark.pk}"), **HTMX, HTTP_HX_TARGET=f"folded-p{mark.pk}")
    unknown = buyer.get(address(section), **HTMX, HTTP_HX_TARGET="folded-p99999")

    assert body.content.decode().lstrip().startswith(f'<div class="facet-body" id="body-p{colour.pk}">')
    assert options(body.content.decode(), f"p{colour.pk}") == [
        ("Белый", "10", False),
        ("Черный", "10", False),
    ]
    assert folded.content.decode().lstrip().startswith(f'<div class="facet-folded" id="folded-p{mark.pk}"')
    assert len(options(folded.content.decode(), f"p{mark.pk}")) == 12
    assert (unknown.status_code, unknown.content) == (204, b"")
    assert ["HX-Target" in answer["Vary"] and "HX-Push-Url" not in answer for answer in (body, folded)] == [
        True,
        True,
    ]


def test_what_is_opened_stays_open_on_other_pages_of_the_list(
    buyer: Client, many: tuple[Section, Property, Property]
) -> None:
    section, mark, colour = many
    query = f"?p{colour.pk}=Белый&open=p{mark.pk}&open=p99999&open=x"

    page = buyer.get(address(section, query)).content.decode()

    assert chips(page) == [(escape(address(section, f"?open=p{mark.pk}")), "Цвет: Белый")]
    assert len(options(page, f"p{mark.pk}")) == 10


def test_filter_from_which_nothing_can_be_chosen_is_left_out_though_it_is_collapsed(
    buyer: Client, world: World, many: tuple[Section, Property, Property]
) -> None:
    section, mark, colour = many

    page = buyer.get(address(section, f"?p{mark.pk}=М01&p{mark.pk}=М03")).content.decode()

    assert f"p{colour.pk}" not in facets(page)


def test_filters_drawn_once_tell_what_the_goods_are_now(
    buyer: Client, world: World, section: Section, material: Property
) -> None:
    first = buyer.get(address(section)).content.decode()
    again = buyer.get(address(section)).content.decode()
    PropertyValue.objects.filter(property=material, product=world.skus[0].product).update(text="Латунь")

    renewed = buyer.get(address(section)).content.decode()

    assert options(first, f"p{material.pk}") == [("Медь", "2", False), ("Сталь", "1", False)]
    assert options(again, f"p{material.pk}") == options(first, f"p{material.pk}")
    assert options(renewed, f"p{material.pk}") == [
        ("Латунь", "1", False), ("Медь", "1", False), ("Сталь", "1", False),
    ]  # fmt: skip


def test_filters_drawn_once_are_shared_and_the_price_is_not(
    client: Client, world: World, section: Section, material: Property
) -> None:
    personal = make_price_type("Крупный опт")
    ContractPricing.objects.create(contract=world.other_contract, price_type=personal)
    for sku, amount in zip(world.skus, (500, 5, 50), strict=True):
        make_price(sku, amount, price_type=personal)
    pages = []
    for person in (world.buyer, world.other_buyer, world.buyer):
        client.force_login(person)
        pages.append(client.get(address(section)).content.decode())

    ends = [re.findall(r'name="price_(?:from|to)" value="" placeholder="([^"]*)"', page) for page in pages]

    assert ends == [["10", "250,5"], ["5", "500"], ["10", "250,5"]]
    assert [options(page, f"p{material.pk}") for page in pages] == [
        [("Медь", "2", False), ("Сталь", "1", False)]
    ] * 3
