"""1C's exchange at its largest: a first load, the same again, a change of prices and stock; pages meanwhile.

60,000 goods with 1,000 properties, 8 price types and 12 warehouses come in 250 portions through the real
exchange: simulated 1C client, web process, Celery worker.
"""

import json
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
from lxml import etree

from bench.harness import (
    OUTPUT,
    Portal,
    Results,
    WorkerMemory,
    answers_in_parallel,
    percentile,
    running_portal,
    signed_in,
)
from bench.large import Catalogues
from integrations.demo.catalogue import Catalogue
from integrations.demo.fiction import PEOPLE
from integrations.demo.offers_file import write_offers_delta
from integrations.demo.options import DemoOptions
from integrations.demo.signin import NODE_PASSWORD, NODE_USERNAME, PASSWORD
from integrations.onec.client import OneCClient

GOODS, PORTION = 60_000, 480
FIRST_LIMIT, AGAIN_LIMIT, CHANGE_LIMIT = 120, 45, 5
CHANGED_PERCENT = 7
"""Of the offers: about 5,000 of them."""
LONGEST_WAIT = 300.0
PAGE_PAUSE = 1.0
"""Seconds between two pages of one person."""
_TABLES = (
    "catalog_product", "catalog_propertyvalue", "catalog_sku", "catalog_stock", "pricing_price",
    "integrations_externalid",
)  # fmt: skip
_DUE = "SELECT count(*) FROM outbox_job WHERE state NOT IN ('done', 'dead')"
_WRITTEN = """
SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint FROM pg_stat_user_tables WHERE relname = ANY(%s)
"""


def _options(goods: int) -> DemoOptions:
    return DemoOptions(
        goods=goods, properties=1_000, portion=PORTION, pictures=False, price_levels=8, storehouses=12
    )


