"""Suite S4 at its figures: 32 connections, 25 orders each, ten of thirty goods that run out."""

import time

import pytest
from pytest_django import Settings

from orders.models import Order
from tests.races.stock_race import make_shop, misreserved, oversold, race

pytestmark = [pytest.mark.sweep, pytest.mark.django_db(transaction=True)]

CONNECTIONS, PROCESSES, ORDERS, STOCK = 32, 4, 25, 200


def test_eight_hundred_orders_oversell_nothing(
    transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EXCHANGE_POLL_SECONDS = 0.0
    monkeypatch.setattr("portal.outbox.sending.send", len)
    shop = make_shop(buyers=CONNECTIONS, stock=STOCK)

    began = time.monotonic()
    sent, files = race(shop, orders=ORDERS, stock=STOCK, processes=PROCESSES)

    print(f"\nS4: {dict(sent)}, files of 1C {files['files']}, {time.monotonic() - began:.1f} s")
    assert set(sent) == {"sent", "short"}
    assert sum(sent.values()) == CONNECTIONS * ORDERS
    assert sent["sent"] == Order.objects.count()
    assert (oversold(), misreserved()) == (0, [])
