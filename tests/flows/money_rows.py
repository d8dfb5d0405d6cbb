"""Addresses of notices and money for the access matrix, and the things that they name."""

from collections.abc import Callable
from typing import Any

from tests.finance.debts import make_online_payment

SIGNED_IN = "login 200 200 200 200 200 200 200 200 200 login"
FOUND = "login 302 302 302 302 302 302 302 302 302 login"
NOBODYS = "login 404 404 404 404 404 404 404 404 404 login"


MISSING = "404 404 404 404 404 404 404 404 404 404 404"
OWNER_SEES = "login 200 404 404 404 404 403 403 403 403 login"
HEADS = "login 403 403 200 403 200 403 403 403 403 login"
HEADS_ACT = "login 403 403 302 403 302 403 403 403 403 login"
OWN_MONEY = "login 403 403 200 403 404 200 404 200 403 login"
READERS = "login 403 403 200 403 200 404 404 404 403 login"


def payment_uid(it: Any) -> dict[str, object]:
    return {"uid": make_online_payment(it.world.head, it.world.contract).uid}


def cart_pk(it: Any) -> dict[str, object]:
    return {"pk": it.cart.pk}


def contract_pk(it: Any) -> dict[str, object]:
    return {"pk": it.world.contract.pk}


def entity_pk(it: Any) -> dict[str, object]:
    return {"pk": it.world.entity.pk}


def nothing(it: Any) -> dict[str, object]:
    return {}


MONEY_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "accounts:notices": ("GET", nothing, SIGNED_IN),
    "accounts:bell": ("GET", nothing, FOUND),
    "accounts:notice_mark": ("POST", lambda it: {"pk": 987_654_321}, NOBODYS),
    "accounts:notice_preset": ("POST", nothing, NOBODYS),
    "accounts:notices_all_read": ("POST", nothing, FOUND),
    "accounts:notice_open": ("POST", lambda it: {"pk": 987_654_321}, NOBODYS),
    "accounts:notice_settings": ("GET", nothing, SIGNED_IN),
    "accounts:unsubscribe": ("GET", lambda it: {"token": "forged"}, MISSING),
    "yookassa_notice": ("POST", nothing, "403 403 403 403 403 403 403 403 403 403 403"),
    "orders:cart_ways": (
        "GET",
        lambda it: {"pk": it.cart.pk},
        "login 200 404 404 404 404 403 403 403 403 login",
    ),
    "crm_hook": ("POST", lambda it: {"hook": "0b6f1c1e-0000-4000-8000-000000000000"}, MISSING),
    "finance:pay": ("GET", nothing, HEADS),
    "finance:pay_file": ("GET", nothing, "login 403 403 404 403 404 403 403 403 403 login"),
    "finance:payment_start": ("POST", nothing, HEADS_ACT),
    "finance:payment": ("GET", payment_uid, "login 403 403 200 403 404 403 403 403 403 login"),
    "finance:receivables": ("GET", nothing, READERS),
    "finance:credit": ("GET", nothing, READERS),
    "finance:calendar": ("GET", nothing, HEADS),
    "finance:calendar_link_token": ("POST", nothing, HEADS_ACT),
    "finance:calendar_feed": ("GET", lambda it: {"token": "1-forged"}, MISSING),
    "finance:alerts": ("GET", nothing, "login 403 403 200 403 200 403 403 403 403 login"),
    "finance:alert_choose": ("POST", entity_pk, "login 403 403 302 403 404 403 403 403 403 login"),
    "finance:ledger": ("GET", contract_pk, OWN_MONEY),
    "finance:ledger_file": ("GET", contract_pk, OWN_MONEY),
}
