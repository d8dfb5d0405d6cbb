"""Sending an order at checkout, confirmed at once: four people at the same time, 200,000 orders behind."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg

from bench.harness import Results, percentile
from bench.large import Catalogues, LargeCatalogue
from bench.large.clients import email_of
from bench.large.history import ORDERS, fill_with_history
from bench.serving import Page, serving

GOODS, LINES, ROUNDS, WARM = 5_000, 10, 25, 3
LIMIT_MS = 300

_FIELD = re.compile(r'<input type="(?:hidden|checkbox)" name="(\w+)" value="([^"]*)"')
_GOODS = """
SELECT stock.sku_id
  FROM catalog_stock stock
  JOIN catalog_citywarehouse serves ON serves.warehouse_id = stock.warehouse_id AND serves.city_id = %s
  JOIN catalog_sku sku ON sku.id = stock.sku_id AND NOT sku.is_hidden
  JOIN catalog_product product ON product.id = sku.product_id AND NOT product.is_hidden
 WHERE product.order_multiple IS NULL
 GROUP BY stock.sku_id
HAVING sum(stock.free - stock.reserved) >= 50
 ORDER BY md5(stock.sku_id::text) LIMIT %s
"""
_CART = """
INSERT INTO orders_cart (user_id, legal_entity_id, contract_id, city_id, name, is_current, created_at,
                         updated_at)
VALUES (%s, %s, %s, %s, 'Основная', true, now(), now()) RETURNING id
"""
_PERSON = """
SELECT person.id, entity.id, contract.id, holding.home_city_id
  FROM accounts_user person
  JOIN counterparties_membership member ON member.user_id = person.id
  JOIN counterparties_holding holding ON holding.id = member.holding_id
  JOIN counterparties_legalentity entity ON entity.holding_id = holding.id
  JOIN counterparties_contract contract ON contract.legal_entity_id = entity.id
 WHERE person.email = %s
"""


class Buyer:
    """A person with a cart that is filled anew before each order."""

    def __init__(self, url: str, client: httpx.Client, number: int) -> None:
        self._client = client
        self._connection = psycopg.connect(url, autocommit=True)
        row = self._connection.execute(_PERSON, [email_of(number)]).fetchone()
        if row is None:
            raise LookupError(email_of(number))
        self._connection.execute("DELETE FROM orders_cartline WHERE cart_id IN"
                                 " (SELECT id FROM orders_cart WHERE user_id = %s)", [row[0]])  # fmt: skip
        self._connection.execute("DELETE FROM orders_cart WHERE user_id = %s", [row[0]])
        made = self._connection.execute(_CART, row).fetchone()
        self._cart_id = made[0] if made else 0
        wanted = 3 * LINES * (ROUNDS + WARM)
        found = self._connection.execute(_GOODS, [row[3], wanted * 4]).fetchall()
        self._goods: Iterator[int] = iter([sku for (sku,) in found][number - 1 :: 4])

    def order(self) -> Page:
        """Fill the cart, open the page, send it; the sending is what is measured."""
        page = self._filled()
        while "/checkout/" not in str(page.url):  # a good of them has no price for this client
            page = self._filled()
        spent, answer = self._send(page.text)
        if "guards_seen" in answer.text:  # «совпадает с заказом»: a person looks and sends it all the same
            spent, answer = self._send(answer.text)
        if answer.status_code != httpx.codes.FOUND or "/orders/" not in answer.headers["Location"]:
            raise RuntimeError(f"{answer.status_code}: no order was made")
        return Page.of(spent, answer)

    def _filled(self) -> httpx.Response:
        """The page of checkout for the next goods, or the cart that says what is wrong with them."""
        self._connection.execute("DELETE FROM orders_cartline WHERE cart_id = %s", [self._cart_id])
        self._connection.cursor().executemany(
            "INSERT INTO orders_cartline (cart_id, sku_id, quantity, added_at) VALUES (%s, %s, 1, now())",
            [(self._cart_id, next(self._goods)) for _line in range(LINES)],
        )
        return self._client.get("/checkout/").raise_for_status()

    def _send(self, page: str) -> tuple[float, httpx.Response]:
        """Milliseconds by the clock, and the answer."""
        form = dict(_FIELD.findall(page)) | {"delivery": "pickup", "comment": "", "client_reference": ""}
        started = time.perf_counter()
        answer = self._client.post(
            "/checkout/",
            data=form,
            headers={"Referer": str(self._client.base_url)},
            follow_redirects=False,
        )
        return (time.perf_counter() - started) * 1000, answer


def measure(target: str, catalogues: Catalogues, sizes: list[int]) -> Results:
    """Orders of the seller are confirmed at once, so that one request does all; the size is its own."""
    results = Results(target)
    catalogue = catalogues.filled("history", GOODS, fill_with_history)
    _prepare(catalogue)
    with serving(catalogue) as served:
        buyers = [Buyer(catalogue.url, client, number) for number, client in enumerate(served.buyers, 1)]
        with ThreadPoolExecutor(len(buyers)) as threads:
            told = list(threads.map(_orders, buyers))
    pages = [page for one in told for page in one[WARM:]]
    label = f"order of {LINES} lines confirmed, {ORDERS:,} behind, 4 at once"
    server = [page.server for page in pages]
    results.add(f"{label}, server p50", percentile(server, 0.5), "ms")
    results.add(f"{label}, server p95", percentile(server, 0.95), "ms", at_most=LIMIT_MS)
    results.add(f"{label}, processor p95", percentile([page.processor for page in pages], 0.95), "ms")
    results.add(f"{label}, in the database p50", percentile([page.database for page in pages], 0.5), "ms")
    results.add(f"{label}, queries", max(page.queries for page in pages), "queries")
    return results


def _orders(buyer: Buyer) -> list[Page]:
    return [buyer.order() for _round in range(WARM + ROUNDS)]


def _prepare(catalogue: LargeCatalogue) -> None:
    with psycopg.connect(catalogue.url) as connection:
        connection.execute("UPDATE counterparties_organization SET confirms_orders_itself = true")
