"""What a request for shipment is refused for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from catalog.models import Warehouse
from counterparties.models import DeliveryAddress
from finance.selectors.gate import shipment_gate
from finance.states import PaymentTerms
from finance.workdays import next_working
from orders.models import Order, OrderLine, OrderPart, ShipmentMethod
from orders.quantities import fits_unit
from orders.refusals import ContractClosed, WrongQuantity
from orders.selectors.fulfilment import line_quantities, requested_quantities
from orders.selectors.paid import told_paid_by_part
from orders.shipment_refusals import (
    AddressMissing,
    AttorneyNotValid,
    DayClosed,
    DayPast,
    HoursClosed,
    MoneyHolds,
    NotConfirmed,
    ShipmentMixed,
    TooMuchAsked,
)
from orders.shipping import ShipmentWish
from orders.states import OPEN_REQUESTS, ShipmentRequestState
from portal.lib.dates import moscow_date
from portal.lib.money import line_amount

_FARTHEST = timedelta(days=366)
_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Asked:
    """Lines that somebody wants shipped; their orders and parts are locked by whoever made this."""

    orders: Sequence[Order]
    parts: Sequence[OrderPart]
    lines: Sequence[OrderLine]
    quantities: Mapping[int, Decimal]

    @property
    def order(self) -> Order:
        """One of them: payer and contract are the same in all."""
        return self.orders[0]

    @property
    def warehouse(self) -> Warehouse:
        warehouse = self.parts[0].warehouse
        if warehouse is None:
            raise ShipmentMixed
        return warehouse


def check_asked(asked: Asked, *, at: datetime) -> None:
    """Raise ShipmentMixed, NotConfirmed, ContractClosed, WrongQuantity, TooMuchAsked, MoneyHolds."""
    places = {(order.legal_entity_id, order.contract_id) for order in asked.orders}
    if len(places) > 1 or len({part.warehouse_id for part in asked.parts}) > 1:
        raise ShipmentMixed
    for order in asked.orders:
        if not order.is_in_work:
            raise NotConfirmed(order.label)
    contract, on = asked.order.contract, moscow_date(at)
    is_on_credit = any(order.payment_terms == PaymentTerms.CREDIT for order in asked.orders)
    if not (contract.takes_credit_on(on) if is_on_credit else contract.is_open_on(on)):
        raise ContractClosed
    _check_quantities(asked)
    check_money(asked, at=at)


def check_wish(
    wish: ShipmentWish, *, warehouse: Warehouse, address: DeliveryAddress | None, at: datetime
) -> None:
    """Raise AddressMissing, DayPast, DayClosed, HoursClosed, AttorneyNotValid."""
    day = wish.desired_date
    if wish.method != ShipmentMethod.PICKUP and address is None:
        raise AddressMissing
    if day < moscow_date(at):
        raise DayPast
    if day > moscow_date(at) + _FARTHEST or next_working(day) != day:
        raise DayClosed(day)
    _check_hours(wish, warehouse)
    if wish.attorney_number:
        begins, ends = wish.attorney_date, wish.attorney_until
        if begins is None or ends is None or not begins <= day <= ends:
            raise AttorneyNotValid(day)


def _check_quantities(asked: Asked) -> None:
    known = line_quantities(asked.parts)
    for line in asked.lines:
        wanted, free = asked.quantities[line.pk], known[line.pk].free
        if wanted > free:
            raise TooMuchAsked(name=line.name, asked=wanted, free=free, unit=line.unit_name)
        if not wanted or not fits_unit(wanted, line.unit_code):
            raise WrongQuantity(f"{line.name}: {line.unit_name}")


def check_money(
    asked: Asked, *, states: Collection[ShipmentRequestState] = OPEN_REQUESTS, at: datetime
) -> None:
    """Raise MoneyHolds where what is prepaid is not paid, or the contract is stopped; part by part.

    Goods that other requests in `states` hold want their money first.
    """
    orders = {order.pk: order for order in asked.orders}
    held = requested_quantities([part.pk for part in asked.parts], states=states)
    lines = [*asked.lines, *OrderLine.objects.filter(pk__in=held.keys() - asked.quantities.keys())]
    paid = told_paid_by_part(asked.orders)
    for part in asked.parts:
        order = orders[part.order_id]
        leaving = [
            _gross(order, line, asked.quantities.get(line.pk, _NONE) + held.get(line.pk, _NONE))
            for line in lines
            if line.part_id == part.pk
        ]
        gate = shipment_gate(
            reference=part.reference,
            contract_id=order.contract_id,
            sum=sum(leaving, _NONE),
            terms=PaymentTerms(order.payment_terms),
            at=at,
            told_paid=paid.get(part.pk, _NONE),
            order_reference=order.reference,
        )
        if not gate.is_open:
            raise MoneyHolds(number=order.label, text=gate.text)


def _gross(order: Order, line: OrderLine, quantity: Decimal) -> Decimal:
    return line_amount(line.price, quantity, line.vat_percent, order.is_vat_included).gross


def _check_hours(wish: ShipmentWish, warehouse: Warehouse) -> None:
    begins, ends = wish.hour_from, wish.hour_to
    opens, closes = warehouse.opens_at, warehouse.closes_at
    if begins is None and ends is None:
        return
    if begins is None or ends is None or begins >= ends:
        raise HoursClosed(None, None)
    if (opens and begins < opens) or (closes and ends > closes):
        raise HoursClosed(opens or begins, closes or ends)
