"""States of an order and of a review, and the only moves between them."""

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


class ReviewState(models.TextChoices):
    """Where a review stands."""

    PENDING = "pending", _("Ждет проверки")
    PUBLISHED = "published", _("Опубликован")
    REJECTED = "rejected", _("Отклонен")


REVIEW_TRANSITIONS: dict[str, frozenset[ReviewState]] = {
    ReviewState.PENDING: frozenset({ReviewState.PUBLISHED, ReviewState.REJECTED}),
    ReviewState.PUBLISHED: frozenset({ReviewState.REJECTED}),
    ReviewState.REJECTED: frozenset({ReviewState.PUBLISHED, ReviewState.PENDING}),
}
"""A rejected review waits again when its author has written it anew."""


def review_states_before(target: ReviewState) -> list[str]:
    """States from which the table allows the move."""
    return [state for state, targets in REVIEW_TRANSITIONS.items() if target in targets]
