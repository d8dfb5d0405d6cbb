"""Splitting an order into what 1C takes as documents, and freezing its lines."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from orders.models import Order, OrderLine, OrderPart
from orders.selectors.cart import CartLineView, Piece
from portal.lib.money import Amount

PartKey = tuple[int, Decimal | None]


def parts_create(*, order: Order, lines: Sequence[CartLineView], days: Mapping[int, date]) -> None:
    """Insert one part per (warehouse, VAT rate) and its lines; three statements for any order.

    `days` tell when each warehouse sends its goods.

    1C takes one warehouse, one organization and one VAT rate in a document (UT 11 reads them from
    its head), and a number of 11 characters at most.
    """
    groups: dict[PartKey, list[tuple[CartLineView, Piece]]] = {}
    for line in lines:
        for piece in line.pieces:
            groups.setdefault((piece.stock.warehouse_id, line.vat_percent), []).append((line, piece))
    parts = {
        key: OrderPart(
            order=order,
            number=f"{order.number}-{place}",
            warehouse_id=key[0],
            vat_percent=key[1],
            total=sum((piece.amount for _line, piece in pieces), Amount.zero()).gross,
            delivery_days=pieces[0][1].stock.delivery_days,
            ships_on=days.get(key[0]),
        )
        for place, (key, pieces) in enumerate(groups.items(), start=1)
    }
    OrderPart.objects.bulk_create(parts.values())
    positions = {line.pk: place for place, line in enumerate(lines, start=1)}
    OrderLine.objects.bulk_create(
        _frozen(parts[key], line, piece, positions[line.pk])
        for key, pieces in groups.items()
        for line, piece in pieces
    )


def _frozen(part: OrderPart, line: CartLineView, piece: Piece, position: int) -> OrderLine:
    """Copy name, unit, price and VAT: what 1C changes tomorrow does not change what was ordered."""
    sku, unit = line.sku, line.sku.product.unit
    return OrderLine(
        part=part,
        position=position,
        sku=sku,
        name=sku.name,
        article=sku.article or sku.product.article,
        unit_code=unit.code,
        unit_name=unit.name,
        quantity=piece.quantity,
        price=piece.price,
        vat_percent=line.vat_percent,
        client_reference=line.client_reference,
        comment=line.comment,
        desired_date=line.desired_date,
        net=piece.amount.net,
        vat=piece.amount.vat,
        gross=piece.amount.gross,
    )
