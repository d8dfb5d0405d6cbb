"""What has happened here, told to receivers of messages and to CRM systems."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from counterparties.models import Holding, LegalEntity, Registration, RegistrationState
from counterparties.selectors.serving import manager_ids_of
from finance.models import LedgerEntry
from integrations.models import WebhookEndpoint, WebhookEvent
from integrations.services.crm.marking import client_mark, order_mark
from integrations.services.webhooks import keys_untold, webhook_emit
from orders.models import Cart, CartLine, Order
from orders.states import OrderState
from portal.lib.dates import MOSCOW, moscow_date
from portal.outbox.publishing import Period, enqueue_period

IDLE_AFTER, IDLE_NO_MORE = timedelta(hours=24), timedelta(days=3)
WORK_BEGINS = 9
_MOST_CARTS = 1_000
_MOVES = {
    OrderState.SUBMITTED: WebhookEvent.ORDER_SUBMITTED,
    OrderState.CONFIRMED: WebhookEvent.ORDER_CONFIRMED,
    OrderState.PARTLY_SHIPPED: WebhookEvent.ORDER_SHIPPED,
    OrderState.SHIPPED: WebhookEvent.ORDER_SHIPPED,
    OrderState.CANCELLED: WebhookEvent.ORDER_CANCELLED,
    OrderState.REJECTED: WebhookEvent.ORDER_CANCELLED,
}


@transaction.atomic
def order_move_tell(*, order_id: int, state: str, step_id: int, at: datetime) -> None:
    """An order has moved; states that the trade has no word for are told as a change. Idempotent."""
    order = Order.objects.select_related("legal_entity").get(pk=order_id)
    event = _MOVES.get(OrderState(state), WebhookEvent.ORDER_CHANGED)
    data = _order_data(order) | {"state": state}
    webhook_emit(event=event, subject=order.reference, key=f"step:{step_id}", data=data, at=at)
    if state != OrderState.ON_APPROVAL:  # the client has not sent it yet
        order_mark(order_id=order_id, at=at)


@transaction.atomic
def order_change_tell(*, order_id: int, key: str, at: datetime) -> None:
    """Lines or sums of an order have changed. Idempotent by key."""
    order = Order.objects.select_related("legal_entity").get(pk=order_id)
    event = WebhookEvent.ORDER_CHANGED
    webhook_emit(event=event, subject=order.reference, key=key[:200], data=_order_data(order), at=at)
    order_mark(order_id=order_id, at=at)


@transaction.atomic
def client_tell(*, registration_id: int, at: datetime) -> None:
    """An application has made a client, or brought a person to one. Idempotent."""
    registration = Registration.objects.get(pk=registration_id)
    if registration.state != RegistrationState.APPROVED or registration.holding_id is None:
        return
    holding = Holding.objects.get(pk=registration.holding_id)
    data = {
        "client": holding.pk,
        "name": holding.name,
        "inn": registration.inn,
        "kpp": registration.kpp,
        "managers": list(manager_ids_of([holding.pk]).get(holding.pk, ())),
    }
    webhook_emit(
        event=WebhookEvent.CLIENT_REGISTERED,
        subject=f"client:{holding.pk}",
        key=f"registration:{registration.pk}",
        data=data,
        at=at,
    )
    client_mark(holding_id=holding.pk, at=at)


@transaction.atomic
def carts_idle_tell(*, at: datetime) -> int:
    """Tell of carts with goods that nobody has touched for a day; once for a cart and its last day.

    Carts left more than three days ago are no news. Returns how many messages were written.
    """
    event = WebhookEvent.CART_IDLE
    idle = Cart.objects.filter(
        Exists(CartLine.objects.filter(cart=OuterRef("pk"))),
        is_current=True,
        drafted_by__isnull=True,
        updated_at__lte=at - IDLE_AFTER,
        updated_at__gt=at - IDLE_NO_MORE,
    ).order_by("updated_at", "pk")
    keys = {_cart_key(pk, touched_at): pk for pk, touched_at in idle.values_list("pk", "updated_at")}
    untold = keys_untold(event=event, keys=keys)
    news = [pk for key, pk in keys.items() if key in untold][:_MOST_CARTS]
    carts = idle.filter(pk__in=news).select_related("legal_entity", "user").prefetch_related("lines")
    written = 0
    for cart in carts:
        key = _cart_key(cart.pk, cart.updated_at)
        written += webhook_emit(event=event, subject=f"cart:{cart.pk}", key=key, data=_cart_data(cart), at=at)
    return written


@transaction.atomic
def debts_overdue_tell(*, at: datetime) -> int:
    """Tell of legal entities with overdue documents, once a day each; return how many messages."""
    event, on = WebhookEvent.DEBT_OVERDUE, moscow_date(at)
    if not WebhookEndpoint.objects.wanting(event).exists():
        return 0
    overdue = LedgerEntry.objects.filter(debit__gt=0, due_date__lt=on).debits_left(on)
    sums: dict[tuple[int, str], Decimal] = {}
    oldest: dict[tuple[int, str], Any] = {}
    for entry in overdue.order_by("due_date", "pk"):
        place = (entry.legal_entity_id, entry.currency)
        sums[place] = sums.get(place, Decimal(0)) + entry.left  # type: ignore[attr-defined]  # of debits_left
        oldest.setdefault(place, entry.due_date)
    entities = LegalEntity.objects.in_bulk({entity_id for entity_id, _currency in sums})
    written = 0
    for (entity_id, currency), total in sorted(sums.items()):
        entity = entities[entity_id]
        data = entity_data(entity) | {
            "overdue": total,
            "currency": currency,
            "days": (on - oldest[entity_id, currency]).days,
        }
        written += webhook_emit(
            event=event,
            subject=f"entity:{entity_id}",
            key=f"overdue:{entity_id}:{currency}:{on}",
            data=data,
            at=at,
        )
    return written


@transaction.atomic
def daily_ask(*, at: datetime) -> None:
    """Have idle carts found once an hour and overdue debts once a day, when people have come to work."""
    enqueue_period(handler="integrations.handlers.tell_idle_carts", period=Period.HOUR, at=at)
    if at.astimezone(MOSCOW).hour >= WORK_BEGINS:
        enqueue_period(handler="integrations.handlers.tell_overdue", period=Period.DAY, at=at)


def _cart_key(cart_id: int, touched_at: datetime) -> str:
    return f"cart:{cart_id}:{moscow_date(touched_at)}"


def _order_data(order: Order) -> dict[str, Any]:
    return {
        "order": order.pk,
        "uid": order.uid,
        "number": order.label,
        "state": order.state,
        "total": order.total,
        "vat": order.vat_total,
        "currency": order.currency,
        "submitted_at": order.submitted_at,
        "client_reference": order.client_reference,
        "url": f"{settings.SITE_URL}{reverse('orders:detail', args=[order.pk])}",
        **entity_data(order.legal_entity),
    }


def entity_data(entity: LegalEntity) -> dict[str, Any]:
    return {
        "client": entity.holding_id,
        "legal_entity": {"id": entity.pk, "name": entity.name, "inn": entity.inn, "kpp": entity.kpp},
    }


def _cart_data(cart: Cart) -> dict[str, Any]:
    lines = list(cart.lines.all())
    sums = [line.price_when_added * line.quantity for line in lines if line.price_when_added is not None]
    return entity_data(cart.legal_entity) | {
        "cart": cart.pk,
        "lines": len(lines),
        "sum_when_added": sum(sums, Decimal(0)).quantize(Decimal("0.01")),
        "touched_at": cart.updated_at,
        "person": {"name": cart.user.get_full_name(), "email": cart.user.email},
    }
