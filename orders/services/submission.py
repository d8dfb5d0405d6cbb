"""Sending a cart to work.

Locks in one order everywhere: gate of merges, cart, stock rows by key, credit lines and contract.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import cast
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable, UniqueViolation

from accounts.permissions import Permission
from catalog.models import CityWarehouse, Stock
from counterparties.actor import Actor
from counterparties.merge_gate import parties_hold
from counterparties.models import DeliveryAddress
from finance.selectors.blocks import order_decision
from finance.services.locking import settlements_lock
from finance.workdays import work_days
from orders.choices import NO_CHOICES, CheckoutChoices
from orders.events import OrderSubmitted
from orders.models import Cart, Order
from orders.quantities import check_quantity
from orders.refusals import (
    BelowMinimum,
    CartEmpty,
    CityClosed,
    ContractClosed,
    IdempotencyConflict,
    PriceChanged,
    PriceUnknown,
    ShortLine,
    SkuNotOnSale,
    StockBusy,
    StockShort,
)
from orders.selectors.cart import (
    CartLineView,
    CartView,
    PricedCart,
    cart_priced,
    carts_whole,
    delivery_addresses,
)
from orders.selectors.parcels import parcel_plan
from orders.services.choosing import choices_agree, choosing_read
from orders.services.credit_hold import decision_heed
from orders.services.numbers import next_order_number
from orders.services.parts import parts_create
from orders.services.steps import order_proceed, step_note
from orders.states import OrderState
from portal.lib.dates import moscow_date
from portal.outbox import publish

_DELIVERY_TEXT_LENGTH = 600


@transaction.atomic
def order_submit(
    *,
    actor: Actor,
    cart_id: int,
    delivery_address_id: int | None,
    comment: str,
    client_reference: str,
    idempotency_key: UUID,
    expected_total: Decimal,
    at: datetime,
    choices: CheckoutChoices = NO_CHOICES,
) -> Order:
    """Turn a cart into an order at today's prices, reserve its goods and empty the cart.

    Of a person who may not send orders it waits for a colleague's approval, reserved and priced already.
    `expected_total` is the sum with VAT that the person saw, without delivery. No address means pickup.
    The same key with the same request returns the same order, also when both arrive at once.
    Raises AccessDenied, Cart.DoesNotExist, DeliveryAddress.DoesNotExist (not this legal entity's, or in
    another city), CartEmpty, ContractClosed, CityClosed, SkuNotOnSale, WrongQuantity, PriceUnknown,
    StockShort, BelowMinimum, PriceChanged, PaymentTermsClosed, DeliveryClosed, StockBusy, OrderBlocked,
    IdempotencyConflict.
    """
    actor.require(Permission.ORDER_CREATE)
    parties_hold()
    wish = OrderWish(delivery_address_id, comment, client_reference, idempotency_key, expected_total, choices)
    digest = wish.digest(actor, cart_id)
    sent = sent_before(idempotency_key, digest)
    if sent is not None:
        return sent
    cart = carts_whole(Cart.objects.owned_by(actor)).select_for_update(of=("self",)).get(pk=cart_id)
    sent = sent_before(idempotency_key, digest)  # while this one waited for the lock
    if sent is not None:
        return sent
    priced = cart_priced(cart, on=moscow_date(at))
    order = order_place(priced=priced, wish=wish, digest=digest, actor=actor, at=at)
    cart.lines.all().delete()
    Cart.objects.filter(pk=cart.pk).update(updated_at=at)
    return order


@dataclass(frozen=True, slots=True)
class OrderWish:
    """What the person filled in at checkout."""

    delivery_address_id: int | None
    comment: str
    client_reference: str
    idempotency_key: UUID
    expected_total: Decimal
    choices: CheckoutChoices

    def digest(self, actor: Actor, source: object) -> str:
        """Fingerprint of the request; the cart's lines are not in it, for sending empties the cart.

        `source` is the key of the cart, or names what else is sent.
        """
        content = (
            actor.user_id,
            source,
            self.delivery_address_id,
            self.comment,
            self.client_reference,
            self.expected_total,
            *self.choices.told,
        )
        return sha256("\x1f".join(str(item) for item in content).encode()).hexdigest()


def order_place(*, priced: PricedCart, wish: OrderWish, digest: str, actor: Actor, at: datetime) -> Order:
    """Check, reserve and insert the order of goods that whoever calls has locked and priced already.

    Its cart names the party and the place, and need not be a saved one. Others wait for the same stock, so
    whatever asks nothing of stock is read before its rows are locked. Raises what `order_submit` does.
    """
    cart, on = priced.cart, moscow_date(at)
    address = None
    if wish.delivery_address_id is not None:
        address = delivery_addresses(cart).get(pk=wish.delivery_address_id)
    _refuse_closed(priced, on)
    choosing = choosing_read(priced, wish.choices, address=address, on=on)
    decide = partial(
        order_decision, contract_id=cart.contract_id, need=wish.expected_total, terms=choosing.terms, at=at
    )
    decision = decide()
    calendar = work_days(since=on)
    stock, view = _checked(priced, wish.expected_total)
    agreed = choices_agree(choosing)
    if decision.is_limit_asked:  # of a line that only warns the rule alone is in the way
        settlements_lock([cart.contract_id])
    if decision.is_ruled:  # others may have ordered while this one waited for stock
        decision = decide()
    decision_heed(decision)
    together = wish.choices.ships_together
    order = _order_inserted(
        Order(
            idempotency_key=wish.idempotency_key,
            request_digest=digest,
            delivery_address=address,
            delivery_text=_delivery_text(view, address),
            comment=wish.comment,
            client_reference=wish.client_reference,
            desired_date=wish.choices.desired_date,
            payment_terms=agreed.payment_terms,
            delivery_service=agreed.service,
            delivery_cost=agreed.cost,
            ships_together=together,
            created_by_id=cast(int, actor.user_id),  # a permission has a person
            acting_user_id=actor.impersonator_id,
            submitted_at=at,
            state=OrderState.SUBMITTED if actor.can(Permission.ORDER_SUBMIT) else OrderState.ON_APPROVAL,
        ),
        view,
    )
    days = parcel_plan(view.shipments, at=at, calendar=calendar).days(together=together)
    parts_create(order=order, lines=view.lines, days=days)
    _reserve(stock, view.lines)
    step_note(order, actor=actor, at=at)
    if order.state == OrderState.ON_APPROVAL:
        return order
    publish(OrderSubmitted(order_id=order.pk))
    return order_proceed(order, decision=decision, at=at)


def lock_stock(*, sku_ids: Collection[int], city_id: int) -> list[Stock]:
    """Lock the stock of the goods in the city's warehouses, always by key: no two orders deadlock.

    Raises StockBusy after `lock_timeout`.
    """
    serving = CityWarehouse.objects.filter(city_id=city_id).values("warehouse")
    rows = (
        Stock.objects.select_for_update(of=("self",))
        .filter(sku_id__in=sku_ids, warehouse__in=serving)
        .order_by("pk")
    )
    try:
        return list(rows)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise StockBusy from error
        raise


def sent_before(idempotency_key: UUID, digest: str) -> Order | None:
    """The order that this request has made already. Raises IdempotencyConflict."""
    order = Order.objects.filter(idempotency_key=idempotency_key).first()
    if order is not None and order.request_digest != digest:
        raise IdempotencyConflict
    return order


def _refuse_closed(priced: PricedCart, on: date) -> None:
    if not priced.rows:
        raise CartEmpty
    if not priced.cart.contract.is_open_on(on):
        raise ContractClosed
    if not priced.cart.city.is_active:
        raise CityClosed(priced.cart.city.name)


def _checked(priced: PricedCart, expected_total: Decimal) -> tuple[list[Stock], CartView]:
    """Lock the stock, look at it and refuse whatever the person has to know first."""
    stock, view = _locked_view(priced)
    _refuse_unsold(view.lines)
    short = [_short(line) for line in view.lines if line.missing]
    if short:
        raise StockShort(short)
    if view.until_minimum:
        raise BelowMinimum(minimum=view.minimum, total=view.total.gross)
    if view.total.gross != expected_total:
        raise PriceChanged(old=expected_total, new=view.total.gross)
    return stock, view


def _locked_view(priced: PricedCart) -> tuple[list[Stock], CartView]:
    """Lock the stock, then look at the cart; again if it would take from a row that has just come.

    1C may send a good to one more warehouse between the two: what is taken must be reserved.
    """
    while True:
        stock = lock_stock(sku_ids=priced.sku_ids, city_id=priced.cart.city_id)
        view = priced.view()
        locked = {(row.sku_id, row.warehouse_id) for row in stock}
        taken = {(line.sku.pk, piece.stock.warehouse_id) for line in view.lines for piece in line.pieces}
        if taken <= locked:
            return stock, view


def _refuse_unsold(lines: Sequence[CartLineView]) -> None:
    gone = [line.sku.name for line in lines if not line.is_on_sale]
    if gone:
        raise SkuNotOnSale(gone)
    for line in lines:
        check_quantity(line.quantity, line.sku.product)
    unpriced = [line.sku.name for line in lines if line.price is None]
    if unpriced:
        raise PriceUnknown(unpriced)


def _short(line: CartLineView) -> ShortLine:
    return ShortLine(
        sku_id=line.sku.pk,
        name=line.sku.name,
        wanted=line.quantity,
        available=line.available,
        unit=line.sku.product.unit.name,
        is_exact=line.is_exact,
    )


def _order_inserted(order: Order, view: CartView) -> Order:
    """Fill in what the cart decides and insert. Raises IdempotencyConflict (key used by another cart)."""
    cart = view.cart
    order.holding_id = cart.legal_entity.holding_id
    order.legal_entity, order.contract, order.city = cart.legal_entity, cart.contract, cart.city
    order.organization = cart.contract.organization
    order.currency, order.is_vat_included = view.currency, view.is_vat_included
    order.total, order.vat_total = view.total.gross, view.total.vat
    order.number = next_order_number()
    try:
        order.save(force_insert=True)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation) and "idempotency_key" in str(
            error.__cause__.diag.constraint_name
        ):
            raise IdempotencyConflict from error
        raise
    return order


def _reserve(stock: Sequence[Stock], lines: Sequence[CartLineView]) -> None:
    """Take the pieces from the locked stock rows; one statement for all of them."""
    taken = {
        (line.sku.pk, piece.stock.warehouse_id): piece.quantity for line in lines for piece in line.pieces
    }
    rows = [row for row in stock if (row.sku_id, row.warehouse_id) in taken]
    for row in rows:
        row.reserved = F("reserved") + taken[row.sku_id, row.warehouse_id]
    Stock.objects.bulk_update(rows, ["reserved"])


def _delivery_text(view: CartView, address: DeliveryAddress | None) -> str:
    """Freeze where to bring the goods: the address may be edited or deleted later."""
    if address is None:
        places = ", ".join(plan.warehouse for plan in view.shipments)
        return _("Самовывоз: {places}").format(places=places)[:_DELIVERY_TEXT_LENGTH]
    return address.in_words[:_DELIVERY_TEXT_LENGTH]
