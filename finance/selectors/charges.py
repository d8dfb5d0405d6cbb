"""What the provider is asked for: sum, buyer and the lines of the receipt."""

from decimal import Decimal

from counterparties.models import Organization, TaxRegime
from finance.gateways import Buyer, Charge, ReceiptLine
from finance.models import OnlinePayment, OnlinePaymentItem
from finance.payables import Shares, vat_shares
from portal.lib.money import q2, vat_label

_ADVANCE = "contract:"
_DEBT = "ledger:"
_RATES: dict[str, Decimal | None] = {
    TaxRegime.GENERAL: Decimal(22),
    TaxRegime.SIMPLIFIED_EXEMPT: None,
    TaxRegime.SIMPLIFIED_5: Decimal(5),
    TaxRegime.SIMPLIFIED_7: Decimal(7),
}
"""VAT of an advance for goods that nobody has named yet."""


def charge_of(payment: OnlinePayment, *, return_url: str) -> Charge:
    """The same question whenever it is asked: a provider compares repeats. Two queries."""
    items = list(payment.items.order_by("pk"))
    shares = vat_shares([item.reference for item in items])
    lines = [line for item in items for line in _lines(item, shares, payment.organization)]
    return Charge(
        key=payment.uid,
        amount=payment.amount,
        currency=payment.currency,
        description=payment.purpose,
        return_url=return_url,
        buyer=Buyer(payment.legal_entity.name, payment.legal_entity.inn, payment.created_by.email),
        lines=tuple(lines),
        metadata={"payment": str(payment.uid), "inn": payment.legal_entity.inn},
    )


def _lines(
    item: OnlinePaymentItem, shares: dict[str, Shares], organization: Organization
) -> list[ReceiptLine]:
    if item.reference.startswith(_DEBT):
        return [ReceiptLine(item.label, item.amount, None, is_advance=False)]
    if item.reference.startswith(_ADVANCE):
        return [ReceiptLine(item.label, item.amount, _RATES[organization.tax_regime], is_advance=True)]
    split = share_out(item.amount, shares.get(item.reference, ((None, item.amount),)))
    return [
        ReceiptLine(f"{item.label}, {_vat(rate)}", amount, rate, is_advance=True) for rate, amount in split
    ]


def share_out(amount: Decimal, shares: Shares) -> Shares:
    """Split a sum as the whole splits; kopecks that rounding leaves go to the largest share.

    >>> share_out(Decimal("10.00"), ((Decimal(22), Decimal("2.00")), (Decimal(10), Decimal("1.00"))))
    ((Decimal('22'), Decimal('6.67')), (Decimal('10'), Decimal('3.33')))
    """
    whole = sum((share for _rate, share in shares), Decimal(0))
    split = [(rate, q2(amount * share / whole)) for rate, share in shares]
    rest = amount - sum((share for _rate, share in split), Decimal(0))
    largest = max(range(len(split)), key=lambda place: split[place][1])
    split[largest] = (split[largest][0], split[largest][1] + rest)
    return tuple((rate, share) for rate, share in split if share)


def _vat(rate: Decimal | None) -> str:
    return "без НДС" if rate is None else f"НДС {vat_label(rate)}"
