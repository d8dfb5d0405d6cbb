"""What an administrator does after the first exchange: prices, warehouses of cities, what 1C knows not."""

from typing import TypeVar

from django.db import transaction

from catalog.models import City, CityWarehouse, Warehouse
from counterparties.models import ClientGroup, Holding
from integrations.demo import fiction
from integrations.demo.beside import beside_fill
from integrations.demo.company import contract_of
from integrations.demo.conditions import conditions_fill
from integrations.demo.delivery import delivery_fill
from integrations.demo.fiction import beside
from integrations.demo.trade import PRICE_LEVELS, STOREHOUSES
from pricing.models import CityPriceType, ContractPricing, PriceType

Named = TypeVar("Named", PriceType, Warehouse)


class NotImported(Exception):
    """1C has not sent what is to be mapped."""


@transaction.atomic
def company_map() -> None:
    """Open all price types but the purchase one, map cities to warehouses and prices, contracts to prices.

    Idempotent. Raises NotImported when a price type or warehouse has not come from 1C.
    """
    PriceType.objects.filter(name__in=[level.name for level in PRICE_LEVELS if not level.hidden]).update(
        is_open=True
    )
    prices = {level.key: _found(PriceType, level.name) for level in PRICE_LEVELS if not level.hidden}
    warehouses = {house.key: _found(Warehouse, house.name) for house in STOREHOUSES}
    for data in fiction.CITIES:
        city = City.objects.get(name=data.name)
        _policy(city)
        CityPriceType.objects.get_or_create(city=city, defaults={"price_type": prices[data.price_level]})
        for position, (key, days) in enumerate(data.warehouses):
            CityWarehouse.objects.get_or_create(
                city=city,
                warehouse=warehouses[key],
                defaults={
                    "position": position,
                    "delivery_days": days,
                    "cutoff_time": beside.CUTOFFS[position] if position < len(beside.CUTOFFS) else None,
                },
            )
    for contract in fiction.CONTRACTS:
        ContractPricing.objects.get_or_create(
            contract=contract_of(contract), defaults={"price_type": prices[contract.price_level]}
        )
    _masked_group()
    conditions_fill(prices)
    delivery_fill()
    beside_fill()


def _policy(city: City) -> None:
    """Say what lists of the city do with goods that have run out, unless somebody has said it."""
    if city.served_by.exists():
        return
    city.absent_policy, city.order_days = beside.POLICIES[city.name]
    city.save(update_fields=["absent_policy", "order_days"])


def _masked_group() -> None:
    name, mask, holdings = beside.MASKED_GROUP
    group, _is_new = ClientGroup.objects.get_or_create(name=name, defaults={"stock_mask": mask})
    Holding.objects.filter(name__in=holdings, group__isnull=True).update(group=group)


def is_mapped() -> bool:
    """Whether the demonstration is complete: the mapping is its last step."""
    return ContractPricing.objects.filter(contract__number=fiction.CONTRACTS[-1].number).exists()


def _found(model: type[Named], name: str) -> Named:
    row = model._default_manager.filter(name=name).order_by("pk").first()
    if row is None:
        raise NotImported(f"{model._meta.verbose_name}: {name}")
    return row
