"""Property values of the goods of a portion: raw, with their typed projection."""

from collections.abc import Iterator, Sequence
from typing import Any

from integrations.models import ExternalKind
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.projection import option_key, project
from integrations.onec.loading.sql import copy_rows, fetch, run
from integrations.onec.loading.staged_good import StagedGood
from integrations.onec.reading.records import GoodRecord
from integrations.onec.texts import external_key

_COLUMNS = "product_id, property_id, raw, option_id, text, number"
# One pass over what is there and what is told finds what differs; most portions differ in nothing.
# Properties that this base does not know are left alone.
_FIND_CHANGES = """
INSERT INTO staged_value_change (value_id, is_gone, product_id, property_id, raw, option_id, text, number)
SELECT value.id, told.product_id IS NULL,
       told.product_id, told.property_id, told.raw, told.option_id, told.text, told.number
  FROM (SELECT * FROM catalog_propertyvalue
         WHERE product_id = ANY(%s) AND property_id = ANY(%s)) value
  FULL JOIN staged_value told ON told.product_id = value.product_id
        AND told.property_id = value.property_id AND told.raw = value.raw
 WHERE value.id IS NULL OR told.product_id IS NULL
    OR (value.option_id, value.text, value.number) IS DISTINCT FROM (told.option_id, told.text, told.number)
"""
_DROP = """
DELETE FROM catalog_propertyvalue value
 USING staged_value_change change WHERE change.value_id = value.id AND change.is_gone
"""
_CHANGE = """
UPDATE catalog_propertyvalue value
   SET option_id = change.option_id, text = change.text, number = change.number
  FROM staged_value_change change
 WHERE change.value_id = value.id AND NOT change.is_gone
"""
_ADD = f"""
INSERT INTO catalog_propertyvalue ({_COLUMNS})
SELECT {_COLUMNS} FROM staged_value_change WHERE value_id IS NULL
"""  # noqa: S608 - no value from outside


class ValueProjector:
    """Knows types and options of all properties of the base while one file is loaded."""

    def __init__(self, context: LoadContext) -> None:
        self._context = context
        self._kinds: dict[int, Any] = {}
        self._texts: dict[int, str] = {}
        self._unknown: set[str] = set()

    def merge(self, goods: Sequence[StagedGood]) -> None:
        """Replace the values of the goods, touching only those that differ."""
        self._read_properties()
        fresh = [row for good in goods if good.is_new for row in self._rows(good)]
        copy_rows("catalog_propertyvalue", _COLUMNS, fresh)
        changed = len(fresh)
        known = [good for good in goods if not good.is_new]
        if known:
            copy_rows("staged_value", _COLUMNS, (row for good in known for row in self._rows(good)))
            changed += self._merge_staged([good.product_id for good in known])
        self._context.report.counts["values_changed"] += changed

    def _merge_staged(self, product_ids: list[int]) -> int:
        properties = list(self._context.ids.known(ExternalKind.PROPERTY).values())
        changed = run(_FIND_CHANGES, [product_ids, properties])
        if changed:
            for statement in (_DROP, _CHANGE, _ADD):
                run(statement)
            run("TRUNCATE staged_value_change")
        return changed

    def _read_properties(self) -> None:
        """Read once: properties come before the goods in a file."""
        if self._kinds:
            return
        properties = list(self._context.ids.known(ExternalKind.PROPERTY).values())
        self._kinds = dict(
            fetch("SELECT id, value_type FROM catalog_property WHERE id = ANY(%s)", [properties])
        )
        self._texts = dict(
            fetch("SELECT id, value FROM catalog_propertyoption WHERE property_id = ANY(%s)", [properties])
        )

    def _rows(self, good: StagedGood) -> Iterator[tuple[Any, ...]]:
        properties = self._context.ids.known(ExternalKind.PROPERTY)
        options = self._context.ids.known(ExternalKind.PROPERTY_OPTION)
        for external_id, raw in good.record.values:
            property_id = properties.get(external_id)
            if property_id is None:
                self._warn_unknown(external_id, good.record)
                continue
            projection = project(
                raw,
                kind=self._kinds[property_id],
                options=options,
                texts=self._texts,
                key=option_key(external_id, external_key(raw)),
            )
            yield good.product_id, property_id, raw, *projection

    def _warn_unknown(self, external_id: str, good: GoodRecord) -> None:
        self._context.report.doubtful.add(good.product_id)
        if external_id not in self._unknown:
            self._unknown.add(external_id)
            self._context.report.warn(
                "Неизвестное свойство: его значения ждут, пока оно придёт",
                external_id=external_id,
                line=good.line,
            )
