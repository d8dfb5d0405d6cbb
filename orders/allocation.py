"""From which warehouses a quantity is taken: the city's order, as much as each one has."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from catalog.selectors import WarehouseStock


@dataclass(frozen=True, slots=True)
class Taken:
    """What one warehouse gives."""

    stock: WarehouseStock
    quantity: Decimal


def offered(stock: WarehouseStock, *, is_whole: bool) -> Decimal:
    """Tell how much a warehouse can give; half a piece cannot be sold."""
    if is_whole:
        return stock.available.to_integral_value(rounding=ROUND_DOWN)
    return stock.available


def allocate(
    quantity: Decimal, stocks: Sequence[WarehouseStock], *, is_whole: bool
) -> tuple[list[Taken], Decimal]:
    """Take greedily in the given order; return what was taken and what is missing."""
    taken: list[Taken] = []
    missing = quantity
    for stock in stocks:
        piece = min(offered(stock, is_whole=is_whole), missing)
        if piece > 0:
            taken.append(Taken(stock, piece))
            missing -= piece
    return taken, missing
