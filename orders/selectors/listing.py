"""The list of orders, for a client's people and for the distributor's alike."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from counterparties.actor import Actor
from counterparties.selectors.serving import managers_of
from finance.selectors import paid_by_reference
from finance.states import PaymentTerms
from orders.models import Order, OrderPart
from orders.selectors.erp import due, is_wholly, told_paid
from orders.selectors.order_filter import OrderFilter, orders_filtered
from orders.selectors.order_rows import part_told, told_beside
from orders.selectors.paid import PaidState, paid_state
from orders.states import GIVEN_UP, IN_WORK, OrderState
from orders.stuck import StuckFacts, next_event
from portal.lib.money import q2

PAGE_SIZE = 25
PAGE_SIZES = (25, 50, 100)
_PORTION = 500
_FEW = 2_000
"""Orders that a search may find to be put in order here and not by the database."""
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of the order list; money with VAT in `currency`.

    `due` is what is to be paid after 1C's changes; `erp_` are 1C's words of all parts. `shipped_percent`
    is of `due`; `next_event` is what comes next, in a few words.
    """

    pk: int
    number: str
    client_reference: str
    submitted_at: datetime
    legal_entity: str
    holding: str
    contract: str
    author: str
    manager: str
    state: str
    state_label: str
    lines: int
    parts: int
    parts_accepted: int
    erp_number: str
    erp_state: str
    is_shipped: bool
    is_from_erp: bool
    total: Decimal
    currency: str
    due: Decimal
    paid: Decimal
    paid_state: PaidState
    shipped_percent: int
    facts: StuckFacts
    next_event: str

    @property
    def is_in_work(self) -> bool:
        return self.state in IN_WORK

    @property
    def is_given_up(self) -> bool:
        return self.state in GIVEN_UP


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of rows; `count` and `total` are of all orders that were found."""

    rows: tuple[OrderRow, ...]
    page: Page[int]
    count: int
    total: Decimal

    @property
    def average(self) -> Decimal:
        return q2(self.total / self.count) if self.count else Decimal("0.00")


def order_rows(
    *,
    actor: Actor,
    chosen: OrderFilter,
    page: int | str = 1,
    per_page: int = PAGE_SIZE,
    at: datetime | None = None,
) -> OrderPage:
    """Newest orders first, visible to the actor; four queries whatever their number, a few
    more for a word that names goods.

    `at` is the moment for which is told what comes next; now if none is given.
    """
    orders = orders_filtered(Order.objects.visible_to(actor), chosen)
    if chosen.search or chosen.goods:
        found = list(orders.order_by().values_list("submitted_at", "pk", "total")[: _FEW + 1])
        if len(found) <= _FEW:
            return _few(sorted(found, reverse=True), page, per_page, at)
    summary = orders.aggregate(count=Count("pk"), total=Sum("total"))
    place, first = _place(summary["count"], page, per_page)
    return OrderPage(
        rows=rows_of(orders.order_by("-submitted_at", "-pk")[first : first + per_page], at=at),
        page=place,
        count=summary["count"],
        total=summary["total"] or Decimal("0.00"),
    )


def _few(
    found: list[tuple[datetime, int, Decimal]], page: int | str, per_page: int, at: datetime | None
) -> OrderPage:
    """The page of a few orders that were looked for among very many.

    The database would else go through all of them by date until a page is full.
    """
    place, first = _place(len(found), page, per_page)
    pks = [pk for _moment, pk, _total in found[first : first + per_page]]
    return OrderPage(
        rows=rows_of(Order.objects.filter(pk__in=pks).order_by("-submitted_at", "-pk"), at=at),
        page=place,
        count=len(found),
        total=sum((total for _moment, _pk, total in found), Decimal("0.00")),
    )


def _place(count: int, page: int | str, per_page: int) -> tuple[Page[int], int]:
    """The page that is meant, and how many orders stand before it."""
    place: Page[int] = Paginator(range(count), per_page).get_page(page)
    return place, (place.number - 1) * per_page


def orders_in_portions(
    *, actor: Actor, chosen: OrderFilter, most: int, at: datetime
) -> Iterator[tuple[OrderRow, ...]]:
    """The same rows without pages, for a file: never more of them in memory than a portion."""
    orders = orders_filtered(Order.objects.visible_to(actor), chosen)
    pks = list(orders.order_by("-submitted_at", "-pk").values_list("pk", flat=True)[:most])
    for start in range(0, len(pks), _PORTION):
        portion = Order.objects.filter(pk__in=pks[start : start + _PORTION])
        yield rows_of(portion.order_by("-submitted_at", "-pk"), at=at)


def rows_of(orders: QuerySet[Order], *, at: datetime | None = None) -> tuple[OrderRow, ...]:
    """Rows of orders that were found; three queries."""
    found = list(told_beside(orders))
    paid = paid_by_reference(order.reference for order in found)
    served = managers_of({order.holding_id for order in found}) if found else {}
    moment = at or timezone.now()
    return tuple(
        _row(order, paid[order.reference], served.get(order.holding_id, []), moment) for order in found
    )


def _row(order: Order, paid: Decimal, managers: list[str], at: datetime) -> OrderRow:
    told = vars(order)
    parts = [part_told(part) for part in told["erp_parts"]]
    to_pay = due(parts)
    whole = to_pay if is_wholly(parts, "is_paid") else paid
    paid = max(paid, told["erp_paid"] or paid, told_paid(parts), whole)
    paid_as = paid_state(total=to_pay, paid=paid)
    facts = _facts(order, parts, is_paid=paid_as == PaidState.PAID)
    return OrderRow(
        pk=order.pk,
        number=order.label,
        client_reference=order.client_reference,
        submitted_at=order.submitted_at,
        legal_entity=told["entity_name"],
        holding=told["holding_name"],
        contract=told["contract_number"],
        author=told["author"] or "",
        manager=", ".join(managers),
        state=order.state,
        state_label=str(OrderState(order.state).label),  # Django would translate all of them for each
        lines=(told["erp_lines_count"] if order.is_from_erp else told["lines_count"]) or 0,
        parts=len(parts),
        parts_accepted=facts.parts_accepted,
        erp_number="" if order.is_from_erp else _joined(part.erp_number for part in parts),
        erp_state=_joined(part.erp_state_text for part in parts),
        is_shipped=facts.is_shipped,
        is_from_erp=order.is_from_erp,
        total=order.total,
        currency=order.currency,
        due=to_pay,
        paid=paid,
        paid_state=paid_as,
        shipped_percent=_shipped_percent(told["erp_parts"], parts, to_pay),
        facts=facts,
        next_event=next_event(facts, at=at),
    )


def _facts(order: Order, parts: list[OrderPart], *, is_paid: bool) -> StuckFacts:
    last = vars(order)["last_step"]
    moments = [part.erp_formed_at for part in parts if part.erp_formed_at is not None]
    dates = [part.ships_on for part in parts if part.ships_on is not None]
    return StuckFacts(
        state=order.state,
        is_from_erp=order.is_from_erp,
        step_at=datetime.fromisoformat(last["at"]) if last else order.submitted_at,
        step_comment=last["comment"] if last else "",
        moved_at=max(moments, default=None),
        parts=len(parts),
        parts_accepted=sum(part.accepted_at is not None or not part.total for part in parts),
        parts_in_erp=sum(part.is_in_erp for part in parts),
        is_prepaid=order.payment_terms == PaymentTerms.PREPAID,
        is_paid=is_paid,
        is_shipped=is_wholly(parts, "is_shipped"),
        ships_on=min(dates, default=None),
    )


def _shipped_percent(told: list[dict[str, Any]], parts: list[OrderPart], to_pay: Decimal) -> int:
    """How much of the sum has left: 1C's own sum where it told one, else by its papers."""
    left = Decimal(0)
    for row, part in zip(told, parts, strict=True):
        if part.is_cancelled:
            continue
        if part.is_shipped:
            left += part.sum_now
        elif part.erp_shipped_sum is not None:
            left += part.erp_shipped_sum
        else:
            left += Decimal(row["left"] or 0)
    return max(0, min(100, int(left * _HUNDRED / to_pay))) if to_pay else 0


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(text for text in texts if text))
