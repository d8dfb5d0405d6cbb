"""What each warehouse would send of a cart, and as which documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal

from orders.selectors.cart_lines import CartLineView, Piece, amounts_sum
from portal.lib.money import Amount, vat_label

NOTHING = Decimal(0)
_Pieces = list[tuple[CartLineView, Piece]]


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """What becomes one document of 1C: a warehouse's goods of one VAT rate."""

    vat_text: str
    lines: int
    amount: Amount


@dataclass(frozen=True, slots=True)
class ShipmentPlan:
    """What one warehouse would send; `delivery_days` and `cutoff_time` are the city's.

    Kilograms and cubic metres of lines whose weight and volume are known; `unweighed` and `unmeasured`
    count the others.
    """

    warehouse_id: int
    warehouse: str
    delivery_days: int
    cutoff_time: time | None
    lines: int
    amount: Amount
    parts: tuple[PlannedPart, ...]
    weight: Decimal
    volume: Decimal
    unweighed: int
    unmeasured: int


def shipment_plans(views: Sequence[CartLineView]) -> tuple[ShipmentPlan, ...]:
    """Group what would be taken by warehouse, in the order in which the lines first touch them."""
    taken: dict[int, _Pieces] = {}
    for view in views:
        for piece in view.pieces:
            taken.setdefault(piece.stock.warehouse_id, []).append((view, piece))
    return tuple(_plan(pieces) for pieces in taken.values())


def _plan(pieces: _Pieces) -> ShipmentPlan:
    stock = pieces[0][1].stock
    products = [(view.sku.product, piece.quantity) for view, piece in pieces]
    return ShipmentPlan(
        warehouse_id=stock.warehouse_id,
        warehouse=str(stock.warehouse),
        delivery_days=stock.delivery_days,
        cutoff_time=stock.cutoff_time,
        lines=len(pieces),
        amount=amounts_sum([piece.amount for _view, piece in pieces]),
        parts=_parts(pieces),
        weight=sum((good.weight * number for good, number in products if good.weight is not None), NOTHING),
        volume=sum((good.volume * number for good, number in products if good.volume is not None), NOTHING),
        unweighed=sum(1 for good, _number in products if good.weight is None),
        unmeasured=sum(1 for good, _number in products if good.volume is None),
    )


def _parts(pieces: _Pieces) -> tuple[PlannedPart, ...]:
    rates: dict[Decimal | None, list[Amount]] = {}
    for view, piece in pieces:
        rates.setdefault(view.vat_percent, []).append(piece.amount)
    return tuple(
        PlannedPart(vat_text=vat_label(rate), lines=len(amounts), amount=amounts_sum(amounts))
        for rate, amounts in rates.items()
    )
