"""Requests of prices of the invented company: one in each state that a person can meet."""

from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from catalog.models import Sku
from counterparties.actor import Actor
from integrations.demo.buyers import Buyer, buyer_of, demo_actor, goods_sold
from integrations.demo.gathering import BUYER
from integrations.demo.papers import MANAGER
from orders.models import Quote
from orders.refusals import OrderRefused
from orders.selectors.quote_offers import offer_newest, offer_view
from orders.selectors.quotes import quotes_whole
from orders.services.quote_accepting import quote_accept
from orders.services.quote_answers import OfferAnswer, quote_decline, quote_offer, quote_take
from orders.services.quote_terms import quotes_expire
from orders.services.quotes import QuoteWish, quote_ask, quote_remark, quote_withdraw
from portal.lib.dates import moscow_date
from portal.lib.money import q2

_TIMES, _GOODS = 4, 3
_DAYS = timedelta(days=7)


@transaction.atomic
def quotes_fill() -> None:
    """Ask, answer and decide; nothing where anybody has asked before, or the city sells too little."""
    now = timezone.now()
    buyer = buyer_of(BUYER, now)
    goods = goods_sold(buyer, on=moscow_date(now), times=_TIMES)[:_GOODS]
    if Quote.objects.exists() or len(goods) < _GOODS:
        return
    manager = demo_actor(MANAGER, now)
    long_ago = now - timedelta(days=20)
    _offer(_ask(buyer, goods[:1], "Для склада на Южной", long_ago), manager, long_ago)
    quotes_expire(at=now)
    _ask(buyer, goods, "Объект на Лесной, нужен ответ к четвергу", now - timedelta(hours=2))
    quote_take(actor=manager, quote_id=_ask(buyer, goods[:2], "Повтор прошлой партии", now).pk, at=now)
    bargained = _ask(buyer, goods, "Годовая потребность", now - timedelta(days=1))
    _offer(bargained, manager, now)
    quote_remark(actor=buyer.actor, quote_id=bargained.pk, text="По первой позиции дорого", at=now)
    _offer(bargained, manager, now, percent=Decimal(90))
    for count in (_GOODS, 1):
        accepted = _ask(buyer, goods, "", now)
        _offer(accepted, manager, now)
        with suppress(OrderRefused), transaction.atomic():  # a minimum sum or a limit may stand in the way
            _accept(accepted, buyer, count, now)
    declined = _ask(buyer, goods[:1], "", now)
    quote_decline(actor=manager, quote_id=declined.pk, reason="Производство остановлено до весны", at=now)
    quote_withdraw(actor=buyer.actor, quote_id=_ask(buyer, goods[:1], "", now).pk, at=now)


def _ask(buyer: Buyer, goods: list[Sku], comment: str, at: datetime) -> Quote:
    wishes = [QuoteWish(sku.pk, "", sku.product.order_multiple or Decimal(1)) for sku in goods]
    return quote_ask(
        actor=buyer.actor,
        legal_entity_id=buyer.contract.legal_entity_id,
        contract_id=buyer.contract.pk,
        city_id=buyer.city.pk,
        wishes=[*wishes, QuoteWish(None, "Лоток перфорированный 200х50х3000", Decimal(12), unit_name="шт")],
        comment=comment,
        idempotency_key=uuid4(),
        at=at,
    )


def _offer(quote: Quote, manager: Actor, at: datetime, *, percent: Decimal = Decimal(95)) -> None:
    """So many percent of what the goods cost when they were asked for."""
    quote.refresh_from_db()
    quote_offer(
        actor=manager,
        quote_id=quote.pk,
        answers=[
            OfferAnswer(
                line.pk,
                line.sku_id,
                None if line.price_then is None else q2(line.price_then * percent / 100),
                line.quantity,
                note="" if line.sku_id else "Не возим",
            )
            for line in quote.lines.order_by("position")
        ],
        valid_until=moscow_date(at) + _DAYS,
        comment="Цены на весь объём",
        base_version=quote.version,
        is_low_confirmed=True,
        at=at,
    )


def _accept(quote: Quote, buyer: Buyer, count: int, at: datetime) -> None:
    whole = quotes_whole(Quote.objects.all()).get(pk=quote.pk)
    newest = offer_newest(whole)
    lines = [line for line in newest.lines.all() if line.price is not None][:count] if newest else []
    quote_accept(
        actor=buyer.actor,
        quote_id=quote.pk,
        version=whole.version,
        line_ids=[line.pk for line in lines],
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=offer_view(whole, lines).total.gross,
        at=at,
    )
