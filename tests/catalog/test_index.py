"""Pieces of the catalogue index: what is touched, kept, dropped; orders, counts, filters of sections."""

from collections.abc import Callable
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection
from pyroaring import BitMap
from pytest_django import DjangoAssertNumQueries, Settings

from catalog.index.codec import (
    Numbers,
    bitmap,
    ordinals,
    pack_bitmaps,
    pack_numbers,
    unpack_bitmaps,
    unpack_numbers,
)
from catalog.index.kinds import FORMAT
from catalog.index.reading import catalog_index, forget_index, index_usage
from catalog.index.rows import EVERY_OWNER
from catalog.index.selection import FacetQuery, Histogram, counts, histogram, ranked
from catalog.management.commands.catalog_index import rest
from catalog.models import (
    FacetKind,
    IndexBlock,
    IndexChange,
    IndexGeneration,
    IndexTouch,
    Product,
    SectionFacet,
    Sku,
    Stock,
)
from catalog.selectors import facet_plan, index_lag
from catalog.selectors.sections import section_goods
from catalog.services import index_rebuild, index_refresh
from tests.catalog.samples import make_property, make_section
from tests.factories import World, make_city, make_sku, make_stock, make_warehouse, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


# --- arithmetic, no database -----------------------------------------------------------------------
def test_bitmaps_and_numbers_come_back_as_they_were_packed() -> None:
    goods = {"медь": BitMap([1, 5, 70_000]), "16": BitMap([2]), "пусто": BitMap()}
    numbers = Numbers(np.array([1, 1, 4], np.uint32), np.array([2.5, 10, -3]))

    told = unpack_numbers(pack_numbers(numbers))

    assert unpack_bitmaps(pack_bitmaps(goods)) == {"16": BitMap([2]), "медь": BitMap([1, 5, 70_000])}
    assert (told.ordinals.tolist(), told.values.tolist()) == ([1, 1, 4], [2.5, 10.0, -3.0])


def test_numbers_between_take_both_ends_and_any_of_a_goods_values() -> None:
    numbers = Numbers(np.array([1, 1, 4], np.uint32), np.array([2.5, 10, -3]))

    assert [
        set(numbers.between(*ends)) for ends in ((2.5, 2.5), (None, 3), (9, None), (11, None), (5, 1))
    ] == [{1}, {1, 4}, {1}, set(), set()]


def test_numbers_of_goods_added_since_the_size_was_told_are_left_out() -> None:
    numbers = Numbers(np.array([1, 1, 4], np.uint32), np.array([2.5, 10, -3]))

    assert numbers.of(BitMap([0, 1]), 2).tolist() == [2.5, 10.0]
    assert numbers.of(BitMap([1, 4]), 5).tolist() == [2.5, 10.0, -3.0]


def test_filters_are_met_together_and_each_is_counted_without_itself() -> None:
    query = FacetQuery(BitMap([1, 2, 3, 4]))
    query.narrow("p1", BitMap([1, 2]))
    query.narrow("p2", BitMap([2, 3]))
    query.narrow("p2", BitMap([2, 9]))

    assert set(query.result) == {2}
    assert set(query.without("p1")) == {2}
    assert set(query.without("p2")) == {1, 2}
    assert counts({"a": BitMap([1, 9]), "b": BitMap([7])}, query.without("p2")) == {"a": 1}
    assert set(query.base) == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], None), ([5, 5], Histogram(5, 5, (2,))), ([0, 1, 10], Histogram(0, 10, (2, 1)))],
)
def test_histogram_spreads_values(values: list[float], expected: Histogram | None) -> None:
    assert histogram(np.array(values, np.float64), bars=2) == expected


def test_ranked_pages_are_the_whole_order_cut_up() -> None:
    price = np.array([3, 1, 3, 2, 1, 9], np.int64)
    name = np.array([5, 4, 3, 2, 1, 0], np.int32)
    goods = BitMap([0, 1, 2, 3, 4])

    pages = [ranked(goods, price, name, start=start, stop=start + 2).tolist() for start in (0, 2, 4, 6)]

    assert pages == [[4, 1], [3, 2], [0], []]


