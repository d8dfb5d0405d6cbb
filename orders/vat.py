"""Which VAT rate a line gets: the good's own, unless the seller's tax regime decides otherwise."""

from decimal import Decimal

from counterparties.models import TaxRegime
from orders.models import OrderLine
from portal.lib.money import q2

_REGIME_RATES = {TaxRegime.SIMPLIFIED_5: Decimal(5), TaxRegime.SIMPLIFIED_7: Decimal(7)}


def vat_rate(product_rate: Decimal | None, *, regime: str) -> Decimal | None:
    """Choose the rate in percent; None is «без НДС».

    A seller on УСН charges no VAT or one reduced rate for everything that is taxed at all
    (Tax Code art. 145, 164 p. 8); goods exempt or at 0 % stay what they are.
    """
    if regime == TaxRegime.SIMPLIFIED_EXEMPT:
        return None
    if product_rate:
        return _REGIME_RATES.get(TaxRegime(regime), product_rate)
    return product_rate


def price_with_vat(line: OrderLine, *, is_vat_included: bool) -> Decimal:
    """Unit price of an ordered line as 1C holds it: with VAT, so that price and quantity give the sum."""
    if is_vat_included or line.vat_percent is None:
        return line.price
    if not line.quantity:  # a line that was cancelled
        return q2(line.price * (100 + line.vat_percent) / 100)
    return q2(line.gross / line.quantity)
