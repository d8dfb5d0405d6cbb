"""What a commercial offer says on paper: everything printed is in here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.payloads.parts import Party, RateTotal
from portal.lib.money import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """One position; without a price it is not offered. `instead` is what was asked for, where another is."""

    article: str
    name: str
    instead: str
    quantity: Decimal
    unit: str
    price: Decimal | None
    rate: Decimal | None
    amount: Amount
    ready: date | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPayload:
    """One version of an offer; prices in RUB with or without VAT as it says."""

    number: str
    version: int
    day: date
    valid_until: date
    seller: Party
    buyer: Party
    contract: str
    lines: tuple[OfferLine, ...]
    prices_include_vat: bool
    total: Amount
    rates: tuple[RateTotal, ...]
    comment: str
    author: str
