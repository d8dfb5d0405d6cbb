"""What 1C says of an order, in the words of orders: no XML, no ids of 1C."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from orders.states import ErpDocumentKind


class ErpOutcome(StrEnum):
    """What became of 1C's word."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    STALE = "stale"  # newer facts are here already


@dataclass(frozen=True, slots=True)
class RowFacts:
    """A row of a document in 1C; base units, price and sum with VAT."""

    sku_id: int | None
    name: str
    article: str
    unit: str
    quantity: Decimal
    price: Decimal
    vat_percent: Decimal | None
    gross: Decimal
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class PartFacts:
    """Where a part stands in 1C; paid and shipped mean wholly, None where 1C said nothing of it.

    `rows` is None where 1C said nothing of them; `is_confirmed` where its status means so here, `target`
    is the state that it means otherwise. Where 1C tells sums, they decide what is paid and shipped wholly.
    `moves_order` and `changes_rows` are False where the portal owns the state or rows and prices: then
    1C's word of them is only kept.
    """

    formed_at: datetime | None
    number: str
    erp_date: date | None
    state_text: str
    version: str
    total: Decimal | None
    vat: Decimal | None
    is_posted: bool
    is_cancelled: bool
    is_confirmed: bool
    is_paid: bool | None
    paid_on: date | None
    is_shipped: bool | None
    shipped_on: date | None
    rows: tuple[RowFacts, ...] | None
    paid_sum: Decimal | None = None
    shipped_sum: Decimal | None = None
    target: str = ""
    moves_order: bool = True
    changes_rows: bool = True


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A document that follows from an order."""

    kind: ErpDocumentKind
    formed_at: datetime | None
    number: str
    date: date | None
    total: Decimal | None
    is_deleted: bool
    rows: tuple[RowFacts, ...] | None


@dataclass(frozen=True, slots=True)
class ErpBirth:
    """An order that was made out in 1C and is to be shown here."""

    legal_entity_id: int
    contract_id: int
    warehouse_id: int | None
    number: str
    made_at: datetime
    currency: str
    delivery_text: str
    comment: str
    client_reference: str
