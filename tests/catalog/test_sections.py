"""The tree of sections with what is sold in a city."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.index.reading import catalog_index
from catalog.models import Section
from catalog.selectors import branches, section_tree
from tests.catalog.samples import make_section
from tests.factories import World, make_city, make_product, make_sku, make_stock, make_warehouse

pytestmark = pytest.mark.django_db


def test_section_tree_counts_skus_of_all_below_and_hides_the_rest(world: World) -> None:
    bolt, cable, book = world.skus
    top = make_section("Крепёж", goods=[bolt])
    below = make_section("Метрический", parent=top, goods=[cable, book])
    empty = make_section("Пустой", goods=[make_sku()])

    tree = section_tree(catalog_index(), city=world.city)

    assert [(node.pk, node.count) for node in tree.sold(None)] == [(top.pk, 3)]
    assert [(node.pk, node.count) for node in tree.sold(top.pk)] == [(below.pk, 2)]
    assert tree.nodes[empty.pk].count == 0
    assert tree.total == 3


def test_section_tree_counts_a_sku_in_two_sections_once(world: World) -> None:
    bolt = world.skus[0]
    top = make_section("Крепёж")
    make_section("Болты", parent=top, goods=[bolt])
    make_section("Новинки", parent=top, goods=[bolt])

    tree = section_tree(catalog_index(), city=world.city)

    assert tree.nodes[top.pk].count == 1


def test_section_tree_counts_every_characteristic(world: World) -> None:
    product = make_product("Провод ПуВ")
    colours = [
        make_sku(product=product, characteristic=colour, stock={world.main_warehouse: 1})
        for colour in ("белый", "синий")
    ]
    make_sku(product=product, characteristic="нет на складе")
    section = make_section(goods=colours)

    assert section_tree(catalog_index(), city=world.city).nodes[section.pk].count == 2


def test_section_tree_is_of_its_city(world: World) -> None:
    other = make_city("Казань")
    sku = make_sku(stock={make_warehouse(other): 1})
    section = make_section(goods=[sku])

    assert section_tree(catalog_index(), city=other).nodes[section.pk].count == 1
    assert section_tree(catalog_index(), city=world.city).nodes[section.pk].count == 0
    assert section_tree(catalog_index(), city=None).total == 0


def test_section_tree_does_not_count_what_is_promised_or_hidden(world: World) -> None:
    promised, hidden = make_sku(), make_sku(is_hidden=True, stock={world.main_warehouse: 5})
    make_stock(promised, world.main_warehouse, 5, reserved=5)
    section = make_section(goods=[promised, hidden])

    assert section_tree(catalog_index(), city=world.city).nodes[section.pk].count == 0


def test_section_tree_leaves_out_hidden_sections_with_all_below(world: World) -> None:
    hidden = make_section("Служебный", is_hidden=True)
    below = make_section("Внутри", parent=hidden, goods=[world.skus[0]])

    tree = section_tree(catalog_index(), city=world.city)

    assert tree.nodes == {}
    assert below.pk not in tree.nodes


def test_section_tree_survives_a_loop_in_the_data(world: World) -> None:
    first = make_section("А")
    second = make_section("Б", parent=first, goods=[world.skus[0]])
    Section.objects.filter(pk=first.pk).update(parent=second)

    assert section_tree(catalog_index(), city=world.city).nodes == {}


def test_section_tree_orders_names_as_russians_do(world: World) -> None:
    for name in ("Ящики", "Ёмкости", "Трубы 16", "Трубы 2", "Еврокубы"):
        make_section(name, goods=[world.skus[0]])

    names = [node.name for node in section_tree(catalog_index(), city=world.city).sold(None)]

    assert names == ["Еврокубы", "Ёмкости", "Трубы 2", "Трубы 16", "Ящики"]


def test_section_tree_knows_the_way_up_and_everything_below(world: World) -> None:
    top = make_section("А")
    middle = make_section("Б", parent=top)
    leaf = make_section("В", parent=middle)
    make_section("Г")

    tree = section_tree(catalog_index(), city=world.city)

    assert [node.pk for node in tree.trail(leaf.pk)] == [top.pk, middle.pk, leaf.pk]
    assert set(branches(catalog_index()).below(top.pk)) == {top.pk, middle.pk, leaf.pk}


def test_section_tree_is_kept_while_nothing_changes(
    world: World, settled_index: Callable[[], None], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    section = make_section(goods=[world.skus[0]])
    settled_index()
    first = section_tree(catalog_index(), city=world.city)

    with django_assert_num_queries(0):
        again = section_tree(catalog_index(), city=world.city)

    assert again is first
    assert first.nodes[section.pk].count == 1


def test_section_tree_is_read_anew_when_a_section_was_added(world: World) -> None:
    make_section(goods=[world.skus[0]])
    before = len(section_tree(catalog_index(), city=world.city).nodes)

    make_section("Ещё один", goods=[world.skus[1]])

    assert (before, len(section_tree(catalog_index(), city=world.city).nodes)) == (1, 2)
