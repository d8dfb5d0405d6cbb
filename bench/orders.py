"""Gathering an order: carts at their largest, rows of files and of the pad, price lists."""

from bench import orders_history, pads, price_lists, recognition
from bench.harness import Results, percentile
from bench.large import Catalogues
from bench.serving import Page, Serving, serving

GOODS = 50_000
LINES = 500
PAGE_LIMIT, MOST_QUERIES, ROUNDS = 200, 15, 20


def measure(target: str, catalogues: Catalogues, sizes: list[int]) -> Results:
    results = Results(target)
    catalogue = catalogues.of(sizes[0])
    results.rows += catalogue.inside("orders")
    with serving(catalogue) as served:
        _measure_pages(results, served, "/cart/", f"cart of {LINES} lines, its first hundred")
        _measure_pages(results, served, "/carts/", f"table of carts, one of {LINES} lines")
    for part in (recognition, pads, price_lists, orders_history):
        results.rows += part.measure(target, catalogues, sizes).rows
    return results


def _measure_pages(results: Results, served: Serving, path: str, name: str) -> None:
    """One person turns the page; the first ones are not counted: processes are cold."""
    served.pages(served.buyers[:1], [path], 4)
    pages: list[Page] = served.pages(served.buyers[:1], [path], ROUNDS)
    server = [page.server for page in pages]
    results.add(f"{name}, server p50", percentile(server, 0.5), "ms")
    results.add(f"{name}, server p95", percentile(server, 0.95), "ms", at_most=PAGE_LIMIT)
    results.add(f"{name}, processor p95", percentile([page.processor for page in pages], 0.95), "ms")
    results.add(f"{name}, in the database p50", percentile([page.database for page in pages], 0.5), "ms")
    results.add(f"{name}, most queries", max(page.queries for page in pages), "queries", at_most=MOST_QUERIES)
    results.add(f"{name}, size", pages[0].size / 1000, "kB")
