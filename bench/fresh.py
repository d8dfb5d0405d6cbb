"""How soon a change of 10,000 prices or stocks is on the pages of every web process, and what pages cost."""

import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx
import psycopg

from bench.harness import Results, percentile
from bench.large import Catalogues
from bench.large.sections import MEASURED
from bench.pages import LIST, addresses
from bench.serving import Page, Serving, serving

CHANGED, BURSTS, QUIET_SECONDS, LONGEST_WAIT = 10_000, 3, 8.0, 60.0
ASK_SECONDS = 0.1
FRESH_LIMIT, SLOWER = 2.0, 2.0
USERS = 2
SECTION = MEASURED["a middle section"]
_SECTIONS = """
WITH RECURSIVE below AS (
    SELECT %s::bigint AS id UNION ALL
    SELECT section.id FROM below JOIN catalog_section section ON section.parent_id = below.id
)"""
_SHOWN = f"""{_SECTIONS}
SELECT sku.id, sku.product_id FROM catalog_sku sku JOIN catalog_productsection place USING (product_id)
 WHERE place.section_id IN (SELECT id FROM below) AND NOT sku.is_hidden AND sku.characteristic = ''
   AND {{exists}} (SELECT FROM catalog_stock stock JOIN catalog_citywarehouse USING (warehouse_id)
                  WHERE stock.sku_id = sku.id AND city_id = %s AND free > reserved)
   AND NOT EXISTS (SELECT FROM pricing_individualprice agreed WHERE agreed.sku_id = sku.id)
   AND EXISTS (SELECT FROM pricing_price price
                WHERE price.sku_id = sku.id AND price_type_id = 1 AND amount > 10)
 ORDER BY sku.id LIMIT 1
"""
_PRICES = """
UPDATE pricing_price SET amount = CASE WHEN sku_id = %s THEN %s ELSE round(amount * 1.01, 2) END
 WHERE sku_id = %s OR sku_id IN (SELECT id FROM catalog_sku WHERE id %% %s = %s ORDER BY id LIMIT %s)
"""
_STOCKS = """
UPDATE catalog_stock SET free = free + 1
 WHERE id IN (SELECT id FROM catalog_stock WHERE id %% 40 = %s AND free > 0 ORDER BY id LIMIT %s)
"""
_GIVEN = """
INSERT INTO catalog_stock (sku_id, warehouse_id, free, reserved, updated_at)
SELECT %s, warehouse_id, 50, 0, now() FROM catalog_citywarehouse WHERE city_id = %s
    ON CONFLICT (sku_id, warehouse_id) DO UPDATE SET free = 50
"""

Lines = Mapping[int, httpx.Client]


@dataclass(slots=True)
class Load:
    """Pages that people ask for all the time; each with the moment of its answer."""

    served: Serving
    paths: list[str]
    pages: list[tuple[float, Page]] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Load":
        for shift, client in enumerate(self.served.buyers[:USERS]):
            thread = threading.Thread(target=self._walk, args=(client, shift), daemon=True)
            self._threads.append(thread)
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def between(self, start: float, end: float) -> list[float]:
        """Milliseconds of the answers within the time."""
        return [page.wall for moment, page in self.pages if start <= moment <= end]

    def _walk(self, client: httpx.Client, shift: int) -> None:
        step = shift
        while not self._stop.is_set():
            started = time.perf_counter()
            answer = client.get(self.paths[step % len(self.paths)])
            answer.raise_for_status()
            now = time.perf_counter()
            self.pages.append((now, Page.of((now - started) * 1000, answer)))
            step += USERS + 1


def measure(target: str, catalogues: Catalogues, sizes: list[int]) -> Results:
    results = Results(target)
    catalogue = catalogues.of(sizes[0])
    with serving(catalogue) as served, psycopg.connect(catalogue.url) as connection:
        served.look(LIST)
        paths = addresses({})
        served.pages(served.buyers, paths, 2 * len(paths))
        lines = served.lines  # opened before there is a load
        with Load(served, paths) as load:
            for kind, burst in (("prices", _change_prices), ("stocks", _change_stocks)):
                _measure(results, load, kind, lambda number, burst=burst: burst(lines, connection, number))
    return results


