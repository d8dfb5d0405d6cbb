"""States of an order and of a review, and the only moves between them."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderState(models.TextChoices):
    """Where an order stands. A draft is no order yet: it is a cart."""

    ON_APPROVAL = "on_approval", _("На согласовании")
    SUBMITTED = "submitted", _("Ждет подтверждения")
    ON_HOLD = "on_hold", _("Приостановлен")
    CONFIRMED = "confirmed", _("Подтвержден")
    RESERVED = "reserved", _("Товар в резерве")
    PARTLY_SHIPPED = "partly_shipped", _("Отгружен частично")
    SHIPPED = "shipped", _("Отгружен")
    COMPLETED = "completed", _("Выполнен")
    CANCELLED = "cancelled", _("Отменен")
    REJECTED = "rejected", _("Отклонен")


IN_WORK = frozenset(
    {
        OrderState.CONFIRMED,
        OrderState.RESERVED,
        OrderState.PARTLY_SHIPPED,
        OrderState.SHIPPED,
        OrderState.COMPLETED,
    }
)
"""Confirmed and not given up: invoice and export to 1C are made, the limit is held."""

GIVEN_UP = frozenset({OrderState.CANCELLED, OrderState.REJECTED})


class OrderOrigin(models.TextChoices):
    """Where an order was born."""

    PORTAL = "portal", _("Портал")
    ERP = "erp", _("1С")


TRANSITIONS: dict[str, frozenset[OrderState]] = {
    OrderState.ON_APPROVAL: frozenset({OrderState.SUBMITTED, OrderState.CANCELLED, OrderState.REJECTED}),
    OrderState.SUBMITTED: frozenset(
        {OrderState.CONFIRMED, OrderState.ON_HOLD, OrderState.CANCELLED, OrderState.REJECTED}
    ),
    OrderState.ON_HOLD: frozenset(
        {OrderState.SUBMITTED, OrderState.CONFIRMED, OrderState.CANCELLED, OrderState.REJECTED}
    ),
    OrderState.CONFIRMED: frozenset({OrderState.CANCELLED}),
    OrderState.RESERVED: frozenset(),
    OrderState.PARTLY_SHIPPED: frozenset(),
    OrderState.SHIPPED: frozenset(),
    OrderState.COMPLETED: frozenset(),
    OrderState.CANCELLED: frozenset(),
    OrderState.REJECTED: frozenset(),
}
"""What people may do. A confirmed order is given up here only until 1C has taken it."""

ERP_TRANSITIONS: dict[str, frozenset[OrderState]] = {
    **TRANSITIONS,
    **{state: (IN_WORK | {OrderState.CANCELLED}) - {state} for state in IN_WORK},
    OrderState.CANCELLED: IN_WORK,
}
"""What 1C alone may do: move an order that is in work by its facts, give it up, and take that back."""


class WrongState(Exception):
    """The order is no longer in a state that allows this."""


def require_step(
    current: str, target: OrderState, *, table: Mapping[str, frozenset[OrderState]] = TRANSITIONS
) -> None:
    """Raise `WrongState` unless the table allows the move."""
    if target not in table[current]:
        raise WrongState(f"{OrderState(current).label} → {target.label}")


class StepSource(models.TextChoices):
    """Who moved an order."""

    PORTAL = "portal", _("Портал")
    ERP = "erp", _("1С")
    CRM = "crm", _("CRM")


class ChangeState(models.TextChoices):
    """Where a change of an order stands."""

    APPLIED = "applied", _("Внесено")
    ASKED = "asked", _("Ждет решения")
    ACCEPTED = "accepted", _("Принято")
    REJECTED = "rejected", _("Отклонено")
    WITHDRAWN = "withdrawn", _("Отозвано")


MADE_CHANGES = frozenset({ChangeState.APPLIED, ChangeState.ACCEPTED})
"""Lines are smaller for these."""

CHANGE_TRANSITIONS: dict[str, frozenset[ChangeState]] = {
    ChangeState.APPLIED: frozenset(),
    ChangeState.ASKED: frozenset({ChangeState.ACCEPTED, ChangeState.REJECTED, ChangeState.WITHDRAWN}),
    ChangeState.ACCEPTED: frozenset(),
    ChangeState.REJECTED: frozenset(),
    ChangeState.WITHDRAWN: frozenset(),
}


class ShipmentRequestState(models.TextChoices):
    """Where a request for shipment stands."""

    DRAFT = "draft", _("Черновик")
    SUBMITTED = "submitted", _("Отправлена")
    ACCEPTED = "accepted", _("Принята складом")
    PICKING = "picking", _("Собирается")
    READY = "ready", _("Готова к отгрузке")
    PARTLY_SHIPPED = "shipped_partially", _("Отгружена частично")
    SHIPPED = "shipped", _("Отгружена")
    REJECTED = "rejected", _("Отклонена")
    CANCELLED = "cancelled", _("Отменена")


OPEN_REQUESTS = frozenset(
    {
        ShipmentRequestState.SUBMITTED,
        ShipmentRequestState.ACCEPTED,
        ShipmentRequestState.PICKING,
        ShipmentRequestState.READY,
    }
)
"""Requests whose lines are asked for and have not left."""

BEING_PICKED = frozenset({ShipmentRequestState.PICKING, ShipmentRequestState.READY})
"""Of an open request the warehouse has goods in its hands: the order stands still."""

_LEFT = frozenset({ShipmentRequestState.PARTLY_SHIPPED, ShipmentRequestState.SHIPPED})

REQUEST_TRANSITIONS: dict[str, frozenset[ShipmentRequestState]] = {
    ShipmentRequestState.DRAFT: frozenset({ShipmentRequestState.SUBMITTED, ShipmentRequestState.CANCELLED}),
    ShipmentRequestState.SUBMITTED: _LEFT
    | {ShipmentRequestState.ACCEPTED, ShipmentRequestState.REJECTED, ShipmentRequestState.CANCELLED},
    ShipmentRequestState.ACCEPTED: _LEFT
    | {
        ShipmentRequestState.PICKING,
        ShipmentRequestState.READY,
        ShipmentRequestState.REJECTED,
        ShipmentRequestState.CANCELLED,
    },
    ShipmentRequestState.PICKING: _LEFT | {ShipmentRequestState.READY, ShipmentRequestState.REJECTED},
    ShipmentRequestState.READY: _LEFT | {ShipmentRequestState.REJECTED},
    ShipmentRequestState.PARTLY_SHIPPED: frozenset({ShipmentRequestState.SHIPPED}),
    ShipmentRequestState.SHIPPED: frozenset(),
    ShipmentRequestState.REJECTED: frozenset(),
    ShipmentRequestState.CANCELLED: frozenset(),
}


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
