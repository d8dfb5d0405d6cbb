"""What an invoice says, frozen: everything printed is in here, so an issued one never changes."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from portal.lib.money import Amount

TEMPLATE_VERSION = "invoice-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A seller or a buyer as of the date; an entrepreneur has no KPP."""

    name: str
    inn: str
    kpp: str
    address: str
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankDetails:
    name: str
    bic: str
    correspondent_account: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One position; price in RUB with or without VAT as the invoice says, rate None is «без НДС»."""

    article: str
    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal | None
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTotal:
    """VAT of all lines of one rate."""

    rate: Decimal | None
    vat: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    role: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePayload:
    """A whole invoice. Raises ValueError when the totals are not the sums of the lines."""

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
    template_version: str = TEMPLATE_VERSION

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("An invoice has at least one line")
        if self.total != total_of(self.lines):
            raise ValueError(f"The total {self.total} is not the sum of the lines")
        if self.rates != rate_totals(self.lines):
            raise ValueError("VAT by rate is not the sum of the lines")


_ADAPTER: TypeAdapter[InvoicePayload] = TypeAdapter(InvoicePayload)


def total_of(lines: Iterable[Line]) -> Amount:
    """Add up the lines; never worked out anew from the total."""
    return sum((line.amount for line in lines), Amount.zero())


def rate_totals(lines: Iterable[Line]) -> tuple[RateTotal, ...]:
    """Add up VAT by rate, the highest rate first, «без НДС» last."""
    sums: dict[Decimal | None, Decimal] = {}
    for line in lines:
        sums[line.rate] = sums.get(line.rate, Amount.zero().vat) + line.amount.vat
    ordered = sorted(sums, key=lambda rate: Decimal(-1) if rate is None else rate, reverse=True)
    return tuple(RateTotal(rate=rate, vat=sums[rate]) for rate in ordered)


def to_json(payload: InvoicePayload) -> dict[str, Any]:
    """Turn into plain JSON values: decimals are strings, dates are ISO."""
    data: dict[str, Any] = _ADAPTER.dump_python(payload, mode="json")
    return data


def from_json(data: dict[str, Any]) -> InvoicePayload:
    """Read back what `to_json` wrote. Raises pydantic's ValidationError (a ValueError)."""
    return _ADAPTER.validate_python(data)


def payload_sha256(data: dict[str, Any]) -> str:
    """Hash JSON values in one canonical spelling: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
