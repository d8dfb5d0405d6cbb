"""What the questions before an order are asked of: its lines, habits, orders that have just gone."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Q

from catalog.models import Pack
from counterparties.actor import Actor
from orders.guards import Guard, PackSize, Sent, Usual, Wish, guards_of
from orders.models import Cart, Order
from orders.selectors.purchases import HABITS, orders_bought, purchases_sql

RECENT = timedelta(days=3)
_MOST_RECENT = 100
_USUAL = "WITH {purchases}, {habits} SELECT sku_id, usual, times FROM habit"
_SENT = "WITH {purchases} SELECT order_id, sku_id, quantity FROM purchase"


def guards_raised(
    *, actor: Actor, cart: Cart, at: datetime, keys: Collection[UUID] = ()
) -> tuple[Guard, ...]:
    """Questions about a cart that is to be sent now; five queries at most, whatever its lines.

    Compared are orders that the actor sees: habits in all of them, a repetition within the same legal
    entity. Orders that the very `keys` have sent are no earlier ones: it is this request come twice, or
    carts that go together.
    """
    wishes = _wishes(cart)
    if not wishes:
        return ()
    return guards_of(
        wishes,
        usual=_usual(actor, [wish.sku_id for wish in wishes]),
        sent=_sent(actor, cart, at, keys),
        at=at,
    )


def _wishes(cart: Cart) -> list[Wish]:
    lines = list(cart.lines.select_related("sku__product__unit").order_by("added_at", "pk"))
    packs: dict[int, list[PackSize]] = {}
    rows = Pack.objects.filter(product__in={line.sku.product_id for line in lines}).order_by(
        "coefficient", "pk"
    )
    for product_id, unit, size in rows.values_list("product_id", "unit__name", "coefficient"):
        packs.setdefault(product_id, []).append(PackSize(unit, size))
    return [
        Wish(
            sku_id=line.sku_id,
            name=line.sku.name,
            unit=line.sku.product.unit.name,
            quantity=line.quantity,
            packs=tuple(packs.get(line.sku.product_id, ())),
        )
        for line in lines
    ]


def _usual(actor: Actor, sku_ids: Sequence[int]) -> dict[int, Usual]:
    purchases, parameters = purchases_sql(orders_bought(actor), sku_ids=sku_ids)
    with connection.cursor() as cursor:
        cursor.execute(_USUAL.format(purchases=purchases, habits=HABITS), parameters)
        return {sku_id: Usual(quantity, times) for sku_id, quantity, times in cursor.fetchall()}


def _sent(actor: Actor, cart: Cart, at: datetime, keys: Collection[UUID]) -> list[Sent]:
    entity = Q(legal_entity=cart.legal_entity_id) | Q(legal_entity__merged_into=cart.legal_entity_id)
    recent = orders_bought(actor).filter(entity, submitted_at__gte=at - RECENT, submitted_at__lte=at)
    recent = recent.exclude(idempotency_key__in=keys)
    orders = list(recent.select_related("created_by").order_by("-submitted_at", "-pk")[:_MOST_RECENT])
    if not orders:
        return []
    purchases, parameters = purchases_sql(Order.objects.filter(pk__in=[order.pk for order in orders]))
    held: dict[int, dict[int, Decimal]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SENT.format(purchases=purchases), parameters)
        for order_id, sku_id, quantity in cursor.fetchall():
            held.setdefault(order_id, {})[sku_id] = quantity
    return [
        Sent(order.pk, order.label, order.submitted_at, order.author_name, held.get(order.pk, {}))
        for order in orders
    ]
