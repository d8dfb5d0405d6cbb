"""20 open price types and a closed one, a price in each for every sku, rates, discount rules."""

from collections.abc import Iterator

import numpy as np
import psycopg

from bench.large.clients import CLIENTS, GROUPS, OPEN_TYPES
from bench.large.copying import copy_in
from bench.large.goods import BRANDS, Skus
from bench.large.places import CITIES
from bench.large.sections import SECTIONS

PURCHASE_TYPE, RULES = OPEN_TYPES + 1, 150
_RATES = {"USD": 80, "CNY": 11}
_MOMENT = "2026-11-20 09:00+03"


def currency_of(price_type: int) -> str:
    return {7: "USD", 14: "CNY"}.get(price_type, "RUB")


def fill_prices(connection: psycopg.Connection, skus: Skus, random: np.random.Generator) -> None:
    copy_in(
        connection,
        "pricing_pricetype",
        "id name currency is_vat_included is_open is_purchase is_base rounding_step rounding floor_type_id",
        (
            (
                pk, f"Вид цен {pk}", currency_of(pk), pk % 5 != 0, pk <= OPEN_TYPES, pk == PURCHASE_TYPE,
                pk == 1, "1" if pk % 4 == 0 else "0.01", "up" if pk % 8 == 0 else "half",
                PURCHASE_TYPE if pk % 3 == 0 and pk != PURCHASE_TYPE else None,
            )
            for pk in range(1, PURCHASE_TYPE + 1)
        ),
    )  # fmt: skip
    rates = enumerate(_RATES.items(), 1)
    copy_in(
        connection,
        "pricing_currencyrate",
        "id currency date rate",
        ((pk, currency, "2026-01-01", rate) for pk, (currency, rate) in rates),
    )
    copy_in(
        connection,
        "pricing_citypricetype",
        "id city_id price_type_id",
        ((city, city, city % OPEN_TYPES + 1) for city in range(1, CITIES + 1)),
    )
    copy_in(
        connection,
        "pricing_price",
        "id sku_id price_type_id minimum_quantity amount updated_at",
        _prices(skus, random),
    )
    copy_in(
        connection,
        "pricing_discountrule",
        "id name percent section_id brand_id group_id contract_id minimum_quantity priority is_active",
        _rules(random),
    )


def _prices(skus: Skus, random: np.random.Generator) -> Iterator[tuple]:
    """One sku of two hundred is on request; one characteristic of five has the price of its product."""
    factors = np.append(1.3 - 0.015 * np.arange(OPEN_TYPES), 0.93)
    for price_type in range(1, PURCHASE_TYPE + 1):
        factors[price_type - 1] /= _RATES.get(currency_of(price_type), 1)
    types = np.arange(1, PURCHASE_TYPE + 1)
    pk = 0
    for start in range(0, len(skus.ids), 5_000):
        part = slice(start, start + 5_000)
        ids = skus.ids[part][~(skus.is_part[part] & (random.random(len(skus.ids[part])) < 0.2))]
        base = np.exp(random.normal(6.5, 1.4, len(ids))) + 5
        base[random.random(len(ids)) < 1 / 200] = 0
        wobble = 1 + random.normal(0, 0.01, (len(ids), len(types)))
        kopecks = np.rint(base[:, None] * factors * wobble * 100).astype(np.int64)
        columns = (
            np.repeat(ids, len(types)).tolist(),
            np.tile(types, len(ids)).tolist(),
            kopecks.ravel().tolist(),
        )
        for sku, price_type, amount in zip(*columns, strict=True):
            pk += 1
            yield pk, sku, price_type, 0, f"{amount // 100}.{amount % 100:02d}", _MOMENT


def _rules(random: np.random.Generator) -> Iterator[tuple]:
    """By section, brand, group with section, contract, and a few from a quantity on."""
    for pk in range(1, RULES + 1):
        kind = pk % 5
        section = int(random.integers(1, SECTIONS + 1)) if kind in {0, 2} else None
        brand = int(random.integers(1, BRANDS + 1)) if kind == 1 else None
        group = int(random.integers(1, GROUPS + 1)) if kind in {2, 4} else None
        contract = int(random.integers(1, CLIENTS + 1)) if kind == 3 else None
        if kind == 4:
            brand = int(random.integers(1, 20))
        least = 10 if pk % 10 == 0 else 0
        yield (
            pk,
            f"Скидка {pk}",
            int(random.integers(1, 25)),
            section,
            brand,
            group,
            contract,
            least,
            pk % 3,
            True,
        )
