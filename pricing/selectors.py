"""At which prices somebody buys."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf

from catalog.models import City, Sku
from counterparties.models import Contract
from portal.lib.money import format_price
from pricing.models import CityPriceType, ContractPricing, Price, PriceType

_PRICE = DecimalField(max_digits=18, decimal_places=4)
_NOUGHT = Value(Decimal(0), output_field=_PRICE)


@dataclass(frozen=True, slots=True)
class PriceQuote:
    """The price of one base unit, above nought, in the currency of its price type."""

    amount: Decimal
    currency: str
    is_vat_included: bool

    @property
    def text(self) -> str:
        """As pages and documents print a unit price: `1 234,50`, `0,0125`."""
        return format_price(self.amount)


def price_type_for(*, contract: Contract | None, city: City | None) -> PriceType | None:
    """The contract's price type, else the city's; one that is not open counts as none. One query."""
    by_contract = ContractPricing.objects.filter(contract=contract, price_type=OuterRef("pk"))
    by_city = CityPriceType.objects.filter(city=city, price_type=OuterRef("pk"))
    return (
        PriceType.objects.filter(is_open=True)
        .annotate(rank=Case(When(Exists(by_contract), then=1), When(Exists(by_city), then=2)))
        .filter(rank__isnull=False)
        .order_by("rank")
        .first()
    )


def quotes(*, sku_ids: Collection[int], price_type: PriceType | None) -> dict[int, PriceQuote]:
    """Prices of skus; one query. A sku that is absent has no price: «по запросу».

    A sku with a characteristic and no price of its own takes that of the product's sku without one.
    """
    if price_type is None or not sku_ids:
        return {}
    priced = with_price(Sku.objects.filter(pk__in=sku_ids), price_type).filter(price__isnull=False)
    return {
        sku_id: PriceQuote(
            amount=amount, currency=price_type.currency, is_vat_included=price_type.is_vat_included
        )
        for sku_id, amount in priced.values_list("pk", "price")
    }


def with_price(skus: QuerySet[Sku], price_type: PriceType | None) -> QuerySet[Any]:
    """Annotate `price` of one base unit (NULL: on request), the same that `quotes` tells; for sorting.

    A price of nought means on request in 1C, so it is NULL and hides no other price.
    """
    if price_type is None:
        return skus.annotate(price=Value(None, output_field=_PRICE))
    of_product = Price.objects.filter(
        sku__product=OuterRef("product_id"), sku__characteristic="", price_type=price_type, minimum_quantity=0
    )
    return skus.annotate(
        own_price=FilteredRelation(
            "prices", condition=Q(prices__price_type=price_type, prices__minimum_quantity=0)
        ),
        price=NullIf(Coalesce(F("own_price__amount"), Subquery(of_product.values("amount")[:1])), _NOUGHT),
    )
