"""Where an order stands by the facts of 1C: the same facts give the same state, however they came."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orders.states import OrderState

_NOTHING = Decimal(0)
_RESERVED = frozenset({OrderState.RESERVED, OrderState.COMPLETED})


@dataclass(frozen=True, slots=True)
class PartStanding:
    """What 1C says of a part; sums with VAT. `target` is what its status means here, empty for nothing.

    `shipped` is what has left less what came back; `is_shipped` means wholly.
    """

    total: Decimal
    is_cancelled: bool
    is_shipped: bool
    shipped: Decimal
    target: str

    @property
    def is_emptied(self) -> bool:
        """The client gave all of it up before 1C knew of it: nothing will ever be told of it."""
        return not (self.total or self.is_shipped or self.shipped or self.target)

    @property
    def is_whole(self) -> bool:
        return self.is_shipped or self.shipped >= self.total > _NOTHING


def order_standing(parts: Sequence[PartStanding], *, is_paid: bool) -> OrderState:
    """State of an order that was confirmed; `is_paid` means wholly.

    Goods that left say more than a status, and a status that says «done» more than they.
    """
    alive = [part for part in parts if not part.is_cancelled]
    if parts and not alive:
        return OrderState.CANCELLED
    alive = [part for part in alive if not part.is_emptied] or alive
    if alive and all(part.target == OrderState.COMPLETED for part in alive):
        return OrderState.COMPLETED
    if alive and all(part.is_whole for part in alive):
        return OrderState.COMPLETED if is_paid else OrderState.SHIPPED
    if any(part.is_shipped or part.shipped > _NOTHING for part in alive):
        return OrderState.PARTLY_SHIPPED
    if alive and all(part.target in _RESERVED for part in alive):
        return OrderState.RESERVED
    return OrderState.CONFIRMED
