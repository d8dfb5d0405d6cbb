"""How low a price may go: for those who sell, never for those who buy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q

from portal.lib.money import q2
from pricing.arithmetic import from_units
from pricing.models import CurrencyRate, Price
from pricing.selectors.facts import facts_listed
from pricing.terms import ROUBLE, PriceTerms


@dataclass(frozen=True, slots=True)
class PriceBounds:
    """Floor and purchase price of one base unit in RUB; None where none is known.

    The floor has VAT as the client's prices have it, the purchase price as `is_cost_with_vat` says.
    """

    floor: Decimal | None = None
    cost: Decimal | None = None
    is_cost_with_vat: bool = True


UNKNOWN = PriceBounds()


def price_bounds(*, terms: PriceTerms, quantities: Mapping[int, Decimal]) -> dict[int, PriceBounds]:
    """Bounds by sku for quantities in base units; of several purchase prices the highest counts.

    Three queries, one more where purchase prices are in a currency.
    """
    if not quantities:
        return {}
    facts = facts_listed(list(quantities), terms)
    bases = {pk: place.base_id for pk, place in facts.places.items()}
    costs = _costs({*quantities, *(pk for pk in bases.values() if pk is not None)}, terms.on)
    found: dict[int, PriceBounds] = {}
    for pk, quantity in quantities.items():
        step = facts.step(terms.floor_type_id, pk, quantity)
        floor = None
        if step is not None and step.units and terms.floor_rate is not None:
            floor = from_units(step.units) * terms.floor_rate
        cost, is_with_vat = costs.get(pk) or costs.get(bases.get(pk) or 0) or (None, True)
        found[pk] = PriceBounds(floor and q2(floor), cost, is_with_vat)
    return found


def _costs(sku_ids: set[int], on: date) -> dict[int, tuple[Decimal, bool]]:
    rows = list(
        Price.objects.filter(
            Q(sku__in=sku_ids), price_type__is_purchase=True, minimum_quantity=0, amount__gt=0
        )
        .annotate(currency=F("price_type__currency"), is_with_vat=F("price_type__is_vat_included"))
        .values_list("sku_id", "amount", "currency", "is_with_vat")
    )
    currencies = {currency for _sku, _amount, currency, _vat in rows} - {ROUBLE}
    rates = {ROUBLE: Decimal(1)} | (_rates(currencies, on) if currencies else {})
    found: dict[int, tuple[Decimal, bool]] = {}
    for pk, amount, currency, is_with_vat in rows:
        if currency not in rates:
            continue
        cost = q2(amount * rates[currency])
        if pk not in found or cost > found[pk][0]:
            found[pk] = (cost, is_with_vat)
    return found


def _rates(currencies: set[str], on: date) -> dict[str, Decimal]:
    rows = CurrencyRate.objects.filter(currency__in=currencies, date__lte=on).order_by("date")
    return dict(rows.values_list("currency", "rate"))
