"""Who makes out the money of a claim."""

from documents.numbering import series_of
from documents.states import DocumentKind
from orders.models import ErpDocument


def corrects_here(shipment: ErpDocument) -> bool:
    """Whether the portal numbers corrections of the shipment's organization; one query."""
    part = shipment.part
    series = series_of(
        organization=part.order.organization, kind=DocumentKind.CORRECTION, warehouse_id=part.warehouse_id
    )
    return series.is_ours
