"""Properties and their values by id: inserted and changed, never removed because a file is silent."""

from collections.abc import Sequence

from integrations.models import ExternalKind
from integrations.onec.loading import references
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.projection import option_key, project_again
from integrations.onec.loading.sql import fetch, new_ids, run
from integrations.onec.reading.records import PropertyRecord

_INSERT = """
INSERT INTO catalog_property (id, name, value_type, is_hidden)
SELECT id, name, kind, false FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS told (id, name, kind)
"""
_RETYPE = """
UPDATE catalog_property property SET value_type = told.kind
  FROM unnest(%s::bigint[], %s::text[]) AS told (id, kind)
 WHERE property.id = told.id AND property.value_type <> told.kind
RETURNING property.id
"""
_CHANGE = """
UPDATE catalog_property property SET name = told.name, is_hidden = property.is_hidden OR told.is_deleted
  FROM unnest(%s::bigint[], %s::text[], %s::boolean[]) AS told (id, name, is_deleted)
 WHERE property.id = told.id
   AND (property.name <> told.name OR (told.is_deleted AND NOT property.is_hidden))
"""
_RENAME_OPTIONS = """
UPDATE catalog_propertyoption option SET value = told.value
  FROM unnest(%s::bigint[], %s::text[]) AS told (id, value)
 WHERE option.id = told.id AND option.value <> told.value
RETURNING option.id
"""
_RENAME_VALUES = """
UPDATE catalog_propertyvalue value SET text = option.value
  FROM catalog_propertyoption option
 WHERE option.id = value.option_id AND option.id = ANY(%s)
"""
_INSERT_OPTIONS = """
INSERT INTO catalog_propertyoption (id, property_id, value)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[])
"""


def load_properties(context: LoadContext, records: Sequence[PropertyRecord]) -> None:
    """Take over a portion of properties; one whose type or values changed is projected anew.

    The same id twice in a file counts as it came last.
    """
    told = {record.external_id: record for record in records}
    known = context.ids.known(ExternalKind.PROPERTY)
    missing = [record for key, record in told.items() if key not in known]
    present = [record for key, record in told.items() if key in known]
    changed = _change(known, present)
    fresh = dict(
        zip((r.external_id for r in missing), new_ids("catalog_property", len(missing)), strict=True)
    )
    run(_INSERT, [list(fresh.values()), [_name(r) for r in missing], [r.kind for r in missing]])
    context.ids.add(ExternalKind.PROPERTY, fresh)
    changed |= _load_options(context, list(told.values()))
    references.fill(context, told, fresh)
    for record in present:
        property_id = known[record.external_id]
        if property_id in changed:
            project_again(context, property_id=property_id, external_id=record.external_id, kind=record.kind)
    context.report.counts["properties"] += len(told)


def _change(known: dict[str, int], records: list[PropertyRecord]) -> set[int]:
    """Rename and hide; return the properties whose type is another now."""
    if not records:
        return set()
    ids = [known[record.external_id] for record in records]
    run(_CHANGE, [ids, [_name(record) for record in records], [record.is_deleted for record in records]])
    return {pk for (pk,) in fetch(_RETYPE, [ids, [record.kind for record in records]])}


def _name(record: PropertyRecord) -> str:
    return record.name or record.external_id


def _load_options(context: LoadContext, records: list[PropertyRecord]) -> set[int]:
    """Take over values by id; return the properties that got new ids.

    A value that comes back under another id is the same value: filters and links stay.
    """
    properties = context.ids.known(ExternalKind.PROPERTY)
    known = context.ids.known(ExternalKind.PROPERTY_OPTION)
    told = {
        option_key(record.external_id, external_id): (properties[record.external_id], value)
        for record in records
        for external_id, value in record.options
    }
    present = [(known[key], value) for key, (_property_id, value) in told.items() if key in known]
    if present:
        renamed = fetch(_RENAME_OPTIONS, [[pk for pk, _ in present], [value for _, value in present]])
        run(_RENAME_VALUES, [[pk for (pk,) in renamed]])
    missing = {key: pair for key, pair in told.items() if key not in known}
    if not missing:
        return set()
    touched = {property_id for property_id, _value in missing.values()}
    rows = fetch(
        "SELECT property_id, value, id FROM catalog_propertyoption WHERE property_id = ANY(%s)",
        [list(touched)],
    )
    by_value = {(property_id, value): pk for property_id, value, pk in rows}
    absent = list(dict.fromkeys(pair for pair in missing.values() if pair not in by_value))
    fresh = dict(zip(absent, new_ids("catalog_propertyoption", len(absent)), strict=True))
    run(
        _INSERT_OPTIONS,
        [list(fresh.values()), [property_id for property_id, _ in fresh], [value for _, value in fresh]],
    )
    by_value |= fresh
    context.ids.add(ExternalKind.PROPERTY_OPTION, {key: by_value[pair] for key, pair in missing.items()})
    return touched
