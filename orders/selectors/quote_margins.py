"""What the distributor earns by an offered price: for his own people only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from catalog.models import Sku
from orders.models import Quote
from orders.vat import vat_rate
from portal.lib.money import format_price, q2
from pricing.selectors import terms_for
from pricing.selectors.bounds import UNKNOWN, PriceBounds, price_bounds
from pricing.selectors.quotes import quotes

_HUNDRED, _TENTH = Decimal(100), Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Margin:
    """Bounds of one good in RUB for a base unit, with VAT as the client's prices are; None: not known."""

    name: str
    floor: Decimal | None
    cost: Decimal | None
    usual: Decimal | None

    @property
    def bound(self) -> Decimal | None:
        """Below this a price wants to be confirmed: the floor, or purchase where there is none."""
        return self.floor if self.floor is not None else self.cost

    def is_too_low(self, price: Decimal) -> bool:
        return self.bound is not None and price < self.bound

    def percent(self, price: Decimal | None) -> Decimal | None:
        """What is earned, in percent of the price, one digit; None where it is not known."""
        if price is None or self.cost is None or not price:
            return None
        return ((price - self.cost) * _HUNDRED / price).quantize(_TENTH, rounding=ROUND_HALF_UP)

    @property
    def floor_text(self) -> str:
        return "" if self.floor is None else format_price(self.floor)

    @property
    def cost_text(self) -> str:
        return "" if self.cost is None else format_price(self.cost)

    @property
    def usual_text(self) -> str:
        return "" if self.usual is None else format_price(self.usual)


def margins_of(quote: Quote, quantities: Mapping[int, Decimal], *, on: date) -> dict[int, Margin]:
    """By sku for these quantities; what is not known is told as not known. Nine queries at most."""
    if not quantities:
        return {}
    terms = terms_for(contract=quote.contract, city=quote.city, on=on)
    bounds = price_bounds(terms=terms, quantities=quantities)
    usual = quotes(sku_ids=quantities.keys(), terms=terms, quantities=quantities)
    goods = (
        Sku.objects.select_related("product")
        .only("characteristic", "product__name", "product__vat_percent")
        .in_bulk(quantities)
    )
    regime = quote.contract.organization.tax_regime
    found: dict[int, Margin] = {}
    for pk, sku in goods.items():
        rate = vat_rate(sku.product.vat_percent, regime=regime)
        known = bounds.get(pk, UNKNOWN)
        price = usual.get(pk)
        found[pk] = Margin(
            name=sku.name,
            floor=known.floor,
            cost=_cost(known, rate, is_vat_included=quote.is_vat_included),
            usual=price.amount if price else None,
        )
    return found


def _cost(bounds: PriceBounds, rate: Decimal | None, *, is_vat_included: bool) -> Decimal | None:
    """The purchase price with VAT as the offered one has it."""
    if bounds.cost is None or not rate or bounds.is_cost_with_vat == is_vat_included:
        return bounds.cost
    factor = (_HUNDRED + rate) / _HUNDRED
    return q2(bounds.cost * factor if is_vat_included else bounds.cost / factor)
