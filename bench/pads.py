"""The quick order pad as a browser sends it: a thousand pasted rows are recognised, then go to the cart."""

import json
import re
import time

import httpx
import psycopg

from bench.harness import Results, percentile
from bench.large import Catalogues, LargeCatalogue
from bench.serving import Page, serving

ROWS, LIMIT_SECONDS, MOST_QUERIES, ROUNDS = 1_000, 2.0, 30, 7
_CODES = """
SELECT coalesce(nullif(sku.article, ''), product.article)
  FROM catalog_sku sku JOIN catalog_product product ON product.id = sku.product_id
 WHERE NOT sku.is_hidden AND NOT product.is_hidden AND product.article <> ''
 ORDER BY md5(sku.id::text) LIMIT %s
"""


def measure(target: str, catalogues: Catalogues, sizes: list[int]) -> Results:
    """Every size in turn."""
    results = Results(target)
    for goods in sizes:
        catalogue = catalogues.of(goods)
        codes = _codes(catalogue)
        with serving(catalogue) as served:
            _measure(results, served.buyers[0], codes, goods)
    return results


def _measure(results: Results, client: httpx.Client, codes: list[str], goods: int) -> None:
    form = _form(client)
    rows = json.dumps([[code, str(place % 9 + 1), "", ""] for place, code in enumerate(codes)])
    changed = ",".join(str(number) for number in range(1, len(codes) + 1))
    pages = [_posted(client, form | {"rows": rows, "changed": changed}) for _round in range(ROUNDS)]
    label = f"{goods:,} goods, {len(codes):,} pasted rows"
    seconds = [page.wall / 1000 for page in pages[1:]]
    results.add(f"{label}, first answer", pages[0].wall / 1000, "s", at_most=LIMIT_SECONDS)
    results.add(f"{label}, whole answer p50", percentile(seconds, 0.5), "s", at_most=LIMIT_SECONDS)
    results.add(f"{label}, in the database p50", percentile([page.database for page in pages], 0.5), "ms")
    results.add(f"{label}, queries", max(page.queries for page in pages), "queries", at_most=MOST_QUERIES)
    results.add(f"{label}, size of the answer", pages[-1].size / 1e6, "MB")
    one = [_posted(client, form | {"rows": rows, "changed": "7"}) for _round in range(ROUNDS)]
    results.add(f"{label}, then one changed p50", percentile([page.wall for page in one], 0.5), "ms")
    started = time.perf_counter()
    client.post("/quick-order/", data=form | {"rows": rows, "to_cart": "1"}, headers=_headers(client))
    results.add(f"{label}, into the cart with the page after it", time.perf_counter() - started, "s")


def _posted(client: httpx.Client, form: dict[str, str]) -> Page:
    started = time.perf_counter()
    answer = client.post("/quick-order/rows/", data=form, headers=_headers(client))
    spent = (time.perf_counter() - started) * 1000
    answer.raise_for_status()
    return Page.of(spent, answer)


def _form(client: httpx.Client) -> dict[str, str]:
    """The hidden fields of the page."""
    page = client.get("/quick-order/").text
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return {name: found[name] for name in ("csrfmiddlewaretoken", "place", "round")}


def _headers(client: httpx.Client) -> dict[str, str]:
    return {"Referer": str(client.base_url), "X-CSRFToken": client.cookies["csrftoken"]}


def _codes(catalogue: LargeCatalogue) -> list[str]:
    with psycopg.connect(catalogue.url) as connection:
        return [code for (code,) in connection.execute(_CODES, [ROWS]).fetchall()]
