"""Rows of the access matrix: merging and splitting of clients."""

from collections.abc import Callable
from typing import Any

Row = tuple[str, Callable[[Any], dict[str, object]], str]

_SERVES_ONE = "login 403 403 403 403 403 200 404 200 403 login"
_SENT_BACK = "login 403 403 403 403 403 302 404 302 403 login"
_SERVES_BOTH = "login 403 403 403 403 403 404 404 200 403 login"


def _holding(it: Any) -> dict[str, object]:
    return {"pk": it.world.holding.pk}


MERGING_ROWS: dict[str, Row] = {
    "counterparties:merge": ("GET", _holding, _SERVES_ONE),
    "counterparties:merge_compare": ("GET", _holding, _SENT_BACK),
    "counterparties:split": ("GET", _holding, _SENT_BACK),
    "counterparties:merge_holdings": (
        "GET",
        lambda it: {"pk": it.world.other_holding.pk, "target_pk": it.world.holding.pk},
        _SERVES_BOTH,
    ),
    "counterparties:merge_entities": (
        "GET",
        lambda it: {"pk": it.world.other_entity.pk, "target_pk": it.world.entity.pk},
        _SERVES_BOTH,
    ),
}
