"""Whose id is whose: external ids of one node, read once per file and written in bulk."""

from collections.abc import Collection, Mapping

from integrations.models import ExternalKind
from integrations.onec.loading.sql import copy_rows, fetch, run

_ROWS = {
    ExternalKind.CLASSIFIER: "catalog_classifier",
    ExternalKind.SECTION: "catalog_section",
    ExternalKind.PROPERTY: "catalog_property",
    ExternalKind.PROPERTY_OPTION: "catalog_propertyoption",
    ExternalKind.PRODUCT: "catalog_product",
    ExternalKind.SKU: "catalog_sku",
    ExternalKind.PRICE_TYPE: "pricing_pricetype",
    ExternalKind.WAREHOUSE: "catalog_warehouse",
    ExternalKind.LEGAL_ENTITY: "counterparties_legalentity",
    ExternalKind.ORGANIZATION: "counterparties_organization",
    ExternalKind.CONTRACT: "counterparties_contract",
    ExternalKind.ORDER_PART: "orders_orderpart",
    ExternalKind.ERP_DOCUMENT: "orders_erpdocument",
    ExternalKind.RECEIVED_PAPER: "documents_receiveddocument",
}
# No foreign key holds an id and its row together: somebody may have deleted the row by hand.
_FIND = """
SELECT known.external_id, known.object_id, own.id IS NULL
  FROM integrations_externalid known LEFT JOIN {rows} own ON own.id = known.object_id
 WHERE known.node_id = %s AND known.kind = %s
"""
_AMONG = " AND known.external_id = ANY(%s)"
_FORGET = """
DELETE FROM integrations_externalid WHERE node_id = %s AND kind = %s AND external_id = ANY(%s)
"""


class ExternalIds:
    """External ids of one 1C base.

    `known` keeps a whole kind in memory (sections, properties, price types: thousands); goods and skus
    are asked portion by portion with `find`. An id whose row is gone is forgotten: what 1C sends under
    it is made anew.
    """

    def __init__(self, node_id: int) -> None:
        self._node_id = node_id
        self._known: dict[ExternalKind, dict[str, int]] = {}

    def known(self, kind: ExternalKind) -> dict[str, int]:
        """All ids of a kind, those added by this load included."""
        if kind not in self._known:
            self._known[kind] = self._living(kind, _FIND, [self._node_id, kind])
        return self._known[kind]

    def find(self, kind: ExternalKind, external_ids: Collection[str]) -> dict[str, int]:
        """Those of the given ids that are known."""
        if not external_ids:
            return {}
        return self._living(kind, _FIND + _AMONG, [self._node_id, kind, list(external_ids)])

    def _living(self, kind: ExternalKind, statement: str, parameters: list[object]) -> dict[str, int]:
        rows = fetch(statement.format(rows=_ROWS[kind]), parameters)
        gone = [external_id for external_id, _pk, is_gone in rows if is_gone]
        if gone:
            run(_FORGET, [self._node_id, kind, gone])
        return {external_id: pk for external_id, pk, is_gone in rows if not is_gone}

    def add(self, kind: ExternalKind, pairs: Mapping[str, int]) -> None:
        """Keep new ids; the caller has made sure that they are new."""
        copy_rows(
            "integrations_externalid",
            "node_id, kind, external_id, object_id",
            [(self._node_id, str(kind), external_id, pk) for external_id, pk in pairs.items()],
        )
        if kind in self._known:
            self._known[kind].update(pairs)
