"""What a корректировочный счёт-фактура or УКД says, frozen: each line before and after the agreed change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.payloads.parts import PaperRef, Party, Signer
from documents.payloads.transfer import ROUBLE_CODE, STATUS_WITH_FACTURA, OperatorStamp, Revision
from portal.lib.money import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """One side of a change: quantity in base units, price without VAT, rate of the original shipment."""

    quantity: Decimal
    price: Decimal
    rate: Decimal | None
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedLine:
    """Rows А and Б of a position; `increase` (В) and `decrease` (Г) follow and are never both above zero
    in the same figure."""

    name: str
    unit: str
    before: Corrected
    after: Corrected
    unit_code: str = ""
    article: str = ""
    code: str = ""
    position: int = 0

    @property
    def increase(self) -> Amount:
        return _positive(self.after.amount, self.before.amount)

    @property
    def decrease(self) -> Amount:
        return _positive(self.before.amount, self.after.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionPayload:
    """A correction of one or more shipments of a client. Raises ValueError when totals are not the sums."""

    number: str
    day: date
    form: str
    originals: tuple[PaperRef, ...]
    seller: Party
    buyer: Party
    lines: tuple[CorrectedLine, ...]
    increase: Amount
    decrease: Amount
    status: int = STATUS_WITH_FACTURA
    revision: Revision | None = None
    grounds: tuple[PaperRef, ...] = ()
    reason: str = ""
    currency_code: str = ROUBLE_CODE
    currency: str = "Российский рубль"
    state_contract: str = ""
    head: Signer | None = None
    accountant: Signer | None = None
    responsible: Signer | None = None
    stamp: OperatorStamp | None = None

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("A correction has at least one line")
        if not self.originals:
            raise ValueError("A correction names what it corrects")
        if (self.increase, self.decrease) != correction_totals(self.lines):
            raise ValueError("Totals of a correction are not the sums of its lines")


def correction_totals(lines: Iterable[CorrectedLine]) -> tuple[Amount, Amount]:
    """Sums of rows В and of rows Г."""
    kept = list(lines)
    return (
        sum((line.increase for line in kept), Amount.zero()),
        sum((line.decrease for line in kept), Amount.zero()),
    )


def _positive(one: Amount, other: Amount) -> Amount:
    """What `one` has above `other`: by the gross sum, so that net and VAT stay one amount."""
    if one.gross <= other.gross:
        return Amount.zero()
    return Amount(one.net - other.net, one.vat - other.vat, one.gross - other.gross)
