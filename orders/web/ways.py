"""«Что оплатить, чтобы заказ прошёл»: exact sums as buttons, for the cart, the checkout and a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Contract
from counterparties.reach import reaches
from finance.selectors.blocks import order_decision
from finance.selectors.exposure import credit_view
from finance.selectors.payables import payer_of
from finance.selectors.ways_out import Payable, ways_out
from finance.states import BlockAction, PaymentTerms
from finance.web.choosing import ADVANCE, pay_address
from orders.models import Cart
from orders.selectors.cart_places import CartPlace, cart_places
from orders.selectors.cart_views import CartView
from portal.lib.dates import moscow_date

ZERO = Decimal("0.00")
_MOST_PLACES = 2


@dataclass(frozen=True, slots=True)
class Payment:
    """Pay this much for these documents; `address` is the page with the sums chosen."""

    amount: Decimal
    payables: tuple[Payable, ...]
    address: str

    @property
    def is_advance(self) -> bool:
        return all(one.entry_id is None for one in self.payables)


@dataclass(frozen=True, slots=True)
class Split:
    """What goes now, and the lines to put aside into a cart of their own."""

    cart_id: int
    amount: Decimal
    line_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to place an order that the money does not let through; none of them where none helps."""

    payment: Payment | None = None
    advance: Payment | None = None
    places: tuple[CartPlace, ...] = ()
    split: Split | None = None
    cart_id: int | None = None

    def __bool__(self) -> bool:
        return bool(self.payment or self.advance or self.places or self.split)


def order_ways(
    *, actor: Actor, contract: Contract, need: Decimal, at: datetime, cart: Cart | None = None,
    view: CartView | None = None,
) -> Ways:  # fmt: skip
    """What to do about an order of `need` RUB with VAT. Sums of debts only for those who may see them.

    With a cart other contracts are tried, and with its view a part of it that passes now.
    """
    payment = advance = None
    if reaches(actor, Permission.FINANCE_VIEW, entity=contract.legal_entity, author_id=None):
        payment, advance = _payments(contract, need, at)
    places = _places(cart, actor, at) if cart is not None else ()
    split = _split(view, contract, at) if view is not None else None
    return Ways(payment, advance, places, split, cart.pk if cart else None)


def _payments(contract: Contract, need: Decimal, at: datetime) -> tuple[Payment | None, Payment | None]:
    """The fewest documents; and an advance alone, where it would do as well."""
    payables = ways_out(contract_id=contract.pk, need=need, at=at)
    payment = _payment(contract, payables) if payables else None
    credit = credit_view(contract_ids=[contract.pk], on=moscow_date(at))[contract.pk]
    lacks = ZERO if credit.available is None else max(ZERO, need - credit.available)
    if not lacks or (payment is not None and payment.is_advance) or credit.overdue:
        return payment, None
    return payment, _payment(contract, (Payable(None, "", "", None, None, lacks, lacks),))


def _payment(contract: Contract, payables: Sequence[Payable]) -> Payment:
    amounts = {
        f"{ADVANCE}{contract.pk}" if one.entry_id is None else f"ledger:{one.entry_id}": one.amount
        for one in payables
    }
    total = sum(amounts.values(), ZERO)
    return Payment(total, tuple(payables), pay_address(payer_of(contract).pk, amounts))


def _places(cart: Cart, actor: Actor, at: datetime) -> tuple[CartPlace, ...]:
    """Other contracts under which the same cart would be taken on credit now."""
    found: list[CartPlace] = []
    for place in cart_places(cart, actor=actor, on=moscow_date(at)):
        if place.is_own or not place.view.may_be_ordered or len(found) == _MOST_PLACES:
            continue
        decision = order_decision(
            contract_id=place.contract.pk, need=place.view.total.gross, terms=PaymentTerms.CREDIT, at=at
        )
        if decision.action in {None, BlockAction.WARN}:
            found.append(place)
    return tuple(found)


def _split(view: CartView, contract: Contract, at: datetime) -> Split | None:
    """Lines in their order as long as they fit into what is free; the rest is put aside."""
    credit = credit_view(contract_ids=[contract.pk], on=moscow_date(at))[contract.pk]
    left = credit.available
    if left is None or left <= 0 or credit.overdue:
        return None
    fits, aside = ZERO, []
    for line in view.lines:
        gross = line.amount.gross if line.amount else ZERO
        if fits + gross <= left and line.amount:
            fits += gross
        else:
            aside.append(line.pk)
    if not fits or not aside or fits < view.minimum:
        return None
    return Split(view.cart.pk, fits, tuple(aside))
