"""Carts as they stand on a day: what each line costs, from where it would go, what stands in the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef
from django.db.models.functions import Cast, JSONObject

from catalog.models import Pack
from catalog.selectors import WarehouseStock, availability
from counterparties.selectors import stock_mask_of
from orders.models import Cart, CartLine
from orders.selectors.cart_lines import CartLineView, Piece, Shared, amounts_sum, line_view
from orders.selectors.minimums import Where, minimums_for
from portal.lib.money import Amount
from pricing.selectors import Facts, facts_for, quotes_of, terms_for
from pricing.terms import ROUBLE

NOTHING = Decimal(0)
Stocks = Mapping[int, Sequence[WarehouseStock]]


@dataclass(frozen=True, slots=True)
class ShipmentPlan:
    """What one warehouse would send, and in how many days it arrives."""

    warehouse: str
    delivery_days: int
    lines: int
    amount: Amount


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart as it stands on a day; sums in `currency`, VAT per line, lines without a price left out.

    `minimum` is the least sum with VAT that is taken, nought where any is.
    """

    cart: Cart
    currency: str
    is_vat_included: bool
    lines: tuple[CartLineView, ...]
    shipments: tuple[ShipmentPlan, ...]
    total: Amount
    minimum: Decimal = NOTHING

    @property
    def problems(self) -> int:
        return sum(1 for line in self.lines if line.problem)

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


def cart_view(cart: Cart, *, on: date) -> CartView:
    """Price of every line for its quantity on the day, stock now; problems first, then as they were added.

    Eight queries whatever the lines, one more where discounts ask for sections.
    """
    return cart_views([cart], on=on)[0]


def cart_views(carts: Sequence[Cart], *, on: date) -> list[CartView]:
    """The same of many carts of `carts_whole`, in their order.

    Prices are read once for a contract and city, stock once for a city, lines and minimum sums once. Copies
    of a cart that name another contract or city show its lines there.
    """
    rows = lines_read({cart.pk for cart in carts})
    by_place: dict[Where, list[Cart]] = {}
    for cart in carts:
        by_place.setdefault((cart.contract_id, cart.city_id), []).append(cart)
    minimums = minimums_for(by_place.keys())
    facts = {place: _facts(found, rows, on) for place, found in by_place.items()}
    stocks = _stocks(carts, rows)
    return [
        _view(
            cart,
            rows.get(cart.pk, ()),
            facts[cart.contract_id, cart.city_id],
            stocks[cart.city_id],
            minimums[cart.contract_id, cart.city_id],
        )
        for cart in carts
    ]


def lines_read(cart_ids: Iterable[int]) -> dict[int, list[CartLine]]:
    """Lines by cart as they were added, each with its goods and packages; one query."""
    packs = Pack.objects.filter(product=OuterRef("sku__product")).order_by("coefficient", "pk")
    told = JSONObject(unit=F("unit__name"), size=Cast("coefficient", CharField()))
    lines = (
        CartLine.objects.filter(cart__in=list(cart_ids))
        .select_related("sku__product__unit")
        .defer("sku__product__description")
        .annotate(packs=ArraySubquery(packs.values(told=told)))
        .order_by("added_at", "pk")
    )
    found: dict[int, list[CartLine]] = {}
    for line in lines:
        found.setdefault(line.cart_id, []).append(line)
    return found


def _facts(carts: Sequence[Cart], rows: Mapping[int, Sequence[CartLine]], on: date) -> Facts:
    """What decides prices under the contract and in the city that the carts share."""
    terms = terms_for(contract=carts[0].contract, city=carts[0].city, on=on)
    sku_ids = {row.sku_id for cart in carts for row in rows.get(cart.pk, ())}
    if not sku_ids:
        return Facts(terms=terms, places={}, steps={}, agreed={}, discounts=(), fitting={})
    return facts_for(sku_ids, terms)


def _stocks(carts: Sequence[Cart], rows: Mapping[int, Sequence[CartLine]]) -> dict[int, Stocks]:
    wanted: dict[int, set[int]] = {}
    for cart in carts:
        wanted.setdefault(cart.city_id, set()).update(row.sku_id for row in rows.get(cart.pk, ()))
    cities = {cart.city_id: cart.city for cart in carts}
    return {pk: availability(sku_ids=wanted[pk], city=city) for pk, city in cities.items()}


def _view(cart: Cart, rows: Sequence[CartLine], facts: Facts, stocks: Stocks, minimum: Decimal) -> CartView:
    shared = Shared(cart.contract.organization.tax_regime, stock_mask_of(cart.legal_entity))
    prices = quotes_of(facts, {row.sku_id: row.quantity for row in rows}) if rows else {}
    lines = [line_view(row, prices.get(row.sku_id), stocks.get(row.sku_id, ()), shared) for row in rows]
    return CartView(
        cart=cart,
        currency=ROUBLE,
        is_vat_included=facts.terms.is_vat_included,
        lines=tuple(sorted(lines, key=lambda line: not line.problem)),
        shipments=_shipments(lines),
        total=amounts_sum([line.amount for line in lines if line.amount]),
        minimum=minimum,
    )


def _shipments(views: Sequence[CartLineView]) -> tuple[ShipmentPlan, ...]:
    """Group what would be taken by warehouse, in the order in which the lines first touch them."""
    pieces: dict[int, list[Piece]] = {}
    for piece in (piece for view in views for piece in view.pieces):
        pieces.setdefault(piece.stock.warehouse_id, []).append(piece)
    return tuple(
        ShipmentPlan(
            warehouse=str(taken[0].stock.warehouse),
            delivery_days=taken[0].stock.delivery_days,
            lines=len(taken),
            amount=amounts_sum([piece.amount for piece in taken]),
        )
        for taken in pieces.values()
    )