def _measure(
    results: Results, load: Load, kind: str, burst: Callable[[int], tuple[float, float, float]]
) -> None:
    """Some bursts, each after a quiet time; what was before is compared with what was during."""
    before: list[float] = []
    during: list[float] = []
    waits: list[float] = []
    for number in range(BURSTS):
        quiet = time.perf_counter()
        time.sleep(QUIET_SECONDS)
        started, committed, seen = burst(number)
        waits.append(seen - committed)
        before += load.between(quiet + 2, started)
        during += load.between(started, max(seen, committed + 2))
        print(
            f"  {kind}: written in {committed - started:.2f} s, on all pages after {seen - committed:.2f} s"
        )
    results.add(f"{CHANGED:,} {kind}: on the pages of all processes", max(waits), "s", at_most=FRESH_LIMIT)
    quiet95, busy95 = percentile(before, 0.95), percentile(during, 0.95)
    results.add(f"{CHANGED:,} {kind}: p95 of {len(before)} pages before, {USERS} users", quiet95, "ms")
    results.add(
        f"{CHANGED:,} {kind}: p95 of {len(during)} pages during, {USERS} users", busy95, "ms",
        at_most=SLOWER * quiet95, ratio_to=("before", quiet95),
    )  # fmt: skip


def _change_prices(lines: Lines, connection: psycopg.Connection, number: int) -> tuple[float, float, float]:
    """All 21 prices of 476 skus from all over the catalogue; one becomes the cheapest of a section."""
    sku, product = _sku(connection, "EXISTS")
    started = time.perf_counter()
    cheap = f"{0.05 - number / 100:.2f}"
    skus = CHANGED // 21 - 1
    connection.execute(_PRICES, [sku, cheap, sku, 100, number, skus])
    connection.commit()
    return _seen(lines, product, started)


def _change_stocks(lines: Lines, connection: psycopg.Connection, number: int) -> tuple[float, float, float]:
    """10,000 rows of stock; one sku that the city had none of, the cheapest of its section, is there now."""
    sku, product = _sku(connection, "NOT EXISTS")
    connection.execute("UPDATE pricing_price SET amount = %s WHERE sku_id = %s", [0.02, sku])
    connection.commit()
    time.sleep(3)
    started = time.perf_counter()
    connection.execute(_STOCKS, [number, CHANGED - 3])
    connection.execute(_GIVEN, [sku, _CITY])
    connection.commit()
    return _seen(lines, product, started)


_CITY = 2
"""Home of the first client."""


def _sku(connection: psycopg.Connection, exists: str) -> tuple[int, int]:
    found = connection.execute(_SHOWN.format(exists=exists), [SECTION, _CITY]).fetchone()
    if found is None:
        raise LookupError("no such sku in the section")
    return found[0], found[1]


def _seen(lines: Lines, product: int, started: float) -> tuple[float, float, float]:
    """Wait until every web process shows the product among the cheapest goods of the section."""
    committed = time.perf_counter()
    with ThreadPoolExecutor(len(lines)) as pool:
        list(pool.map(lambda line: _wait_for(product, *line), lines.items()))
    return started, committed, time.perf_counter()


def _wait_for(product: int, process: int, client: httpx.Client) -> None:
    """Ask one web process again and again, as a person would who waits for the change."""
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline:
        answer = client.get(f"/catalog/{SECTION}/?sort=price").raise_for_status()
        if Page.of(0, answer).process != process:
            raise ConnectionError("a web process has ended, or the line to it")
        if str(product) in re.findall(r'href="/catalog/product/(\d+)/', answer.text)[:12]:
            return
        time.sleep(ASK_SECONDS)
    raise TimeoutError(f"product {product} is not on the pages of process {process}")
