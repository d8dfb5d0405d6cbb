"""Elements that 1C sends again as they were: known by their bytes, and left alone while their rows stand."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from integrations.models import ExternalKind
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.sql import fetch, run
from integrations.onec.loading.staged_good import StagedGood
from integrations.onec.reading.blocks import Block, BlockList, blocks_of
from integrations.onec.reading.records import OfferRecord
from integrations.onec.texts import joined_key
from portal.lib import sorting

_ONEC = Path(__file__).parent.parent
_PORTION = 1000

# All rows that a good or an offer writes, and all that it reads besides them: whoever has changed one of
# them since, a person or another file, has the element loaded again.
_GOOD_STATE = """
(SELECT hash_record_extended(ROW(
    product.name, product.sort_key, product.full_name, product.article, product.code, product.barcode,
    product.description, product.kind, product.item_type, product.vat_percent, product.weight,
    product.volume, product.order_multiple, product.is_hidden,
    brand.id, brand.normalized_name, unit.id, unit.code, unit.name,
    (SELECT bit_xor(hash_record_extended(ROW(value.property_id, value.raw, value.option_id, value.text,
                                             value.number, property.value_type, option.value), 0))
       FROM catalog_propertyvalue value
       JOIN catalog_property property ON property.id = value.property_id
       LEFT JOIN catalog_propertyoption option ON option.id = value.option_id
      WHERE value.product_id = product.id),
    (SELECT bit_xor(hashint8extended(place.section_id, 0))
       FROM catalog_productsection place WHERE place.product_id = product.id),
    (SELECT bit_xor(hash_record_extended(ROW(pack.unit_id, pack.coefficient), 0))
       FROM catalog_pack pack WHERE pack.product_id = product.id),
    (SELECT bit_xor(hash_record_extended(ROW(picture.source_path, picture.position), 0))
       FROM catalog_picture picture WHERE picture.product_id = product.id),
    (SELECT bit_xor(hash_record_extended(ROW(base.article, base.barcode), 0))
       FROM catalog_sku base WHERE base.product_id = product.id AND base.characteristic = ''),
    EXISTS (SELECT FROM catalog_sku base JOIN catalog_sku own ON own.product_id = base.product_id
             WHERE base.product_id = product.id AND base.characteristic = '' AND NOT base.is_hidden
               AND own.characteristic <> '' AND NOT own.is_hidden)), 0)
   FROM catalog_product product
   JOIN catalog_unit unit ON unit.id = product.unit_id
   LEFT JOIN catalog_brand brand ON brand.id = product.brand_id
  WHERE product.id = {id})
"""
_OFFER_STATE = """
(SELECT hash_record_extended(ROW(
    sku.product_id, sku.characteristic, sku.article, sku.barcode, sku.is_hidden, product.name,
    (SELECT bit_xor(hash_record_extended(ROW(own.id, own.characteristic, own.is_hidden), 0))
       FROM catalog_sku own WHERE own.product_id = sku.product_id),
    (SELECT bit_xor(hash_record_extended(ROW(price.price_type_id, price.minimum_quantity, price.amount), 0))
       FROM pricing_price price WHERE price.sku_id = sku.id),
    (SELECT bit_xor(hash_record_extended(ROW(stock.warehouse_id, stock.free, stock.expected,
                                             stock.expected_date), 0))
       FROM catalog_stock stock WHERE stock.sku_id = sku.id)), 0)
   FROM catalog_sku sku JOIN catalog_product product ON product.id = sku.product_id
  WHERE sku.id = {id})
"""
_STATES = {ExternalKind.PRODUCT: _GOOD_STATE, ExternalKind.SKU: _OFFER_STATE}
# Of what stands behind goods nothing need be told: a property or a value that changes changes their rows.
_TERMS = """
SELECT hash_record_extended(ROW(
    (SELECT bit_xor(hash_record_extended(ROW(known.kind, known.external_id, known.object_id), 0))
       FROM integrations_externalid known
      WHERE known.node_id = %s AND known.kind IN ('price_type', 'warehouse')),
    (SELECT bit_xor(hash_record_extended(ROW(kind.id, kind.currency), 0)) FROM pricing_pricetype kind),
    (SELECT bit_xor(hash_record_extended(ROW(house.id, house.name), 0)) FROM catalog_warehouse house)), 0)
"""
# The states are reckoned of what was found, whatever the planner thinks of a table that has just grown.
_FIND = """
WITH same AS MATERIALIZED (
    SELECT wanted.key, told.object_id, told.is_deleted, told.prices, told.has_stock, told.pictures, told.state
      FROM unnest(%(keys)s::text[], %(digests)s::uuid[]) AS wanted (key, digest)
      JOIN integrations_externalid known
        ON known.node_id = %(node)s AND known.kind = %(kind)s AND known.external_id = wanted.key
      JOIN integrations_toldelement told
        ON told.node_id = known.node_id AND told.kind = known.kind AND told.object_id = known.object_id
     WHERE told.digest = wanted.digest AND told.terms = %(terms)s
       AND NOT EXISTS (SELECT FROM integrations_pendingterm waiting
                        WHERE %(kind)s = 'product' AND waiting.product_id = told.object_id))
