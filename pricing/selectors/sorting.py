"""Lists of skus in the order of list prices."""

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from catalog.models import Sku
from pricing.models import Price
from pricing.terms import PriceTerms

_PRICE = DecimalField(max_digits=18, decimal_places=4)
_NOUGHT = Value(Decimal(0), output_field=_PRICE)


def with_price(skus: QuerySet[Sku], terms: PriceTerms | None) -> QuerySet[Any]:
    """Annotate `price` of one base unit by the price type, NULL on request; discounts are not asked.

    For sorting, until lists are sorted by the index (`pricing.index.effective_prices`).
    """
    if terms is None or not terms.has_prices:
        return skus.annotate(price=Value(None, output_field=_PRICE))
    price_type_id = terms.price_type_id
    of_product = Price.objects.filter(
        sku__product=OuterRef("product_id"),
        sku__characteristic="",
        price_type=price_type_id,
        minimum_quantity=0,
    )
    return skus.annotate(
        own_price=FilteredRelation(
            "prices", condition=Q(prices__price_type=price_type_id, prices__minimum_quantity=0)
        ),
        price=NullIf(Coalesce(F("own_price__amount"), Subquery(of_product.values("amount")[:1])), _NOUGHT),
    )
