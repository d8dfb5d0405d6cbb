"""Carts as they stand on a day: what each line costs, from where it would go, what stands in the way."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef
from django.db.models.functions import Cast, JSONObject

from catalog.models import Pack
from catalog.selectors import WarehouseStock, availability
from counterparties.selectors import stock_mask_of
from orders.models import Cart, CartLine
from orders.selectors.cart_lines import CartLineView, Shared, amounts_sum, line_view
from orders.selectors.minimums import Where, minimums_for
from orders.selectors.shipment_plans import ShipmentPlan, shipment_plans
from orders.selectors.trade import ANYTHING, TradeTerms, trade_terms_of
from portal.lib.money import Amount
from pricing.selectors import Facts, PriceQuote, facts_for, quotes_of, terms_for
from pricing.terms import ROUBLE

NOTHING, ONE = Decimal(0), Decimal(1)
_UNREAD = ("description", "sort_key", "created_at", "updated_at")
"""What no page of a cart tells of a product: hundreds of moments take a tenth of reading the lines."""
Stocks = Mapping[int, Sequence[WarehouseStock]]


@dataclass(frozen=True, slots=True)
class Prices:
    """What the goods of a cart cost, and whether VAT is in it."""

    by_sku: Mapping[int, PriceQuote]
    is_vat_included: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """Other goods that were asked for together with those of a cart: prices of one unit and stock, by sku."""

    sku_ids: Sequence[int]
    prices: Mapping[int, PriceQuote]
    stocks: Stocks


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart as it stands on a day; sums in `currency`, VAT per line, lines without a price left out.

    `minimum` is the least sum with VAT that is taken, nought where any is. `closed_warehouses` have some of
    the goods, but `trade` does not let the contract take them there. `beside` are other goods, where they
    were asked for.
    """

    cart: Cart
    currency: str
    is_vat_included: bool
    lines: tuple[CartLineView, ...]
    shipments: tuple[ShipmentPlan, ...]
    total: Amount
    minimum: Decimal = NOTHING
    trade: TradeTerms = ANYTHING
    closed_warehouses: tuple[str, ...] = ()
    beside: Beside | None = None

    @property
    def problems(self) -> int:
        return sum(1 for line in self.lines if line.problem)

    @property
    def short(self) -> int:
        """Lines on sale of which the city has too little."""
        return sum(1 for line in self.lines if line.missing and line.price is not None)

    @property
    def until_minimum(self) -> Decimal:
        """How much the sum lacks to be taken; nought when nothing."""
        return max(self.minimum - self.total.gross, NOTHING)

    @property
    def may_be_ordered(self) -> bool:
        return bool(self.lines) and not self.problems and not self.until_minimum

    @property
    def weight(self) -> Decimal:
        """Kilograms of the lines whose weight is known."""
        return sum((line.weight for line in self.lines if line.weight is not None), NOTHING)

    @property
    def volume(self) -> Decimal:
        """Cubic metres of the lines whose volume is known."""
        return sum((line.volume for line in self.lines if line.volume is not None), NOTHING)

    @property
    def unweighed(self) -> int:
        """Lines whose weight is not known."""
        return sum(1 for line in self.lines if line.weight is None)


@dataclass(frozen=True, slots=True)
class PricedCart:
    """A cart with all that decides what it comes to but stock: whoever locks stock rows looks at it after."""

    cart: Cart
    rows: Sequence[CartLine]
    prices: Prices
    minimum: Decimal
    trade: TradeTerms

    @property
    def sku_ids(self) -> set[int]:
        return {row.sku_id for row in self.rows}

    def view(self) -> CartView:
        """With stock as it is now; one query."""
        return _view(self, availability(sku_ids=self.sku_ids, city=self.cart.city))


def cart_priced(cart: Cart, *, on: date) -> PricedCart:
    """A cart of `carts_whole` without its stock; seven queries, one more where discounts ask for sections."""
    return _priced([cart], on)[0]


def cart_view(cart: Cart, *, on: date) -> CartView:
    """Price of every line for its quantity on the day, stock now; problems first, then as they were added.

    Eight queries whatever the lines for a cart of `carts_whole`.
    """
    return cart_views([cart], on=on)[0]


def cart_view_beside(cart: Cart, *, on: date, find: Callable[[Collection[int]], Sequence[int]]) -> CartView:
    """The same with goods that `find` names for those of the cart, read together with them.

    No query more than those of `find`, which is not asked of an empty cart.
    """
    rows = lines_read([cart.pk])
    own = rows.get(cart.pk, [])
    others = find({row.sku_id for row in own}) if own else []
    facts = _facts([cart], rows, on, others=others)
    priced = cart_agreed(cart, own, _prices(own, facts))
    stocks = availability(sku_ids=priced.sku_ids.union(others), city=cart.city)
    prices = quotes_of(facts, dict.fromkeys(others, ONE)) if others else {}
    return replace(_view(priced, stocks), beside=Beside(others, prices, stocks))


