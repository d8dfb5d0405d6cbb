"""Pages of charts, whole, and what is counted at night; time by the clock."""

from datetime import datetime

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.harness import Results
from bench.inside.people import administrator, head, manager
from bench.inside.timing import page, timed
from bench.large.clients import BUYERS, CLIENTS
from bench.large.history import ORDERS
from orders.services.served import served_count
from orders.services.together import together_count
from portal.lib.dates import MOSCOW

LIMIT, ROUNDS, SERVED = 300, 10, 300
STAFF = "/staff/analytics/"
_PERIOD = "?since=2025-12-01&until=2026-11-23"


def measure(results: Results) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    at = datetime(2026, 11, 24, 3, tzinfo=MOSCOW)
    timed(lambda: served_count(at=at), 1, is_warmed=False).tell(results, "how orders were served, counted")
    for who, person, path in (
        (f"client of {ORDERS // CLIENTS} orders", head(BUYERS + 90), "/analytics/"),
        (f"client of {ORDERS // 20 // BUYERS + ORDERS // CLIENTS} orders", head(1), "/analytics/"),
        (f"manager of {SERVED} clients", manager(SERVED), STAFF),
        (f"administrator of {ORDERS:,} orders", administrator(), STAFF),
    ):
        client = Client()
        client.force_login(person)
        timed(page(client, path + _PERIOD), ROUNDS).tell(results, f"charts of a year, {who}", LIMIT)
        timed(page(client, f"{path}export/{_PERIOD}"), 2).tell(results, f"their file, {who}")
        if path == STAFF:
            timed(page(client, f"{path}service/{_PERIOD}"), 2).tell(results, f"how they were served, {who}")
        with CaptureQueriesContext(connection) as told:
            client.get(path + _PERIOD)
        results.add(f"charts of a year, {who}, queries", len(told), "queries")
    timed(lambda: together_count(at=at), 1, is_warmed=False).tell(results, "goods bought together, counted")