def test_bitmap_takes_ordinals_in_any_order() -> None:
    assert set(bitmap(np.array([7, 3, 3], np.int64))) == {3, 7}


# --- touches and refreshing ------------------------------------------------------------------------
def test_one_statement_leaves_one_touch_with_all_it_changed(world: World) -> None:
    IndexTouch.objects.all().delete()

    Stock.objects.filter(warehouse=world.main_warehouse).update(free=4)

    (touch,) = IndexTouch.objects.all()
    assert (touch.kind, touch.ids) == ("stock", sorted(sku.pk for sku in world.skus))


def test_refresh_takes_touches_away_and_rewrites_only_what_they_name(world: World) -> None:
    index_refresh()
    before = dict(IndexBlock.objects.values_list("pk", "payload"))
    Stock.objects.filter(warehouse=world.main_warehouse, sku=world.skus[0]).update(free=4)

    rewritten = index_refresh()

    changed = [block for block in IndexBlock.objects.all() if before.get(block.pk) != block.payload]
    assert rewritten == 1
    assert [(block.kind, block.owner) for block in changed] == [("stock", world.main_warehouse.pk)]
    assert (IndexTouch.objects.count(), index_refresh()) == (0, 0)


def test_lag_is_the_age_of_what_is_not_indexed(world: World) -> None:
    index_refresh()
    settled = index_lag()
    IndexTouch.objects.create(kind="stock", ids=[world.skus[0].pk])
    IndexTouch.objects.update(at="2026-01-01T00:00:00+03:00")

    assert settled == 0
    assert index_lag() > 3_600


def test_rebuild_puts_a_new_generation_in_the_place_of_the_old_one(world: World) -> None:
    index_refresh()
    (first,) = IndexGeneration.objects.filter(is_live=True)

    index_rebuild()

    (live,) = IndexGeneration.objects.filter(is_live=True)
    first.refresh_from_db()
    assert (live.pk > first.pk, live.size, first.retired_at is not None) == (True, 3, True)


def test_generation_of_another_format_is_built_anew(world: World) -> None:
    index_refresh()
    IndexGeneration.objects.update(format=0)

    index_refresh()

    assert IndexGeneration.objects.get(is_live=True).format == FORMAT


def test_command_brings_the_index_up_to_date_once(world: World) -> None:
    out = StringIO()

    call_command("catalog_index", "--once", stdout=out)
    call_command("catalog_index", "--once", stdout=out)

    first, second = (int(line.split()[0]) for line in out.getvalue().splitlines())
    assert (first > 0, second) == (True, 0)
    assert len(catalog_index().on_sale) == 3


def test_deleted_goods_leave_the_index(world: World) -> None:
    catalog_index()
    Product.objects.filter(pk=world.skus[0].product_id).delete()

    index = catalog_index()

    assert sorted(index.sku_ids(np.fromiter(index.on_sale, np.int64))) == [sku.pk for sku in world.skus[1:]]


def test_sku_that_goes_to_another_product_goes_to_its_sections(world: World) -> None:
    former, latter = (
        make_section("Откуда", goods=[world.skus[0]]),
        make_section("Куда", goods=[world.skus[1]]),
    )
    catalog_index()

    Sku.objects.filter(pk=world.skus[0].pk).update(product=world.skus[1].product_id)

    index = catalog_index()
    found = [section_goods(index, section.pk) for section in (former, latter)]
    assert [set(index.sku_ids(ordinals(goods))) for goods in found] == [
        set(),
        {world.skus[0].pk, world.skus[1].pk},
    ]


