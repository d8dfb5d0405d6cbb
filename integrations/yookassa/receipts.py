"""Receipts of 54-ФЗ in YooKassa's words."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from finance.gateways import Buyer, ReceiptLine
from portal.lib.money import q2

_NAME_LENGTH, _BUYER_LENGTH = 128, 256
# Rates of goods that have left, and of an advance, where the tax is worked out of the sum.
_CODES = {
    None: 1,
    Decimal(0): 2,
    Decimal(10): 3,
    Decimal(20): 4,
    Decimal(5): 7,
    Decimal(7): 8,
    Decimal(22): 11,
}
_ADVANCE_CODES = {
    None: 1, Decimal(0): 2, Decimal(10): 5, Decimal(20): 6, Decimal(5): 9, Decimal(7): 10, Decimal(22): 12,
}  # fmt: skip
_NO_VAT = 1


def receipt_of(
    *, buyer: Buyer, lines: Sequence[ReceiptLine], total: Decimal, tax_system: int
) -> dict[str, Any]:
    """A receipt whose lines add up to the payment to the kopeck.

    Each line is one piece at its sum, so nothing is multiplied; what the lines lack of the total goes to the
    largest one. Raises ValueError for a rate without a code, and where they differ by more than a rouble.
    """
    items = [_item(line) for line in lines]
    rest = total - sum((line.amount for line in lines), Decimal(0))
    if abs(rest) > 1:
        raise ValueError(f"Lines differ from the payment by {rest}")
    if rest:
        largest = max(range(len(lines)), key=lambda place: lines[place].amount)
        items[largest]["amount"]["value"] = str(q2(lines[largest].amount + rest))
    customer = {"full_name": buyer.name[:_BUYER_LENGTH], "inn": buyer.inn, "email": buyer.email}
    return {"customer": customer, "tax_system_code": tax_system, "items": items}


def vat_code(rate: Decimal | None, *, is_advance: bool) -> int:
    """Number of a rate. Raises ValueError for one that the law has not."""
    codes = _ADVANCE_CODES if is_advance else _CODES
    if rate not in codes:
        raise ValueError(f"No code for VAT {rate} %")
    return codes[rate]


def _item(line: ReceiptLine) -> dict[str, Any]:
    """Goods that left on credit had their VAT in the receipt of the shipment: their payment has none."""
    return {
        "description": line.name[:_NAME_LENGTH],
        "quantity": "1.000",
        "amount": {"value": str(q2(line.amount)), "currency": "RUB"},
        "vat_code": vat_code(line.vat_percent, is_advance=True) if line.is_advance else _NO_VAT,
        "payment_mode": "full_prepayment" if line.is_advance else "credit_payment",
        "payment_subject": "commodity" if line.is_advance else "payment",
        "measure": "piece",
    }
