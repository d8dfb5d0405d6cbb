"""Lists in the order of a client's own prices, and what the prices of 2,000 contracts cost."""

import os
from datetime import date
from functools import partial

import numpy as np
import psutil
import psycopg

from bench.harness import Results
from bench.inside.own_prices import PriceSql
from bench.inside.plain_sql import LiveTables, WideRows
from bench.inside.selection import SECTIONS, choices, question_of
from bench.inside.timing import timed_each
from bench.large.clients import BUYERS, CLIENTS
from catalog.index.codec import bitmap
from catalog.index.reading import Index, catalog_index, index_usage
from catalog.index.selection import ranked
from catalog.models import Sku
from catalog.selectors.facets import facet_plan
from catalog.selectors.filters import GoodsFilter, query_for
from counterparties.models import Contract
from pricing.index import effective_prices
from pricing.selectors.facts import discount_of, rules_for
from pricing.selectors.facts import ranked as by_rank
from pricing.selectors.terms import terms_for
from pricing.terms import PriceTerms

TODAY = date(2026, 11, 23)
ROWS = 24
_LAST = np.iinfo(np.int64).max
_LONGEST = """
SELECT relname, n_live_tup FROM pg_stat_user_tables WHERE relname NOT LIKE 'bench%'
 ORDER BY n_live_tup DESC LIMIT 1
"""


def measure(results: Results) -> None:
    index = catalog_index()
    contracts = list(Contract.objects.select_related("legal_entity__holding__home_city").order_by("pk"))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=None) as connection:
        live, wide = LiveTables(connection), WideRows(connection)
        for contract in contracts[:BUYERS]:
            terms = _terms(contract)
            sql = PriceSql(connection, terms, by_rank(discount_of(rule) for rule in rules_for(terms)))
            for name, section_id in SECTIONS.items():
                asked = GoodsFilter(city=contract.legal_entity.holding.home_city, section_id=section_id)
                _first_rows(
                    results, f"contract {contract.pk}, {name}", index, asked, (terms, sql), (live, wide)
                )
        _contracts(results, index, contracts)
        _no_great_table(results, connection)


def _first_rows(
    results: Results,
    label: str,
    index: Index,
    asked: GoodsFilter,
    priced: tuple[PriceTerms, PriceSql],
    references: tuple[LiveTables, WideRows],
) -> None:
    """The first page by price, whole and within a range of prices; all rows are compared with SQL's."""
    terms, sql = priced
    base = query_for(index, asked).base
    prices = effective_prices(index, terms)[np.array(base.to_array())]
    low, high = (int(part) for part in np.quantile(prices[prices > 0], (0.3, 0.6)))
    plan = [facet.property_id for facet in facet_plan(index, asked.section_id)]
    for shown, span, chosen in (
        ("first 24 by price", (None, None), {}),
        ("in a range of prices", (low, high), {}),
        ("in a range, 2 chosen", (low, high), choices(index, base, plan)),
    ):
        question = GoodsFilter(city=asked.city, section_id=asked.section_id, values=chosen)
        told = _first(index, question, terms, *span)
        for reference in references:
            if reference.first(question_of(index, question), sql, *span) != told:
                raise AssertionError(f"{reference.name} and the index differ: {label}, {shown}")
        if terms.contract_id != 1:
            continue  # compared, not measured: the first contract has everything that makes prices dear
        ours = timed_each([partial(_first, index, question, terms, *span)], 40)
        ours.tell(results, f"{label}: {shown}")
        for reference in references:
            ask = partial(reference.first, question_of(index, question), sql, *span)
            theirs = timed_each([ask], 3)
            name = f"{label}: {shown}, {reference.name}, p50"
            results.add(name, theirs.p50, "ms", ratio_to=("the index", ours.p50))


def _first(
    index: Index, asked: GoodsFilter, terms: PriceTerms, low: int | None, high: int | None
) -> list[int]:
    """Skus of the first page; what is on request goes last."""
    prices = effective_prices(index, terms)
    query = query_for(index, asked)
    if low is not None and high is not None:
        query.narrow("price", bitmap(np.flatnonzero((prices >= low) & (prices <= high))))
    keys = np.where(prices == 0, _LAST, prices)
    return index.sku_ids(ranked(query.result, keys, index.vector("name"), start=0, stop=ROWS))


def _contracts(results: Results, index: Index, contracts: list[Contract]) -> None:
    """The prices of every contract, one after another, as if each client came once."""
    before = _own_memory()
    terms = [_terms(contract) for contract in contracts]
    seen = timed_each([partial(effective_prices, index, one) for one in terms], 1, is_warmed=False)
    seen.tell(results, "own prices of a contract, first seen")
    again = timed_each([partial(effective_prices, index, terms[-1])], 50)
    again.tell(results, "own prices of a contract, seen again")
    usage = index_usage()
    results.add(f"cached blocks after {CLIENTS:,} contracts", usage["bytes"] / 1e6, "MB", at_most=80)
    results.add("the process has grown by", _own_memory() - before, "MB")


def _own_memory() -> float:
    return psutil.Process().memory_full_info().uss / 1e6


def _no_great_table(results: Results, connection: psycopg.Connection) -> None:
    connection.execute("ANALYZE")
    row = connection.execute(_LONGEST).fetchone()
    if row is None:
        raise AssertionError("no tables")
    product = CLIENTS * Sku.objects.count()
    results.add(f"rows of the longest table, {row[0]}", row[1], "rows", ratio_to=("clients × goods", product))


def _terms(contract: Contract) -> PriceTerms:
    return terms_for(contract=contract, city=contract.legal_entity.holding.home_city, on=TODAY)
