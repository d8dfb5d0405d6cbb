"""500 goods into the cart of each person who signs in; their carts stay for the pages."""

import time
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from bench.harness import Results
from bench.large.clients import BUYERS, email_of
from bench.orders import LINES
from catalog.models import Sku
from counterparties.models import Contract
from counterparties.selectors import actor_for
from orders.models import Cart
from orders.services import cart_fill

ADD_LIMIT, ROUNDS = 1.0, 3


def measure(results: Results) -> None:
    skus = list(Sku.objects.on_sale().order_by("pk").values_list("pk", flat=True)[: LINES * 3 : 3])
    seconds = [_added(client, skus) for client in range(1, BUYERS + 1) for _round in range(ROUNDS)]
    name = f"{LINES} lines into an empty cart, slowest of {len(seconds)}"
    results.add(name, max(seconds), "s", at_most=ADD_LIMIT)
    with CaptureQueriesContext(connection) as told:
        seconds = [_fill(client, skus) for client in range(1, BUYERS + 1)]
    results.add(f"{LINES} lines on top of those, slowest of {BUYERS}", max(seconds), "s", at_most=ADD_LIMIT)
    results.add(f"{LINES} lines on top of those", len(told) / BUYERS, "queries")


def _added(client: int, skus: list[int]) -> float:
    Cart.objects.filter(user__email=email_of(client)).delete()
    return _fill(client, skus)


def _fill(client: int, skus: list[int]) -> float:
    user = User.objects.get(email=email_of(client))
    actor = actor_for(user, on=timezone.localdate())
    contracts = Contract.objects.select_related("legal_entity__holding")
    contract = contracts.get(legal_entity__holding=actor.holding_id)
    quantities = dict.fromkeys(skus, Decimal(2))
    started = time.perf_counter()
    cart_fill(
        actor=actor,
        legal_entity_id=contract.legal_entity_id,
        contract_id=contract.pk,
        city_id=contract.legal_entity.holding.home_city_id,
        quantities=quantities,
        at=timezone.now(),
    )
    return time.perf_counter() - started
