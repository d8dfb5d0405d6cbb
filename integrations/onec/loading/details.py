"""Places in sections and packages of the goods of a portion: replaced, but only where they differ."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from integrations.models import ExternalKind
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.names import Units
from integrations.onec.loading.sql import copy_rows, run
from integrations.onec.loading.staged_good import StagedGood

# Sections that this base does not know (another tree, made by hand) are left alone.
_DROP_PLACES = """
DELETE FROM catalog_productsection place
 USING staged_product product
 WHERE place.product_id = product.product_id AND NOT product.is_new AND NOT product.is_partial
   AND place.section_id = ANY(%s)
   AND NOT EXISTS (SELECT FROM staged_place told
                    WHERE told.product_id = place.product_id AND told.section_id = place.section_id)
"""
_ADD_PLACES = """
INSERT INTO catalog_productsection (product_id, section_id)
SELECT told.product_id, told.section_id FROM staged_place told
 WHERE NOT EXISTS (SELECT FROM catalog_productsection place
                    WHERE place.product_id = told.product_id AND place.section_id = told.section_id)
"""
_DROP_PACKS = """
DELETE FROM catalog_pack pack
 USING staged_product product
 WHERE pack.product_id = product.product_id AND NOT product.is_new AND NOT product.is_partial
   AND NOT EXISTS (SELECT FROM staged_pack told
                    WHERE told.product_id = pack.product_id AND told.unit_id = pack.unit_id
                      AND told.coefficient = pack.coefficient)
"""
_ADD_PACKS = """
INSERT INTO catalog_pack (product_id, unit_id, coefficient)
SELECT DISTINCT told.product_id, told.unit_id, told.coefficient FROM staged_pack told
 WHERE NOT EXISTS (SELECT FROM catalog_pack pack
                    WHERE pack.product_id = told.product_id AND pack.unit_id = told.unit_id
                      AND pack.coefficient = told.coefficient)
"""


def merge_places(context: LoadContext, goods: Sequence[StagedGood], *, parking: int) -> None:
    """Put goods into their sections; one without a known group goes to the parking section."""
    known = context.ids.known(ExternalKind.SECTION)
    copy_rows("staged_place", "product_id, section_id", _places(context, goods, known, parking))
    run(_DROP_PLACES, [list(known.values())])
    run(_ADD_PLACES)


def _places(
    context: LoadContext, goods: Sequence[StagedGood], known: dict[str, int], parking: int
) -> Iterator[tuple[int, int]]:
    for good in goods:
        record = good.record
        found = [known[key] for key in record.sections if key in known]
        if len(found) < len(record.sections):
            context.report.warn("Неизвестная группа товара", external_id=record.product_id, line=record.line)
        yield from ((good.product_id, section_id) for section_id in found or [parking])


def merge_packs(goods: Sequence[StagedGood], *, units: Units) -> None:
    """Replace packages; the base unit itself is none."""
    rows: list[tuple[int, int, Decimal]] = [
        (good.product_id, units.referred(unit), coefficient)
        for good in goods
        for unit, coefficient in good.record.packs
    ]
    copy_rows("staged_pack", "product_id, unit_id, coefficient", rows)
    run(_DROP_PACKS)
    run(_ADD_PACKS)
