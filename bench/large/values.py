"""1,200 properties; the goods of a middle section share thirty of them and have about fifteen each."""

from collections.abc import Iterator

import numpy as np
import psycopg

from bench.large.copying import copy_in
from bench.large.sections import FIRST_LEAF, FIRST_MIDDLE, Tree

PROPERTIES, VALUES, POOL, COMMON = 1_200, 20, 30, 5
_KINDS = ("option", "option", "option", "text", "number")
_PORTION = 5_000


def kind_of(property_id: int) -> str:
    return _KINDS[property_id % len(_KINDS)]


def fill_values(
    connection: psycopg.Connection, tree: Tree, leaves: np.ndarray, random: np.random.Generator
) -> None:
    numbers = range(1, PROPERTIES + 1)
    copy_in(
        connection,
        "catalog_property",
        "id name value_type unit",
        ((pk, f"Свойство {pk}", kind_of(pk), "мм" if kind_of(pk) == "number" else "") for pk in numbers),
    )
    copy_in(
        connection,
        "catalog_propertyoption",
        "id property_id value",
        (
            (_option(pk, value), pk, f"Вариант {pk}-{value}")
            for pk in numbers
            if kind_of(pk) == "option"
            for value in range(VALUES)
        ),
    )
    copy_in(
        connection,
        "catalog_propertyvalue",
        "id product_id property_id raw option_id text number",
        _values(tree, leaves, random),
    )


def _values(tree: Tree, leaves: np.ndarray, random: np.random.Generator) -> Iterator[tuple]:
    """The first property of a pool is on nine goods of ten, the last on one; a few options are told twice."""
    pools = _pools(random)
    share = np.linspace(0.9, 0.1, POOL)
    odds = 1.0 / np.arange(1, VALUES + 1) ** 0.8
    odds /= odds.sum()
    middles = np.array([tree.parents[leaf] or 0 for leaf in leaves.tolist()]) - FIRST_MIDDLE
    pk = 0
    for start in range(0, len(leaves), _PORTION):
        own = pools[middles[start : start + _PORTION]]
        has = random.random(own.shape) < share
        chosen = random.choice(VALUES, own.shape, p=odds)
        again = random.random(own.shape) < 0.01
        goods, places = np.nonzero(has)
        columns = (
            (goods + start + 1).tolist(),
            own[goods, places].tolist(),
            chosen[goods, places].tolist(),
            again[goods, places].tolist(),
        )
        for product, property_id, value, is_twice in zip(*columns, strict=True):
            pk += 1
            yield _value(pk, product, property_id, value)
            if is_twice and kind_of(property_id) == "option":
                pk += 1
                yield _value(pk, product, property_id, (value + 1) % VALUES)


def _pools(random: np.random.Generator) -> np.ndarray:
    """Properties of each middle section: five that all goods share, the rest dealt out of all others."""
    middles = FIRST_LEAF - FIRST_MIDDLE
    need = middles * (POOL - COMMON)
    others = np.arange(COMMON + 1, PROPERTIES + 1)
    dealt = np.concatenate([random.permutation(others) for _ in range(need // len(others) + 1)])[:need]
    own = dealt.reshape(middles, POOL - COMMON)
    for pool in own:  # two packs meet within one section: no property twice
        seen, repeats = np.unique(pool, return_index=True)[0], POOL - COMMON - len(np.unique(pool))
        if repeats:
            spare = np.setdiff1d(others, seen)[:repeats]
            pool[:] = np.concatenate([seen, spare])
    common = np.tile(np.arange(1, COMMON + 1), (middles, 1))
    return np.concatenate([own[:, :10], common, own[:, 10:]], axis=1)


def _value(pk: int, product: int, property_id: int, value: int) -> tuple:
    kind = kind_of(property_id)
    if kind == "option":
        return (
            pk,
            product,
            property_id,
            f"o{value}",
            _option(property_id, value),
            f"Вариант {property_id}-{value}",
            None,
        )
    if kind == "number":
        number = (value + 1) * (0.5, 1, 2.5, 10)[property_id % 4]
        return pk, product, property_id, f"{number:g}", None, f"{number:g}".replace(".", ","), number
    text = f"Значение {value}"
    return pk, product, property_id, text, None, text, None


def _option(property_id: int, value: int) -> int:
    return property_id * VALUES + value + 1
