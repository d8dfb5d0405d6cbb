"""How an order goes on: quantities of its rows, requests for shipment, changes. Beside its card."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from counterparties.actor import Actor
from orders.fulfilment import PartFulfilment, Quantities, Stranger
from orders.models import Order, OrderChange, OrderChangeLine, ShipmentRequest, ShipmentRequestLine
from orders.selectors.card import OrderCard, PartCard
from orders.selectors.changing import change_deadlines, is_part_open
from orders.selectors.fulfilment import card_fulfilment
from orders.states import BEING_PICKED, OPEN_REQUESTS


@dataclass(frozen=True, slots=True)
class PartProgress:
    """Quantities by the position of a row of the part; `deadline` is the client's for changes."""

    rows: Mapping[int, Quantities]
    strangers: tuple[Stranger, ...]
    deadline: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change with its lines."""

    change: OrderChange
    lines: tuple[OrderChangeLine, ...]


@dataclass(frozen=True, slots=True)
class OrderProgress:
    """Parts by key, requests that ship of the order, changes (the newest first), orders that add to it."""

    parts: Mapping[int, PartProgress]
    requests: tuple[ShipmentRequest, ...]
    changes: tuple[ChangeView, ...]
    followers: tuple[Order, ...]

    @property
    def is_open(self) -> bool:
        """May any part be changed?"""
        return any(part.is_open for part in self.parts.values())

    @property
    def has_free(self) -> bool:
        """Is there anything to ask to be shipped?"""
        return any(row.free for part in self.parts.values() for row in part.rows.values())

    @property
    def asked(self) -> ChangeView | None:
        """The change that waits for a decision."""
        return next((one for one in self.changes if one.change.state == "asked"), None)


def order_progress(card: OrderCard, *, actor: Actor, at: datetime, is_invoiced: bool) -> OrderProgress:
    """Four queries whatever the number of lines; `is_invoiced`: the portal's own invoice is in force."""
    order, parts = card.order, [part.part for part in card.parts]
    asked = list(
        ShipmentRequestLine.objects.filter(line__part__in=parts)
        .select_related("request", "line")
        .order_by("-request__created_at", "pk")
    )
    requested: dict[int, Decimal] = {}
    for row in asked:
        if row.request.state in OPEN_REQUESTS:
            requested[row.line_id] = requested.get(row.line_id, Decimal(0)) + row.quantity - row.shipped
    picked = {row.line.part_id for row in asked if row.request.state in BEING_PICKED}
    deadlines = change_deadlines(order, parts)
    found = {}
    for part in card.parts:
        papers = [paper for paper in card.shipments if paper.part_id == part.part.pk]
        told = card_fulfilment(order, part.part, papers, requested=requested)
        deadline = deadlines[part.part.pk]
        is_late = actor.is_client and deadline is not None and deadline <= at
        found[part.part.pk] = PartProgress(
            rows=_by_position(card, part, told, is_invoiced=is_invoiced),
            strangers=tuple(one for one in told.strangers if one.shipped or one.invoiced or one.returned),
            deadline=deadline,
            is_open=is_part_open(order, part.part, picked=picked) and not is_late,
        )
    requests = {row.request_id: row.request for row in asked}
    return OrderProgress(
        parts=found,
        requests=tuple(requests.values()),
        changes=_changes(card),
        followers=tuple(Order.objects.visible_to(actor).filter(follows=order).order_by("pk")),
    )


def _by_position(
    card: OrderCard, part: PartCard, told: PartFulfilment, *, is_invoiced: bool
) -> dict[int, Quantities]:
    """Rows of an order of 1C are numbered as the card numbers them; our own invoice names every line."""
    if card.order.is_from_erp:
        rows = part.part.erp_lines.all()
        return {place: told.lines[row.pk] for place, row in enumerate(rows, start=1)}
    found = {line.position: (line, told.lines[line.pk]) for line in part.lines}
    if not is_invoiced:
        return {position: known for position, (_line, known) in found.items()}
    return {position: replace(known, invoiced=line.quantity) for position, (line, known) in found.items()}


def _changes(card: OrderCard) -> tuple[ChangeView, ...]:
    lines = (
        OrderChangeLine.objects.filter(change__order=card.order.pk)
        .select_related("line", "change__created_by", "change__acting_user", "change__decided_by")
        .order_by("-change", "pk")
    )
    grouped: dict[int, list[OrderChangeLine]] = {}
    for line in lines:
        grouped.setdefault(line.change_id, []).append(line)
    return tuple(ChangeView(own[0].change, tuple(own)) for own in grouped.values())
