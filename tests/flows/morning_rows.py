"""Addresses of the manager's morning and of the client's card for the access matrix."""

from collections.abc import Callable
from typing import Any

STAFF = "login 403 403 403 403 403 200 200 200 403 login"
STAFF_WRONG = "login 403 403 403 403 403 404 404 404 403 login"
SERVES_ACT = "login 403 403 403 403 403 302 404 302 403 login"
OVERRIDES = "login 403 403 403 403 403 403 404 200 403 login"


def nothing(it: Any) -> dict[str, object]:
    return {}


def holding_pk(it: Any) -> dict[str, object]:
    return {"pk": it.world.holding.pk}


MORNING_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "counterparties:morning": ("GET", nothing, STAFF),
    "counterparties:morning_day": ("GET", nothing, STAFF),
    "counterparties:morning_pause": ("POST", nothing, STAFF_WRONG),
    "counterparties:morning_resume": ("POST", nothing, STAFF_WRONG),
    "counterparties:find": ("GET", nothing, STAFF),
    "counterparties:client_note": ("POST", holding_pk, SERVES_ACT),
    "counterparties:client_limit": ("GET", holding_pk, OVERRIDES),
}
