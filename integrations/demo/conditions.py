"""On which conditions the demonstration's clients buy: groups, discounts, agreed prices, floors, rates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from catalog.models import Brand, Section, Sku
from counterparties.models import ClientGroup, Contract, Holding
from integrations.demo import fiction
from integrations.demo.company import contract_of
from integrations.demo.fiction.beside import MASKED_GROUP
from pricing.models import CurrencyRate, DiscountRule, IndividualPrice, Price, PriceType

_BUILDERS: Final = "Строители и монтажники"
_SHOPS: Final = MASKED_GROUP[0]
BUILDERS: Final = ("sever", "ural", "stolica")
RATES: Final = (("CNY", "11.4200"), ("USD", "82.3500"))
_AGREED_SECTION: Final = "Кабель ВВГнг(А)-LS"
_AGREED_SKUS: Final = 3
_AGREED_SHARE: Final = Decimal("0.96")
_YEAR_BEGAN: Final = date(2026, 1, 12)


@dataclass(frozen=True, slots=True)
class RuleData:
    """A discount rule by names; what the catalogue does not have makes no rule."""

    name: str
    percent: str
    section: str = ""
    brand: str = ""
    group: str = ""
    minimum_quantity: int = 0
    valid_until: date | None = None
    priority: int = 0


RULES: Final = (
    RuleData("Строителям на силовой кабель", "3", section="Силовой кабель", group=_BUILDERS),
    RuleData("Силовой кабель от 300 м", "5", section="Силовой кабель", minimum_quantity=300, priority=1),
    RuleData("Магазинам на лампы от 50 шт", "4", section="Лампы", group=_SHOPS, minimum_quantity=50),
    RuleData("Декабрь с «Вольтанис»", "7.5", brand="Вольтанис", valid_until=date(2026, 12, 31), priority=2),
)


def conditions_fill(prices: Mapping[str, PriceType]) -> None:
    """Give clients their conditions. Idempotent: what people changed since is not undone.

    `prices` are the open price types by key; the purchase one becomes the floor of them all.
    """
    _price_types(prices)
    groups = {name: ClientGroup.objects.get_or_create(name=name)[0] for name in (_BUILDERS, _SHOPS)}
    names = [holding.name for holding in fiction.HOLDINGS if holding.key in BUILDERS]
    Holding.objects.filter(name__in=names, group__isnull=True).update(group=groups[_BUILDERS])
    for rule in RULES:
        _rule(rule, groups)
    for currency, rate in RATES:
        CurrencyRate.objects.get_or_create(
            currency=currency, date=_YEAR_BEGAN, defaults={"rate": Decimal(rate)}
        )
    contract = contract_of(fiction.CONTRACTS[0])
    _agreements(contract, prices[fiction.CONTRACTS[0].price_level])


def _price_types(prices: Mapping[str, PriceType]) -> None:
    purchase = PriceType.objects.filter(name="Закупочная", is_open=False).order_by("pk").first()
    if purchase is not None:
        PriceType.objects.filter(pk=purchase.pk).update(is_purchase=True)
        opened = PriceType.objects.filter(pk__in=[one.pk for one in prices.values()])
        opened.filter(floor_type__isnull=True).update(floor_type=purchase)
    if not PriceType.objects.filter(is_recommended=True).exists():
        PriceType.objects.filter(pk=prices["retail"].pk).update(is_recommended=True)
    if not PriceType.objects.filter(is_base=True).exists():
        PriceType.objects.filter(pk=prices["retail"].pk).update(is_base=True)


def _rule(data: RuleData, groups: Mapping[str, ClientGroup]) -> None:
    section = Section.objects.filter(name=data.section).order_by("pk").first() if data.section else None
    brand = Brand.objects.filter(name=data.brand).order_by("pk").first() if data.brand else None
    if (data.section and section is None) or (data.brand and brand is None):
        return
    DiscountRule.objects.get_or_create(
        name=data.name,
        defaults={
            "percent": Decimal(data.percent),
            "section": section,
            "brand": brand,
            "group": groups[data.group] if data.group else None,
            "minimum_quantity": data.minimum_quantity,
            "valid_until": data.valid_until,
            "priority": data.priority,
        },
    )


def _agreements(contract: Contract, price_type: PriceType) -> None:
    """The first goods of a section at a price agreed for the year, a little below the contract's type."""
    skus = Sku.objects.on_sale().filter(product__sections__name=_AGREED_SECTION).order_by("pk")
    agreed = Price.objects.filter(
        price_type=price_type, sku__in=skus.values("pk")[:_AGREED_SKUS], minimum_quantity=0, amount__gt=0
    )
    for price in agreed.order_by("sku_id"):
        amount = (price.amount * _AGREED_SHARE).quantize(Decimal("0.1"))
        IndividualPrice.objects.get_or_create(
            contract=contract,
            sku_id=price.sku_id,
            minimum_quantity=0,
            valid_from=_YEAR_BEGAN,
            defaults={"amount": amount, "valid_until": date(2026, 12, 31)},
        )