SELECT key, object_id, is_deleted, prices, has_stock, pictures FROM same WHERE state = {state}
"""
# What changed while the file was being loaded is no word of 1C: it is to be loaded over once more. The rows
# of the load carry its own moment; stock, which orders and other bases move, is compared with what was told.
_UNTOUCHED = {
    ExternalKind.PRODUCT: """
(SELECT product.updated_at FROM catalog_product product WHERE product.id = fresh.object_id) <= %(at)s
""",
    ExternalKind.SKU: """
coalesce((SELECT max(price.updated_at) FROM pricing_price price WHERE price.sku_id = fresh.object_id),
         %(at)s) <= %(at)s
AND (SELECT count(*)
       FROM staged_stock mark
       JOIN catalog_stock stock ON stock.sku_id = mark.sku_id AND stock.warehouse_id = ANY(%(warehouses)s)
       LEFT JOIN staged_stock told
         ON told.sku_id = stock.sku_id AND told.warehouse_id = stock.warehouse_id
      WHERE mark.sku_id = fresh.object_id AND mark.warehouse_id IS NULL
        AND stock.free <> coalesce(told.free, 0)) = 0
""",
}
_COLUMNS = "object_id, digest, is_deleted, prices, has_stock, pictures"
_KEEP = f"""
INSERT INTO integrations_toldelement AS told (node_id, kind, terms, state, {_COLUMNS})
SELECT %(node)s, %(kind)s, %(terms)s, {{state}}, {_COLUMNS}
  FROM unnest(%(ids)s::bigint[], %(digests)s::uuid[], %(deleted)s::boolean[], %(prices)s::integer[],
              %(stock)s::boolean[], %(pictures)s::text[]) AS fresh ({_COLUMNS})
 WHERE NOT EXISTS (SELECT FROM integrations_pendingterm waiting
                    WHERE %(kind)s = 'product' AND waiting.product_id = fresh.object_id)
   AND {{untouched}}
ON CONFLICT (node_id, kind, object_id) DO UPDATE
   SET digest = EXCLUDED.digest, terms = EXCLUDED.terms, state = EXCLUDED.state,
       is_deleted = EXCLUDED.is_deleted, prices = EXCLUDED.prices, has_stock = EXCLUDED.has_stock,
       pictures = EXCLUDED.pictures
