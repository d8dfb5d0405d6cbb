"""Selections and facet counts of lists, through the index and in plain SQL."""

import os
from functools import partial

import psycopg
from pyroaring import BitMap

from bench.harness import Results
from bench.inside.plain_sql import Asked, LiveTables, WideRows
from bench.inside.timing import Timing, timed, timed_each
from bench.large.sections import MEASURED
from catalog.index.reading import Index, catalog_index, index_usage
from catalog.index.selection import counts
from catalog.models import City
from catalog.selectors.facets import facet_plan
from catalog.selectors.filters import GoodsFilter, property_key, query_for
from catalog.selectors.sections import branches

WHOLE = "the whole catalogue"
SECTIONS: dict[str, int | None] = {**MEASURED, WHOLE: None}
SECTION_LIMIT, WHOLE_LIMIT = 2.0, 25.0
Counted = dict[int, dict[str, int]]


def measure(results: Results) -> None:
    """Every size of section with none, one and two chosen facets; all answers are compared with SQL's."""
    index = catalog_index()
    cities = list(City.objects.order_by("pk"))
    whole = GoodsFilter(city=cities[0])
    first = timed(lambda: _counted(index, whole, index.properties_of(index.on_sale)), 1, is_warmed=False)
    results.add("first look at all properties, blocks fetched", first.p50, "ms")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=None) as connection:
        references = LiveTables(connection), WideRows(connection)
        for name, section_id in SECTIONS.items():
            _measure_section(results, index, cities, name, section_id, references)
    results.add("cached blocks after all lists", index_usage()["bytes"] / 1e6, "MB", at_most=80)


def _measure_section(
    results: Results,
    index: Index,
    cities: list[City],
    name: str,
    section_id: int | None,
    references: tuple[LiveTables, WideRows],
) -> None:
    base = query_for(index, GoodsFilter(city=cities[0], section_id=section_id)).base
    properties = index.properties_of(base)
    plan = [facet.property_id for facet in facet_plan(index, section_id)]
    chosen = list(choices(index, base, plan).items())
    print(f"{name}: {len(base):,} goods in the first city, {len(properties)} properties", flush=True)
    for number in range(3):
        label = f"{name}, {number} chosen"
        filters = [
            GoodsFilter(city=city, section_id=section_id, values=dict(chosen[:number])) for city in cities
        ]
        rounds = 3 if section_id is None else 10
        if section_id is not None:
            page = timed_each([partial(_counted, index, asked, plan) for asked in filters], rounds)
            page.tell(results, f"{label}: its {len(plan)} filters", SECTION_LIMIT)
        every = timed_each([partial(_counted, index, asked, properties) for asked in filters], rounds)
        every.tell(
            results, f"{label}: all {len(properties)} properties", WHOLE_LIMIT if section_id is None else None
        )
        _compare(results, label, index, filters[0], properties, references, every)


def _counted(index: Index, asked: GoodsFilter, properties: list[int]) -> Counted:
    """What a page needs of the index: the selection, brands, every value of the properties with its count."""
    query = query_for(index, asked)
    result = query.result
    counts(index.brands, result)
    return {
        pk: counts(values, query.without(property_key(pk)) if pk in asked.values else result)
        for pk, values in index.values_of(properties).items()
    }


def choices(index: Index, base: BitMap, plan: list[int]) -> dict[int, tuple[str, ...]]:
    """Two filters that people choose: common properties, their most common values."""
    chosen: dict[int, tuple[str, ...]] = {}
    for property_id, size in zip(plan, (1, 2), strict=False):
        found = counts(index.values(property_id), base)
        chosen[property_id] = tuple(sorted(found, key=lambda text: (-found[text], text))[:size])
    return chosen


def _compare(
    results: Results,
    label: str,
    index: Index,
    asked: GoodsFilter,
    properties: list[int],
    references: tuple[LiveTables, WideRows],
    ours: Timing,
) -> None:
    """The same in SQL; raises when it answers otherwise."""
    counted = _counted(index, asked, properties)
    told = {(pk, text): number for pk, found in counted.items() for text, number in found.items()}
    question = question_of(index, asked)
    for reference in references:
        if reference.counts(question) != told:
            raise AssertionError(f"{reference.name} and the index differ on {asked}")
        theirs = timed(partial(reference.counts, question), 3)
        results.add(f"{label}: {reference.name}, p50", theirs.p50, "ms", ratio_to=("the index", ours.p50))


def question_of(index: Index, asked: GoodsFilter) -> Asked:
    if asked.city is None:
        raise ValueError("SQL is asked for a city")
    below = () if asked.section_id is None else tuple(branches(index).below(asked.section_id))
    return Asked(asked.section_id, below, asked.city.pk, asked.values)
