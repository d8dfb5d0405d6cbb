"""What lies in a cart, what it costs now and from where it would go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catalog.masks import StockMask, is_told_exactly, shortage_text, stock_text
from catalog.models import Sku
from catalog.selectors import WarehouseStock, availability
from counterparties.actor import Actor
from counterparties.models import DeliveryAddress
from counterparties.selectors import Workplace, stock_mask_of
from orders.allocation import Taken, allocate, offered
from orders.models import Cart, CartLine
from orders.quantities import check_quantity, is_whole_unit
from orders.refusals import WrongQuantity
from orders.vat import vat_rate
from portal.lib.money import Amount, format_price, format_quantity, line_amount
from pricing.selectors import PriceQuote, quotes, terms_for
from pricing.terms import ROUBLE, PriceTerms


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line that one warehouse sends."""

    stock: WarehouseStock
    quantity: Decimal
    price: Decimal
    amount: Amount


@dataclass(frozen=True, slots=True)
class CartLineView:
    """A line with its present price, sum and stock in the city; `problem` is empty when it may be ordered.

    `available` is for the portal itself, `available_text` for people: as exactly as the client may see it
    (`is_exact`: the very number). `is_kept` is false where no warehouse of the city
    knows the good.
    """

    pk: int
    sku: Sku
    quantity: Decimal
    is_whole: bool
    is_on_sale: bool
    price: Decimal | None
    vat_percent: Decimal | None
    amount: Amount | None
    available: Decimal
    available_text: str
    is_exact: bool
    is_kept: bool
    missing: Decimal
    pieces: tuple[Piece, ...]
    problem: str

    @property
    def input_quantity(self) -> str:
        """The quantity as the input shows it."""
        return format_quantity(self.quantity)

    @property
    def price_text(self) -> str:
        """The unit price as pages print it, with parts of a kopeck where it has them."""
        return "" if self.price is None else format_price(self.price)


@dataclass(frozen=True, slots=True)
class ShipmentPlan:
    """What one warehouse would send, and in how many days it arrives."""

    warehouse: str
    delivery_days: int
    lines: int
    amount: Amount


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart as it stands on a day; sums in `currency`, VAT per line, lines without a price left out."""

    cart: Cart
    currency: str
    is_vat_included: bool
    lines: tuple[CartLineView, ...]
    shipments: tuple[ShipmentPlan, ...]
    total: Amount

    @property
    def problems(self) -> int:
        return sum(1 for line in self.lines if line.problem)

    @property
    def may_be_ordered(self) -> bool:
        return bool(self.lines) and not self.problems


def carts_whole(carts: QuerySet[Cart]) -> QuerySet[Cart]:
    """Carts with all that their view needs; one query."""
    return carts.select_related("legal_entity__holding__group", "contract__organization", "city")


def cart_current(*, actor: Actor, workplace: Workplace) -> Cart | None:
    """The cart that the person now gathers for the workplace, if there is one; one query."""
    if workplace.legal_entity is None or workplace.contract is None or workplace.city is None:
        return None
    return (
        carts_whole(Cart.objects.owned_by(actor))
        .filter(
            legal_entity=workplace.legal_entity,
            contract=workplace.contract,
            city=workplace.city,
            is_current=True,
            drafted_by=actor.drafts_as_id,
        )
        .first()
    )


def cart_by_id(*, actor: Actor, cart_id: int) -> Cart:
    """A cart that the actor may see. Raises Cart.DoesNotExist."""
    return carts_whole(Cart.objects.visible_to(actor)).get(pk=cart_id)


def cart_of_line(*, actor: Actor, line_id: int) -> Cart:
    """The cart that holds a line. Raises CartLine.DoesNotExist (also where the actor may not change it)."""
    mine = CartLine.objects.filter(cart__in=Cart.objects.writable_by(actor))
    return cart_by_id(actor=actor, cart_id=mine.values_list("cart_id", flat=True).get(pk=line_id))


def cart_line_count(*, actor: Actor, workplace: Workplace) -> int:
    """Number of lines in the current cart, for the badge; one query."""
    if workplace.contract is None or workplace.city is None:
        return 0
    return CartLine.objects.filter(
        cart__in=Cart.objects.owned_by(actor),
        cart__contract=workplace.contract,
        cart__city=workplace.city,
        cart__is_current=True,
        cart__drafted_by=actor.drafts_as_id,
    ).count()


def cart_view(cart: Cart, *, on: date) -> CartView:
    """Price of every line for its quantity on the day, stock now; problems first, then as they were added.

    Eight queries whatever the lines, one more where discounts ask for sections.
    """
    rows = list(
        cart.lines.select_related("sku__product__unit", "sku__product__brand").order_by("added_at", "pk")
    )
    terms = terms_for(contract=cart.contract, city=cart.city, on=on)
    views = _line_views(cart, rows, terms)
    return CartView(
        cart=cart,
        currency=ROUBLE,
        is_vat_included=terms.is_vat_included,
        lines=tuple(sorted(views, key=lambda line: not line.problem)),
        shipments=_shipments(views),
        total=sum((line.amount for line in views if line.amount), Amount.zero()),
    )


def cart_line_view(view: CartView, line_id: int) -> CartLineView | None:
    """One line of a cart's view."""
    return next((line for line in view.lines if line.pk == line_id), None)


