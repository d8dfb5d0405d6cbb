"""Requests of prices and offers for tests, made by the services."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from accounts.models import User
from orders.models import Order, Quote, QuoteOffer
from orders.selectors.quote_offers import offer_newest, offer_view
from orders.services.quote_accepting import quote_accept
from orders.services.quote_answers import OfferAnswer, quote_offer
from orders.services.quotes import QuoteWish, quote_ask
from tests.factories import AT, TODAY, World, actor_of

UNTIL = TODAY + timedelta(days=7)


def ask(
    world: World,
    wishes: list[QuoteWish] | None = None,
    *,
    person: User | None = None,
    key: UUID | None = None,
    at: datetime = AT,
) -> Quote:
    """Two goods of the world and one in words."""
    asked = wishes or [
        QuoteWish(world.skus[0].pk, "", Decimal(4), target_price=Decimal(80)),
        QuoteWish(world.skus[1].pk, "", Decimal("2.5")),
        QuoteWish(None, "Лоток перфорированный 200х50", Decimal(3), unit_name="м"),
    ]
    return quote_ask(
        actor=actor_of(person or world.buyer),
        legal_entity_id=world.entity.pk,
        contract_id=world.contract.pk,
        city_id=world.city.pk,
        wishes=asked,
        comment="Объект на Лесной",
        idempotency_key=key or uuid4(),
        at=at,
    )


def answers_to(quote: Quote, prices: Mapping[int, object]) -> list[OfferAnswer]:
    """An answer to each line: the price by its position, none where there is none."""
    return [
        OfferAnswer(
            line.pk,
            line.sku_id,
            Decimal(str(prices[line.position])) if line.position in prices else None,
            line.quantity,
        )
        for line in quote.lines.order_by("position")
    ]


def offer(
    world: World,
    quote: Quote,
    prices: Mapping[int, object] | None = None,
    *,
    person: User | None = None,
    until: date = UNTIL,
    base: int | None = None,
    is_confirmed: bool = False,
    answers: list[OfferAnswer] | None = None,
    at: datetime = AT,
) -> QuoteOffer:
    """Ninety for the first line, 240 for the second, nothing for the third."""
    known = answers or answers_to(quote, prices or {1: "90", 2: "240"})
    return quote_offer(
        actor=actor_of(person or world.manager),
        quote_id=quote.pk,
        answers=known,
        valid_until=until,
        comment="",
        base_version=quote.version if base is None else base,
        is_low_confirmed=is_confirmed,
        at=at,
    )


def with_sku(answers: list[OfferAnswer], place: int, sku_id: int, price: str) -> list[OfferAnswer]:
    """The same answers with a good and its price in one of the places."""
    changed = list(answers)
    changed[place] = replace(changed[place], sku_id=sku_id, price=Decimal(price))
    return changed


def accept(
    world: World,
    quote: Quote,
    *,
    positions: tuple[int, ...] = (1, 2),
    person: User | None = None,
    version: int | None = None,
    key: UUID | None = None,
    at: datetime = AT,
) -> Order:
    """Order these lines of the newest offer."""
    fresh = Quote.objects.select_related("legal_entity", "contract__organization", "city").get(pk=quote.pk)
    newest = offer_newest(fresh)
    lines = [one for one in newest.lines.all() if one.line.position in positions] if newest else []
    return quote_accept(
        actor=actor_of(person or world.buyer),
        quote_id=quote.pk,
        version=fresh.version if version is None else version,
        line_ids=[line.pk for line in lines],
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=key or uuid4(),
        expected_total=offer_view(fresh, lines).total.gross,
        at=at,
    )
