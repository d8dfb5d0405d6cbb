"""Exact sums of prices over whole columns: no floats, no rounding but the last one.

A unit is 1/10000 RUB (or of another currency), as prices are stored. All columns are int64.
One price and fifty thousand go through the same lines, so that a page and the index never differ.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Units: TypeAlias = npt.NDArray[np.int64]
Chosen: TypeAlias = npt.NDArray[np.bool_]

RATE_ONE = 10**6
"""One rouble for a unit of currency: rates have six digits after the point."""
WHOLE_PERCENT = 10**4
"""100 %: discounts have two digits after the point."""
_PARTS = 10**10
_LIMIT = 10**18
"""Units that a stored price cannot reach; a converted one that does is no price."""


def to_units(amount: Decimal) -> int:
    """RUB with at most four digits after the point, in units."""
    return int(amount.scaleb(4))


def from_units(units: int) -> Decimal:
    """Units as RUB with four digits after the point."""
    return Decimal(int(units)).scaleb(-4)


def rate_units(rate: Decimal) -> int:
    return int(rate.scaleb(6))


@dataclass(frozen=True, slots=True)
class Scale:
    """Rates (1/1000000 RUB), the step of rounding in units, which way it goes."""

    rate: int
    is_converted: bool
    floor_rate: int
    step: int
    is_rounded_up: bool


@dataclass(frozen=True, slots=True)
class Exact:
    """Sums of which nothing was rounded away: whole units and 1/10^10 parts of one."""

    whole: Units
    rest: Units

    def is_below(self, other: "Exact") -> Chosen:
        is_below: Chosen = (self.whole < other.whole) | (
            (self.whole == other.whole) & (self.rest < other.rest)
        )
        return is_below

    def where(self, chosen: Chosen, other: "Exact") -> "Exact":
        """The other's sums in the chosen places."""
        return Exact(
            np.where(chosen, other.whole, self.whole),
            np.where(chosen, other.rest, self.rest),
        )


@dataclass(frozen=True, slots=True)
class Computed:
    """Prices in units of RUB, 0: on request.

    `lowered` is after discount and floor, before rounding, parts of a unit cut off.
    """

    listed: Units
    lowered: Units
    is_floored: Chosen
    result: Units


def computed(*, amounts: Units, percents: Units, floors: Units, scale: Scale) -> Computed:
    """Convert, discount, hold above the floor, round.

    `amounts` and `floors` are in units of their currencies (0: none), `percents` in 1/100 %.
    A discount neither goes below the floor (where the price itself is lower, it stays), nor raises a price.
    """
    exact = converted(amounts, scale.rate)
    listed = rounded(exact, scale.step, is_up=scale.is_rounded_up) if scale.is_converted else amounts
    lowered = discounted(exact, percents)
    floor = converted(floors, scale.floor_rate)
    bound = floor.where(exact.is_below(floor), exact)
    is_floored = lowered.is_below(bound)
    lowered = lowered.where(is_floored, bound)
    result = rounded(lowered, scale.step, is_up=scale.is_rounded_up)
    is_too_low = Exact(result, np.zeros_like(result)).is_below(bound)
    result = np.where(is_too_low, rounded(bound, scale.step, is_up=True), result)
    result = np.where(percents == 0, listed, np.minimum(result, listed))
    return Computed(listed=listed, lowered=lowered.whole, is_floored=is_floored, result=result)


def converted(amounts: Units, rate: int) -> Exact:
    """Amounts of a currency in RUB; what would be beyond any price is none."""
    if rate == RATE_ONE:
        return Exact(amounts, np.zeros_like(amounts))
    if rate == 0:
        return Exact(np.zeros_like(amounts), np.zeros_like(amounts))
    most = min(_LIMIT * RATE_ONE // rate, _LIMIT)
    high, low = np.divmod(np.where(amounts < most, amounts, 0), RATE_ONE)
    whole, parts = np.divmod(low * rate, RATE_ONE)
    return Exact(high * rate + whole, parts * (_PARTS // RATE_ONE))


def discounted(value: Exact, percents: Units) -> Exact:
    """Take a discount off."""
    left = WHOLE_PERCENT - percents
    high, low = np.divmod(value.whole, WHOLE_PERCENT)
    inside = low * left * (_PARTS // WHOLE_PERCENT) + value.rest // WHOLE_PERCENT * left
    whole, rest = np.divmod(inside, _PARTS)
    return Exact(high * left + whole, rest)


def rounded(value: Exact, step: int, *, is_up: bool) -> Units:
    """To the nearest step, half up, or to the next one; a price never becomes nought."""
    steps, over = np.divmod(value.whole, step)
    parts = over * _PARTS + value.rest
    is_more = parts > 0 if is_up else 2 * parts >= step * _PARTS
    is_price = (value.whole > 0) | (value.rest > 0)
    result: Units = np.where(is_price, np.maximum(steps + is_more, 1), 0) * step
    return result
