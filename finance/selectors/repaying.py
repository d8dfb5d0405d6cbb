"""The least money that meets several wants at once: what is owed, the oldest first, and an advance last."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finance.selectors.receivables import OpenDebit

ZERO = Decimal("0.00")
ANY_DAYS = -1
"""Of a want that any debt meets, overdue or not, and an advance."""


@dataclass(slots=True)
class Owed:
    """What is owed under a contract: a document, a sum that 1C alone tells of, or an advance to make."""

    contract_id: int
    days: int
    left: Decimal
    debit: OpenDebit | None = None
    paid: Decimal = ZERO


@dataclass(slots=True)
class Want:
    """So much is to be paid under these contracts, of what is overdue for more days than these."""

    contracts: Collection[int]
    days: int
    left: Decimal

    def is_met_by(self, one: Owed) -> bool:
        return one.contract_id in self.contracts and one.days > self.days


Pile = deque[tuple[int, Owed]]


def repay(wants: Sequence[Want], owed: Iterable[Owed]) -> bool:
    """Pay of `owed` until no want is left; False where all of it does not do.

    What meets most wants goes first; of such what is paid in part already, then the first in the order given.
    """
    piles = _piles(wants, owed)
    while any(want.left > 0 for want in wants):
        pile = _best(wants, piles)
        if pile is None:
            return False
        _pay(wants, pile)
    return True


def _piles(wants: Sequence[Want], owed: Iterable[Owed]) -> dict[tuple[int, ...], Pile]:
    """What is owed with its place in the order, by the wants that it meets."""
    piles: dict[tuple[int, ...], Pile] = defaultdict(deque)
    for place, one in enumerate(owed):
        met = tuple(number for number, want in enumerate(wants) if want.is_met_by(one))
        if met and one.left > 0:
            piles[met].append((place, one))
    return piles


def _best(wants: Sequence[Want], piles: Mapping[tuple[int, ...], Pile]) -> Pile | None:
    def rank(met: tuple[int, ...]) -> tuple[int, bool, int]:
        place, one = piles[met][0]
        return sum(wants[number].left > 0 for number in met), one.paid > 0, -place

    useful = [met for met, pile in piles.items() if pile and any(wants[number].left > 0 for number in met)]
    return piles[max(useful, key=rank)] if useful else None


def _pay(wants: Sequence[Want], pile: Pile) -> None:
    """As much of the first of a pile as the nearest want takes."""
    _place, one = pile[0]
    met = [want for want in wants if want.left > 0 and want.is_met_by(one)]
    amount = min([one.left, *(want.left for want in met)])
    for want in met:
        want.left -= amount
    one.left -= amount
    one.paid += amount
    if not one.left:
        pile.popleft()