def delivery_addresses(cart: Cart) -> QuerySet[DeliveryAddress]:
    """Where an order from the cart may be brought: prices and stock are the city's."""
    return DeliveryAddress.objects.filter(
        legal_entity=cart.legal_entity_id, city=cart.city_id, is_active=True
    ).order_by("-is_default", "pk")


def _line_views(cart: Cart, rows: Sequence[CartLine], terms: PriceTerms) -> list[CartLineView]:
    quantities = {row.sku_id: row.quantity for row in rows}
    prices = quotes(sku_ids=quantities, terms=terms, quantities=quantities)
    stocks = availability(sku_ids=quantities, city=cart.city) if rows else {}
    shared = _Shared(cart.contract.organization.tax_regime, stock_mask_of(cart.legal_entity))
    return [_line_view(row, prices.get(row.sku_id), stocks.get(row.sku_id, []), shared) for row in rows]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What is the same for all lines of a cart: VAT of the seller, how exactly stock is told."""

    regime: str
    mask: StockMask


def _line_view(
    row: CartLine, price: PriceQuote | None, stocks: Sequence[WarehouseStock], shared: _Shared
) -> CartLineView:
    unit = row.sku.product.unit
    is_whole = is_whole_unit(unit.code)
    is_on_sale = not (row.sku.is_hidden or row.sku.product.is_hidden)
    if not is_on_sale:
        price = None
    rate = vat_rate(row.sku.product.vat_percent, regime=shared.regime)
    taken, missing = allocate(row.quantity, stocks, is_whole=is_whole)
    pieces, amount = _priced(price, taken, missing, rate) if price else ((), None)
    available = sum((offered(stock, is_whole=is_whole) for stock in stocks), Decimal(0))
    return CartLineView(
        pk=row.pk,
        sku=row.sku,
        quantity=row.quantity,
        is_whole=is_whole,
        is_on_sale=is_on_sale,
        price=price.amount if price else None,
        vat_percent=rate,
        amount=amount,
        available=available,
        available_text=stock_text(available, unit.name, shared.mask),
        is_exact=is_told_exactly(available, shared.mask),
        is_kept=bool(stocks),
        missing=missing,
        pieces=pieces,
        problem=_problem(
            row, is_on_sale=is_on_sale, has_price=price is not None, available=available, mask=shared.mask
        ),
    )


def _priced(
    price: PriceQuote, taken: Sequence[Taken], missing: Decimal, rate: Decimal | None
) -> tuple[tuple[Piece, ...], Amount]:
    """Sum each warehouse's piece by itself, as it will stand in the order; what is missing counts too."""
    pieces = tuple(
        Piece(
            stock=part.stock,
            quantity=part.quantity,
            price=price.amount,
            amount=line_amount(price.amount, part.quantity, rate, price.is_vat_included),
        )
        for part in taken
    )
    amount = sum((piece.amount for piece in pieces), Amount.zero())
    if missing:
        amount += line_amount(price.amount, missing, rate, price.is_vat_included)
    return pieces, amount


def _problem(row: CartLine, *, is_on_sale: bool, has_price: bool, available: Decimal, mask: StockMask) -> str:
    if not is_on_sale:
        return _("Снято с продажи")
    try:
        check_quantity(row.quantity, row.sku.product)
    except WrongQuantity as refusal:
        return str(refusal)
    if not has_price:
        return _("Нет цены: запросите ее у менеджера")
    if available >= row.quantity:
        return ""
    if not available:
        return _("Нет в наличии")
    return shortage_text(available, row.sku.product.unit.name, mask)


def _shipments(views: Sequence[CartLineView]) -> tuple[ShipmentPlan, ...]:
    """Group what would be taken by warehouse, in the order in which the lines first touch them."""
    plans: dict[int, ShipmentPlan] = {}
    for piece in (piece for view in views for piece in view.pieces):
        before = plans.get(piece.stock.warehouse_id)
        plans[piece.stock.warehouse_id] = ShipmentPlan(
            warehouse=str(piece.stock.warehouse),
            delivery_days=piece.stock.delivery_days,
            lines=(before.lines if before else 0) + 1,
            amount=(before.amount if before else Amount.zero()) + piece.amount,
        )
    return tuple(plans.values())
