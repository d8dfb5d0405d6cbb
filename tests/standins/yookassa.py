"""YooKassa for tests: the demonstration's stand-in at a free port, and settings that lead to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache

from integrations.demo.cashier import SECRET_KEY, SHOP_ID, Cashier, CashierServer

LOCAL_CACHE = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@contextmanager
def yookassa(settings: Any, *, notify: str = "") -> Iterator[Cashier]:
    """Lead the portal to a stand-in. Its breaker lies in a cache of its own, empty at the start."""
    with CashierServer(notify=notify) as server:
        settings.PAYMENT_GATEWAY = "integrations.yookassa.client.YooKassaGateway"
        settings.YOOKASSA_URL = f"{server.cashier.address}/v3"
        settings.YOOKASSA_SHOP_ID, settings.YOOKASSA_SECRET_KEY = SHOP_ID, SECRET_KEY
        settings.YOOKASSA_READ_SECONDS, settings.YOOKASSA_CONNECT_SECONDS = 20, 20
        settings.CACHES = LOCAL_CACHE
        cache.clear()
        yield server.cashier
