"""Pages of the list of orders, whole, as three people get them; time by the clock."""

from django.conf import settings
from django.test import Client

from bench.harness import Results
from bench.inside.people import administrator, head, manager
from bench.inside.timing import page, timed_each
from bench.large.clients import BUYERS, CLIENTS
from bench.large.history import ORDERS
from catalog.models import Sku

LIMIT, ROUNDS, SERVED = 150, 20, 50


def measure(results: Results) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    article = Sku.objects.exclude(article="").order_by("pk").values_list("article", flat=True)[7]
    pages = {
        "first page": ["/orders/?page=1", "/orders/?page=2"],
        "filter by goods": [f"/orders/?goods={article}"],
        "search of a number": [f"/orders/?q=PO-{ORDERS - 77}", f"/orders/?q=B{ORDERS - 99:07d}"],
        "filter by state and period": ["/orders/?state=completed&since=2026-06-01&until=2026-06-30"],
    }
    people = {
        f"client of {ORDERS // CLIENTS} orders": head(BUYERS + 90),
        f"client of {ORDERS // 20 // BUYERS + ORDERS // CLIENTS} orders": head(1),
        f"manager of {SERVED} clients": manager(SERVED),
        f"administrator of {ORDERS:,} orders": administrator(),
    }
    for who, person in people.items():
        client = Client()
        client.force_login(person)
        for name, paths in pages.items():
            acts = [page(client, path) for path in paths]
            timed_each(acts, ROUNDS // len(acts)).tell(results, f"{name}, {who}", LIMIT)
    client.get("/orders/stuck/")
    timed_each([page(client, "/orders/stuck/")], 5).tell(results, "orders that stand, administrator")
