"""What an акт сверки says, frozen: our books of one client for a period, account 62."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.payloads.parts import PaperRef, Party, Signer
from documents.payloads.transfer import OperatorStamp

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """One operation; debit is what the buyer owes more. Red storno makes a downward one a negative debit."""

    position: int
    day: date
    title: str
    debit: Decimal
    credit: Decimal
    number: str = ""
    kind: str = ""
    entry_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActContract:
    """Operations under one contract, or under all of them (`contract` None): roubles, signed balances.

    A balance above zero is what the buyer owes us. Raises ValueError when closing is not
    opening + debit − credit.
    """

    contract: PaperRef | None
    opening: Decimal
    debit: Decimal
    credit: Decimal
    closing: Decimal
    lines: tuple[ActLine, ...] = ()

    def __post_init__(self) -> None:
        if (self.debit, self.credit) != turnover(self.lines):
            raise ValueError("Turnovers of an act are not the sums of its lines")
        if self.closing != self.opening + self.debit - self.credit:
            raise ValueError("An act does not close")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPayload:
    """An act of one pair of firms; several contracts make several groups with one grand total."""

    number: str
    day: date
    form: str
    period_from: date
    period_to: date
    seller: Party
    buyer: Party
    groups: tuple[ActContract, ...]
    currency: str = "RUB"
    is_mirrored: bool = False
    is_storno_red: bool = False
    reply_days: int | None = None
    seller_signer: Signer | None = None
    buyer_signer: Signer | None = None
    stamp: OperatorStamp | None = None

    def __post_init__(self) -> None:
        if not self.groups:
            raise ValueError("An act has at least one group")

    @property
    def opening(self) -> Decimal:
        return sum((group.opening for group in self.groups), ZERO)

    @property
    def debit(self) -> Decimal:
        return sum((group.debit for group in self.groups), ZERO)

    @property
    def credit(self) -> Decimal:
        return sum((group.credit for group in self.groups), ZERO)

    @property
    def closing(self) -> Decimal:
        return sum((group.closing for group in self.groups), ZERO)


def turnover(lines: Iterable[ActLine]) -> tuple[Decimal, Decimal]:
    """Debit and credit of the lines."""
    kept = list(lines)
    return sum((line.debit for line in kept), ZERO), sum((line.credit for line in kept), ZERO)
