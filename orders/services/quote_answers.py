"""What a manager does with a request of prices. Locks: the request."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import cast

from django.db import transaction

from accounts.permissions import Permission
from catalog.models import Sku
from counterparties.actor import AccessDenied, Actor
from orders.models import Quote, QuoteLine, QuoteOffer, QuoteOfferLine
from orders.quantities import check_quantity
from orders.quote_refusals import (
    OfferDayWrong,
    OfferDoubled,
    OfferEmpty,
    OfferGoodMissing,
    OfferMoved,
    OfferTooLow,
    OfferUnanswered,
    RemarkMissing,
)
from orders.quote_states import QuoteState, require_quote_step
from orders.refusals import SkuNotOnSale
from orders.selectors.quote_margins import margins_of
from orders.services.quote_moves import quote_locked, quote_move
from orders.states import WrongState
from portal.lib.dates import moscow_date

MOST_DAYS = 180


@dataclass(frozen=True, slots=True)
class OfferAnswer:
    """What is offered for a line; no price means that it is not. Prices as the request's are."""

    line_id: int
    sku_id: int | None
    price: Decimal | None
    quantity: Decimal
    ready_date: date | None = None
    note: str = ""


@transaction.atomic
def quote_take(*, actor: Actor, quote_id: int, at: datetime) -> Quote:
    """Say who answers; another manager may take it over while nothing is offered.

    Raises AccessDenied, Quote.DoesNotExist, WrongState.
    """
    quote = _served_locked(actor, quote_id)
    if quote.state == QuoteState.IN_WORK:
        quote.taken_by_id = actor.user_id
        quote.save(update_fields=["taken_by"])
        return quote
    if quote.state != QuoteState.SUBMITTED:  # an offer goes back to work by the client's remark only
        raise WrongState(quote.get_state_display())
    quote.taken_by_id = actor.user_id
    # Taking it gives no more time.
    quote_move(quote, QuoteState.IN_WORK, actor=actor, at=at, due=quote.answer_due_at)
    return quote


@transaction.atomic
def quote_offer(
    *,
    actor: Actor,
    quote_id: int,
    answers: Sequence[OfferAnswer],
    valid_until: date,
    comment: str,
    base_version: int,
    is_low_confirmed: bool,
    at: datetime,
) -> QuoteOffer:
    """Send the client a new version of the offer, whole: every line is answered.

    `base_version` is the newest version that the page showed. Prices below the floor, or below purchase
    where there is no floor, need `is_low_confirmed`, which stays written in the offer.
    Raises AccessDenied, Quote.DoesNotExist, Sku.DoesNotExist, OfferMoved (a colleague was first),
    WrongState, OfferUnanswered, OfferEmpty, OfferDayWrong, OfferGoodMissing, OfferDoubled, SkuNotOnSale,
    WrongQuantity, OfferTooLow.
    """
    quote = _served_locked(actor, quote_id)
    if quote.version != base_version:
        raise OfferMoved
    require_quote_step(quote.state, QuoteState.OFFERED)
    today = moscow_date(at)
    if not today <= valid_until <= today + timedelta(days=MOST_DAYS):
        raise OfferDayWrong(MOST_DAYS)
    lines = {line.pk: line for line in quote.lines.order_by("position")}
    if sorted(answer.line_id for answer in answers) != sorted(lines):
        raise OfferUnanswered
    _check_goods(answers, lines)
    low = _too_low(quote, answers, today)
    if low and not is_low_confirmed:
        raise OfferTooLow(low)
    return _sent(quote, answers, valid_until, comment, bool(low), actor, at)


@transaction.atomic
def quote_decline(*, actor: Actor, quote_id: int, reason: str, at: datetime) -> Quote:
    """Offer nothing, and say why. Raises AccessDenied, Quote.DoesNotExist, RemarkMissing, WrongState."""
    quote = _served_locked(actor, quote_id)
    if not reason.strip():
        raise RemarkMissing
    quote_move(quote, QuoteState.DECLINED, actor=actor, at=at, comment=reason.strip())
    return quote


def _served_locked(actor: Actor, quote_id: int) -> Quote:
    """Of a client whom the employee serves. Raises AccessDenied, Quote.DoesNotExist."""
    actor.require(Permission.CLIENT_SERVE)
    if actor.is_client or actor.is_read_only:
        raise AccessDenied(Permission.CLIENT_SERVE.label)
    return quote_locked(actor, quote_id)


def _check_goods(answers: Sequence[OfferAnswer], lines: Mapping[int, QuoteLine]) -> None:
    priced = [answer for answer in answers if answer.price is not None]
    if not priced:
        raise OfferEmpty
    for answer in priced:
        if answer.sku_id is None:
            raise OfferGoodMissing(lines[answer.line_id].text)
    wanted = [answer.sku_id for answer in priced if answer.sku_id is not None]
    goods = Sku.objects.select_related("product__unit").defer("product__description").in_bulk(wanted)
    if len(goods) != len(set(wanted)):
        raise Sku.DoesNotExist
    for sku_id in wanted:
        if wanted.count(sku_id) > 1:
            raise OfferDoubled(goods[sku_id].name)
    gone = [sku.name for sku in goods.values() if sku.is_hidden or sku.product.is_hidden]
    if gone:
        raise SkuNotOnSale(gone)
    for answer in priced:
        check_quantity(answer.quantity, goods[cast(int, answer.sku_id)].product)


def _too_low(quote: Quote, answers: Collection[OfferAnswer], on: date) -> list[str]:
    """Names of the goods whose price goes below what is allowed."""
    priced = {answer.sku_id: answer for answer in answers if answer.sku_id and answer.price is not None}
    quantities = {pk: answer.quantity for pk, answer in priced.items()}
    margins = margins_of(quote, quantities, on=on)
    return [
        margins[pk].name
        for pk, answer in priced.items()
        if answer.price is not None and margins[pk].is_too_low(answer.price)
    ]


def _sent(
    quote: Quote,
    answers: Sequence[OfferAnswer],
    valid_until: date,
    comment: str,
    is_low: bool,
    actor: Actor,
    at: datetime,
) -> QuoteOffer:
    offer = QuoteOffer.objects.create(
        quote=quote,
        version=quote.version + 1,
        author_id=cast(int, actor.user_id),  # a permission has a person
        created_at=at,
        valid_until=valid_until,
        comment=comment,
        is_below_floor=is_low,
    )
    QuoteOfferLine.objects.bulk_create(
        QuoteOfferLine(
            offer=offer,
            line_id=answer.line_id,
            sku_id=answer.sku_id if answer.price is not None else None,
            price=answer.price,
            quantity=answer.quantity,
            ready_date=answer.ready_date,
            note=answer.note,
        )
        for answer in answers
    )
    quote.version, quote.valid_until, quote.taken_by_id = offer.version, valid_until, actor.user_id
    quote_move(quote, QuoteState.OFFERED, actor=actor, at=at, comment=comment)
    return offer
