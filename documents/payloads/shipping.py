"""What a заявка на отгрузку and a доверенность М-2 say, frozen."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.payloads.parts import BankDetails, PaperRef, Party, Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingLine:
    """A line of a request: base units, kilograms, cubic metres, roubles with VAT; None is not known."""

    article: str
    name: str
    unit: str
    ordered: Decimal
    shipped: Decimal
    reserved: Decimal | None
    quantity: Decimal
    weight: Decimal | None = None
    volume: Decimal | None = None
    places: Decimal | None = None
    gross: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingPayload:
    """A request to ship; what a client left out is an empty text and is not printed."""

    number: str
    day: date
    form: str
    orders: tuple[str, ...]
    contract: str
    seller: Party
    payer: Party
    consignee: Party
    warehouse: str
    method: str
    when: str
    lines: tuple[ShippingLine, ...]
    address: str = ""
    contact: str = ""
    loading: str = ""
    carrier: str = ""
    driver: str = ""
    driver_paper: str = ""
    car: str = ""
    authority: str = ""
    handover: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyLine:
    """What is to be received: a whole quantity is printed in words, a part of a unit in digits."""

    name: str
    unit: str
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyPayload:
    """Доверенность М-2 or М-2а. The client's side issues it; position and name of the bearer are in the
    dative as a person typed them."""

    number: str
    day: date
    form: str
    until: date
    principal: Party
    bank: BankDetails | None
    bearer: str
    bearer_paper: str
    supplier: Party
    basis: PaperRef
    lines: tuple[ProxyLine, ...]
    has_stub: bool = True
    head: Signer | None = None
    accountant: Signer | None = None
