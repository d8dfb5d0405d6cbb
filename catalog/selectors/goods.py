"""Skus that a search finds, and what a row of a list says."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery

from catalog.models import Pack, Picture, Sku

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


def skus_found(search: str) -> QuerySet[Sku]:
    """Skus on sale, in whatever city, that have every word of the search."""
    skus = Sku.objects.on_sale()
    for word in search_words(search):
        skus = skus.filter(_has(word))
    return skus


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
