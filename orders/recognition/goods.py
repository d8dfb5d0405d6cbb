"""What must be known of a good to take a row for it."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from catalog.models.goods import sku_name
from catalog.search.letters import code_key
from portal.lib.sorting import name_sort_key

_GOODS = """
SELECT sku.id, sku.product_id, product.name, sku.characteristic, sku.article, product.article, product.code,
       sku.barcode, product.barcode, sku.is_hidden OR product.is_hidden, unit.code, unit.name,
       product.order_multiple, packs.units, packs.coefficients
  FROM catalog_sku sku
  JOIN catalog_product product ON product.id = sku.product_id
  JOIN catalog_unit unit ON unit.id = product.unit_id
  LEFT JOIN LATERAL (
        SELECT array_agg(unit.name ORDER BY pack.id) AS units,
               array_agg(pack.coefficient ORDER BY pack.id) AS coefficients
          FROM catalog_pack pack JOIN catalog_unit unit ON unit.id = pack.unit_id
         WHERE pack.product_id = product.id
       ) AS packs ON true
 WHERE sku.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class GoodUnit:
    """The unit that a good is sold by; `code` is ОКЕИ's or empty."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Good:
    """A sku with all that it is called; `packs` are (unit, base units in it)."""

    sku_id: int
    product_id: int
    name: str
    characteristic: str
    sku_article: str
    product_article: str
    code: str
    barcodes: tuple[str, ...]
    is_hidden: bool
    unit: GoodUnit
    order_multiple: Decimal | None
    packs: tuple[tuple[str, Decimal], ...]

    @property
    def full_name(self) -> str:
        return sku_name(self.name, self.characteristic)

    @property
    def article(self) -> str:
        return self.sku_article or self.product_article

    def called_by(self, key: str) -> str:
        """How a code (its key) names the good: `barcode`, `article`, `code`; empty where it does not."""
        if any(code_key(barcode) == key for barcode in self.barcodes):
            return "barcode"
        if key in (code_key(self.sku_article), code_key(self.product_article)):
            return "article"
        return "code" if code_key(self.code) == key else ""

    def is_named(self, name_key: str) -> bool:
        """Whether this is its full name (`name_sort_key`), with its characteristic where it has one."""
        return name_sort_key(self.full_name) == name_key


def goods_read(sku_ids: Collection[int]) -> dict[int, Good]:
    """Goods by sku, hidden ones too; one query, none for no skus."""
    if not sku_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_GOODS, [list(sku_ids)])
        return {row[0]: _good(*row) for row in cursor.fetchall()}


def _good(
    sku_id: int,
    product_id: int,
    name: str,
    characteristic: str,
    sku_article: str,
    product_article: str,
    code: str,
    sku_barcode: str,
    product_barcode: str,
    is_hidden: bool,
    unit_code: str,
    unit_name: str,
    order_multiple: Decimal | None,
    units: list[str] | None,
    coefficients: list[Decimal] | None,
) -> Good:
    return Good(
        sku_id=sku_id,
        product_id=product_id,
        name=name,
        characteristic=characteristic,
        sku_article=sku_article,
        product_article=product_article,
        code=code,
        barcodes=tuple(barcode for barcode in (sku_barcode, product_barcode) if barcode),
        is_hidden=is_hidden,
        unit=GoodUnit(unit_code, unit_name),
        order_multiple=order_multiple,
        packs=tuple(zip(units or (), coefficients or (), strict=True)),
    )
