"""A ledger of 200,000 shipments put into the catalogue's clients, and pages of money over it."""

from functools import partial

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.harness import Results
from bench.inside.people import head
from bench.inside.timing import timed
from bench.large.clients import CLIENTS
from finance.models import LedgerEntry

SHIPMENTS, LARGE, LIMIT, ROUNDS, MOST_QUERIES = 200_000, 10_000, 150, 20, 30
PAGES = {
    "documents to pay": "/settlements/documents/",
    "documents to pay, by age": "/settlements/documents/?by=age&page=2",
    "settlements": "/settlements/",
    "credit page": "/settlements/credit/",
    "what to pay": "/settlements/pay/",
    "calendar": "/settlements/calendar/",
}

# A shipment every four minutes; the first client has a twentieth of all. The last fiftieth is not paid.
_DEBITS = """
INSERT INTO finance_ledgerentry (
    id, organization_id, legal_entity_id, contract_id, currency, kind, document_key, part_no, version,
    document_number, document_date, business_date, debit, credit, due_date, order_reference,
    invoice_reference, shipment_key, payment_key, source, comment, created_at
)
SELECT i, 1, client, client, 'RUB', 'shipment', 'bench:' || i, 1, '1', 'УТ-' || i, day, day,
       1000 + i %% 9000, 0, day + 30, 'part:' || i, '', '', '', 'erp', '', now()
  FROM generate_series(1, %(shipments)s) AS i
 CROSS JOIN LATERAL (
       SELECT CASE WHEN i %% 20 = 0 THEN 1 ELSE i %% %(clients)s + 1 END AS client,
              (now() - (%(shipments)s - i) * interval '4 minutes')::date AS day
       ) AS told"""
_CREDITS = """
INSERT INTO finance_ledgerentry (
    id, organization_id, legal_entity_id, contract_id, currency, kind, document_key, part_no, version,
    document_number, document_date, business_date, debit, credit, due_date, order_reference,
    invoice_reference, shipment_key, payment_key, source, comment, created_at
)
SELECT id + %(shipments)s, organization_id, legal_entity_id, contract_id, 'RUB', 'payment', 'paid:' || id,
       1, '1', 'ПП-' || id, document_date, document_date, 0, debit, NULL, '', '', '', '', 'erp', '', now()
  FROM finance_ledgerentry WHERE id <= %(shipments)s * 0.98"""
_PAID = """
INSERT INTO finance_allocation (credit_id, debit_id, amount, date, is_explicit)
SELECT id + %(shipments)s, id, debit, document_date, false
  FROM finance_ledgerentry WHERE id <= %(shipments)s * 0.98"""
_LINES = """
INSERT INTO finance_creditline (
    legal_entity_id, amount, currency, valid_from, grace_days, overdue_tolerance, mode, state, warn_percent,
    is_from_erp
)
SELECT id, 5000000, 'RUB', '2020-01-01', 0, 0, 'block_new', 'active', 80, false
  FROM counterparties_legalentity"""


def measure(results: Results) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    if not LedgerEntry.objects.exists():
        fill_ledger()
    for client_id, name in ((1, f"client of {LARGE:,} shipments"), (90, f"client of {SHIPMENTS // CLIENTS}")):
        browser = Client()
        browser.force_login(head(client_id))
        for title, path in PAGES.items():
            timed(partial(_get, browser, path), ROUNDS).tell(results, f"{title}, {name}", LIMIT)
            with CaptureQueriesContext(connection) as told:
                _get(browser, path)
            results.add(f"{title}, {name}, queries", len(told), "queries", at_most=MOST_QUERIES)


def fill_ledger() -> None:
    told = {"shipments": SHIPMENTS, "clients": CLIENTS}
    with connection.cursor() as cursor:
        for statement in (_DEBITS, _CREDITS, _PAID, _LINES):
            cursor.execute(statement, told)
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('finance_ledgerentry', 'id'), %s)", [SHIPMENTS * 2]
        )
        cursor.execute("ANALYZE")


def _get(browser: Client, path: str) -> None:
    answer = browser.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
