"""Orders of a year and a half: 200,000 of them with parts, lines, steps and papers, by set-based SQL.

Of 2,000 clients; the four who sign in have 2,500 more each. The last fiftieth is still on its way. Taken
into an empty database that `bench.large.fill` has filled before.
"""

import psycopg

from bench.large.clients import BUYERS, CLIENTS
from bench.large.copying import copy_in, indexes_afterwards
from bench.large.filling import fill
from bench.large.places import WAREHOUSES

ORDERS = 200_000
AUTHOR = 1
"""The person who sent all of them."""
LINES_OF_PART = 5
_TABLES = (
    "orders_order", "orders_orderpart", "orders_orderline", "orders_orderstep", "orders_erpdocument",
)  # fmt: skip

# Client and contract and legal entity have one number. A fiftieth of all is under way.
_ORDERS = """
INSERT INTO orders_order (
    id, uid, number, origin, erp_number, idempotency_key, request_digest, holding_id, legal_entity_id,
    contract_id, organization_id, city_id, delivery_text, comment, client_reference, state, currency,
    is_vat_included, total, vat_total, created_by_id, submitted_at, confirmed_at
)
SELECT i, gen_random_uuid(), 'B' || lpad(i::text, 7, '0'), 'portal', '', gen_random_uuid(), '', client,
       client, client, 1, client %% %(cities)s + 1, 'Самовывоз', '', 'PO-' || i, told.state, 'RUB', true,
       0, 0, %(author)s, moment,
       CASE WHEN told.state IN ('submitted', 'on_hold') THEN NULL ELSE moment + interval '1 hour' END
  FROM generate_series(1, %(orders)s) AS i
 CROSS JOIN LATERAL (
       SELECT CASE WHEN i %% 20 = 0 THEN i / 20 %% %(buyers)s ELSE i %% %(clients)s END + 1 AS client,
              timestamptz '2026-11-23 10:00+03' - (%(orders)s - i) * interval '4 minutes' AS moment
       ) AS made
 CROSS JOIN LATERAL (
       SELECT CASE WHEN i > %(orders)s * 0.98
                   THEN (ARRAY['submitted', 'on_hold', 'confirmed', 'reserved', 'partly_shipped'])[i %% 5 + 1]
                   WHEN i %% 20 = 7 THEN 'cancelled'
                   WHEN i %% 50 = 3 THEN 'shipped'
                   ELSE 'completed' END AS state
       ) AS told"""
_PARTS = """
INSERT INTO orders_orderpart (
    id, uid, order_id, number, warehouse_id, vat_percent, total, delivery_days, version, erp_number,
    accepted_at, erp_formed_at, erp_state_text, erp_version, is_posted, is_cancelled, is_paid, is_shipped
)
SELECT orders.id * 2 + place, gen_random_uuid(), orders.id, orders.number || '-' || place + 1,
       (orders.id + place * 7) %% %(warehouses)s + 1, 22, 0, 1, 1, 'УТ-' || orders.id, orders.confirmed_at,
       orders.confirmed_at, '', '', orders.confirmed_at IS NOT NULL, orders.state = 'cancelled',
       orders.state = 'completed', orders.state IN ('shipped', 'completed')
  FROM orders_order orders CROSS JOIN LATERAL generate_series(0, (orders.id %% 2)::int) AS place"""
_LINES = """
INSERT INTO orders_orderline (
    part_id, position, sku_id, name, article, unit_code, unit_name, quantity, price, vat_percent, net, vat,
    gross
)
SELECT part.id, place, sku.id, product.name, sku.article, '796', 'шт', quantity, price, 22,
       price * quantity - vat, vat, price * quantity
  FROM orders_orderpart part
 CROSS JOIN LATERAL generate_series(1, %(lines)s) AS place
 CROSS JOIN LATERAL (
       SELECT (part.id * 31 + place * 977) %% %(skus)s + 1 AS sku_id, place + 1 AS quantity,
              (part.id %% 900 + 100)::numeric(18, 2) AS price
       ) AS made
 CROSS JOIN LATERAL (SELECT round(price * quantity * 22 / 122, 2) AS vat) AS taxed
  JOIN catalog_sku sku ON sku.id = made.sku_id
  JOIN catalog_product product ON product.id = sku.product_id"""
_SUMS = """
UPDATE orders_orderpart part SET total = told.gross
  FROM (SELECT part_id, sum(gross) AS gross FROM orders_orderline GROUP BY part_id) AS told
 WHERE told.part_id = part.id;
UPDATE orders_order orders SET total = told.gross, vat_total = told.vat
  FROM (SELECT part.order_id, sum(line.gross) AS gross, sum(line.vat) AS vat
          FROM orders_orderline line JOIN orders_orderpart part ON part.id = line.part_id
         GROUP BY part.order_id) AS told
 WHERE told.order_id = orders.id"""
_STEPS = """
INSERT INTO orders_orderstep (order_id, state, source, at, comment)
SELECT id, 'submitted', 'portal', submitted_at, '' FROM orders_order
 UNION ALL
SELECT id, state, 'erp', confirmed_at, '' FROM orders_order WHERE confirmed_at IS NOT NULL"""
_PAPERS = """
INSERT INTO orders_erpdocument (part_id, kind, number, date, total, is_deleted)
SELECT part.id, kind, part.number, orders.submitted_at::date + 2,
       CASE WHEN orders.state = 'partly_shipped' THEN round(part.total / 2, 2) ELSE part.total END, false
  FROM orders_orderpart part
  JOIN orders_order orders ON orders.id = part.order_id
 CROSS JOIN unnest(ARRAY['shipment', 'payment']) AS kind
 WHERE orders.state = 'completed'
    OR kind = 'shipment' AND orders.state IN ('shipped', 'partly_shipped')"""


def fill_with_history(url: str, goods: int) -> None:
    """A large catalogue with so many goods and its orders."""
    fill(url, goods)
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        fill_history(connection)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def fill_history(connection: psycopg.Connection, orders: int = ORDERS) -> None:
    """The orders alone; their author is made here, for nobody else is there yet."""
    copy_in(
        connection,
        "accounts_user",
        "id email full_name password is_active",
        [(AUTHOR, "author@bench.example", "Автор заказов", "!", True)],
    )
    row = connection.execute(
        "SELECT max(id), (SELECT count(*) FROM catalog_city) FROM catalog_sku"
    ).fetchone()
    assert row is not None
    told = {
        "orders": orders, "clients": CLIENTS, "buyers": BUYERS, "author": AUTHOR, "cities": row[1],
        "warehouses": WAREHOUSES, "lines": LINES_OF_PART, "skus": row[0],
    }  # fmt: skip
    with indexes_afterwards(connection, *_TABLES):
        for statement in (_ORDERS, _PARTS, _LINES):
            connection.execute(statement, told)
        for statement in (*_SUMS.split(";"), _STEPS, _PAPERS):
            connection.execute(statement)
    for table in _TABLES:
        connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    connection.execute("SELECT setval('orders_order_number_seq', %s)", [orders])
