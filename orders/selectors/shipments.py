"""What may be asked to be shipped, and requests for shipment as pages show them."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from catalog.models import Warehouse
from counterparties.actor import Actor
from counterparties.models import Contract, LegalEntity
from orders.fulfilment import Quantities
from orders.models import Order, OrderLine, OrderPart, ShipmentRequest, ShipmentRequestLine
from orders.selectors.fulfilment import line_quantities
from orders.states import IN_WORK, OrderState
from portal.lib.money import line_amount

MOST_PARTS = 50
MOST_LINES = 800
"""Fields of one form; the portal takes no more than a thousand."""


@dataclass(frozen=True, slots=True)
class ShipLine:
    """A line of which something may be asked for; weight in kg and volume in m³ of a unit, if known."""

    line: OrderLine
    order: Order
    quantities: Quantities

    @property
    def field(self) -> str:
        return f"q-{self.line.pk}"


@dataclass(frozen=True, slots=True)
class ShipPlace:
    """What goes in one request: one payer, contract and warehouse."""

    legal_entity: LegalEntity
    contract: Contract
    warehouse: Warehouse
    lines: tuple[ShipLine, ...]

    @property
    def key(self) -> str:
        return f"{self.legal_entity.pk}-{self.contract.pk}-{self.warehouse.pk}"


@dataclass(frozen=True, slots=True)
class RequestedLine:
    """A line of a request with what it weighs and costs."""

    row: ShipmentRequestLine
    quantities: Quantities
    weight: Decimal | None
    volume: Decimal | None
    gross: Decimal


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A request with its lines and totals; weight and volume are of the lines where they are known."""

    request: ShipmentRequest
    lines: tuple[RequestedLine, ...]
    orders: tuple[Order, ...]
    weight: Decimal
    volume: Decimal
    total: Decimal
    is_weight_whole: bool


def ship_places(*, actor: Actor, order_ids: Collection[int] = ()) -> tuple[ShipPlace, ...]:
    """Lines of confirmed orders with something free, by place; of the newest orders unless some are named."""
    orders = Order.objects.movable_by(actor).filter(state__in=IN_WORK - {OrderState.COMPLETED})
    if order_ids:
        orders = orders.filter(pk__in=order_ids)
    parts = list(
        OrderPart.objects.filter(order__in=orders, is_cancelled=False, is_shipped=False)
        .exclude(warehouse=None)
        .exclude(lines=None)
        .select_related("warehouse", "order__legal_entity", "order__contract")
        .prefetch_related(Prefetch("lines", queryset=OrderLine.objects.order_by("position", "pk")))
        .order_by("-order__submitted_at", "pk")[:MOST_PARTS]
    )
    known = line_quantities(parts)
    places: dict[tuple[int, int, int], ShipPlace] = {}
    for part in parts:
        found = tuple(
            ShipLine(line, part.order, known[line.pk]) for line in part.lines.all() if known[line.pk].free
        )
        if found:
            place = _place(part, ())
            key = (place.legal_entity.pk, place.contract.pk, place.warehouse.pk)
            before = places.get(key, place).lines
            places[key] = _place(part, (*before, *found)[:MOST_LINES])
    return tuple(places.values())


def _place(part: OrderPart, lines: tuple[ShipLine, ...]) -> ShipPlace:
    order, warehouse = part.order, part.warehouse
    if warehouse is None:
        raise ValueError(part.number)
    return ShipPlace(order.legal_entity, order.contract, warehouse, lines)


def request_card(*, actor: Actor, request_id: int) -> RequestCard:
    """A request with all that its page and its paper tell. Raises ShipmentRequest.DoesNotExist."""
    request = requests_whole(ShipmentRequest.objects.visible_to(actor)).get(pk=request_id)
    rows = list(
        request.lines.select_related("line__part__order", "line__sku__product").order_by(
            "line__part__order_id", "line__position", "pk"
        )
    )
    known = line_quantities(list({row.line.part_id: row.line.part for row in rows}.values()))
    lines = tuple(_requested(row, known[row.line_id]) for row in rows)
    return RequestCard(
        request=request,
        lines=lines,
        orders=tuple({row.line.part.order_id: row.line.part.order for row in rows}.values()),
        weight=sum((line.weight or Decimal(0) for line in lines), Decimal(0)),
        volume=sum((line.volume or Decimal(0) for line in lines), Decimal(0)),
        total=sum((line.gross for line in lines), Decimal("0.00")),
        is_weight_whole=all(line.weight is not None for line in lines),
    )


def requests_whole(requests: QuerySet[ShipmentRequest]) -> QuerySet[ShipmentRequest]:
    return requests.select_related(
        "legal_entity__holding",
        "contract__organization",
        "consignee",
        "warehouse",
        "created_by",
        "acting_user",
    )


def _requested(row: ShipmentRequestLine, quantities: Quantities) -> RequestedLine:
    line, product = row.line, row.line.sku.product
    return RequestedLine(
        row=row,
        quantities=quantities,
        weight=None if product.weight is None else product.weight * row.quantity,
        volume=None if product.volume is None else product.volume * row.quantity,
        gross=line_amount(line.price, row.quantity, line.vat_percent, line.part.order.is_vat_included).gross,
    )
