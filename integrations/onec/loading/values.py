"""Property values of the goods of a portion: raw, with their typed projection."""

from collections.abc import Iterator, Sequence
from typing import Any

from integrations.models import ExternalKind
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.projection import option_key, project
from integrations.onec.loading.sql import copy_rows, fetch, run
from integrations.onec.loading.staged_good import StagedGood
from integrations.onec.texts import external_key

_COLUMNS = "product_id, property_id, raw, option_id, text, number"
# Properties that this base does not know are left alone.
_DROP = """
DELETE FROM catalog_propertyvalue value
 USING staged_product product
 WHERE value.product_id = product.product_id AND NOT product.is_new AND NOT product.is_partial
   AND value.property_id = ANY(%s)
   AND NOT EXISTS (SELECT FROM staged_value told
                    WHERE told.product_id = value.product_id AND told.property_id = value.property_id
                      AND told.raw = value.raw)
"""
_CHANGE = """
UPDATE catalog_propertyvalue value
   SET option_id = told.option_id, text = told.text, number = told.number
  FROM staged_value told
 WHERE value.product_id = told.product_id AND value.property_id = told.property_id AND value.raw = told.raw
   AND (value.option_id, value.text, value.number) IS DISTINCT FROM (told.option_id, told.text, told.number)
"""
_ADD = f"""
INSERT INTO catalog_propertyvalue ({_COLUMNS})
SELECT {_COLUMNS} FROM staged_value told
 WHERE NOT EXISTS (SELECT FROM catalog_propertyvalue value
                    WHERE value.product_id = told.product_id AND value.property_id = told.property_id
                      AND value.raw = told.raw)
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
            properties = list(self._context.ids.known(ExternalKind.PROPERTY).values())
            changed += run(_DROP, [properties]) + run(_CHANGE) + run(_ADD)
        self._context.report.counts["values_changed"] += changed

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
                self._warn_unknown(external_id, good.record.line)
                continue
            projection = project(
                raw,
                kind=self._kinds[property_id],
                options=options,
                texts=self._texts,
                key=option_key(external_id, external_key(raw)),
            )
            yield good.product_id, property_id, raw, *projection

    def _warn_unknown(self, external_id: str, line: int) -> None:
        if external_id not in self._unknown:
            self._unknown.add(external_id)
            self._context.report.warn(
                "Неизвестное свойство, его значения пропущены", external_id=external_id, line=line
            )
