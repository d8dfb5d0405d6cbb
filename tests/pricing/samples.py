"""Rows of pricing that the common factories do not make."""

from datetime import date
from decimal import Decimal
from typing import Any

from catalog.models import City, Sku
from counterparties.models import Contract, Holding
from pricing.models import CurrencyRate, DiscountRule, IndividualPrice, Price, PriceType
from pricing.selectors import quotes, terms_for
from pricing.terms import PriceTerms
from tests.factories import AT, TODAY


def make_rule(percent: Decimal | int | str = 10, name: str = "Скидка", **conditions: Any) -> DiscountRule:
    return DiscountRule.objects.create(name=name, percent=Decimal(percent), **conditions)


def make_agreed(
    contract: Contract,
    sku: Sku,
    amount: Decimal | int | str,
    *,
    quantity: Decimal | int | str = 0,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> IndividualPrice:
    return IndividualPrice.objects.create(
        contract=contract,
        sku=sku,
        amount=Decimal(amount),
        minimum_quantity=Decimal(quantity),
        valid_from=valid_from,
        valid_until=valid_until,
    )


def make_rate(rate: Decimal | int | str, currency: str = "USD", day: date = date(2026, 1, 1)) -> CurrencyRate:
    return CurrencyRate.objects.create(currency=currency, date=day, rate=Decimal(rate))


def make_step(
    sku: Sku, price_type: PriceType, quantity: Decimal | int | str, amount: Decimal | int | str
) -> Price:
    return Price.objects.create(
        sku=sku,
        price_type=price_type,
        minimum_quantity=Decimal(quantity),
        amount=Decimal(amount),
        updated_at=AT,
    )


def close(price_type: PriceType) -> None:
    PriceType.objects.filter(pk=price_type.pk).update(is_open=False)


def tuned(price_type: PriceType, **values: Any) -> PriceType:
    """The price type with other settings."""
    PriceType.objects.filter(pk=price_type.pk).update(**values)
    price_type.refresh_from_db()
    return price_type


def terms_of(contract: Contract | None, city: City | None, on: date = TODAY) -> PriceTerms:
    return terms_for(contract=contract, city=city, on=on)


def amount_of(sku: Sku, terms: PriceTerms | None, quantity: Decimal | int | str = 1) -> Decimal | None:
    """The price of one sku for a quantity."""
    quote = quotes(sku_ids=[sku.pk], terms=terms, quantities={sku.pk: Decimal(quantity)}).get(sku.pk)
    return quote.amount if quote else None


def group_of(holding: Holding, group: Any) -> None:
    Holding.objects.filter(pk=holding.pk).update(group=group)
