"""Shipments of 1C for the tests of documents, made past the exchange."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from counterparties.models import Organization
from documents.models import NumberSeries
from documents.states import DocumentKind, SeriesIssuer
from orders.models import ErpDocument, ErpDocumentLine, Order
from orders.states import ErpDocumentKind
from tests.documents.orders import make_order
from tests.factories import TODAY, World


def make_shipment(
    world: World,
    *,
    order: Order | None = None,
    number: str = "УТ-1042",
    day: date = TODAY,
    kind: str = ErpDocumentKind.SHIPMENT,
    rows: Sequence[tuple[str, str]] | None = None,
) -> ErpDocument:
    """All of the first part of an order, or rows of (quantity, gross), as 1C has shipped them."""
    order = order or make_order(world)
    part = order.parts.order_by("pk").first()
    assert part is not None
    lines = list(part.lines.order_by("position"))
    told = rows or [(str(line.quantity), str(line.gross)) for line in lines]
    paper = ErpDocument.objects.create(
        part=part,
        kind=kind,
        number=number,
        date=day,
        total=sum((Decimal(gross) for _quantity, gross in told), Decimal(0)),
    )
    for place, (line, (quantity, gross)) in enumerate(zip(lines, told, strict=False), start=1):
        ErpDocumentLine.objects.create(
            document=paper,
            position=place,
            sku=line.sku,
            name=line.name,
            article=line.article,
            unit=line.unit_name,
            quantity=Decimal(quantity),
            price=line.price,
            vat_percent=line.vat_percent,
            gross=Decimal(gross),
        )
    return paper


def portal_numbers(
    organization: Organization,
    *kinds: DocumentKind,
    prefix: str = "",
    subdivision: str = "",
    issuer: str = SeriesIssuer.PORTAL,
) -> None:
    """The portal makes out papers of these kinds."""
    for kind in kinds:
        NumberSeries.objects.create(
            organization=organization, kind=kind, prefix=prefix, subdivision=subdivision, issuer=issuer
        )
