"""States of an order and the only moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderState(models.TextChoices):
    """Where an order stands."""

    SUBMITTED = "submitted", _("Ждет подтверждения")
    CONFIRMED = "confirmed", _("Подтвержден")
    CANCELLED = "cancelled", _("Отменен")


TRANSITIONS: dict[str, frozenset[OrderState]] = {
    OrderState.SUBMITTED: frozenset({OrderState.CONFIRMED, OrderState.CANCELLED}),
    OrderState.CONFIRMED: frozenset(),
    OrderState.CANCELLED: frozenset(),
}


class WrongState(Exception):
    """The order is no longer in a state that allows this."""


def require_step(current: str, target: OrderState) -> None:
    """Raise `WrongState` unless the table allows the move."""
    if target not in TRANSITIONS[current]:
        raise WrongState(f"{OrderState(current).label} → {target.label}")
