"""What an invoice says, frozen: everything printed is in here, so an issued one never changes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.payloads.parts import BankDetails, PaperRef, Party, RateTotal, Signer, rate_totals, total_of
from portal.lib.money import Amount

TEMPLATE_VERSION = "invoice-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One position; price in RUB with or without VAT as the invoice says, rate None is «без НДС».

    `discount` is in roubles of the line, already taken off in `amount`.
    """

    article: str
    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal | None
    amount: Amount
    discount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePayload:
    """A whole invoice. Raises ValueError when the totals are not the sums of the lines.

    Shipper None is the seller, consignee None the buyer. `terms` are words of the contract on payment and
    delivery; `replaces` is the invoice instead of which this one is issued.
    """

    number: str
    day: date
    pay_until: date
    order_number: str
    basis: str
    seller: Party
    bank: BankDetails
    buyer: Party
    lines: tuple[Line, ...]
    prices_include_vat: bool
    total: Amount
    rates: tuple[RateTotal, ...]
    purpose: str
    qr: str
    signers: tuple[Signer, ...]
    notice: str = ""
    shipper: Party | None = None
    consignee: Party | None = None
    terms: str = ""
    replaces: PaperRef | None = None
    template_version: str = TEMPLATE_VERSION

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("An invoice has at least one line")
        if self.total != total_of(self.lines):
            raise ValueError(f"The total {self.total} is not the sum of the lines")
        if self.rates != rate_totals(self.lines):
            raise ValueError("VAT by rate is not the sum of the lines")
