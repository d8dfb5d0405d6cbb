"""Lists of skus: which are shown, in which order, what a row says."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from catalog.models import City, Pack, Picture, ProductSection, Sku
from catalog.selectors.stock import city_stock, stock_available

_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """One sku in a list; `packs` are (unit of the package, base units in it), small ones first."""

    sku_id: int
    product_id: int
    name: str
    article: str
    barcode: str
    brand: str
    unit: str
    picture_id: int | None
    packs: tuple[tuple[str, Decimal], ...]


def skus_listed(
    *,
    city: City | None,
    section_ids: Collection[int] | None = None,
    search: str = "",
    is_absent_shown: bool = False,
) -> QuerySet[Sku]:
    """Skus that a client of the city may see in lists.

    By default only what the city's warehouses can give now; with `is_absent_shown` also what they
    keep but have run out of. `section_ids` None means all sections.
    """
    stock = city_stock(city) if is_absent_shown else stock_available(city)
    skus = Sku.objects.on_sale().filter(Exists(stock.filter(sku=OuterRef("pk"))))
    if section_ids is not None:
        places = ProductSection.objects.filter(section_id__in=section_ids)
        skus = skus.filter(product_id__in=places.values("product_id"))
    return skus.filter(pk__in=skus_found(search)) if search_words(search) else skus


def skus_found(search: str) -> QuerySet[Sku]:
    """Skus on sale, in whatever city, that have every word of the search."""
    skus = Sku.objects.on_sale()
    for word in search_words(search):
        skus = skus.filter(_has(word))
    return skus


def skus_of(product_id: int) -> QuerySet[Sku]:
    """Characteristics of a product that are on sale, by name."""
    return Sku.objects.on_sale().filter(product_id=product_id).order_by("characteristic", "pk")


def search_words(text: str) -> list[str]:
    """Cut a search into words; PostgreSQL takes no NUL."""
    return text.replace("\0", " ").split()[:_MOST_WORDS]


def _has(word: str) -> Q:
    """The word stands in the name, the characteristic, the article or the barcode."""
    return (
        Q(product__name__icontains=word)
        | Q(characteristic__icontains=word)
        | Q(product__article__icontains=word)
        | Q(article__icontains=word)
        | Q(product__barcode=word)
        | Q(barcode=word)
    )


def with_available(skus: QuerySet[Sku], city: City | None) -> QuerySet[Any]:
    """Annotate `available`: the sum that the city's warehouses can give; for sorting."""
    sums = (
        stock_available(city)
        .filter(sku=OuterRef("pk"))
        .order_by()
        .values("sku_id")
        .annotate(total=Sum(F("free") - F("reserved")))
    )
    return skus.annotate(available=Coalesce(Subquery(sums.values("total")), Value(Decimal(0))))


def goods_rows(sku_ids: Sequence[int]) -> list[GoodsRow]:
    """Rows of a page in the given order, without what is not on sale any more; one query."""
    packs = Pack.objects.filter(product=OuterRef("product_id")).order_by("coefficient", "pk")
    picture = Picture.objects.filter(product=OuterRef("product_id")).order_by("position", "pk")
    found = (
        Sku.objects.on_sale()
        .filter(pk__in=sku_ids)
        .select_related("product__brand", "product__unit")
        .annotate(
            picture_id=Subquery(picture.values("pk")[:1]),
            pack_units=ArraySubquery(packs.values("unit__name")),
            pack_coefficients=ArraySubquery(packs.values("coefficient")),
        )
    )
    rows = {sku.pk: _row(sku) for sku in found}
    return [rows[pk] for pk in sku_ids if pk in rows]


def _row(sku: Sku) -> GoodsRow:
    product = sku.product
    return GoodsRow(
        sku_id=sku.pk,
        product_id=product.pk,
        name=sku.name,
        article=sku.article or product.article,
        barcode=sku.barcode or product.barcode,
        brand=product.brand.name if product.brand else "",
        unit=product.unit.name,
        picture_id=sku.picture_id,  # type: ignore[attr-defined]
        packs=tuple(zip(sku.pack_units, sku.pack_coefficients, strict=True)),  # type: ignore[attr-defined]
    )