def measure(target: str, _catalogues: Catalogues, sizes: list[int]) -> Results:
    """A portal of its own, empty before and gone after."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    results, options = Results(target), _options(sizes[0])
    with (
        running_portal("exchange") as portal,
        psycopg.connect(portal.environment["DATABASE_URL"], autocommit=True) as connection,
    ):
        with WorkerMemory(portal.process) as memory:
            _measure_first(results, portal, connection, options)
            _wait_until_idle(results, connection)
            _measure_again(results, portal, connection)
            _measure_pages(results, portal)
            _measure_change(results, portal, connection, options)
        results.add("peak memory of a worker process", memory.peak_mb, "MB", at_most=300)
    return results


def _measure_first(
    results: Results, portal: Portal, connection: psycopg.Connection[Any], options: DemoOptions
) -> None:
    report = OUTPUT / "upload.json"
    portal.manage(
        "demo_load", f"--base-url={portal.url}", f"--goods={options.goods}",
        f"--properties={options.properties}",
        f"--portion={PORTION}", f"--price-types={options.price_levels}",
        f"--warehouses={options.storehouses}", "--no-pictures", f"--report={report}",
    )  # fmt: skip
    upload = json.loads(report.read_text())
    parse = _bare_parse_seconds()
    copy = _bare_copy_seconds(connection)
    seconds = upload["seconds"]
    results.add("XML sent", upload["bytes_sent"] / 1e6, "MB")
    results.add("bare lxml parse of the same files", parse, "s")
    results.add("bare COPY of the same rows", copy, "s")
    results.add("first load", seconds, "s", at_most=FIRST_LIMIT, ratio_to=("bare parse", parse))
    results.add("first load", seconds, "s", ratio_to=("bare COPY", copy))
    _tell_answers(results, "first load", upload)


def _measure_again(results: Results, portal: Portal, connection: psycopg.Connection[Any]) -> None:
    before = _rows_written(connection)
    upload = _client(portal).upload_folder(OUTPUT / "exchange" / "demo").as_json()
    results.add("the same once more", upload["seconds"], "s", at_most=AGAIN_LIMIT)
    results.add("rows written by it", _rows_written(connection) - before, "rows", at_most=0)
    _tell_answers(results, "the same once more", upload)


def _wait_until_idle(results: Results, connection: psycopg.Connection[Any]) -> None:
    """The invoices of the demonstration company and the index come after the load."""
    started = time.perf_counter()
    _wait(
        lambda: _count(connection, _DUE) + _count(connection, "SELECT count(*) FROM catalog_indextouch") == 0
    )
    results.add(
        "from the end of the first load until nothing is left to do", time.perf_counter() - started, "s"
    )


def _measure_pages(results: Results, portal: Portal) -> None:
    """Two people, each a page every second, without a load and during one."""
    paths = _paths(portal.url)
    idle = [spent for spent, _ in _asked(paths, rounds=60)]
    with _pages_asked(paths) as times:
        _client(portal).upload_folder(OUTPUT / "exchange" / "demo")
    results.add(
        "section pages during a load, p95",
        percentile(times, 0.95),
        "ms",
        at_most=2 * percentile(idle, 0.95),
        ratio_to=("idle", percentile(idle, 0.95)),
    )


def _asked(paths: "_Paths", *, rounds: int) -> list[tuple[float, httpx.Response]]:
    return answers_in_parallel(paths.clients, paths.sections, rounds, pause=PAGE_PAUSE)


def _measure_change(
    results: Results, portal: Portal, connection: psycopg.Connection[Any], options: DemoOptions
) -> None:
    """Until the indexer has told every page of the new prices and stock."""
    with tempfile.TemporaryDirectory() as folder:
        changed = write_offers_delta(
            Path(folder) / "offers0_1.xml", Catalogue(options),
            formed_at=options.formed_at + timedelta(hours=1), percent=CHANGED_PERCENT,
        )  # fmt: skip
        started = time.perf_counter()
        upload = _client(portal).upload_folder(Path(folder)).as_json()
        if not upload["ok"]:
            raise RuntimeError(f"the change was refused: {upload['errors']}")
        _wait(lambda: _count(connection, "SELECT count(*) FROM catalog_indextouch") == 0)
        results.add(
            f"{changed:,} offers changed, to the pages",
            time.perf_counter() - started,
            "s",
            at_most=CHANGE_LIMIT,
        )


def _tell_answers(results: Results, name: str, upload: dict[str, Any]) -> None:
    steps = [step for portion in upload["portions"] for step in portion["steps"]]
    slowest = max(step["slowest_ms"] for step in steps) / 1000
    results.add(f"{name}, slowest answer", slowest, "s", at_most=20)
    results.add(f"{name}, polls", upload["polls"], "polls", at_most=max(1.0, upload["seconds"] / 5))


def _client(portal: Portal) -> OneCClient:
    return OneCClient(f"{portal.url}/1c/exchange", NODE_USERNAME, NODE_PASSWORD)


def _bare_parse_seconds() -> float:
    started = time.perf_counter()
    for path in sorted((OUTPUT / "exchange" / "demo").rglob("*.xml")):
        for _, element in etree.iterparse(str(path), resolve_entities=False, no_network=True):
            element.clear()
    return time.perf_counter() - started


def _bare_copy_seconds(connection: psycopg.Connection[Any]) -> float:
    """What the load has left in its largest tables, copied into tables without an index or a check."""
    spent = 0.0
    for table in _TABLES:
        with tempfile.TemporaryFile() as file, connection.cursor() as cursor:
            with cursor.copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as rows:
                for piece in rows:
                    file.write(piece)
            file.seek(0)
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table})")
            started = time.perf_counter()
            with cursor.copy(f"COPY bare_{table} FROM STDIN (FORMAT BINARY)") as bare:
                while piece := file.read(1 << 20):
                    bare.write(piece)
            spent += time.perf_counter() - started
            cursor.execute(f"DROP TABLE bare_{table}")
    return spent


def _rows_written(connection: psycopg.Connection[Any]) -> int:
    connection.execute("SELECT pg_stat_clear_snapshot()")
    time.sleep(2)  # counts are told with a delay
    return _count(connection, _WRITTEN, [list(_TABLES)])


def _count(connection: psycopg.Connection[Any], query: str, parameters: list[Any] | None = None) -> int:
    row = connection.execute(query, parameters).fetchone()
    return int(row[0]) if row else 0


def _wait(is_done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_WAIT
    while not is_done():
        if time.monotonic() > deadline:
            raise TimeoutError("the change did not reach the pages")
        time.sleep(0.05)


class _Paths:
    def __init__(self, clients: list[httpx.Client], sections: list[str]) -> None:
        self.clients, self.sections = clients, sections


def _paths(url: str) -> _Paths:
    buyers = [person.email for person in PEOPLE if person.role == "buyer"][:2]
    clients = [signed_in(url, email, PASSWORD) for email in buyers]
    start = clients[0].get("/catalog/").text
    sections = list(dict.fromkeys(re.findall(r'href="(/catalog/\d+/)"', start)))[:30]
    return _Paths(clients, sections)


@contextmanager
def _pages_asked(paths: _Paths) -> Iterator[list[float]]:
    """People ask for section pages, one after another, until the end; milliseconds of every answer."""
    stop, times = threading.Event(), []

    def walk() -> None:
        while not stop.is_set():
            times.extend(spent for spent, _ in _asked(paths, rounds=5))

    thread = threading.Thread(target=walk)
    thread.start()
    try:
        yield times
    finally:
        stop.set()
        thread.join()
