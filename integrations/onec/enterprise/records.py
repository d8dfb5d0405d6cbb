"""What EnterpriseData tells beyond the records of CommerceML."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ContractRecord:
    """A Договор. `is_virtual` («Основной договор») has no id: it is no paper, nobody has signed it."""

    line: int
    external_id: str
    name: str
    number: str
    signed_on: date | None
    valid_to: date | None
    currency: str
    counterparty_id: str
    organization_id: str
    organization_inn: str
    is_with_client: bool
    is_virtual: bool
    payment_days: int | None
