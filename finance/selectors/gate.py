"""Whether money lets goods leave."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from finance.states import PaymentTerms


@dataclass(frozen=True, slots=True)
class Gate:
    """`code` is open, not_prepaid, blocked, or the status of the line that holds."""

    is_open: bool
    code: str
    text: str


def shipment_gate(
    *, reference: str, contract_id: int, sum: Decimal, terms: PaymentTerms, at: datetime
) -> Gate:
    """Tell whether goods of a part for `sum` (RUB with VAT) may leave."""
    raise NotImplementedError
