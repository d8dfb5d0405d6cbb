"""The smallest order that is taken of a client in a city."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Q

from orders.models import OrderMinimum

Where = tuple[int, int]
"""Contract and city."""

Rules = dict[tuple[int | None, int | None], Decimal]
NOTHING = Decimal(0)


def minimums_for(places: Collection[Where]) -> dict[Where, Decimal]:
    """The least sum with VAT, in roubles, of each contract and city; nought without a rule; one query.

    The rule of the contract in the city wins, then that of the contract, of the city, of everybody.
    """
    contracts, cities = {place[0] for place in places}, {place[1] for place in places}
    rows = OrderMinimum.objects.filter(
        Q(contract__isnull=True) | Q(contract__in=contracts), Q(city__isnull=True) | Q(city__in=cities)
    )
    rules: Rules = {}
    for row in rows:
        rules[row.contract_id, row.city_id] = row.amount
    return {(contract, city): _closest(rules, contract, city) for contract, city in places}


def _closest(rules: Rules, contract: int, city: int) -> Decimal:
    for key in ((contract, city), (contract, None), (None, city), (None, None)):
        if key in rules:
            return rules[key]
    return NOTHING
