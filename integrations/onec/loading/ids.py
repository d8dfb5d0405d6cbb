"""Whose id is whose: external ids of one node, read once per file and written in bulk."""

from collections.abc import Collection, Mapping

from integrations.models import ExternalKind
from integrations.onec.loading.sql import copy_rows, fetch


class ExternalIds:
    """External ids of one 1C base.

    `known` keeps a whole kind in memory (sections, properties, price types: thousands); goods and skus
    are asked portion by portion with `find`.
    """

    def __init__(self, node_id: int) -> None:
        self._node_id = node_id
        self._known: dict[ExternalKind, dict[str, int]] = {}

    def known(self, kind: ExternalKind) -> dict[str, int]:
        """All ids of a kind, those added by this load included."""
        if kind not in self._known:
            self._known[kind] = dict(
                fetch(
                    "SELECT external_id, object_id FROM integrations_externalid"
                    " WHERE node_id = %s AND kind = %s",
                    [self._node_id, kind],
                )
            )
        return self._known[kind]

    def find(self, kind: ExternalKind, external_ids: Collection[str]) -> dict[str, int]:
        """Those of the given ids that are known."""
        if not external_ids:
            return {}
        return dict(
            fetch(
                "SELECT external_id, object_id FROM integrations_externalid"
                " WHERE node_id = %s AND kind = %s AND external_id = ANY(%s)",
                [self._node_id, kind, list(external_ids)],
            )
        )

    def add(self, kind: ExternalKind, pairs: Mapping[str, int]) -> None:
        """Keep new ids; the caller has made sure that they are new."""
        copy_rows(
            "integrations_externalid",
            "node_id, kind, external_id, object_id",
            [(self._node_id, str(kind), external_id, pk) for external_id, pk in pairs.items()],
        )
        if kind in self._known:
            self._known[kind].update(pairs)
