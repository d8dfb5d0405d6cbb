"""Search: what it finds of queries of every kind, and how fast; the same by plain full text search."""

import random

from bench.harness import Results, percentile
from bench.large import Catalogues
from bench.serving import Serving, serving
from bench.trade.data import FOLDER, cases
from bench.trade.filling import fill

CLIENTS, ROUNDS, SEED = 8, 240, 7
SUGGESTIONS_LIMIT, RESULTS_LIMIT = 30, 100
PAUSES = {"suggestions": 0.25, "results page": 2.0}
"""Seconds between a person's letters, and between his queries."""


def measure(target: str, catalogues: Catalogues, sizes: list[int]) -> Results:
    """Every size in turn; quality and engine in a process of its own, then pages by HTTP."""
    results = Results(target)
    if not FOLDER.is_dir():
        print("nothing to measure: the shared data do not lie beside the checkout")
        return results
    for goods in sizes:
        catalogue = catalogues.filled("trade", goods, fill)
        results.rows += catalogue.figures
        results.rows += catalogue.inside("search")
        results.rows += catalogue.inside("search_memory")
        with serving(catalogue) as served:
            _measure_pages(results, served, goods)
    return results


def _measure_pages(results: Results, served: Serving, goods: int) -> None:
    queries = [case["q"] for case in cases() if case["kind"] != "scope"]
    random.Random(SEED).shuffle(queries)
    clients = [*served.buyers, *served.more(CLIENTS - len(served.buyers))]
    prefixes = [query[: 2 + place % 6] for place, query in enumerate(queries)]
    kinds = {
        "suggestions": ("/catalog/suggestions/", prefixes, SUGGESTIONS_LIMIT),
        "results page": ("/catalog/", queries, RESULTS_LIMIT),
    }
    for name, (path, asked, limit) in kinds.items():
        paths = [f"{path}?{served.encoded(q=query)}" for query in asked]
        served.pages(clients, paths, ROUNDS // CLIENTS)
        found = served.pages(clients, paths, ROUNDS // CLIENTS)
        label = f"{goods:,} goods, {name}, {CLIENTS} clients"
        results.add(f"{label}, server p95", percentile([page.server for page in found], 0.95), "ms")
        results.add(f"{label}, p95", percentile([page.wall for page in found], 0.95), "ms", at_most=limit)
        paced = served.pages(clients, paths, ROUNDS // CLIENTS, pause=PAUSES[name])
        label = f"{goods:,} goods, {name}, {CLIENTS} clients at a person's pace"
        results.add(f"{label}, p95", percentile([page.wall for page in paced], 0.95), "ms")
        alone = served.pages(clients[:1], paths, ROUNDS)
        label = f"{goods:,} goods, {name}, 1 client"
        results.add(f"{label}, server p95", percentile([page.server for page in alone], 0.95), "ms")
        results.add(f"{label}, most queries", max(page.queries for page in alone), "queries")
