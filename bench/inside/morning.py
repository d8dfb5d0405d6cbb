"""The morning of a manager of 300 clients: carts, rhythms, talks, quotes, debts and limits of all of them."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from guardian.shortcuts import assign_perm

from accounts.models import User
from bench.harness import Results
from bench.inside.money import fill_ledger
from bench.inside.timing import timed
from catalog.models import City
from counterparties.models import Contract, Holding, Membership, Thread
from counterparties.permissions import SERVE_HOLDING, ReadyRole
from counterparties.services.roles import ready_role
from finance.models import CreditLine
from integrations.models import ExchangeNode, ExportState, OrderExport
from orders.models import Cart, CartLine, OrderPart, PurchaseRhythm, Quote, QuoteLine

CLIENTS, LIMIT, MOST_QUERIES, ROUNDS = 300, 300, 20, 20
_FIRST = 100
"""Clients before this one have thousands of orders each: they are measured by others."""


def measure(results: Results) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    if not CreditLine.objects.exists():
        fill_ledger()
        _fill(timezone.now())
    browser = Client()
    browser.force_login(_manager())
    for title, path, most in (
        (f"morning of {CLIENTS} clients", "/staff/morning/", MOST_QUERIES),
        ("its page of one kind", "/staff/morning/?kind=cart&page=2", MOST_QUERIES),
        ("its lower part", "/staff/morning/day/", None),
        ("search of a client", "/staff/find/?q=клиент 2", None),
    ):
        timed(partial(_get, browser, path), ROUNDS).tell(results, title, LIMIT)
        with CaptureQueriesContext(connection) as told:
            _get(browser, path)
        results.add(f"{title}, queries", len(told), "queries", at_most=most)
    cold = f"morning of {CLIENTS} clients with no credit line kept"
    timed(partial(_get_cold, browser), ROUNDS).tell(results, cold)
    with CaptureQueriesContext(connection) as told:
        _get_cold(browser)
    results.add(f"{cold}, queries", len(told), "queries", at_most=MOST_QUERIES)


def _get_cold(browser: Client) -> None:
    """As when the job that keeps credit lines has not run."""
    cache.clear()
    _get(browser, "/staff/morning/")


def _get(browser: Client, path: str) -> None:
    answer = browser.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")


def _manager() -> User:
    user, is_new = User.objects.get_or_create(
        email="morning@bench.example", defaults={"full_name": "Менеджер", "is_staff": True}
    )
    if is_new:
        for holding in Holding.objects.filter(pk__gte=_FIRST).order_by("pk")[:CLIENTS]:
            assign_perm(SERVE_HOLDING, user, holding)
    return user


def _fill(at: datetime) -> None:
    clients = list(range(_FIRST, _FIRST + CLIENTS))
    today, city = timezone.localdate(at), City.objects.order_by("pk").first()
    role = ready_role(ReadyRole.BUYER)
    people = User.objects.bulk_create(
        User(email=f"morning{pk}@bench.example", full_name=f"Закупщик {pk}", password="!") for pk in clients
    )
    Membership.objects.bulk_create(
        Membership(user=user, holding_id=pk, role=role, is_whole_holding=True)
        for user, pk in zip(people, clients, strict=True)
    )
    carts = Cart.objects.bulk_create(
        Cart(
            user=user, legal_entity_id=pk, contract_id=pk, city=city,
            updated_at=at - (timedelta(days=5) if pk % 2 else timedelta(hours=1)),
        )
        for user, pk in zip(people, clients, strict=True)
    )  # fmt: skip
    CartLine.objects.bulk_create(
        CartLine(cart=cart, sku_id=number + 1, quantity=2, price_when_added=Decimal(100 + number))
        for cart in carts
        for number in range(8)
    )
    PurchaseRhythm.objects.bulk_create(
        PurchaseRhythm(
            holding_id=pk, sku_id=number + 1, days=14, usual=3, last_price=Decimal(50 + number),
            last_on=today - timedelta(days=20), broken_from=today - timedelta(days=1 if number % 2 else -1),
        )
        for pk in clients
        for number in range(20)
    )  # fmt: skip
    Thread.objects.bulk_create(
        Thread(
            holding_id=pk, is_personal=True, subject="Когда привезёте?", started_by=user, started_at=at,
            last_message_at=at, last_word_at=at, client_waits_since=at, answer_due_at=at + timedelta(hours=1),
        )
        for user, pk in zip(people[::5], clients[::5], strict=True)
    )  # fmt: skip
    quotes = Quote.objects.bulk_create(
        Quote(
            number=f"Q{pk}", idempotency_key=uuid4(), request_digest="", holding_id=pk, legal_entity_id=pk,
            contract_id=pk, city=city, created_by=user, created_at=at, answer_due_at=at + timedelta(hours=4),
        )
        for user, pk in zip(people[::10], clients[::10], strict=True)
    )  # fmt: skip
    QuoteLine.objects.bulk_create(
        QuoteLine(quote=quote, position=number + 1, text="Товар", quantity=1, price_then=10)
        for quote in quotes
        for number in range(5)
    )
    Contract.objects.filter(pk__in=clients[::10]).update(valid_until=today + timedelta(days=20))
    CreditLine.objects.filter(legal_entity__in=clients[::4]).update(amount=1000)
    node = ExchangeNode.objects.create(code="bench", name="УТ", username="bench")
    parts = OrderPart.objects.filter(order__holding__in=clients, order__state="confirmed")[:40]
    OrderExport.objects.bulk_create(
        OrderExport(node=node, part=part, state=ExportState.QUARANTINED, error="Нет кода", queued_at=at)
        for part in parts
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
