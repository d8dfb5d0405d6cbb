"""«Что оплатить, чтобы заказ прошёл»: exact sums as buttons, for the cart, the checkout and a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Contract, LegalEntity
from counterparties.reach import reaches
from finance.selectors.blocks import order_decision
from finance.selectors.payables import ROUBLE, payer_of
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
    """A legal entity pays this much for these documents; `address` is the page with the sums chosen."""

    payer: LegalEntity
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
    """The ways to place an order that is stopped; none of them where none helps.

    `payments` free it together: one for each legal entity that has to pay.
    """

    payments: tuple[Payment, ...] = ()
    advance: Payment | None = None
    places: tuple[CartPlace, ...] = ()
    split: Split | None = None
    cart_id: int | None = None

    def __bool__(self) -> bool:
        return bool(self.payments or self.advance or self.places or self.split)


def order_ways(
    *, actor: Actor, contract: Contract, need: Decimal, at: datetime, cart: Cart | None = None,
    view: CartView | None = None,
) -> Ways:  # fmt: skip
    """What to do about an order of `need` RUB with VAT. Sums of debts only for those who may see them.

    With a cart other contracts are tried, and with its view a part of it that passes now.
    """
    found = ways_out(contract_id=contract.pk, need=need, at=at)
    payments = _payments(found.payables, actor)
    advance = None
    if found.advance and not all(one.is_advance for one in payments):
        ahead = Payable(None, contract.pk, "", "", None, None, found.advance, found.advance)
        advance = next(iter(_payments([ahead], actor)), None)
    places = _places(cart, actor, at) if cart is not None else ()
    split = _split(view, contract, found.fits, at) if view is not None else None
    return Ways(payments, advance, places, split, cart.pk if cart else None)


def _payments(payables: Sequence[Payable], actor: Actor) -> tuple[Payment, ...]:
    """One for each payer; none at all where the actor may not see what one owes, or it is not in roubles."""
    contracts = Contract.objects.select_related("legal_entity__merged_into").in_bulk(
        {one.contract_id for one in payables}
    )
    if not all(_is_payable(contract, actor) for contract in contracts.values()):
        return ()
    payers: dict[LegalEntity, list[Payable]] = {}
    for one in payables:
        payers.setdefault(payer_of(contracts[one.contract_id]), []).append(one)
    return tuple(_payment(payer, own) for payer, own in payers.items())


def _is_payable(contract: Contract, actor: Actor) -> bool:
    sees = reaches(actor, Permission.FINANCE_VIEW, entity=contract.legal_entity, author_id=None)
    return sees and contract.currency == ROUBLE


def _payment(payer: LegalEntity, payables: Sequence[Payable]) -> Payment:
    amounts = {
        f"{ADVANCE}{one.contract_id}" if one.entry_id is None else f"ledger:{one.entry_id}": one.amount
        for one in payables
    }
    return Payment(payer, sum(amounts.values(), ZERO), tuple(payables), pay_address(payer.pk, amounts))


def _places(cart: Cart, actor: Actor, at: datetime) -> tuple[CartPlace, ...]:
    """Other contracts under which the same cart would be taken on credit now."""
    found: list[CartPlace] = []
    for place in cart_places(cart, actor=actor, on=moscow_date(at)):
        if place.is_own or not place.view.may_be_ordered or len(found) == _MOST_PLACES:
            continue
        if _passes(place.contract, place.view.total.gross, at):
            found.append(place)
    return tuple(found)


def _passes(contract: Contract, need: Decimal, at: datetime) -> bool:
    decision = order_decision(contract_id=contract.pk, need=need, terms=PaymentTerms.CREDIT, at=at)
    return decision.action in {None, BlockAction.WARN}


def _split(view: CartView, contract: Contract, left: Decimal | None, at: datetime) -> Split | None:
    """Lines in their order as long as they fit into what passes; the rest is put aside."""
    if not left:
        return None
    fits, aside = ZERO, []
    for line in view.lines:
        gross = line.amount.gross if line.amount else ZERO
        if fits + gross <= left and line.amount:
            fits += gross
        else:
            aside.append(line.pk)
    if not fits or not aside or fits < view.minimum or not _passes(contract, fits, at):
        return None
    return Split(view.cart.pk, fits, tuple(aside))
