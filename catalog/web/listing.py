"""A page of a list of goods: what the index chose, read anew by SQL with the client's prices and stock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.core.paginator import Page, Paginator

from catalog.masks import is_told_exactly
from catalog.models import AbsentPolicy, City
from catalog.selectors import GoodsRow, availability, available_total, goods_rows
from catalog.selectors.naming import warehouse_names
from catalog.web.amounts import Amount, amount_met
from catalog.web.asked import Asked
from catalog.web.chips import Chip, chips_of
from catalog.web.choice import RELEVANCE
from catalog.web.looks import Look
from catalog.web.offers import ONE, Offer, price_at
from counterparties.actor import Actor
from counterparties.selectors import Workplace
from orders.selectors import LastBought, last_bought
from orders.selectors.picks import PickDesk, PicksTotal, pick_desk, picks_total
from pricing.kept import conditions_kept
from pricing.selectors import (
    Facts,
    LadderStep,
    PriceQuote,
    Recommended,
    facts_for,
    ladders_of,
    quotes_of,
    recommended_prices,
)
from pricing.terms import PriceTerms

Ladders = Mapping[int, tuple[LadderStep, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. `known_available` is the stock where the person may see the number.

    `wanted` is the quantity named in the search, of the first row. `order_days` is the term of «под заказ»
    for what has run out; `by_warehouse` stands in the order of the listing's warehouses.
    """

    goods: GoodsRow
    offer: Offer
    picked: Decimal | None
    known_available: Decimal | None
    order_days: int | None
    by_warehouse: tuple[Decimal, ...]
    wanted: Decimal | None = None

    @property
    def typed(self) -> Decimal | None:
        """What stands in the field: what was picked, else what the search's own words ask for."""
        return self.picked or self.wanted

    @property
    def step(self) -> Decimal:
        """By how much the buttons move a quantity: its multiple, else the smallest package, else one unit."""
        pack = next((coefficient for _unit, coefficient in self.goods.packs if coefficient > 1), ONE)
        return self.goods.order_multiple or pack

    @property
    def is_short(self) -> bool:
        """Not told where the number is not: typing quantities would find it out."""
        known = self.known_available
        return self.picked is not None and known is not None and self.picked > known

    @property
    def cheaper(self) -> tuple[Decimal, PriceQuote] | None:
        """From which quantity on the price is another one, and which."""
        for step in self.offer.ladder[1:2]:
            if step.quote is not None:
                return step.from_quantity, step.quote
        return None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of rows; `page` is Django's, for the pager."""

    rows: list[Row]
    page: Page
    terms: PriceTerms | None
    look: Look
    chips: list[Chip]
    warehouses: Mapping[int, str]
    desk: PickDesk
    picks: PicksTotal
    recommended: Mapping[int, Recommended]
    bought: Mapping[int, LastBought]

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def is_picked(self) -> bool:
        """Whether there is a form of quantities: the table has their fields, other views only its bar."""
        return self.picks.count > 0 or (self.look.view == "table" and bool(self.rows))


def listing_page(*, asked: Asked, actor: Actor, workplace: Workplace, look: Look) -> Listing:
    """Rows of a page; a fixed number of queries whatever the rows, more with РРЦ and past orders."""
    page = Paginator(range(len(asked.goods)), look.size).get_page(asked.choice.page)
    sku_ids = asked.page(page.start_index() - 1 if len(page) else 0, page.end_index())
    desk = pick_desk(actor=actor, workplace=workplace)
    facts = _facts(asked, {*sku_ids, *desk.lines})
    rows = rows_of(sku_ids, city=workplace.city, ladders=ladders_of(facts, sku_ids) if facts else {})
    names = warehouse_names(asked.index, workplace.city)
    columns = look.columns if look.view == "table" else ()
    own = {goods.sku_id: offer.quote for goods, offer in rows}
    is_advised = "recommended" in columns and asked.terms is not None
    drawn = [
        _row(goods, offer, desk, workplace, list(names))
        for goods, offer in rows
        if offer.available or asked.is_absent_listed
    ]
    return Listing(
        rows=_with_wanted(drawn, asked),
        page=page,
        terms=asked.terms,
        look=look,
        chips=chips_of(asked),
        warehouses=names,
        desk=desk,
        picks=picks_total(desk, quotes_of(facts, desk.quantities) if facts else {}),
        recommended=recommended_prices(sku_ids=sku_ids, own=own, on=asked.on) if is_advised else {},
        bought=last_bought(actor=actor, sku_ids=sku_ids) if "bought" in columns else {},
    )


def rows_of(sku_ids: Sequence[int], *, city: City | None, ladders: Ladders) -> list[tuple[GoodsRow, Offer]]:
    """Goods that are still on sale with price and stock of this moment; two queries."""
    stocks = availability(sku_ids=sku_ids, city=city)
    return [
        (
            goods,
            Offer(
                quote=price_at(ladders.get(goods.sku_id, ()), ONE),
                stocks=stocks.get(goods.sku_id, []),
                available=available_total(stocks.get(goods.sku_id, [])),
                ladder=ladders.get(goods.sku_id, ()),
            ),
        )
        for goods in goods_rows(sku_ids)
    ]


def _row(
    goods: GoodsRow, offer: Offer, desk: PickDesk, workplace: Workplace, warehouses: Sequence[int]
) -> Row:
    is_to_order = workplace.city is not None and workplace.city.absent_policy == AbsentPolicy.TO_ORDER
    lies = {stock.warehouse_id: stock.available for stock in offer.stocks}
    return Row(
        goods=goods,
        offer=offer,
        picked=desk.quantity(goods.sku_id),
        known_available=offer.available if is_told_exactly(offer.available, workplace.stock_mask) else None,
        order_days=workplace.city.order_days
        if workplace.city and is_to_order and not offer.available
        else None,
        by_warehouse=tuple(lies.get(pk, Decimal(0)) for pk in warehouses),
    )


def _with_wanted(rows: list[Row], asked: Asked) -> list[Row]:
    """«болт м8х40 200 шт»: the best answer with the quantity beside it."""
    found = asked.searched.found if asked.searched else None
    if not rows or found is None or found.quantity is None or asked.choice.page > 1:
        return rows
    if asked.choice.sort != RELEVANCE or not rows[0].offer.available:
        return rows
    wanted = amount_met(rows[0].goods, Amount(asked.choice.search, found.quantity, found.unit))
    return [replace(rows[0], wanted=wanted), *rows[1:]]


def _facts(asked: Asked, sku_ids: set[int]) -> Facts | None:
    """What decides prices of the rows and of all that is picked; two queries, of this moment."""
    if asked.terms is None or not sku_ids:
        return None
    return facts_for(sku_ids, asked.terms, conditions_kept(asked.index, asked.terms))
