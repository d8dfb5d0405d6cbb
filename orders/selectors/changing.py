"""Until when and how far parts of orders may be changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch

from catalog.models import CityWarehouse
from counterparties.actor import Actor
from orders.models import Order, OrderLine, OrderPart, ShipmentRequestLine
from orders.selectors.fulfilment import line_quantities
from orders.states import BEING_PICKED, GIVEN_UP, OrderState
from portal.lib.dates import MOSCOW

OVER = GIVEN_UP | {OrderState.SHIPPED, OrderState.COMPLETED}


def change_deadlines(order: Order, parts: Collection[OrderPart]) -> dict[int, datetime | None]:
    """Until when a client may change each part: the hour of the day it leaves on; None without either.

    One query.
    """
    served = CityWarehouse.objects.filter(city_id=order.city_id).values_list("warehouse_id", "cutoff_time")
    hours = dict(served)
    found: dict[int, datetime | None] = {}
    for part in parts:
        hour = hours.get(part.warehouse_id) if part.warehouse_id else None
        day = part.ships_on
        found[part.pk] = datetime.combine(day, hour, tzinfo=MOSCOW) if day and hour else None
    return found


def parts_being_picked(parts: Collection[OrderPart]) -> set[int]:
    """Parts whose goods the warehouse is gathering for a request; one query."""
    lines = ShipmentRequestLine.objects.filter(
        line__part__in=[part.pk for part in parts], request__state__in=BEING_PICKED
    )
    return set(lines.values_list("line__part_id", flat=True))


def is_part_open(order: Order, part: OrderPart, *, picked: Collection[int]) -> bool:
    """May the part be changed at all, whatever the hour?"""
    return not (
        order.is_from_erp or order.state in OVER or part.is_cancelled or part.is_shipped or part.pk in picked
    )


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A line that may shrink, down to `floor` at most."""

    line: OrderLine
    floor: Decimal
    is_open: bool

    @property
    def field(self) -> str:
        return f"q-{self.line.pk}"


@dataclass(frozen=True, slots=True)
class ChangePart:
    """A part with its last moment for changes; `is_taken`: 1C holds it, a manager will decide."""

    part: OrderPart
    deadline: datetime | None
    is_open: bool
    is_taken: bool
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True)
class ChangePage:
    order: Order
    parts: tuple[ChangePart, ...]

    @property
    def open_lines(self) -> list[int]:
        return [row.line.pk for part in self.parts for row in part.rows if row.is_open]


def change_page(*, actor: Actor, order_id: int, at: datetime) -> ChangePage:
    """An order as it may be changed now. Raises Order.DoesNotExist (not visible)."""
    order = Order.objects.visible_to(actor).select_related("legal_entity").get(pk=order_id)
    lines = OrderLine.objects.order_by("position", "pk")
    parts = list(
        order.parts.select_related("warehouse").prefetch_related(Prefetch("lines", lines)).order_by("pk")
    )
    deadlines, picked = change_deadlines(order, parts), parts_being_picked(parts)
    known = line_quantities(parts)
    found = []
    for part in parts:
        deadline = deadlines[part.pk]
        is_late = actor.is_client and deadline is not None and deadline <= at
        is_open = is_part_open(order, part, picked=picked) and not is_late
        rows = tuple(
            ChangeRow(line, known[line.pk].floor, is_open=is_open and known[line.pk].floor < line.quantity)
            for line in part.lines.all()
        )
        found.append(ChangePart(part, deadline, is_open, part.accepted_at is not None, rows))
    return ChangePage(order, tuple(found))
