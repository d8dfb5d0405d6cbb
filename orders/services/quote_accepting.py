"""An accepted offer becomes an order, or the order comes to nothing.

Locks: gate of merges, the request, stock rows by key.
"""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.actor import Actor
from orders.choices import NO_CHOICES, CheckoutChoices
from orders.models import Order, Quote, QuoteOfferLine
from orders.quote_refusals import OfferEmpty, OfferExpired, OfferMoved
from orders.quote_states import (
    QUOTE_DECIDED,
    QUOTE_SYSTEM_TRANSITIONS,
    QuoteState,
    require_quote_step,
)
from orders.selectors.quote_offers import offer_newest, offer_priced
from orders.services.carts import gathering_begin
from orders.services.quote_moves import quote_move
from orders.services.submission import OrderWish, order_place, sent_before
from orders.states import GIVEN_UP
from portal.lib.dates import moscow_date


@transaction.atomic
def quote_accept(
    *,
    actor: Actor,
    quote_id: int,
    version: int,
    line_ids: Collection[int],
    delivery_address_id: int | None,
    comment: str,
    client_reference: str,
    idempotency_key: UUID,
    expected_total: Decimal,
    at: datetime,
    choices: CheckoutChoices = NO_CHOICES,
) -> Order:
    """Order these lines of an offer at its prices; all else is checked as for any other order.

    `version` is the one the page showed, `line_ids` are lines of it, `expected_total` their sum with VAT. The
    same key with the same request returns the same order. Raises AccessDenied, Quote.DoesNotExist,
    OfferMoved (a newer version has come), OfferExpired, OfferEmpty, WrongState, and what `order_submit` does.
    """
    actor.require(Permission.ORDER_CREATE)
    gathering_begin(actor)
    wish = OrderWish(delivery_address_id, comment, client_reference, idempotency_key, expected_total, choices)
    digest = wish.digest(actor, f"quote:{quote_id}:{version}:{sorted(line_ids)}")
    quote = _locked(actor, quote_id)
    sent = sent_before(idempotency_key, digest)
    if sent is not None:
        return sent
    lines, is_whole = _chosen(quote, version, line_ids, at)
    target = QuoteState.ACCEPTED if is_whole else QuoteState.PARTLY_ACCEPTED
    require_quote_step(quote.state, target)
    quote.order = order_place(
        priced=offer_priced(quote, lines),
        wish=wish,
        digest=digest,
        actor=actor,
        at=at,
    )
    quote_move(quote, target, actor=actor, at=at)
    return quote.order


@transaction.atomic
def quote_reopen(*, order_id: int, at: datetime) -> None:
    """Take a request back to work whose order was refused or cancelled; the history names the order.

    While the day of the offer has not passed it may be accepted again. Idempotent.
    """
    quotes = Quote.objects.filter(order=order_id, state__in=QUOTE_DECIDED)
    quote = quotes.select_for_update(of=("self",)).first()
    if quote is None:
        return
    order = Order.objects.get(pk=order_id)
    if order.state not in GIVEN_UP:  # 1C has taken it up again meanwhile
        return
    quote.order = None
    quote_move(
        quote,
        QuoteState.IN_WORK,
        actor=None,
        at=at,
        comment=_("Заказ {number}: {state}").format(
            number=order.number, state=order.get_state_display().lower()
        ),
        table=QUOTE_SYSTEM_TRANSITIONS,
    )


def _locked(actor: Actor, quote_id: int) -> Quote:
    quotes = Quote.objects.asked_by(actor).select_related(
        "legal_entity__holding__group", "contract__organization", "city"
    )
    return quotes.select_for_update(of=("self",)).get(pk=quote_id)


def _chosen(
    quote: Quote, version: int, line_ids: Collection[int], at: datetime
) -> tuple[list[QuoteOfferLine], bool]:
    """The lines that are taken, and whether that is all that was priced."""
    offer = offer_newest(quote)
    if offer is None or offer.version != version:
        raise OfferMoved
    if moscow_date(at) > offer.valid_until:
        raise OfferExpired
    priced = [line for line in offer.lines.all() if line.price is not None]
    lines = [line for line in priced if line.pk in line_ids]
    if not lines or len(lines) != len(set(line_ids)):
        raise OfferEmpty
    return lines, len(lines) == len(priced)