def cart_views(carts: Sequence[Cart], *, on: date) -> list[CartView]:
    """The same of many carts of `carts_whole`, in their order.

    Prices are read once for a contract and city, stock once for a city, lines and minimum sums once. Copies
    of a cart that name another contract or city show its lines there.
    """
    priced = _priced(carts, on)
    stocks = _stocks(priced)
    return [_view(one, stocks[one.cart.city_id]) for one in priced]


def _priced(carts: Sequence[Cart], on: date) -> list[PricedCart]:
    rows = lines_read({cart.pk for cart in carts})
    by_place: dict[Where, list[Cart]] = {}
    for cart in carts:
        by_place.setdefault((cart.contract_id, cart.city_id), []).append(cart)
    minimums = minimums_for(by_place.keys())
    facts = {place: _facts(found, rows, on) for place, found in by_place.items()}
    trade = trade_terms_of(carts)
    return [
        PricedCart(
            cart=cart,
            rows=rows.get(cart.pk, ()),
            prices=_prices(rows.get(cart.pk, ()), facts[cart.contract_id, cart.city_id]),
            minimum=minimums[cart.contract_id, cart.city_id],
            trade=trade[cart.contract_id],
        )
        for cart in carts
    ]


def cart_agreed(cart: Cart, rows: Sequence[CartLine], prices: Prices) -> PricedCart:
    """The same of goods whose prices are agreed: `cart` and `rows` need not be saved, rows have `packs`.

    Minimum sum and what the contract lets through are those of today; four queries.
    """
    place = (cart.contract_id, cart.city_id)
    trade = trade_terms_of([cart])[cart.contract_id]
    return PricedCart(cart, rows, prices, minimums_for([place])[place], trade)


def lines_read(cart_ids: Iterable[int]) -> dict[int, list[CartLine]]:
    """Lines by cart as they were added, each with its goods and packages; one query."""
    packs = Pack.objects.filter(product=OuterRef("sku__product")).order_by("coefficient", "pk")
    told = JSONObject(unit=F("unit__name"), size=Cast("coefficient", CharField()))
    lines = (
        CartLine.objects.filter(cart__in=list(cart_ids))
        .select_related("sku__product__unit")
        .defer(*(f"sku__product__{name}" for name in _UNREAD))
        .annotate(packs=ArraySubquery(packs.values(told=told)))
        .order_by("added_at", "pk")
    )
    found: dict[int, list[CartLine]] = {}
    for line in lines:
        found.setdefault(line.cart_id, []).append(line)
    return found


def _facts(
    carts: Sequence[Cart], rows: Mapping[int, Sequence[CartLine]], on: date, *, others: Iterable[int] = ()
) -> Facts:
    """What decides prices under the contract and in the city that the carts share, of other goods, too."""
    terms = terms_for(contract=carts[0].contract, city=carts[0].city, on=on)
    sku_ids = {row.sku_id for cart in carts for row in rows.get(cart.pk, ())}.union(others)
    if not sku_ids:
        return Facts(terms=terms, places={}, steps={}, agreed={}, discounts=(), fitting={})
    return facts_for(sku_ids, terms)


def _prices(rows: Sequence[CartLine], facts: Facts) -> Prices:
    by_sku = quotes_of(facts, {row.sku_id: row.quantity for row in rows}) if rows else {}
    return Prices(by_sku, facts.terms.is_vat_included)


def _stocks(carts: Sequence[PricedCart]) -> dict[int, Stocks]:
    wanted: dict[int, set[int]] = {}
    for one in carts:
        wanted.setdefault(one.cart.city_id, set()).update(one.sku_ids)
    cities = {one.cart.city_id: one.cart.city for one in carts}
    return {pk: availability(sku_ids=wanted[pk], city=city) for pk, city in cities.items()}


def _view(priced: PricedCart, stocks: Stocks) -> CartView:
    cart, rows, prices, trade = priced.cart, priced.rows, priced.prices, priced.trade
    shared = Shared(cart.contract.organization.tax_regime, stock_mask_of(cart.legal_entity))
    own, closed = _allowed(rows, stocks, trade)
    lines = [line_view(row, prices.by_sku.get(row.sku_id), own.get(row.sku_id, ()), shared) for row in rows]
    return CartView(
        cart=cart,
        currency=ROUBLE,
        is_vat_included=prices.is_vat_included,
        lines=tuple(sorted(lines, key=lambda line: not line.problem)),
        shipments=shipment_plans(lines),
        total=amounts_sum([line.amount for line in lines if line.amount]),
        minimum=priced.minimum,
        trade=trade,
        closed_warehouses=closed,
    )


def _allowed(rows: Sequence[CartLine], stocks: Stocks, trade: TradeTerms) -> tuple[Stocks, tuple[str, ...]]:
    """Stock that the contract may take, and the warehouses that it may not, which have some."""
    if trade.warehouse_ids is None:
        return stocks, ()
    mine = {row.sku_id: stocks.get(row.sku_id, ()) for row in rows}
    own = {pk: [one for one in lies if trade.lets_warehouse(one.warehouse_id)] for pk, lies in mine.items()}
    closed = [one for lies in mine.values() for one in lies if not trade.lets_warehouse(one.warehouse_id)]
    return own, tuple(dict.fromkeys(one.warehouse for one in closed if one.available > 0))
