"""Groups of goods: inserted, renamed, moved; never removed because a file is silent of them."""

from integrations.models import ExternalKind
from integrations.onec.loading import references
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.sql import fetch, new_ids, run
from integrations.onec.reading.records import ClassifierRecord, SectionRecord
from portal.lib.sorting import name_sort_key

PARKING_ID = "~"
_PARKING_NAME = "Без группы"
_DEFAULT_NAME = "Каталог"

_INSERT_SECTIONS = """
INSERT INTO catalog_section (id, classifier_id, parent_id, name, sort_key, is_hidden)
SELECT id, %s, NULL, '', '', false FROM unnest(%s::bigint[]) AS new (id)
"""
_UPDATE_SECTIONS = """
UPDATE catalog_section section
   SET parent_id = told.parent_id, name = told.name, sort_key = told.sort_key,
       is_hidden = coalesce(told.is_hidden, section.is_hidden)
  FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::boolean[])
       AS told (id, parent_id, name, sort_key, is_hidden)
 WHERE section.id = told.id
   AND (section.parent_id, section.name, section.sort_key, section.is_hidden) IS DISTINCT FROM
       (told.parent_id, told.name, told.sort_key, coalesce(told.is_hidden, section.is_hidden))
"""


def load_classifier(context: LoadContext, record: ClassifierRecord) -> None:
    """Take over a tree. Offers repeat its head only: that says nothing of the groups."""
    if not record.sections:
        return
    classifier_id = _classifier_id(context, record.external_id, record.name or _DEFAULT_NAME)
    run(
        "UPDATE catalog_classifier SET name = %s WHERE id = %s AND name <> %s AND %s <> ''",
        [record.name, classifier_id, record.name, record.name],
    )
    told = {section.external_id: section for section in record.sections}
    if len(told) < len(record.sections):
        context.report.warn("Группы с одинаковым Ид: взята последняя")
    known = context.ids.known(ExternalKind.SECTION)
    missing = [external_id for external_id in told if external_id not in known]
    fresh = dict(zip(missing, new_ids("catalog_section", len(missing)), strict=True))
    run(_INSERT_SECTIONS, [classifier_id, list(fresh.values())])
    context.ids.add(ExternalKind.SECTION, fresh)
    _update_sections(known, list(told.values()))
    references.place(context, fresh, parking=known.get(PARKING_ID))
    context.report.counts["sections"] += len(told)


def _update_sections(known: dict[str, int], sections: list[SectionRecord]) -> None:
    run(
        _UPDATE_SECTIONS,
        [
            [known[section.external_id] for section in sections],
            [known.get(section.parent_id) for section in sections],
            [section.name for section in sections],
            [name_sort_key(section.name)[:300] for section in sections],
            [section.is_deleted for section in sections],
        ],
    )


def _classifier_id(context: LoadContext, external_id: str, name: str) -> int:
    known = context.ids.known(ExternalKind.CLASSIFIER)
    if external_id not in known:
        ((pk,),) = fetch(
            "INSERT INTO catalog_classifier (name, position) VALUES (%s, 0) RETURNING id", [name]
        )
        context.ids.add(ExternalKind.CLASSIFIER, {external_id: int(pk)})
    return known[external_id]


def parking_section(context: LoadContext, classifier_id: str) -> int:
    """The section for goods without a group, so that they can be found at all; made when first needed."""
    known = context.ids.known(ExternalKind.SECTION)
    if PARKING_ID not in known:
        classifiers = context.ids.known(ExternalKind.CLASSIFIER)
        home = classifiers.get(classifier_id) or next(iter(classifiers.values()), None)
        home = home or _classifier_id(context, classifier_id, _DEFAULT_NAME)
        ((pk,),) = fetch(
            "INSERT INTO catalog_section (classifier_id, parent_id, name, sort_key, is_hidden)"
            " VALUES (%s, NULL, %s, %s, false) RETURNING id",
            [home, _PARKING_NAME, name_sort_key(_PARKING_NAME)],
        )
        context.ids.add(ExternalKind.SECTION, {PARKING_ID: int(pk)})
    return known[PARKING_ID]
