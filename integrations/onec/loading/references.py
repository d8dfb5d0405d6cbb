"""Groups and properties that goods name before they have come: kept, and applied when they do."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from integrations.models import ExternalKind
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.projection import option_key, project
from integrations.onec.loading.sql import copy_rows, fetch, run
from integrations.onec.loading.staged_good import StagedGood
from integrations.onec.reading.records import PropertyRecord
from integrations.onec.texts import external_key

_ID_LENGTH = 170
_FORGET = "DELETE FROM integrations_pendingterm WHERE node_id = %s AND product_id = ANY(%s)"
_TAKE = """
DELETE FROM integrations_pendingterm WHERE node_id = %s AND kind = %s AND external_id = ANY(%s)
RETURNING product_id, external_id, raw
"""
_PLACE = """
INSERT INTO catalog_productsection (product_id, section_id)
SELECT told.product_id, told.section_id
  FROM unnest(%s::bigint[], %s::bigint[]) AS told (product_id, section_id)
 WHERE NOT EXISTS (SELECT FROM catalog_productsection place
                    WHERE place.product_id = told.product_id AND place.section_id = told.section_id)
"""
_OPTIONS = "SELECT id, value FROM catalog_propertyoption WHERE property_id = ANY(%s)"
_UNPARK = "DELETE FROM catalog_productsection WHERE product_id = ANY(%s) AND section_id = %s"


def keep(context: LoadContext, goods: Sequence[StagedGood]) -> None:
    """Note what these goods name and nobody knows; what they named before counts no more."""
    run(_FORGET, [context.node_id, [good.product_id for good in goods if not good.is_new]])
    copy_rows(
        "integrations_pendingterm",
        "node_id, kind, product_id, external_id, raw, received_at",
        dict.fromkeys(_unknown(context, goods)),
    )


def _unknown(context: LoadContext, goods: Sequence[StagedGood]) -> Iterator[tuple[Any, ...]]:
    sections = context.ids.known(ExternalKind.SECTION)
    properties = context.ids.known(ExternalKind.PROPERTY)
    for good in goods:
        for key in good.record.sections:
            if key not in sections and len(key) <= _ID_LENGTH:
                yield context.node_id, "section", good.product_id, key, "", context.at
        for key, raw in good.record.values:
            if key not in properties and len(key) <= _ID_LENGTH:
                yield context.node_id, "property", good.product_id, key, raw, context.at


def place(context: LoadContext, sections: Mapping[str, int], *, parking: int | None) -> None:
    """Put goods into the sections (id -> row) that they have waited for, and out of the parking one."""
    rows = _taken(context, ExternalKind.SECTION, sections)
    if not rows:
        return
    goods = [product_id for product_id, _key, _raw in rows]
    run(_PLACE, [goods, [sections[key] for _product_id, key, _raw in rows]])
    if parking is not None:
        run(_UNPARK, [goods, parking])


def fill(context: LoadContext, records: Mapping[str, PropertyRecord], properties: Mapping[str, int]) -> None:
    """Give goods the values of properties (id -> row) that they have waited for."""
    rows = _taken(context, ExternalKind.PROPERTY, properties)
    if not rows:
        return
    options = context.ids.known(ExternalKind.PROPERTY_OPTION)
    texts = dict(fetch(_OPTIONS, [list(properties.values())]))
    copy_rows(
        "catalog_propertyvalue",
        "product_id, property_id, raw, option_id, text, number",
        (
            (
                product_id,
                properties[key],
                raw,
                *project(
                    raw,
                    kind=records[key].kind,
                    options=options,
                    texts=texts,
                    key=option_key(key, external_key(raw)),
                ),
            )
            for product_id, key, raw in rows
        ),
    )
    context.report.counts["values_changed"] += len(rows)


def _taken(context: LoadContext, kind: ExternalKind, known: Mapping[str, int]) -> list[tuple[int, str, str]]:
    if not known:
        return []
    return [(int(pk), key, raw) for pk, key, raw in fetch(_TAKE, [context.node_id, kind, list(known)])]
