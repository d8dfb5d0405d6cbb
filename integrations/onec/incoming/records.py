"""What 1C says of orders and counterparties: one frozen record per thing.

`line` is the line of the file. Quantities are in base units, prices and sums with VAT.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Operation(StrEnum):
    """ХозОперация of a document."""

    ORDER = "order"
    INVOICE = "invoice"
    SHIPMENT = "shipment"
    VAT_INVOICE = "vat_invoice"
    RETURN = "return"
    PAYMENT = "payment"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Head:
    """Root of the file; `formed_at` is None where 1C did not say it."""

    version: str
    formed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PartyRecord:
    """Контрагент. `is_person` where no official name of a firm is given.

    `is_reference` where a document names one by its id alone: its card comes by itself.
    """

    line: int
    external_id: str
    name: str
    full_name: str
    is_person: bool
    inn: str
    kpp: str
    role: str
    address: str
    phone: str
    email: str
    is_deleted: bool
    is_reference: bool = False

    @property
    def label(self) -> str:
        return self.name or self.external_id


@dataclass(frozen=True, slots=True)
class LineRecord:
    """A row of a document; `external_id` is «good#characteristic»."""

    external_id: str
    article: str
    name: str
    unit: str
    quantity: Decimal
    price: Decimal
    gross: Decimal
    vat: Decimal
    vat_percent: Decimal | None
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document with what its реквизиты say.

    `is_paid` and `is_shipped` mean wholly, None where nothing is told; of a part only the JSON channel
    tells, in sums.
    `lines` is None where the document has no Товары at all. `basis` is whatever names the document that
    this one follows from.
    """

    line: int
    external_id: str
    number: str
    operation: Operation
    operation_text: str
    made_at: datetime | None
    total: Decimal | None
    vat: Decimal | None
    currency: str
    basis: tuple[str, ...]
    version: str
    erp_number: str
    erp_date: date | None
    state_text: str
    is_posted: bool
    is_deleted: bool
    is_cancelled: bool
    is_paid: bool | None
    paid_on: date | None
    is_shipped: bool | None
    shipped_on: date | None
    warehouse_id: str
    warehouse_name: str
    organization: str
    contract: str
    delivery: str
    client_reference: str
    comment: str
    parties: tuple[PartyRecord, ...]
    lines: tuple[LineRecord, ...] | None
    subordinate: tuple["DocumentRecord", ...]
    paid_sum: Decimal | None = None
    shipped_sum: Decimal | None = None

    @property
    def buyer(self) -> PartyRecord | None:
        """Whom the document is with: the one called a buyer, else the only one."""
        buyers = [party for party in self.parties if party.role == "покупатель"]
        found = buyers or [party for party in self.parties if party.role != "продавец"]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Bundle:
    """Documents that came in one Контейнер; outside of one every document is alone."""

    documents: tuple[DocumentRecord, ...]


Incoming = Head | PartyRecord | Bundle