# --- what a process keeps --------------------------------------------------------------------------
def test_kept_blocks_cost_no_query(
    world: World, settled_index: Callable[[], None], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settled_index()
    warehouses = [world.main_warehouse.pk, world.second_warehouse.pk]
    catalog_index().city(warehouses)

    with django_assert_num_queries(0):
        goods = catalog_index().city(warehouses)

    assert len(goods.available) == 3


def test_cache_keeps_within_its_bound(world: World, settings: Settings) -> None:
    settings.CATALOG_INDEX_CACHE_BYTES = 2_000
    warehouses = [make_warehouse() for _ in range(8)]
    for warehouse in warehouses:
        make_stock(world.skus[0], warehouse, 5)
    index = catalog_index()

    found = [float(index.vector("stock", warehouse.pk)[0]) for warehouse in warehouses]

    assert found == [5.0] * 8
    assert index_usage()["bytes"] <= 2_000


def test_added_goods_lengthen_every_vector(world: World) -> None:
    catalog_index().vector("popularity")

    sku = make_sku("Новый", stock={world.main_warehouse: 2})

    index = catalog_index()
    ordinal = index.ordinals([sku.pk])[0]
    assert (index.size, len(index.vector("popularity")), len(index.vector("name"))) == (4, 4, 4)
    assert float(index.vector("stock", world.main_warehouse.pk)[ordinal]) == 2.0
    assert np.isnan(index.vector("stock", world.second_warehouse.pk)[ordinal])


def test_vector_of_which_only_a_late_piece_is_told_stays_in_its_place(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("codec", "writing"):
        monkeypatch.setattr(f"catalog.index.{place}.CHUNK", 1)
    index_refresh()
    new = make_warehouse(world.city, name="Новый склад")
    make_stock(world.skus[2], new, 7)
    forget_index()

    told = catalog_index().vector("stock", new.pk)

    assert told[catalog_index().ordinals([world.skus[2].pk])[0]] == 7
    assert np.isnan(told[catalog_index().ordinals([sku.pk for sku in world.skus[:2]])]).all()


def test_touches_of_goods_that_are_gone_before_the_first_look_are_passed_over(world: World) -> None:
    Product.objects.all().delete()
    index_rebuild()
    gone = make_sku("Мелькнул", price=5, stock={world.main_warehouse: 2})
    gone.product.delete()

    assert index_refresh() == 0
    assert IndexTouch.objects.count() == 0


def test_unknown_skus_sections_and_warehouses_have_no_goods(world: World) -> None:
    index = catalog_index()

    assert index.ordinals([0, 10**9]) == BitMap()
    assert index.city([10**9]).kept == BitMap()
    assert index.values(10**9) == {}
    assert len(index.numbers(10**9).values) == 0


def test_index_before_anything_is_there_is_empty(db: None, settings: Settings) -> None:
    settings.CATALOG_INDEX_INLINE = False

    index = catalog_index()

    assert (index.size, index.on_sale, index.sku_ids(np.zeros(0, np.int64))) == (0, BitMap(), [])


def test_city_is_sold_what_its_warehouses_have(world: World) -> None:
    elsewhere = make_sku("Далеко", stock={make_warehouse(make_city("Омск")): 1})
    gone = make_sku("Кончился", stock={world.main_warehouse: 0})

    goods = catalog_index().city([world.main_warehouse.pk])

    index = catalog_index()
    kept = set(index.sku_ids(np.fromiter(goods.kept, np.int64)))
    available = set(index.sku_ids(np.fromiter(goods.available, np.int64)))
    assert kept - available == {gone.pk}
    assert elsewhere.pk not in kept


# --- filters of sections ---------------------------------------------------------------------------
def test_facets_are_those_of_the_nearest_section_that_has_some(world: World) -> None:
    product = world.skus[0].product
    colour, size = make_property(product, "Цвет", "синий"), make_property(product, "Размер", "10")
    top = make_section("Верх")
    below = make_section("Ниже", parent=top, goods=[world.skus[0]])
    SectionFacet.objects.create(section=top, property=size, position=2, kind=FacetKind.RANGE, unit="мм")
    SectionFacet.objects.create(section=top, property=colour, position=1, is_collapsed=True)

    inherited = facet_plan(catalog_index(), below.pk)
    SectionFacet.objects.create(section=below, property=colour)
    own = facet_plan(catalog_index(), below.pk)

    assert [(one.name, one.kind, one.is_collapsed, one.unit) for one in inherited] == [
        ("Цвет", "list", True, ""),
        ("Размер", "range", False, "мм"),
    ]
    assert [one.name for one in own] == ["Цвет"]


def test_facets_nobody_chose_are_what_most_goods_have(world: World) -> None:
    common = make_property(world.skus[0].product, "Цвет", "синий")
    make_property(world.skus[0].product, "Редкое", "да")
    make_property(world.skus[1].product, "Служебное", "1", is_hidden=True)
    for sku in world.skus[1:]:
        sku.product.property_values.create(property=common, raw="белый", text="белый")
    section = make_section(goods=list(world.skus))

    assert [one.name for one in facet_plan(catalog_index(), section.pk)] == ["Цвет", "Редкое"]


def test_hiding_a_sku_takes_it_from_lists_at_once(world: World) -> None:
    catalog_index()

    Sku.objects.filter(pk=world.skus[0].pk).update(is_hidden=True)

    assert len(catalog_index().on_sale) == 2


def test_many_rewritten_words_are_told_of_in_one_line_and_all_are_read_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.index.writing.MOST_NOTES", 2)
    index_refresh()
    terms = ("w:муфта", "w:заглушка", "w:хомут")
    assert not any(catalog_index().words(terms).values())
    begun = IndexChange.objects.order_by("id").last()

    Product.objects.filter(pk=world.skus[0].product_id).update(name="Муфта, заглушка, хомут")

    found = catalog_index().words(terms)
    assert [set(found[term]) for term in terms] == [set(catalog_index().ordinals([world.skus[0].pk]))] * 3
    lines = IndexChange.objects.filter(kind="words", id__gt=begun.pk if begun else 0)
    assert list(lines.values_list("owner", "chunk")) == [(EVERY_OWNER, 0)]


def test_long_build_is_not_cut_off_and_waits_for_the_indexer(db: None) -> None:
    index_rebuild()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name IN"
            " ('idle_in_transaction_session_timeout', 'lock_timeout', 'statement_timeout') ORDER BY name"
        )
        limits = dict(cursor.fetchall())
    assert limits == {
        "idle_in_transaction_session_timeout": "0",
        "lock_timeout": "0",
        "statement_timeout": "600000",
    }


def test_blocks_are_not_compressed(db: None) -> None:
    """Compression would take longer than all the rest of the indexer's work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attstorage FROM pg_attribute"
            " WHERE attrelid = 'catalog_indexblock'::regclass AND attname = 'payload'"
        )
        assert cursor.fetchall() == [("e",)]


def test_rewritten_pieces_of_many_vectors_come_in_one_query(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    warehouses = [make_warehouse() for _ in range(3)]
    sku = make_sku(stock=dict.fromkeys(warehouses, 1))
    pks = [warehouse.pk for warehouse in warehouses]
    catalog_index().vectors("stock", pks)
    Stock.objects.filter(sku=sku, warehouse__in=pks[:2]).update(free=7)

    index = catalog_index()
    with django_assert_num_queries(1):
        found = index.vectors("stock", pks)

    assert [found[pk].tolist() for pk in pks] == [[7.0], [7.0], [1.0]]


@pytest.mark.parametrize(
    ("worked", "busy", "pause"),
    [(0.01, 0, 0.1), (1.5, 9, 1.5), (4.0, 30, 2.0), (0.01, 31, 0.1), (0.25, 31, 1.0), (4.0, 600, 2.0)],
)
def test_rest_is_as_long_as_the_work_and_longer_in_a_load_of_minutes_but_never_above_two_seconds(
    worked: float, busy: float, pause: float
) -> None:
    assert rest(worked, busy=busy) == pause
