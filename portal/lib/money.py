"""Money of business documents: one rounding, VAT per line, and sums that must add up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

KOPECK = Decimal("0.01")
NBSP = "\N{NO-BREAK SPACE}"


def q2(value: Decimal | int | str) -> Decimal:
    """Round to kopecks, half up: the only rounding of money in the portal.

    Raises TypeError for a float, whose kopecks are already lost.
    """
    if type(value) is Decimal:  # nearly always: no copy, no look at other kinds
        return value.quantize(KOPECK, rounding=ROUND_HALF_UP)
    if not isinstance(value, Decimal | int | str):
        raise TypeError(f"Money must be Decimal, int or str, not {type(value).__name__}")
    return Decimal(value).quantize(KOPECK, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Amount:
    """Net, VAT and gross in roubles; refuses to exist when they do not add up.

    Raises TypeError for a part that is not Decimal and ValueError for parts of a kopeck
    or when net + vat is not gross.
    """

    net: Decimal
    vat: Decimal
    gross: Decimal

    def __post_init__(self) -> None:
        for name in ("net", "vat", "gross"):
            value = getattr(self, name)
            if not isinstance(value, Decimal):
                raise TypeError(f"{name} must be Decimal, not {type(value).__name__}")
            rounded = q2(value)
            if value != rounded:
                raise ValueError(f"{name} is not in whole kopecks: {value}")
            object.__setattr__(self, name, rounded)
        if self.net + self.vat != self.gross:
            raise ValueError(f"{self.net} + {self.vat} is not {self.gross}")

    @classmethod
    def zero(cls) -> Self:
        return cls(Decimal(0), Decimal(0), Decimal(0))

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.net + other.net, self.vat + other.vat, self.gross + other.gross)


def line_amount(
    price: Decimal,
    quantity: Decimal,
    rate: Decimal | None,
    price_includes_vat: bool,
    discount: Decimal = Decimal(0),
) -> Amount:
    """Work out one document line as 1C does: VAT of the line, never of the document.

    `rate` is in percent (22, 10, 0); None means «без НДС», which is not 0 %. `discount` is in
    roubles, already rounded, and taken off before VAT. A document's total is the sum of its lines.
    """
    line_sum = q2(price * quantity) - q2(discount)
    if rate is None:
        return Amount(line_sum, Decimal(0), line_sum)
    if price_includes_vat:
        vat = q2(line_sum * rate / (100 + rate))
        return Amount(line_sum - vat, vat, line_sum)
    vat = q2(line_sum * rate / 100)
    return Amount(line_sum, vat, line_sum + vat)


def vat_label(rate: Decimal | None) -> str:
    """Print a VAT rate: «22%», «16,67%», «без НДС»."""
    return "без НДС" if rate is None else f"{_trimmed(rate)}%"


def format_money(value: Decimal) -> str:
    """Print roubles and kopecks: «1 234 567,89» with no-break spaces."""
    return _grouped(f"{q2(value):f}")


def format_price(value: Decimal) -> str:
    """Print a unit price with two decimals, or four where it has parts of a kopeck."""
    if value == q2(value):
        return format_money(value)
    return _grouped(f"{value.quantize(Decimal('0.0001'), rounding=ROUND_HALF_UP):f}")


def format_quantity(value: Decimal) -> str:
    """Print a quantity without idle zeros: «37», «1 000», «0,125»."""
    return _trimmed(value)


def _trimmed(value: Decimal) -> str:
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else _grouped(text)


def _grouped(text: str) -> str:
    whole, _, fraction = text.partition(".")
    grouped = f"{int(whole):,}".replace(",", NBSP)
    if whole.startswith("-") and not grouped.startswith("-"):
        grouped = f"-{grouped}"
    return f"{grouped},{fraction}" if fraction else grouped
