"""1C's word of an order: it changes what stands beside the order, never what was ordered.

Locks: order, part, at the end of all of them the stock.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from catalog.models import Stock
from orders.erp import ErpOutcome, PartFacts, RowFacts
from orders.events import OrderChangedInErp, PartToldByErp
from orders.models import ErpLine, Order, OrderLine, OrderPart
from orders.selectors.erp import differing_rows
from orders.services.standing import order_settle, order_status_take
from orders.services.steps import stock_locked
from orders.states import OrderState
from portal.outbox import publish

_ROW_FIELDS = (
    "sku_id", "name", "article", "unit", "quantity", "price", "vat_percent", "gross", "is_cancelled",
)  # fmt: skip


@transaction.atomic
def part_erp_note(*, part_id: int, facts: PartFacts, at: datetime) -> ErpOutcome:
    """Write down where a part stands in 1C; facts older than those that are here change nothing.

    The order moves where its facts put it, unless the portal owns its state. Idempotent. Stock is left
    to `parts_erp_settle`. Raises OrderPart.DoesNotExist.
    """
    part = OrderPart.objects.get(pk=part_id)
    order = Order.objects.select_for_update(of=("self",), no_key=True).get(pk=part.order_id)
    part = OrderPart.objects.select_for_update(of=("self",), no_key=True).get(pk=part_id)
    if _is_older(facts.formed_at, part.erp_formed_at):
        return ErpOutcome.STALE
    changed, state = _part_written(part, facts, is_from_erp=order.is_from_erp), order.state
    if facts.rows is not None:
        changed |= _rows_written(order, part, facts.rows, at)
    if order.is_from_erp:
        _sums_written(order, part, facts)
    changed |= _order_moved(order, part, facts, at)
    if OrderState.CANCELLED in {state, order.state} and state != order.state:
        publish(OrderChangedInErp(order_id=order.pk, at=at))
    if changed:
        publish(PartToldByErp(order_id=order.pk, at=at))
    return ErpOutcome.CHANGED if changed else ErpOutcome.SAME


@transaction.atomic
def parts_erp_settle(*, part_ids: Collection[int], at: datetime) -> int:
    """Parts that 1C turned out to hold: it counts their goods itself from now on; return how many.

    What was cancelled there before the portal knew only loses its reserve. An order that nobody has
    confirmed here keeps its reserve. Idempotent.
    """
    parts = list(
        OrderPart.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=part_ids, accepted_at__isnull=True, order__confirmed_at__isnull=False)
        .order_by("pk")
    )
    for part in parts:
        part.accepted_at = at
    OrderPart.objects.bulk_update(parts, ["accepted_at"])
    held = OrderLine.objects.filter(part__in=parts)
    rows: dict[int, Stock] = {}
    for row, quantity in stock_locked(held):
        row.reserved = F("reserved") - quantity
        rows[row.pk] = row
    for row, quantity in stock_locked(held.filter(part__is_cancelled=False)):
        rows[row.pk].free = F("free") - quantity
    Stock.objects.bulk_update(rows.values(), ["free", "reserved"])
    return len(parts)


def _is_older(formed_at: datetime | None, known: datetime | None) -> bool:
    return formed_at is not None and known is not None and formed_at < known


def _part_written(part: OrderPart, facts: PartFacts, *, is_from_erp: bool) -> bool:
    """Write the head of the document; the moment alone is no change, and what was not told stays."""
    total = part.erp_total if facts.total is None else facts.total
    paid = _Done(facts.paid_sum, facts.is_paid, part.erp_paid_sum, part.is_paid)
    shipped = _Done(facts.shipped_sum, facts.is_shipped, part.erp_shipped_sum, part.is_shipped)
    is_paid, is_shipped = paid.is_whole(total), shipped.is_whole(total)
    told: dict[str, Any] = {
        "erp_number": facts.number or part.erp_number,
        "erp_date": facts.erp_date or part.erp_date,
        "erp_state_text": facts.state_text or part.erp_state_text,
        "erp_version": facts.version or part.erp_version,
        "erp_total": total,
        "erp_target": facts.target if facts.state_text else part.erp_target,
        "is_erp_aside": not (facts.changes_rows or is_from_erp),
        "is_posted": facts.is_posted,
        "is_cancelled": facts.is_cancelled,
        "is_paid": is_paid,
        "paid_on": facts.paid_on or part.paid_on if is_paid else None,
        "is_shipped": is_shipped,
        "shipped_on": facts.shipped_on or part.shipped_on if is_shipped else None,
        "erp_paid_sum": paid.sum,
        "erp_shipped_sum": shipped.sum,
    }
    changed = {name: value for name, value in told.items() if getattr(part, name) != value}
    if facts.formed_at is not None and facts.formed_at != part.erp_formed_at:
        part.erp_formed_at = facts.formed_at
        part.save(update_fields=["erp_formed_at"])
    for name, value in changed.items():
        setattr(part, name, value)
    if changed:
        part.save(update_fields=list(changed))
    changed.pop("erp_version", None)  # 1C counts its own saves, too
    return bool(changed)


@dataclass(frozen=True, slots=True)
class _Done:
    """How much of a part is paid or shipped: what 1C tells now, and what it has told before."""

    told_sum: Decimal | None
    is_told: bool | None
    known_sum: Decimal | None
    is_known: bool

    @property
    def sum(self) -> Decimal | None:
        return self.known_sum if self.told_sum is None else self.told_sum

    def is_whole(self, total: Decimal | None) -> bool:
        """A sum that is told decides; without one or without a total 1C's own word, else what is known.

        A file says «no» by leaving a date out: that takes nothing back from a sum told by the JSON channel.
        """
        is_sum_whole = self.sum is not None and total is not None and self.sum >= total > 0
        if self.told_sum is not None and total is not None:
            return is_sum_whole
        return self.is_known if self.is_told is None else self.is_told or is_sum_whole


def _rows_written(order: Order, part: OrderPart, rows: tuple[RowFacts, ...], at: datetime) -> bool:
    """Write the rows; tell of it where they differ from what was ordered otherwise than before."""
    told = [{name: getattr(row, name) for name in _ROW_FIELDS} for row in rows]
    known = ErpLine.objects.filter(part=part)
    if list(known.order_by("position").values(*_ROW_FIELDS)) == told:
        return False
    differed = differing_rows(order, [part])
    known.delete()
    ErpLine.objects.bulk_create(
        ErpLine(part=part, position=place, **row) for place, row in enumerate(told, start=1)
    )
    if not part.is_erp_aside and not order.is_from_erp and differing_rows(order, [part]) != differed:
        publish(OrderChangedInErp(order_id=order.pk, at=at))
    return True


def _sums_written(order: Order, part: OrderPart, facts: PartFacts) -> None:
    """An order of 1C has no sums of its own: those of its rows, or of its head where there are none."""
    if facts.rows is not None:
        rates = {row.vat_percent for row in facts.rows}
        part.total = sum((row.gross for row in facts.rows if not row.is_cancelled), Decimal("0.00"))
        part.vat_percent = rates.pop() if len(rates) == 1 else None
    elif facts.total is not None:
        part.total = facts.total
    part.save(update_fields=["total", "vat_percent"])
    vat = order.vat_total if facts.vat is None else facts.vat
    order.total, order.vat_total = part.total, min(vat, part.total)
    order.save(update_fields=["total", "vat_total"])


def _order_moved(order: Order, part: OrderPart, facts: PartFacts, at: datetime) -> bool:
    """Move the order where its parts have gone, unless the portal owns its state."""
    if not facts.moves_order:
        return False
    comment = _("1С: {state}").format(state=facts.state_text) if facts.state_text else _("1С")
    target = OrderState.CONFIRMED if facts.is_confirmed else part.erp_target
    has_moved = not facts.is_cancelled and order_status_take(
        order_id=order.pk, target=target, at=at, comment=comment
    )
    has_moved |= order_settle(order_id=order.pk, at=at, comment=comment)
    if has_moved:
        order.refresh_from_db(fields=["state", "confirmed_at"])
    return has_moved