"""  # noqa: S608 - no value from outside


@dataclass(frozen=True, slots=True)
class Standing:
    """What is there to count of an element that is left alone; `object_id` is a product or a sku."""

    object_id: int
    is_deleted: bool
    prices: int | None
    has_stock: bool | None
    pictures: str = ""


class ToldElements:
    """The goods or the offers of one file that stand in the portal as the file tells them.

    `goods` and `offers` need only be counted, `places` of the file need not be read. An element is left
    alone when its bytes, the portal's rules, what stands behind it and every row of it are the same as
    after it was loaded last. A product's elements are left alone together or not at all. `head` is the
    place to leave out for what stands before them, None where nothing can be left alone. With `is_split`
    an offer that is silent of prices or of stock is a part of one, told by several files: of those each
    would push out what is kept of the others, so none is kept.
    """

    def __init__(self, context: LoadContext, path: Path) -> None:
        self._context = context
        found = None if _is_special(context) else blocks_of(path, name=context.file_name, salt=_RULES)
        self._list = found
        self._kind = ExternalKind.SKU if found and found.kind == "offers" else ExternalKind.PRODUCT
        self._blocks = _singles(found)
        self._taken: dict[str, Standing] = {}
        self._begun: set[str] = set()
        self._scattered: set[str] = set()
        self.is_split = False
        self.head = (found.blocks[0].start, path.stat().st_size, 0) if found else None
        self.goods: list[Standing] = []
        self.offers: list[Standing] = []
        self.places: list[tuple[int, int, int]] = []

    def find(self) -> None:
        """Find what stands, once the head of the file has been taken over."""
        blocks = self._list.blocks if self._list else []
        standing = self._standing(blocks)
        # Whose other element is to be loaded may not be left alone: one may undo what the other does.
        moving = {block.product_id for block in blocks if block.key not in standing}
        for block in blocks:
            if block.product_id not in moving:
                row = standing[block.key]
                (self.goods if self._kind == ExternalKind.PRODUCT else self.offers).append(row)
                self.places.append((block.start, block.end, block.lines))

    def take_good(self, good: StagedGood) -> None:
        """Remember a good that has been loaded."""
        record = good.record
        if self._kind == ExternalKind.PRODUCT and not record.characteristic_id:
            pictures = "\n".join(record.pictures or ())
            self._taken[record.product_id] = Standing(
                good.product_id, record.is_deleted, prices=None, has_stock=None, pictures=pictures
            )

    def take_portion(self, product_ids: set[str]) -> None:
        """Hear whose offers come together.

        Of a product whose offers come in several portions nothing is kept: what shows or hides the good as
        such looks at one of them, and is set right by loading them again.
        """
        self._scattered |= self._begun & product_ids
        self._begun |= product_ids

    def take_offer(self, offer: OfferRecord, sku_id: int) -> None:
        """Remember an offer that has been loaded."""
        has_stock = _has_stock(offer)
        is_part = self.is_split and (offer.prices is None or has_stock is None)
        if self._kind == ExternalKind.SKU and not is_part:
            self._taken[joined_key(offer.product_id, offer.characteristic_id)] = Standing(
                sku_id,
                is_deleted=bool(offer.is_deleted),
                prices=None if offer.prices is None else len({row.price_type_id for row in offer.prices}),
                has_stock=has_stock,
            )

    def keep(self, *, odd: set[str]) -> None:
        """Write down what was loaded without a word to say about it; `odd` are ids that nobody read whole."""
        doubtful = self._context.report.doubtful | odd | self._scattered
        fresh = [
            (self._blocks[key].digest, row)
            for key, row in self._taken.items()
            if key in self._blocks and doubtful.isdisjoint({key, self._blocks[key].product_id})
        ]
        if not fresh:
            return
        context = self._context
        parameters = {
            "node": context.node_id,
            "kind": self._kind,
            "terms": self._terms(),
            "at": context.at,
            "warehouses": list(context.ids.known(ExternalKind.WAREHOUSE).values()),
        }
        statement = _KEEP.format(
            state=_STATES[self._kind].format(id="fresh.object_id"), untouched=_UNTOUCHED[self._kind]
        )
        for start in range(0, len(fresh), _PORTION):
            run(statement, parameters | _columns(fresh[start : start + _PORTION]))

    def _standing(self, blocks: list[Block]) -> dict[str, Standing]:
        if not blocks:
            return {}
        parameters = {"node": self._context.node_id, "kind": self._kind, "terms": self._terms()}
        statement = _FIND.format(state=_STATES[self._kind].format(id="same.object_id"))
        single = [block for block in blocks if block.key in self._blocks]
        found: dict[str, Standing] = {}
        for start in range(0, len(single), _PORTION):
            portion = single[start : start + _PORTION]
            told = {"keys": [b.key for b in portion], "digests": [b.digest for b in portion]}
            found |= {key: Standing(*row) for key, *row in fetch(statement, parameters | told)}
        return self._without_pictures(found)

    def _without_pictures(self, found: dict[str, Standing]) -> dict[str, Standing]:
        """Leave out goods whose pictures came along: their content is another one perhaps."""
        names = {name for row in found.values() for name in row.pictures.split("\n") if name}
        came = self._context.uploads.find(names) if names else {}
        if not came:
            return found
        return {key: row for key, row in found.items() if came.keys().isdisjoint(row.pictures.split("\n"))}

    def _terms(self) -> int:
        if self._kind == ExternalKind.PRODUCT:
            return 0
        ((terms,),) = fetch(_TERMS, [self._context.node_id])
        return int(terms)


def _is_special(context: LoadContext) -> bool:
    """Loads that look at more than what the file tells, or whose traces are taken back."""
    return context.is_late or context.is_confirming or context.is_trial


def _singles(told: BlockList | None) -> dict[str, Block]:
    """Elements by id; one that comes again in the file is none: the last one counts."""
    blocks = told.blocks if told else []
    times = Counter(block.key for block in blocks)
    return {block.key: block for block in blocks if times[block.key] == 1}


def _has_stock(offer: OfferRecord) -> bool | None:
    if offer.stocks is None and offer.quantity is None:
        return None
    return any(free > 0 for _key, free in offer.stocks or ()) or (offer.quantity or 0) > 0


def _columns(fresh: Sequence[tuple[str, Standing]]) -> dict[str, list[Any]]:
    return {
        "ids": [row.object_id for _digest, row in fresh],
        "digests": [digest for digest, _row in fresh],
        "deleted": [row.is_deleted for _digest, row in fresh],
        "prices": [row.prices for _digest, row in fresh],
        "stock": [row.has_stock for _digest, row in fresh],
        "pictures": [row.pictures for _digest, row in fresh],
    }


def rules() -> bytes:
    """Digest of the code that makes rows of bytes: after an update everything is loaded anew once."""
    code = b"".join(place.read_bytes() for place in _sources())
    return hashlib.blake2b(code + version("nh3").encode()).digest()


def _sources() -> Iterator[Path]:
    for folder in (_ONEC / "reading", _ONEC / "loading"):
        yield from sorted(folder.glob("*.py"))
    yield _ONEC / "texts.py"
    yield Path(sorting.__file__)


_RULES = rules()  # of the code that runs: files may be newer by the time of the first load
