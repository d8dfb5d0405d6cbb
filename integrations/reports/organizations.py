"""Organizations as bases name them, and which of ours they are."""

from dataclasses import dataclass

from django.db.models import Count

from counterparties.models import Organization
from integrations.models import ExchangeNode, ExternalId, ExternalKind, PushRef, RefState


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """One id of a base; `name` is empty while nobody has said whose it is, `waiting` counts contracts."""

    node: ExchangeNode
    external_id: str
    name: str
    waiting: int


def organization_rows() -> list[OrganizationRow]:
    """Those that something waits for, then the known ones; four queries at most."""
    nodes = ExchangeNode.objects.in_bulk()
    wanted = (
        PushRef.objects.filter(state=RefState.WAITING, wants_kind=ExternalKind.ORGANIZATION)
        .values_list("node_id", "wants_ref")
        .annotate(total=Count("pk"))
        .order_by("node_id", "wants_ref")
    )
    rows = [OrganizationRow(nodes[node_id], ref, "", total) for node_id, ref, total in wanted]
    known = ExternalId.objects.filter(kind=ExternalKind.ORGANIZATION).order_by("node", "external_id")
    names = dict(Organization.objects.values_list("pk", "name"))
    return rows + [
        OrganizationRow(nodes[row.node_id], row.external_id, names.get(row.object_id, ""), 0) for row in known
    ]
