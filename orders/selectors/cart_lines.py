"""A line of a cart with its present price, sum and stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.masks import StockMask, is_told_exactly, shortage_text, stock_text
from catalog.models import Sku
from catalog.selectors import WarehouseStock
from orders.allocation import Taken, allocate, offered
from orders.models import CartLine
from orders.packs import Packing, Rounding, packs_text, roundings
from orders.quantities import check_quantity, is_whole_unit
from orders.refusals import WrongQuantity
from orders.vat import vat_rate
from portal.lib.money import Amount, format_price, format_quantity, line_amount
from pricing.selectors import PriceQuote


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
    knows the good. `price_when_added` is None where it was not kept.
    """

    pk: int
    sku: Sku
    quantity: Decimal
    is_whole: bool
    is_on_sale: bool
    price: Decimal | None
    price_when_added: Decimal | None
    vat_percent: Decimal | None
    amount: Amount | None
    available: Decimal
    is_kept: bool
    missing: Decimal
    pieces: tuple[Piece, ...]
    problem: str
    client_reference: str
    comment: str
    desired_date: date | None
    packs: tuple[Packing, ...]
    stocks: tuple[WarehouseStock, ...]
    mask: StockMask

    @property
    def input_quantity(self) -> str:
        """The quantity as the input shows it."""
        return format_quantity(self.quantity)

    @property
    def price_text(self) -> str:
        """The unit price as pages print it, with parts of a kopeck where it has them."""
        return "" if self.price is None else format_price(self.price)

    @property
    def price_then_text(self) -> str:
        """What the unit cost when the line was added; nothing where it is not known."""
        return "" if self.price_when_added is None else format_price(self.price_when_added)

    @property
    def price_was_text(self) -> str:
        """The same where it costs something else now."""
        is_other = self.price is not None and self.price != self.price_when_added
        return self.price_then_text if is_other else ""

    @property
    def available_text(self) -> str:
        return stock_text(self.available, self.sku.product.unit.name, self.mask)

    @property
    def is_exact(self) -> bool:
        return is_told_exactly(self.available, self.mask)

    @property
    def packs_text(self) -> str:
        """The quantity in packages: «2 упак по 60 шт»."""
        return packs_text(self.quantity, self.packs, self.sku.product.unit.name)

    @property
    def roundings(self) -> tuple[Rounding, ...]:
        """To what the quantity may be rounded up."""
        return roundings(self.quantity, self.sku.product, self.packs)

    @property
    def weight(self) -> Decimal | None:
        """Kilograms of the whole line."""
        weight = self.sku.product.weight
        return None if weight is None else weight * self.quantity

    @property
    def volume(self) -> Decimal | None:
        """Cubic metres of the whole line."""
        volume = self.sku.product.volume
        return None if volume is None else volume * self.quantity

    @property
    def has_notes(self) -> bool:
        return bool(self.client_reference or self.comment or self.desired_date)

    @property
    def warehouses(self) -> tuple[tuple[str, str], ...]:
        """Each warehouse of the city with what lies there, as exactly as the client may see it."""
        unit = self.sku.product.unit.name
        return tuple(
            (stock.warehouse, stock_text(offered(stock, is_whole=self.is_whole), unit, self.mask))
            for stock in self.stocks
        )


@dataclass(frozen=True, slots=True)
class Shared:
    """What is the same for all lines of a cart: VAT of the seller, how exactly stock is told."""

    regime: str
    mask: StockMask


def line_view(
    row: CartLine, price: PriceQuote | None, stocks: Sequence[WarehouseStock], shared: Shared
) -> CartLineView:
    """Put together what a row, its price and its stock say; `row.packs` is what `lines_read` brings."""
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
        price_when_added=row.price_when_added,
        vat_percent=rate,
        amount=amount,
        available=available,
        is_kept=bool(stocks),
        missing=missing,
        pieces=pieces,
        problem=_problem(
            row, is_on_sale=is_on_sale, has_price=price is not None, available=available, mask=shared.mask
        ),
        client_reference=row.client_reference,
        comment=row.comment,
        desired_date=row.desired_date,
        packs=tuple(Packing(one["unit"], Decimal(one["size"])) for one in vars(row)["packs"]),
        stocks=tuple(stocks),
        mask=shared.mask,
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
    amounts = [piece.amount for piece in pieces]
    if missing:
        amounts.append(line_amount(price.amount, missing, rate, price.is_vat_included))
    return pieces, amounts[0] if len(amounts) == 1 else amounts_sum(amounts)


def amounts_sum(amounts: Sequence[Amount]) -> Amount:
    """Add up in one go: a cart of many lines is added up on every click."""
    return Amount(
        sum((amount.net for amount in amounts), Decimal(0)),
        sum((amount.vat for amount in amounts), Decimal(0)),
        sum((amount.gross for amount in amounts), Decimal(0)),
    )


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
