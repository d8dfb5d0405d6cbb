"""What a shipment's papers say, frozen: счёт-фактура, УПД, their исправления and ТОРГ-12."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from documents.payloads.parts import (
    PaperRef,
    Party,
    RateTotal,
    Signer,
    rate_totals,
    total_of,
)
from portal.lib.money import Amount

STATUS_WITH_FACTURA, STATUS_PLAIN = 1, 2
ROUBLE_CODE = "643"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Line 1а: the number of an исправление, 1-999, and its date."""

    number: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRef:
    """Line 5: a payment order of an advance; roubles."""

    number: str
    day: date
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceFactura:
    """Line 5б: a счёт-фактура of an advance that this shipment sets off."""

    number: str
    day: date
    revision: Revision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Columns 10-11 of imported goods: country by ОКСМ, and the declaration (at most 29 characters)."""

    country_code: str
    country: str
    declaration: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """Columns 11-14 of a traceable lot: РНПТ (25-29 characters), unit, quantity, roubles without VAT."""

    number: str
    unit_code: str
    unit: str
    quantity: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """What ТОРГ-12 tells of a line beside money: columns 6-9; kilograms."""

    kind: str = ""
    in_place: Decimal | None = None
    places: Decimal | None = None
    gross_mass: Decimal | None = None
    net_mass: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLine:
    """One position; `price` is without VAT, rate None is «без НДС», excise None is «без акциза».

    The price is the net sum divided by the quantity, in kopecks, so that it need not multiply back.
    """

    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal | None
    amount: Amount
    unit_code: str = ""
    article: str = ""
    code: str = ""
    kind_code: str = ""
    excise: Decimal | None = None
    origins: tuple[Origin, ...] = ()
    traced: tuple[Traced, ...] = ()
    packing: Packing = field(default_factory=Packing)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorStamp:
    """How an original went by ЭДО: printed in a box, never beside a picture of a stamp."""

    operator: str
    message_id: str
    signatures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferPayload:
    """A shipment's paper. Raises ValueError when the totals are not the sums of the lines.

    `form` is the code of the form in force on the date (documents.forms_in_force). Status 1 is a
    счёт-фактура and a transfer, 2 a transfer alone; a bare счёт-фактура has 0. In one of an advance the
    rate of a line is calculated (22 is printed 22/122). Shipper None is «он же», consignee
    None the buyer; numbers in brackets are those of the form.
    """

    number: str
    day: date
    form: str
    seller: Party
    buyer: Party
    lines: tuple[TransferLine, ...]
    total: Amount
    rates: tuple[RateTotal, ...]
    status: int = STATUS_WITH_FACTURA
    is_advance: bool = False
    revision: Revision | None = None
    shipper: Party | None = None
    consignee: Party | None = None
    payments: tuple[PaymentRef, ...] = ()
    shipments: tuple[PaperRef, ...] = ()
    advances: tuple[AdvanceFactura, ...] = ()
    currency_code: str = ROUBLE_CODE
    currency: str = "Российский рубль"
    state_contract: str = ""
    basis: tuple[PaperRef, ...] = ()
    transport: str = ""
    shipped_on: date | None = None
    shipped_note: str = ""
    head: Signer | None = None
    accountant: Signer | None = None
    released_by: Signer | None = None
    responsible: Signer | None = None
    proxy: str = ""
    order_numbers: tuple[str, ...] = ()
    stamp: OperatorStamp | None = None

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("A shipment's paper has at least one line")
        if self.total != total_of(self.lines):
            raise ValueError(f"The total {self.total} is not the sum of the lines")
        if self.rates != rate_totals(self.lines):
            raise ValueError("VAT by rate is not the sum of the lines")

    @property
    def is_traceable(self) -> bool:
        return any(line.traced for line in self.lines)
