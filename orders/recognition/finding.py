"""Which goods the codes and names of rows may mean: everything is looked up for all rows at once."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection
from pyroaring import BitMap

from catalog.index.reading import Index
from catalog.search.goods_text import grams
from catalog.search.letters import code_key
from orders.models import ClientCode
from orders.recognition.asked import Asked
from orders.recognition.goods import Good, goods_read
from portal.lib.sorting import name_sort_key

MOST_CANDIDATES = 10
_LONGEST_CODE, _LONGEST_INDEXED, _LONGEST_NAME = 300, 60, 500
_BROAD = 40
"""A code that stands in the names of more goods is narrowed to those whose article ends so."""

_NAMED = """
SELECT sku.id, product.sort_key
  FROM catalog_product product JOIN catalog_sku sku ON sku.product_id = product.id
 WHERE product.sort_key = ANY(%s) AND NOT product.is_hidden AND NOT sku.is_hidden
"""
_WITH_CHARACTERISTIC = re.compile(r"(?P<product>.+?) \(.+\)")


@dataclass(frozen=True, slots=True)
class Finds:
    """Goods that a row may mean: by which kind of its words, and whether they are only like it."""

    goods: tuple[Good, ...] = ()
    found_by: str = ""
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """All that was looked up: skus by key of a code or a name, and the goods themselves."""

    of_clients: Mapping[str, int]
    by_code: Mapping[str, tuple[int, ...]]
    by_name: Mapping[str, tuple[int, ...]]
    goods: Mapping[int, Good]

    def find(self, asked: Asked) -> Finds:
        """The first way that finds something: id, client's code, barcode or article, exact full name."""
        chosen = self.goods.get(asked.sku_id) if asked.sku_id else None
        if chosen is not None:
            return Finds((chosen,), "id")
        key, name = row_key(asked), name_key(asked)
        theirs = self.goods.get(self.of_clients.get(client_key(asked), 0))
        if theirs is not None:
            return Finds((theirs,), "client")
        coded = [self.goods[pk] for pk in self.by_code.get(key, ()) if pk in self.goods]
        exact = _narrowed([good for good in coded if good.called_by(key)], name)
        if exact:
            return Finds(exact, exact[0].called_by(key))
        own = [self.goods[pk] for pk in self.by_name.get(name, ()) if pk in self.goods]
        named = [good for good in own if good.is_named(name)] or [
            good for good in own if name_sort_key(good.name) == name
        ]
        if named:
            return Finds(tuple(named), "name")
        alike = own or [good for good in coded if not good.is_hidden]
        return Finds(tuple(alike[:MOST_CANDIDATES]), is_guess=True)


def known_for(asked: Sequence[Asked], *, holding_id: int, index: Index) -> Known:
    """Look all rows up; six queries at most."""
    keys = {key for one in asked if (key := row_key(one))}
    of_clients = _of_clients(holding_id, {key for one in asked if (key := client_key(one))})
    by_code = _by_code(index, keys - of_clients.keys())
    by_name = _by_name({full for one in asked if (full := _full_name(one))})
    wanted = {one.sku_id for one in asked if one.sku_id} | set(of_clients.values())
    for found in (by_code, by_name):
        wanted.update(pk for pks in found.values() for pk in pks)
    return Known(of_clients, by_code, by_name, goods_read(wanted))


def row_key(asked: Asked) -> str:
    """The code of a row as it is looked up."""
    return code_key(asked.code[:_LONGEST_CODE]) if asked.code else ""


def client_key(asked: Asked) -> str:
    """What the client may have taught us: his code, where he has none his name of the good."""
    return row_key(asked) or code_key(asked.name[:_LONGEST_CODE])


def name_key(asked: Asked) -> str:
    """The name of a row as it is looked up; a table of one column has it where the code should be."""
    return name_sort_key(_full_name(asked)) if asked.name or asked.code else ""


def _full_name(asked: Asked) -> str:
    return " ".join((asked.name or asked.code)[:_LONGEST_NAME].split())


def _narrowed(goods: Sequence[Good], name: str) -> tuple[Good, ...]:
    """Those on sale, all where none is; of several the one that the row names in full."""
    shown = [good for good in goods if not good.is_hidden] or list(goods)
    if len(shown) < 2:
        return tuple(shown)
    named = [good for good in shown if good.is_named(name)]
    return tuple(named or shown)


def _of_clients(holding_id: int, keys: Collection[str]) -> dict[str, int]:
    if not keys:
        return {}
    codes = ClientCode.objects.in_use().filter(holding=holding_id, key__in=list(keys))
    return dict(codes.values_list("key", "sku_id"))


def _by_code(index: Index, keys: Collection[str]) -> dict[str, tuple[int, ...]]:
    """Skus by code: barcodes and articles, and goods that have the code in their name.

    A short code stands in thousands of names: of those only such whose article ends so are kept.
    """
    posted = index.words([f"{kind}:{key[:_LONGEST_INDEXED]}" for key in keys for kind in "ec"])
    found: dict[str, BitMap] = {}
    for key in keys:
        short = key[:_LONGEST_INDEXED]
        if goods := posted.get(f"c:{short}"):
            found[key] = goods
    broad = {key: _last_gram(key) for key, goods in found.items() if len(goods) > _BROAD}
    if broad:
        ending = index.words(set(broad.values()))
        for key, gram in broad.items():
            found[key] = found[key] & ending.get(gram, BitMap())
    for key in keys:
        if goods := posted.get(f"e:{key[:_LONGEST_INDEXED]}"):
            found[key] = found.get(key, BitMap()) | goods
    return {key: tuple(index.sku_ids(np.fromiter(goods, np.int64))) for key, goods in found.items()}


def _last_gram(key: str) -> str:
    *_before, last = grams(key[:_LONGEST_INDEXED] + "$")
    return last


def _by_name(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Skus on sale by the key of a row's name, that of the bare product where it ends in brackets."""
    asked: dict[str, set[str]] = {}
    for name in names:
        key = name_sort_key(name)
        asked.setdefault(key, set()).add(key)
        cut = _WITH_CHARACTERISTIC.fullmatch(name)
        if cut:
            asked.setdefault(name_sort_key(cut["product"]), set()).add(key)
    if not asked:
        return {}
    found: dict[str, tuple[int, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [list(asked)])
        for sku_id, sort_key in cursor.fetchall():
            for key in asked[sort_key]:
                found[key] = (*found.get(key, ()), sku_id)
    return found
