"""How low a price may go: for those who sell, never for those who buy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.lib.money import q2
from pricing.arithmetic import from_units
from pricing.models import Price
from pricing.selectors.facts import facts_listed
from pricing.selectors.terms import latest_rate
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

    Three queries.
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
    rows = (
        Price.objects.filter(sku__in=sku_ids, price_type__is_purchase=True, minimum_quantity=0, amount__gt=0)
        .annotate(rate=latest_rate("price_type__currency", on))
        .values_list("sku_id", "amount", "price_type__currency", "rate", "price_type__is_vat_included")
    )
    found: dict[int, tuple[Decimal, bool]] = {}
    for pk, amount, currency, told, is_with_vat in rows:
        rate = Decimal(1) if currency == ROUBLE else told
        if rate is None:
            continue
        cost = q2(amount * rate)
        if pk not in found or cost > found[pk][0]:
            found[pk] = (cost, is_with_vat)
    return found
