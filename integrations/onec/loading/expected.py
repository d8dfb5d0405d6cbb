"""Goods on their way: gathered while the file is read, written after the stock."""

from collections.abc import Sequence
from decimal import Decimal

from integrations.models import ExternalKind
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.sql import copy_rows, fetch, run
from integrations.onec.loading.terms import default_warehouse
from integrations.onec.reading.records import OfferRecord
from integrations.onec.texts import joined_key

_LARGEST = Decimal(10) ** 12
_THOUSANDTH = Decimal("0.001")

# The last word of a file counts. A warehouse that never had the good gets a row without stock.
_WRITE = """
INSERT INTO catalog_stock (sku_id, warehouse_id, free, reserved, expected, expected_date, updated_at)
SELECT DISTINCT ON (told.sku_id, told.warehouse_id)
       told.sku_id, told.warehouse_id, 0, 0, told.quantity, told.expected_date, %(at)s
  FROM staged_expected told ORDER BY told.sku_id, told.warehouse_id, told.place DESC
ON CONFLICT (sku_id, warehouse_id) DO UPDATE
   SET expected = EXCLUDED.expected, expected_date = EXCLUDED.expected_date
 WHERE (catalog_stock.expected, catalog_stock.expected_date)
       IS DISTINCT FROM (EXCLUDED.expected, EXCLUDED.expected_date)
   AND (catalog_stock.updated_at <= %(until)s OR catalog_stock.updated_at = %(at)s)
"""


class ExpectedLoader:
    """Gathers what one file says of goods on their way; an offer that is silent of them leaves them."""

    def __init__(self, context: LoadContext) -> None:
        self._context = context
        self._names: dict[str, int] = {}
        self._place = 0

    def stage(self, offers: Sequence[OfferRecord], skus: dict[str, int]) -> None:
        """Remember what the offers say."""
        rows = []
        for offer in offers:
            warehouse_id = self._warehouse(offer)
            if offer.expected is not None and warehouse_id is not None:
                sku_id = skus[joined_key(offer.product_id, offer.characteristic_id)]
                quantity = offer.expected.quantity.quantize(_THOUSANDTH)
                self._place += 1
                rows.append(
                    (sku_id, warehouse_id, quantity, offer.expected.on if quantity else None, self._place)
                )
        copy_rows("staged_expected", "sku_id, warehouse_id, quantity, expected_date, place", rows)

    def write(self) -> None:
        """Write what was gathered."""
        if self._place:
            parameters = {"at": self._context.at, "until": self._context.keep_after}
            self._context.report.counts["expected_changed"] += run(_WRITE, parameters)

    def _warehouse(self, offer: OfferRecord) -> int | None:
        """By id, by name, else the only one there is."""
        if offer.expected is None or offer.expected.quantity >= _LARGEST:
            return None
        told = offer.expected.warehouse
        found = self._known(told) if told else default_warehouse(self._context)
        if found is None:
            self._context.report.warn(
                "Ожидаемое поступление без известного склада пропущено",
                external_id=offer.product_id,
                line=offer.line,
            )
        return found

    def _known(self, told: str) -> int | None:
        known = self._context.ids.known(ExternalKind.WAREHOUSE)
        if told in known:
            return known[told]
        if not self._names:
            rows = fetch("SELECT name, id FROM catalog_warehouse WHERE id = ANY(%s)", [list(known.values())])
            self._names = {str(name).casefold(): int(pk) for name, pk in rows}
        return self._names.get(told.casefold())
