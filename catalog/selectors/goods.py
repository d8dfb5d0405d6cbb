"""What a row of a list says of a sku."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from catalog.models import sku_name


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """One sku in a list; `packs` are (unit of the package, base units in it), small ones first.

    `order_multiple`: by how many base units it is sold; None: by any number.
    """

    sku_id: int
    product_id: int
    name: str
    article: str
    barcode: str
    brand: str
    unit: str
    picture_id: int | None
    packs: tuple[tuple[str, Decimal], ...]
    order_multiple: Decimal | None


_ROWS = """
SELECT sku.id, sku.product_id, product.name, sku.characteristic,
       coalesce(nullif(sku.article, ''), product.article), coalesce(nullif(sku.barcode, ''), product.barcode),
       coalesce(brand.name, ''), unit.name,
       (SELECT id FROM catalog_picture WHERE product_id = product.id ORDER BY position, id LIMIT 1),
       packs.units, packs.coefficients, product.order_multiple
  FROM catalog_sku sku
  JOIN catalog_product product ON product.id = sku.product_id
  JOIN catalog_unit unit ON unit.id = product.unit_id
  LEFT JOIN catalog_brand brand ON brand.id = product.brand_id
 CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(own.name ORDER BY pack.coefficient, pack.id), '{}') AS units,
               coalesce(array_agg(pack.coefficient ORDER BY pack.coefficient, pack.id), '{}') AS coefficients
          FROM catalog_pack pack JOIN catalog_unit own ON own.id = pack.unit_id
         WHERE pack.product_id = product.id
       ) AS packs
 WHERE sku.id = ANY(%s) AND NOT sku.is_hidden AND NOT product.is_hidden
"""
"""Skus on sale, as `Sku.objects.on_sale()` has it; by hand, since Django takes longer to put it together."""


def goods_rows(sku_ids: Sequence[int]) -> list[GoodsRow]:
    """Rows of a page in the given order, without what is not on sale any more; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [list(sku_ids)])
        rows = {found[0]: _row(*found) for found in cursor.fetchall()}
    return [rows[pk] for pk in sku_ids if pk in rows]


def _row(
    sku_id: int,
    product_id: int,
    product: str,
    characteristic: str,
    article: str,
    barcode: str,
    brand: str,
    unit: str,
    picture_id: int | None,
    pack_units: list[str],
    coefficients: list[Decimal],
    order_multiple: Decimal | None,
) -> GoodsRow:
    return GoodsRow(
        sku_id=sku_id,
        product_id=product_id,
        name=sku_name(product, characteristic),
        article=article,
        barcode=barcode,
        brand=brand,
        unit=unit,
        picture_id=picture_id,
        packs=tuple(zip(pack_units, coefficients, strict=True)),
        order_multiple=order_multiple,
    )
