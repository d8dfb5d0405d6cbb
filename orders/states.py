"""States of an order and of a review, and the only moves between them."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderState(models.TextChoices):
    """Where an order stands."""

    SUBMITTED = "submitted", _("Ждет подтверждения")
    CONFIRMED = "confirmed", _("Подтвержден")
    CANCELLED = "cancelled", _("Отменен")


class OrderOrigin(models.TextChoices):
    """Where an order was born."""

    PORTAL = "portal", _("Портал")
    ERP = "erp", _("1С")


TRANSITIONS: dict[str, frozenset[OrderState]] = {
    OrderState.SUBMITTED: frozenset({OrderState.CONFIRMED, OrderState.CANCELLED}),
    OrderState.CONFIRMED: frozenset(),
    OrderState.CANCELLED: frozenset(),
}

ERP_TRANSITIONS: dict[str, frozenset[OrderState]] = TRANSITIONS | {
    OrderState.CONFIRMED: frozenset({OrderState.CANCELLED}),
    OrderState.CANCELLED: frozenset({OrderState.CONFIRMED}),
}
"""What 1C alone may do: give up an order that is in work, and take its deletion mark off again."""


class WrongState(Exception):
    """The order is no longer in a state that allows this."""


def require_step(
    current: str, target: OrderState, *, table: Mapping[str, frozenset[OrderState]] = TRANSITIONS
) -> None:
    """Raise `WrongState` unless the table allows the move."""
    if target not in table[current]:
        raise WrongState(f"{OrderState(current).label} → {target.label}")


class ErpDocumentKind(models.TextChoices):
    """What 1C has made out for an order."""

    SHIPMENT = "shipment", _("Отгрузка")
    PAYMENT = "payment", _("Оплата")
    RETURN = "return", _("Возврат")
    INVOICE = "invoice", _("Счет")
    VAT_INVOICE = "vat_invoice", _("Счет-фактура")


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
