"""Pages of the catalogue as a browser gets them: time, queries, memory; what four times the goods cost."""

import re
import signal
import time
from urllib.parse import quote

import httpx
import psutil

from bench.harness import Results, percentile
from bench.large import Catalogues
from bench.large.sections import MEASURED
from bench.serving import Page, Serving, serving

SECTION_LIMIT, TABLE_LIMIT, MOST_QUERIES, GROWTH, FIRST_PAGE = 40, 100, 12, 1.5, 2.0
ROUNDS = 4
LIST, TABLE = "size=24&view=table", "size=100&view=table"


def measure(target: str, catalogues: Catalogues, sizes: list[int]) -> Results:
    """Every size in turn; the second is compared with the first."""
    results = Results(target)
    medians: list[dict[str, float]] = []
    for goods in sizes:
        catalogue = catalogues.of(goods)
        results.rows += catalogue.figures
        with serving(catalogue) as served:
            medians.append(_measure_pages(results, served, goods))
            if len(medians) == 1:
                _measure_starts(results, served)
    for goods, found in zip(sizes[1:], medians[1:], strict=True):
        for name, median in found.items():
            first = medians[0][name]
            results.add(f"{name}, {goods:,} goods to {sizes[0]:,}", median / first, "times", at_most=GROWTH)
    return results


def _measure_pages(results: Results, served: Serving, goods: int) -> dict[str, float]:
    """Medians of the work of one page, here and in the database, by kind; waiting for others is not in it."""
    filters = _filters(served.buyers[0])
    kinds = {
        "section of 24 rows": (LIST, SECTION_LIMIT),
        "table of 100 rows": (TABLE, TABLE_LIMIT),
    }
    paths = addresses(filters)
    medians = {}
    for kind, (look, limit) in kinds.items():
        served.look(look)
        for name, clients in (("1 user", served.buyers[:1]), ("4 users", served.buyers)):
            served.pages(clients, paths, len(paths))
            found = served.pages(clients, paths, ROUNDS * len(paths) // len(clients))
            label = f"{goods:,} goods, {kind}, {name}"
            _tell(results, label, found, limit if len(clients) == 1 else None)
            if len(clients) == 1:
                medians[kind] = percentile([page.processor + page.database for page in found], 0.5)
        results.add(
            f"{goods:,} goods, {kind}, most queries", max(page.queries for page in found), "queries",
            at_most=MOST_QUERIES,
        )  # fmt: skip
    for process in sorted({page.process for page in found}):
        results.add(f"{goods:,} goods, memory of a web process", _memory(process), "MB")
    return medians


def _tell(results: Results, label: str, pages: list[Page], limit: float | None) -> None:
    server = [page.server for page in pages]
    results.add(f"{label}, server p50", percentile(server, 0.5), "ms")
    results.add(f"{label}, server p95", percentile(server, 0.95), "ms", at_most=limit)
    results.add(f"{label}, processor p95", percentile([page.processor for page in pages], 0.95), "ms")
    results.add(f"{label}, in the database p50", percentile([page.database for page in pages], 0.5), "ms")
    results.add(f"{label}, whole answer p95", percentile([page.wall for page in pages], 0.95), "ms")


def _memory(pid: int) -> float:
    """What the process has for itself, without what it shares with its parent."""
    return psutil.Process(pid).memory_full_info().uss / 1e6


def _filters(client: httpx.Client) -> dict[int, str]:
    """One filter of each section as its own page offers it: `p15=...`."""
    found = {}
    for section in MEASURED.values():
        text = client.get(f"/catalog/{section}/").text
        ticks = re.findall(r'name="(p\d+)"[^>]*?value="([^"]+)"', text)
        if ticks:
            found[section] = f"{ticks[0][0]}={quote(ticks[0][1])}"
    return found


def addresses(filters: dict[int, str]) -> list[str]:
    """Pages that people turn: the first, the next, by price, with a filter."""
    paths = []
    for section in MEASURED.values():
        path = f"/catalog/{section}/"
        paths += [path, f"{path}?page=2", f"{path}?sort=price"]
        if section in filters:
            paths += [f"{path}?{filters[section]}", f"{path}?{filters[section]}&sort=price"]
    return paths


def _measure_starts(results: Results, served: Serving) -> None:
    """The first page of a portal just started, and of a process that takes an ended one's place."""
    client, path = served.buyers[0], f"/catalog/{MEASURED['a middle section']}/"
    served.end(served.web)
    started = time.perf_counter()
    served.start_web()
    page = _first_page(client, path, set())
    results.add("first page after the start of gunicorn", time.perf_counter() - started, "s")
    known = {process.pid for process in served.workers}
    psutil.Process(page.process).send_signal(signal.SIGTERM)
    page = _first_page(client, path, known)
    age = time.time() - psutil.Process(page.process).create_time()
    results.add("first page of a web process after its start", age, "s", at_most=FIRST_PAGE)
    results.add("first page of a web process, server", page.server, "ms")
    results.add("first page of a web process, queries", page.queries, "queries")


def _first_page(client: httpx.Client, path: str, known: set[int], seconds: float = 30) -> Page:
    """Ask until a process that is not known answers."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        started = time.perf_counter()
        try:
            answer = client.get(path, headers={"Connection": "close"})
        except httpx.TransportError:
            time.sleep(0.02)
            continue
        page = Page.of((time.perf_counter() - started) * 1000, answer)
        if answer.status_code == 200 and page.process not in known:
            return page
    raise TimeoutError(f"no new process answered in {seconds:.0f} s")
