"""Which goods a price list holds, in which order, at which prices."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.index.reading import catalog_index
from catalog.masks import StockMask
from catalog.models import Classifier, ClassifierKind, Product, Section, Stock
from counterparties.models import TaxRegime
from documents.price_lists.columns import shown_price
from documents.price_lists.goods import ListedGoods
from documents.price_lists.options import Column
from documents.price_lists.paper import PriceList
from documents.price_lists.shelves import Shelf
from pricing.models import IndividualPrice
from tests.documents.price_lists.lists import list_of, put
from tests.factories import TODAY, World, make_sku

TREE = [
    ("Метизы", 0),
    "Кабель ВВГнг 3х2,5",
    ("Болты", 1),
    "Болт М8х40",
    ("Прочее", 0),
    "Книга учёта",
]


def rows(price_list: PriceList) -> list[Any]:
    return [(row.title, row.level) if isinstance(row, Shelf) else row.name for row in price_list.rows()]


def goods(price_list: PriceList) -> dict[str, ListedGoods]:
    return {row.name: row for row in price_list.rows() if isinstance(row, ListedGoods)}


def test_goods_stand_under_their_sections_in_the_order_of_the_tree(world: World) -> None:
    assert rows(list_of(world)) == TREE


def test_chosen_section_comes_with_those_below_it_and_once(world: World) -> None:
    top, below = Section.objects.get(name="Метизы"), Section.objects.get(name="Болты")

    assert rows(list_of(world, sections=(below.pk, top.pk))) == TREE[:4]
    assert rows(list_of(world, sections=(below.pk,))) == [("Болты", 0), "Болт М8х40"]


def test_good_of_two_trees_comes_once_in_the_first(world: World) -> None:
    tree = Classifier.objects.create(name="Ещё", position=5)
    put(world.skus[0], Section.objects.create(classifier=tree, name="Ещё раз", sort_key="ещё"))

    assert rows(list_of(world)) == TREE


def test_tree_of_brands_is_taken_only_when_chosen(world: World) -> None:
    tree = Classifier.objects.create(name="Бренды", kind=ClassifierKind.BRANDS)
    brand = Section.objects.create(classifier=tree, name="Зубр", sort_key="зубр")
    put(world.skus[0], brand)

    assert rows(list_of(world)) == TREE
    assert rows(list_of(world, sections=(brand.pk,))) == [("Зубр", 0), "Болт М8х40"]


def test_goods_of_no_section_come_last(world: World) -> None:
    make_sku("Абажур", stock={world.main_warehouse: 1})

    assert rows(list_of(world))[-2:] == [("Без раздела", 0), "Абажур"]


def test_list_without_groups_goes_by_name(world: World) -> None:
    assert rows(list_of(world, is_grouped=False)) == [
        ("", 0),
        "Болт М8х40",
        "Кабель ВВГнг 3х2,5",
        "Книга учёта",
    ]


def test_goods_that_have_run_out_come_where_they_are_asked_for(world: World) -> None:
    Stock.objects.filter(sku=world.skus[2]).update(free=0)

    assert rows(list_of(world)) == TREE[:4]
    assert rows(list_of(world, is_in_stock_only=False)) == TREE


def test_good_that_ran_out_after_the_index_was_read_is_left_out(world: World) -> None:
    price_list = list_of(world)
    Stock.objects.filter(sku=world.skus[2]).update(free=0)

    assert "Книга учёта" not in goods(price_list)


def test_prices_are_the_clients_own(world: World) -> None:
    IndividualPrice.objects.create(
        contract=world.contract, sku=world.skus[0], amount=Decimal("71.2345"), valid_from=TODAY
    )

    found = goods(list_of(world))

    assert {name: row.price for name, row in found.items()} == {
        "Болт М8х40": Decimal("71.2345"),
        "Кабель ВВГнг 3х2,5": Decimal("250.5"),
        "Книга учёта": Decimal(10),
    }
    assert found["Болт М8х40"].available == Decimal(15)
    assert found["Болт М8х40"].step == Decimal(1)
    assert found["Кабель ВВГнг 3х2,5"].step == Decimal("0.001")


def test_stock_is_told_as_the_group_may_see_it(world: World) -> None:
    price_list = list_of(world, stock_mask=StockMask.WORDS)
    (stock,) = (one for one in price_list.columns if one.head == "Остаток")
    assert stock.fill is not None

    assert [stock.fill(row) for row in goods(price_list).values()] == ["много", "много", "много"]


@pytest.mark.parametrize(
    ("price", "percent", "is_included", "is_wanted", "shown"),
    [
        ("122", 22, True, False, "100.00"),
        ("100", 22, False, True, "122.00"),
        ("0.05", 20, True, False, "0.04"),
        ("71.2345", 22, True, True, "71.2345"),
        ("71.2345", None, False, True, "71.2345"),
    ],
)
def test_price_is_shown_with_vat_or_without(
    price: str, percent: int | None, is_included: bool, is_wanted: bool, shown: str
) -> None:
    rate = None if percent is None else Decimal(percent)

    assert shown_price(Decimal(price), rate, is_included=is_included, is_wanted=is_wanted) == Decimal(shown)


@pytest.mark.parametrize("count", [1, 300])
def test_queries_do_not_grow_with_the_goods(world: World, count: int) -> None:
    section = Section.objects.get(name="Прочее")
    for _ in range(count):
        put(make_sku(stock={world.main_warehouse: 1}), section)
    catalog_index()
    price_list = list_of(world)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = goods(price_list)

    assert len(found) == 3 + count
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("regime", "percent", "without", "words"),
    [
        (TaxRegime.GENERAL, Decimal(22), Decimal("81.97"), "цены указаны без НДС"),
        (TaxRegime.SIMPLIFIED_5, Decimal(5), Decimal("95.24"), "цены указаны без НДС"),
        (TaxRegime.SIMPLIFIED_EXEMPT, None, Decimal(100), "НДС не облагается"),
    ],
)
def test_vat_is_that_of_the_seller_as_in_his_orders(
    world: World, regime: str, percent: Decimal | None, without: Decimal, words: str
) -> None:
    Product.objects.update(vat_percent=22)
    world.contract.organization.tax_regime = regime

    made = list_of(world, is_vat_included=False)

    bolt = goods(made)["Болт М8х40"]
    [price] = [column.fill(bolt) for column in made.columns if column.column == Column.PRICE and column.fill]
    assert (bolt.vat_percent, price) == (percent, without)
    assert words in made.heading.facts
