"""No change is missed by the index, whatever the order of commits; readers never see it half-made."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import psycopg
import pytest
from django.db import connection

from catalog.index.reading import catalog_index, forget_index
from catalog.models import IndexText, IndexTouch, Sku, Stock, Warehouse
from catalog.services import index_rebuild, index_refresh, index_tidy
from tests.factories import make_city, make_sku, make_stock, make_warehouse
from tests.processes import database_url

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 4
ROUNDS = 25


@contextmanager
def another_session() -> Iterator[psycopg.Connection]:
    """A connection of its own whose commits the test decides."""
    with psycopg.connect(database_url()) as session:
        yield session


def give(session: psycopg.Connection, sku: Sku, warehouse: Warehouse, free: int) -> None:
    session.execute(
        "UPDATE catalog_stock SET free = %s WHERE sku_id = %s AND warehouse_id = %s",
        [free, sku.pk, warehouse.pk],
    )


def indexed(sku: Sku, warehouse: Warehouse) -> float:
    forget_index()
    index = catalog_index()
    return float(index.vector("stock", warehouse.pk)[index.ordinals([sku.pk])[0]])


@pytest.fixture
def shelf(settings: object) -> tuple[list[Sku], Warehouse]:
    """Two goods with one piece each in a warehouse, indexed; looks do not refresh the index by themselves."""
    settings.CATALOG_INDEX_INLINE = False  # type: ignore[attr-defined]
    settings.CATALOG_INDEX_POLL_SECONDS = 0  # type: ignore[attr-defined]
    warehouse = make_warehouse(make_city())
    skus = [make_sku("Первый", stock={warehouse: 1}), make_sku("Второй", stock={warehouse: 1})]
    index_refresh()
    return skus, warehouse


class NaiveFeed:
    """What an indexer would hear that remembers the greatest id it has seen: the control of the test."""

    def __init__(self) -> None:
        self.seen = IndexTouch.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def news(self) -> set[int]:
        rows = list(IndexTouch.objects.filter(pk__gt=self.seen, kind="stock").values_list("pk", "ids"))
        self.seen = max([self.seen, *(pk for pk, _ids in rows)])
        return {sku_id for _pk, ids in rows for sku_id in ids}


def test_change_that_commits_after_a_later_one_is_not_missed(shelf: tuple[list[Sku], Warehouse]) -> None:
    (early, late), warehouse = shelf
    naive = NaiveFeed()

    with another_session() as slow, another_session() as quick:
        give(slow, early, warehouse, 7)
        give(quick, late, warehouse, 8)
        quick.commit()
        heard = naive.news()
        index_refresh()
        between = (indexed(early, warehouse), indexed(late, warehouse))
        slow.commit()
    heard |= naive.news()
    index_refresh()

    assert between == (1.0, 8.0)
    assert (indexed(early, warehouse), indexed(late, warehouse)) == (7.0, 8.0)


def test_naive_feed_misses_a_change_that_commits_after_a_later_one(
    shelf: tuple[list[Sku], Warehouse],
) -> None:
    """The control: with ids remembered instead of rows taken away the same order of commits loses one."""
    (early, late), warehouse = shelf
    naive = NaiveFeed()

    with another_session() as slow, another_session() as quick:
        give(slow, early, warehouse, 7)
        give(quick, late, warehouse, 8)
        quick.commit()
        heard = naive.news()
        slow.commit()
    heard |= naive.news()

    assert heard == {late.pk}


def test_index_is_the_tables_after_many_writers(settings: object) -> None:
    settings.CATALOG_INDEX_INLINE = False  # type: ignore[attr-defined]
    warehouse = make_warehouse(make_city())
    skus = [make_sku(stock={warehouse: 1}) for _ in range(6)]
    index_refresh()
    threads = [
        threading.Thread(target=write_at_random, args=(seed, skus, warehouse)) for seed in range(WRITERS)
    ]
    refreshed = 0
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        refreshed += index_refresh()

    index_refresh()

    assert refreshed > 0
    told = {sku_id: float(free) for sku_id, free in Stock.objects.values_list("sku_id", "free")}
    assert {sku.pk: indexed(sku, warehouse) for sku in skus} == told


def write_at_random(seed: int, skus: list[Sku], warehouse: Warehouse) -> None:
    chance = random.Random(seed)
    with another_session() as session:
        for _ in range(ROUNDS):
            for sku in sorted(chance.sample(skus, 2), key=lambda one: one.pk):
                give(session, sku, warehouse, chance.randint(0, 99))
            threading.Event().wait(chance.random() / 100)
            session.commit() if chance.random() < 0.8 else session.rollback()


def test_second_indexer_stands_aside(shelf: tuple[list[Sku], Warehouse]) -> None:
    (sku, _other), _warehouse = shelf
    make_stock(sku, make_warehouse(), 3)

    with another_session() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s, %s)", (0x1DE, 1))
        meanwhile = index_refresh()

    assert (meanwhile, index_refresh() > 0) == (0, True)


def test_readers_see_whole_generations_while_the_index_is_built_anew(
    shelf: tuple[list[Sku], Warehouse],
) -> None:
    skus, _warehouse = shelf
    wrong: list[int] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            if (seen := len(catalog_index().on_sale)) != len(skus):
                wrong.append(seen)
        connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    before = catalog_index().generation
    for _ in range(5):
        index_rebuild()
        index_tidy()
    stop.set()
    reader.join()

    assert wrong == []
    assert catalog_index().generation > before


def test_process_hears_of_a_change_and_rereads_only_that(
    shelf: tuple[list[Sku], Warehouse], django_assert_num_queries: Callable[[int], object]
) -> None:
    (sku, _other), warehouse = shelf
    index = catalog_index()
    index.vector("stock", warehouse.pk)
    index.vector("name")
    index.ordinals([sku.pk])
    Stock.objects.filter(sku=sku).update(free=5)
    index_refresh()

    with django_assert_num_queries(2):  # the look, and the one piece that was rewritten
        index = catalog_index()
        index.vector("name")
        now = index.vector("stock", warehouse.pk)[index.ordinals([sku.pk])[0]]

    assert float(now) == 5.0


_BUILDING_WAITS = """
SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'catalog_indexblock'::regclass
"""


def test_sku_deleted_while_the_index_is_built_spoils_nothing(shelf: tuple[list[Sku], Warehouse]) -> None:
    gone = make_sku("Третий")
    outcomes: list[object] = []

    def build() -> None:
        try:
            outcomes.append(index_rebuild())
        except Exception as fault:
            outcomes.append(fault)
        finally:
            connection.close()

    with another_session() as session:
        session.execute("LOCK TABLE catalog_indexblock IN SHARE UPDATE EXCLUSIVE MODE")
        building = threading.Thread(target=build)
        building.start()
        deadline = monotonic() + 20
        while session.execute(_BUILDING_WAITS).fetchone() == (0,):  # its blocks are written
            assert monotonic() < deadline
            sleep(0.05)
        session.execute("DELETE FROM pricing_price WHERE sku_id = %s", [gone.pk])
        session.execute("DELETE FROM catalog_sku WHERE id = %s", [gone.pk])
    building.join()

    assert [type(outcome) for outcome in outcomes] == [int]
    assert not IndexText.objects.filter(sku_id=gone.pk).exists()
