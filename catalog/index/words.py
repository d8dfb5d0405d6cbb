"""Blocks of the search: goods by term of their names, codes, brands and values."""

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from django.db import connection
from pyroaring import BitMap

from catalog.index.buckets import term_bucket
from catalog.index.kinds import LEXICON, PHRASES, WORDS
from catalog.index.parts import Touch
from catalog.index.writing import Writing
from catalog.search.goods_text import GoodsText, terms_of

ANALYSIS = 1
"""Grows when a good's terms would come out another way: all texts are then analysed anew."""
CODE = "c:"
LONGEST_CODE, LONGEST_VALUE, MOST_VALUES = 60, 60, 40
_PORTION = 5_000
_NOTHING = BitMap()

# {skus} is a condition. A text that is as before stays where it is: only its digest is compared.
_TEXTS = """
SELECT told.sku_id, told.digest, CASE WHEN known.digest = told.digest THEN NULL ELSE told.text END,
       array_to_string(known.terms, E'\\x1f')
  FROM (SELECT sku_id, text, substr(sha256(convert_to(%s || text, 'UTF8')), 1, 16) AS digest FROM (
        SELECT sku.id AS sku_id, jsonb_build_array(
                 product.name, sku.characteristic, coalesce(brand.name, ''), unit.name,
                 ARRAY[product.article, sku.article, product.code], ARRAY[product.barcode, sku.barcode],
                 ARRAY(SELECT DISTINCT value.text FROM catalog_propertyvalue value
                         JOIN catalog_property property
                           ON property.id = value.property_id AND NOT property.is_hidden
                        WHERE value.product_id = product.id AND value.text <> '' AND length(value.text) <= %s
                        ORDER BY value.text LIMIT %s)
               )::text AS text
          FROM catalog_sku sku
          JOIN catalog_product product ON product.id = sku.product_id
          JOIN catalog_unit unit ON unit.id = product.unit_id
          LEFT JOIN catalog_brand brand ON brand.id = product.brand_id
         WHERE {skus} ORDER BY sku.id LIMIT %s) AS own) AS told
  LEFT JOIN catalog_indextext known ON known.sku_id = told.sku_id
 ORDER BY told.sku_id
"""
_PUT_TEXTS = """
INSERT INTO catalog_indextext (sku_id, digest, terms)
SELECT sku_id, digest, string_to_array(terms, E'\\x1f')
  FROM unnest(%s::bigint[], %s::bytea[], %s::text[]) AS told (sku_id, digest, terms)
ON CONFLICT (sku_id) DO UPDATE SET digest = EXCLUDED.digest, terms = EXCLUDED.terms
"""
_PUT_CODES = """
INSERT INTO catalog_indexcode (generation_id, code) SELECT %s, unnest(%s::text[]) ON CONFLICT DO NOTHING
"""
_COPY_CODES = "COPY catalog_indexcode (generation_id, code) FROM STDIN"
_BRANDED = "SELECT id FROM catalog_product WHERE brand_id = ANY(%s)"
_CARRY = """
INSERT INTO catalog_indexblock (generation_id, kind, owner, chunk, payload)
SELECT %s, kind, owner, chunk, payload FROM catalog_indexblock block
  JOIN catalog_indexgeneration generation ON generation.id = block.generation_id AND generation.is_live
 WHERE kind = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class _Known:
    """A sku's terms as they are now and as they were; `digest` None when nothing has changed."""

    sku_id: int
    terms: Iterable[str]
    before: Iterable[str]
    digest: bytes | None


class WordsPart:
    """Goods by term, terms by the dozen in a block; codes also as rows, to be found by their beginnings."""

    kinds = frozenset({"product", "brand"})

    def build(self, writing: Writing) -> None:
        goods: defaultdict[str, array[int]] = defaultdict(partial(array, "I"))
        for portion in _all_texts():
            _remember(portion)
            places = writing.ordinals(np.fromiter((known.sku_id for known in portion), np.int64))
            for known, place in zip(portion, places.tolist(), strict=True):
                if place >= 0:  # a sku committed since is numbered by its own touch
                    for term in known.terms:
                        goods[term].append(place)
        for bucket, terms in _by_bucket(goods).items():
            writing.put_bitmaps(WORDS, {term: BitMap(goods[term]) for term in terms}, bucket)
        _copy_codes(writing.generation_id, goods)
        with connection.cursor() as cursor:
            cursor.execute(_CARRY, [writing.generation_id, [LEXICON.name, PHRASES.name]])

    def refresh(self, writing: Writing, touches: Sequence[Touch]) -> None:
        product_ids = _touched_products(touches)
        if product_ids is None:
            portions = _all_texts()
        else:
            portions = iter([_texts("product.id = ANY(%s)", [product_ids])])
        for portion in portions:
            changed = [known for known in portion if known.digest is not None]
            if changed:
                _remember(changed)
                _move(writing, changed)


