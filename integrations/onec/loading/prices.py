"""Prices per base unit: those of one source are replaced by what an offer lists."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from integrations.models import ExternalKind
from integrations.onec.loading.breaker import Sample
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.sql import copy_rows, fetch, run
from integrations.onec.loading.terms import adopt_price_types
from integrations.onec.reading.records import OfferRecord, PriceRow
from integrations.onec.texts import ID_LENGTH, currency, joined_key

_LARGEST = Decimal(10) ** 14
_TEN_THOUSANDTH = Decimal("0.0001")

# A row without an amount marks a price type that was told but could not be read: it stays as it is.
_DROP = """
DELETE FROM pricing_price price
 WHERE price.sku_id = ANY(%s) AND price.price_type_id = ANY(%s) AND price.updated_at <= %s
   AND NOT EXISTS (SELECT FROM staged_price told
                    WHERE told.sku_id = price.sku_id AND told.price_type_id = price.price_type_id)
RETURNING price.sku_id, price.amount, 0::numeric
"""
# One statement finds what was there, changes what differs and tells how much moved too far.
_CHANGE = """
WITH told AS MATERIALIZED (
    SELECT price.id, price.sku_id, price.amount AS before, told.amount AS after,
           abs(told.amount - price.amount) * 100 > price.amount * %(step)s AS is_far
      FROM staged_price told
      JOIN pricing_price price ON price.sku_id = told.sku_id AND price.price_type_id = told.price_type_id
     WHERE price.minimum_quantity = 0 AND told.amount IS NOT NULL AND price.updated_at <= %(until)s),
changed AS (
    UPDATE pricing_price price SET amount = told.after, updated_at = %(at)s
      FROM told WHERE price.id = told.id AND (told.before <> told.after OR %(confirm)s)
 RETURNING told.before <> told.after AS is_other)
SELECT count(*), (SELECT count(*) FROM changed WHERE is_other),
       count(*) FILTER (WHERE is_far AND before > 0),
       (array_agg(ARRAY[sku_id, before, after]) FILTER (WHERE is_far AND before > 0))[1:20]
  FROM told
"""
_ADD = """
INSERT INTO pricing_price (sku_id, price_type_id, minimum_quantity, amount, updated_at)
SELECT told.sku_id, told.price_type_id, 0, told.amount, %s
  FROM staged_price told
 WHERE told.amount IS NOT NULL
   AND NOT EXISTS (SELECT FROM pricing_price price
                    WHERE price.sku_id = told.sku_id AND price.price_type_id = told.price_type_id
                      AND price.minimum_quantity = 0)
"""
# Applied late: what a newer file has told of the sku is complete, a type that it left out stays out.
_ADD_LATE = (
    _ADD
    + """
   AND NOT EXISTS (SELECT FROM pricing_price newer
                    WHERE newer.sku_id = told.sku_id AND newer.updated_at > %s AND newer.updated_at < %s)
"""
)
_UNITS = """
SELECT product.id, lower(unit.code), lower(unit.name), lower(unit.international_code)
  FROM catalog_product product JOIN catalog_unit unit ON unit.id = product.unit_id
 WHERE product.id = ANY(%s)
