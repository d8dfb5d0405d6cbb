"""Pages of the list of orders, whole, as three people get them; time by the clock."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.test import Client
from guardian.shortcuts import assign_perm

from accounts.models import User
from accounts.permissions import Stage
from bench.harness import Results
from bench.inside.timing import timed_each
from bench.large.clients import BUYERS, CLIENTS
from bench.large.history import ORDERS
from catalog.models import Sku
from counterparties.models import Holding, Membership
from counterparties.permissions import SERVE_HOLDING, ReadyRole
from counterparties.services.roles import ready_role
from counterparties.services.stages import stage_give
from portal.lib.dates import MOSCOW

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
        f"client of {ORDERS // CLIENTS} orders": _head(BUYERS + 90),
        f"client of {ORDERS // 20 // BUYERS + ORDERS // CLIENTS} orders": _head(1),
        f"manager of {SERVED} clients": _manager(),
        f"administrator of {ORDERS:,} orders": _administrator(),
    }
    for who, person in people.items():
        client = Client()
        client.force_login(person)
        for name, paths in pages.items():
            acts = [_asked(client, path) for path in paths]
            timed_each(acts, ROUNDS // len(acts)).tell(results, f"{name}, {who}", LIMIT)
    client.get("/orders/stuck/")
    timed_each([_asked(client, "/orders/stuck/")], 5).tell(results, "orders that stand, administrator")


def _asked(client: Client, path: str) -> Callable[[], None]:
    return partial(_get, client, path)


def _get(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")


def _head(client: int) -> User:
    user, is_new = User.objects.get_or_create(
        email=f"head{client}@bench.example", defaults={"full_name": f"Руководитель {client}"}
    )
    if is_new:
        membership = Membership.objects.create(
            user=user, holding_id=client, role=ready_role(ReadyRole.HEAD), is_whole_holding=True
        )
        stage_give(
            membership=membership,
            stage=Stage.AUTHORITY,
            legal_entity_ids=None,
            valid_until=None,
            decided_by_id=None,
            at=datetime(2026, 11, 23, 10, 41, tzinfo=MOSCOW),
        )
    return user


def _manager() -> User:
    user, is_new = User.objects.get_or_create(
        email="manager@bench.example", defaults={"full_name": "Менеджер", "is_staff": True}
    )
    if is_new:
        for holding in Holding.objects.order_by("pk")[:SERVED]:
            assign_perm(SERVE_HOLDING, user, holding)
    return user


def _administrator() -> User:
    return User.objects.get_or_create(
        email="administrator@bench.example",
        defaults={"full_name": "Администратор", "is_staff": True, "is_superuser": True},
    )[0]
