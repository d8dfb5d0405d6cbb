"""Which VAT rate a line gets: the good's own, unless the seller's tax regime decides otherwise."""

from decimal import Decimal

from counterparties.models import TaxRegime

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