"""


class PriceLoader:
    """Writes the prices of one file, a portion at a time."""

    def __init__(self, context: LoadContext) -> None:
        self._context = context
        self._currencies: dict[int, str] = {}
        self.is_told = False

    def adopt_types(self, offers: Sequence[OfferRecord]) -> None:
        """Make rows for types that nobody has named: 3.1 may send prices before their list."""
        known = self._context.ids.known(ExternalKind.PRICE_TYPE)
        missing = {
            row.price_type_id[:ID_LENGTH]: currency(row.currency)
            for offer in offers
            for row in offer.prices or ()
            if row.price_type_id not in known
        }
        if missing:
            adopt_price_types(self._context, missing)
            self._currencies = {}

    def write(
        self,
        offers: Sequence[OfferRecord],
        skus: dict[str, int],
        products: dict[str, int],
        *,
        is_overtaken: bool,
    ) -> None:
        """Write prices of offers that list any; a file overtaken by a newer one only adds what is missing."""
        priced = [offer for offer in offers if offer.prices is not None]
        if not priced:
            return
        self.is_told = True
        units = self._units(priced, products)
        told = {
            skus[joined_key(offer.product_id, offer.characteristic_id)]: self._amounts(
                offer, units.get(products[offer.product_id], ())
            )
            for offer in priced
        }
        copy_rows(
            "staged_price",
            "sku_id, price_type_id, amount",
            (
                (sku_id, type_id, amount)
                for sku_id, amounts in told.items()
                for type_id, amount in amounts.items()
            ),
        )
        changed = 0 if is_overtaken else self._drop(list(told)) + self._change()
        changed += self._add()
        self._context.report.counts["prices_changed"] += changed

    def count(self, told: Sequence[int | None], *, is_overtaken: bool) -> None:
        """Take notice of prices that came as they are: so many of each offer, None of one silent of them."""
        self.is_told = self.is_told or any(prices is not None for prices in told)
        if not is_overtaken:
            self._context.mass.prices.add(known=sum(prices or 0 for prices in told), hit=0, samples=[])

    def _add(self) -> int:
        context = self._context
        if context.is_late:
            return run(_ADD_LATE, [context.at, context.keep_after, context.at])
        return run(_ADD, [context.at])

    def _drop(self, sku_ids: list[int]) -> int:
        """Remove prices that the offers no longer list; a price that goes has moved as far as one can."""
        types = list(self._context.ids.known(ExternalKind.PRICE_TYPE).values())
        gone = [Sample(*row) for row in fetch(_DROP, [sku_ids, types, self._context.keep_after])]
        self._context.mass.prices.add(
            known=len(gone), hit=sum(sample.before > 0 for sample in gone), samples=gone
        )
        return len(gone)

    def _change(self) -> int:
        context = self._context
        parameters = {
            "step": context.price_step,
            "until": context.keep_after,
            "at": context.at,
            "confirm": context.is_confirming,
        }
        ((known, changed, far, rows),) = fetch(_CHANGE, parameters)
        samples = [Sample(int(pk), before, after) for pk, before, after in rows or ()]
        context.mass.prices.add(known=known, hit=far, samples=samples)
        return int(changed)

    def _amounts(self, offer: OfferRecord, units: tuple[str, ...]) -> dict[int, Decimal | None]:
        """One amount per price type; of two for one type, that of the base unit, else the last."""
        known = self._context.ids.known(ExternalKind.PRICE_TYPE)
        by_type: dict[int, list[PriceRow]] = {}
        for row in offer.prices or ():
            type_id = known.get(row.price_type_id)
            if type_id is None:  # an offer that waited for its good; the type was removed meanwhile
                self._warn(offer, "Неизвестный вид цен, цена пропущена", row.line)
            else:
                by_type.setdefault(type_id, []).append(row)
        return {type_id: self._amount(offer, type_id, rows, units) for type_id, rows in by_type.items()}

    def _amount(
        self, offer: OfferRecord, type_id: int, rows: list[PriceRow], units: tuple[str, ...]
    ) -> Decimal | None:
        row = rows[-1]
        if len(rows) > 1:
            in_base = [r for r in rows if r.coefficient == 1 and r.unit.strip().lower() in units]
            row = in_base[-1] if in_base else row
            self._warn(offer, "Две цены одного вида: взята цена базовой единицы или последняя", row.line)
        if row.amount is None or row.amount < 0 or row.amount >= _LARGEST:
            self._warn(offer, "Цена не читается, пропущена", row.line)
            return None
        if row.currency and currency(row.currency) != self._currency(type_id):
            self._warn(offer, f"Валюта цены {row.currency} не та, что у вида цен, цена пропущена", row.line)
            return None
        if not row.coefficient or row.coefficient < 0:
            self._warn(offer, "Коэффициент единицы не читается, цена пропущена", row.line)
            return None
        if row.coefficient == 1:
            return row.amount  # the column rounds half up, too
        return (row.amount / row.coefficient).quantize(_TEN_THOUSANDTH, ROUND_HALF_UP)

    def _currency(self, type_id: int) -> str:
        if type_id not in self._currencies:
            self._currencies = dict(fetch("SELECT id, currency FROM pricing_pricetype"))
        return self._currencies[type_id]

    def _units(self, offers: Sequence[OfferRecord], products: dict[str, int]) -> dict[int, tuple[str, ...]]:
        """Names of the base unit of goods that have two prices of one type; few have."""
        doubtful = [products[offer.product_id] for offer in offers if _has_repeated_type(offer)]
        if not doubtful:
            return {}
        return {pk: tuple(filter(None, names)) for pk, *names in fetch(_UNITS, [doubtful])}

    def _warn(self, offer: OfferRecord, text: str, line: int) -> None:
        key = joined_key(offer.product_id, offer.characteristic_id)
        self._context.report.warn(text, external_id=key, line=line)


def _has_repeated_type(offer: OfferRecord) -> bool:
    types = [row.price_type_id for row in offer.prices or ()]
    return len(types) > len(set(types))