def _by_bucket(terms: Iterable[str]) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for term in terms:
        found[term_bucket(term)].append(term)
    return found


def _touched_products(touches: Sequence[Touch]) -> list[int] | None:
    """Products of the touches, those of touched brands among them; None: all."""
    if any(touch.ids is None for touch in touches):
        return None
    products = {pk for touch in touches if touch.kind == "product" for pk in touch.ids or ()}
    brands = sorted({pk for touch in touches if touch.kind == "brand" for pk in touch.ids or ()})
    if brands:
        with connection.cursor() as cursor:
            cursor.execute(_BRANDED, [brands])
            products |= {pk for (pk,) in cursor.fetchall()}
    return sorted(products)


def _all_texts() -> Iterator[list[_Known]]:
    last = 0
    while portion := _texts("sku.id > %s", [last], _PORTION):
        yield portion
        last = portion[-1].sku_id


def _texts(condition: str, params: Sequence[Any], most: int | None = None) -> list[_Known]:
    """Skus with their terms; a text that is as before is not analysed."""
    with connection.cursor() as cursor:
        told = [str(ANALYSIS), LONGEST_VALUE, MOST_VALUES, *params, most]
        cursor.execute(_TEXTS.format(skus=condition), told)
        return [_known(*row) for row in cursor.fetchall()]


def _known(sku_id: int, digest: bytes, text: str | None, terms: str | None) -> _Known:
    before = tuple(terms.split("\x1f")) if terms else ()
    if text is None:
        return _Known(sku_id, before, before, None)
    name, characteristic, brand, unit, articles, barcodes, values = json.loads(text)
    goods = GoodsText(
        name=name,
        characteristic=characteristic,
        brand=brand,
        articles=tuple(dict.fromkeys(filter(None, articles))),
        barcodes=tuple(dict.fromkeys(filter(None, barcodes))),
        values=tuple(values),
        unit=unit,
    )
    return _Known(sku_id, terms_of(goods).terms, before, bytes(digest))


def _remember(portion: Iterable[_Known]) -> None:
    changed = [known for known in portion if known.digest is not None]
    if changed:
        with connection.cursor() as cursor:
            ids = [known.sku_id for known in changed]
            terms = ["\x1f".join(sorted(known.terms)) for known in changed]
            cursor.execute(_PUT_TEXTS, [ids, [known.digest for known in changed], terms])


def _move(writing: Writing, changed: Sequence[_Known]) -> None:
    """Take goods out of the blocks of terms they have no more, and put them into those of new ones."""
    places = writing.ordinals(np.fromiter((known.sku_id for known in changed), np.int64))
    gone: dict[str, BitMap] = {}
    come: dict[str, BitMap] = {}
    for known, place in zip(changed, places.tolist(), strict=True):
        if place < 0:
            continue
        now, before = set(known.terms), set(known.before)
        for term in before - now:
            gone.setdefault(term, BitMap()).add(place)
        for term in now:  # also of known ones: a new generation may have numbered the sku meanwhile
            come.setdefault(term, BitMap()).add(place)
    buckets = _by_bucket({*gone, *come})
    blocks = writing.bitmaps_of(WORDS, buckets)
    for bucket, terms in buckets.items():
        own = blocks.get(bucket, {})
        fresh = {
            term: (own.get(term, _NOTHING) - gone.get(term, _NOTHING)) | come.get(term, _NOTHING)
            for term in terms
        }
        if any(goods != own.get(term, _NOTHING) for term, goods in fresh.items()):
            writing.put_bitmaps(WORDS, own | fresh, bucket)
    _put_codes(writing.generation_id, come)


def _codes(terms: Iterable[str]) -> set[str]:
    return {term.removeprefix(CODE)[:LONGEST_CODE] for term in terms if term.startswith(CODE)}


def _put_codes(generation_id: int, terms: Iterable[str]) -> None:
    if codes := sorted(_codes(terms)):
        with connection.cursor() as cursor:
            cursor.execute(_PUT_CODES, [generation_id, codes])


def _copy_codes(generation_id: int, terms: Iterable[str]) -> None:
    """All codes of a new generation, in their order: the tree of the index then grows at its end only."""
    with connection.cursor() as cursor, cursor.copy(_COPY_CODES) as copy:
        for code in sorted(_codes(terms)):
            copy.write_row((generation_id, code))
