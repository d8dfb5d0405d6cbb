"""What a client does with a request of prices. Locks: gate of merges, then the request."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import cast
from uuid import UUID

from django.db import IntegrityError, transaction

from catalog.models import City, Sku
from counterparties.actor import AccessDenied, Actor
from orders.models import Quote, QuoteLine
from orders.quantities import check_quantity, fits_unit
from orders.quote_refusals import QuoteEmpty, QuoteTooLong, RemarkMissing
from orders.quote_states import QuoteState
from orders.refusals import IdempotencyConflict, SkuNotOnSale, WrongQuantity
from orders.services.carts import contract_open, gathering_begin
from orders.services.numbers import next_quote_number
from orders.services.quote_moves import answer_due, quote_locked, quote_move, quote_step_note
from orders.states import WrongState
from portal.lib.dates import moscow_date
from pricing.selectors import quotes as prices_of
from pricing.selectors import terms_for

MOST_LINES = 100
_TEXT_LENGTH = 800


@dataclass(frozen=True, slots=True)
class QuoteWish:
    """One line as the client asks it: a good, or words; quantity in base units, price as his own are."""

    sku_id: int | None
    text: str
    quantity: Decimal
    target_price: Decimal | None = None
    desired_date: date | None = None
    comment: str = ""
    unit_name: str = ""


@transaction.atomic
def quote_ask(
    *,
    actor: Actor,
    legal_entity_id: int,
    contract_id: int,
    city_id: int,
    wishes: Sequence[QuoteWish],
    comment: str,
    idempotency_key: UUID,
    at: datetime,
) -> Quote:
    """Ask what goods would cost; the same good in several lines is asked once with all of its quantity.

    The same key with the same request returns the same one, also when both arrive at once. Raises
    AccessDenied, Contract.DoesNotExist, City.DoesNotExist, Sku.DoesNotExist, ContractClosed, QuoteEmpty,
    QuoteTooLong, WrongQuantity, SkuNotOnSale, IdempotencyConflict.
    """
    _begin(actor)
    asked = _united(wishes)
    digest = _digest(actor, contract_id, city_id, asked, comment)
    sent = _asked_before(idempotency_key, digest)
    if sent is not None:
        return sent
    contract = contract_open(actor, legal_entity_id=legal_entity_id, contract_id=contract_id, at=at)
    city = City.objects.get(pk=city_id, is_active=True)
    goods = _goods(asked)
    terms = terms_for(contract=contract, city=city, on=moscow_date(at))
    prices = prices_of(
        sku_ids=goods.keys(),
        terms=terms,
        quantities={wish.sku_id: wish.quantity for wish in asked if wish.sku_id is not None},
    )
    quote, is_first = _inserted(
        Quote(
            number=next_quote_number(),
            idempotency_key=idempotency_key,
            request_digest=digest,
            holding_id=contract.legal_entity.holding_id,
            legal_entity_id=contract.legal_entity_id,
            contract=contract,
            city=city,
            comment=comment,
            created_by_id=cast(int, actor.user_id),  # a permission has a person
            acting_user_id=actor.impersonator_id,
            created_at=at,
            answer_due_at=answer_due(at),
            is_vat_included=terms.is_vat_included,
        ),
        digest,
    )
    if not is_first:
        return quote
    QuoteLine.objects.bulk_create(
        QuoteLine(
            quote=quote,
            position=place,
            sku_id=wish.sku_id,
            text=(goods[wish.sku_id].name if wish.sku_id is not None else wish.text)[:_TEXT_LENGTH],
            unit_name=goods[wish.sku_id].product.unit.name if wish.sku_id is not None else wish.unit_name,
            quantity=wish.quantity,
            target_price=wish.target_price,
            desired_date=wish.desired_date,
            comment=wish.comment,
            price_then=prices[wish.sku_id].amount if wish.sku_id in prices else None,
        )
        for place, wish in enumerate(asked, start=1)
    )
    quote_step_note(quote, actor=actor, at=at)
    return quote


@transaction.atomic
def quote_withdraw(*, actor: Actor, quote_id: int, at: datetime) -> Quote:
    """Ask no longer. Raises AccessDenied, Quote.DoesNotExist, WrongState."""
    quote = _own_locked(actor, quote_id)
    quote_move(quote, QuoteState.WITHDRAWN, actor=actor, at=at)
    return quote


@transaction.atomic
def quote_remark(*, actor: Actor, quote_id: int, text: str, at: datetime) -> Quote:
    """Say what is not right with an offer, or ask to renew it: the manager owes an answer again.

    Raises AccessDenied, Quote.DoesNotExist, RemarkMissing, WrongState (nothing was offered yet).
    """
    quote = _own_locked(actor, quote_id)
    if not text.strip():
        raise RemarkMissing
    if not quote.version:
        raise WrongState(quote.get_state_display())
    quote_move(quote, QuoteState.IN_WORK, actor=actor, at=at, comment=text.strip())
    return quote


def _begin(actor: Actor) -> None:
    """Only people of the client move a request on his side. Raises AccessDenied."""
    gathering_begin(actor)
    if not actor.is_client:
        raise AccessDenied("Только для клиента")


def _own_locked(actor: Actor, quote_id: int) -> Quote:
    _begin(actor)
    if not Quote.objects.asked_by(actor).filter(pk=quote_id).exists():
        raise Quote.DoesNotExist
    return quote_locked(actor, quote_id)


def _united(wishes: Sequence[QuoteWish]) -> list[QuoteWish]:
    united: dict[object, QuoteWish] = {}
    for number, wish in enumerate(wishes):
        key = ("sku", wish.sku_id) if wish.sku_id is not None else ("text", number)
        other = united.get(key)
        united[key] = wish if other is None else replace(other, quantity=other.quantity + wish.quantity)
    if not united:
        raise QuoteEmpty
    if len(united) > MOST_LINES:
        raise QuoteTooLong(MOST_LINES)
    return list(united.values())


def _goods(asked: Sequence[QuoteWish]) -> dict[int, Sku]:
    """The goods that are asked for, checked; words are checked for a sane number only."""
    wanted = {wish.sku_id for wish in asked if wish.sku_id is not None}
    goods = Sku.objects.select_related("product__unit").defer("product__description").in_bulk(wanted)
    if len(goods) != len(wanted):
        raise Sku.DoesNotExist
    gone = [sku.name for sku in goods.values() if sku.is_hidden or sku.product.is_hidden]
    if gone:
        raise SkuNotOnSale(gone)
    for wish in asked:
        if wish.sku_id is not None:
            check_quantity(wish.quantity, goods[wish.sku_id].product)
        elif not wish.text.strip():
            raise QuoteEmpty
        elif wish.quantity == 0 or not fits_unit(wish.quantity, ""):
            raise WrongQuantity("Укажите количество больше нуля, не точнее трёх знаков после запятой.")
    return goods


def _digest(actor: Actor, contract_id: int, city_id: int, asked: Sequence[QuoteWish], comment: str) -> str:
    content = (actor.user_id, contract_id, city_id, comment, *asked)
    return sha256("\x1f".join(str(item) for item in content).encode()).hexdigest()


def _asked_before(idempotency_key: UUID, digest: str) -> Quote | None:
    quote = Quote.objects.filter(idempotency_key=idempotency_key).first()
    if quote is not None and quote.request_digest != digest:
        raise IdempotencyConflict
    return quote


def _inserted(quote: Quote, digest: str) -> tuple[Quote, bool]:
    """Insert and say so, or the one that another click has inserted first."""
    try:
        with transaction.atomic():
            quote.save(force_insert=True)
    except IntegrityError:
        first = _asked_before(quote.idempotency_key, digest)
        if first is None:
            raise
        return first, False
    return quote, True
