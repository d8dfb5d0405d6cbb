"""Orders that stand: which of those that an actor sees, why, and since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from counterparties.actor import Actor
from finance.states import PaymentTerms
from orders.models import Order, OrderPart, OrderStep
from orders.selectors.card import OrderCard
from orders.selectors.erp import is_wholly
from orders.selectors.listing import OrderRow, rows_of
from orders.selectors.paid import PaidState
from orders.states import OrderOrigin, OrderState
from orders.stuck import FETCH_HOURS, STILL_DAYS, Standstill, StuckFacts, StuckKind, standstill

MOST_ROWS = 200
_ALL = 1_000_000
_LATELY = timedelta(days=90)
_WAITING = (OrderState.ON_APPROVAL, OrderState.SUBMITTED, OrderState.ON_HOLD)
_MOVING = (OrderState.CONFIRMED, OrderState.RESERVED, OrderState.PARTLY_SHIPPED)
_UNDER_WAY = (*_WAITING, *_MOVING)


@dataclass(frozen=True, slots=True)
class StuckRow:
    """An order of the list and why it stands."""

    order: OrderRow
    stands: Standstill


def stuck_rows(
    *,
    actor: Actor,
    set_aside: QuerySet,  # type: ignore[type-arg]
    at: datetime,
    kind: str = "",
    client: str = "",
    page: int = 1,
) -> tuple[list[StuckRow], bool]:
    """A page of those that stand, the longest first, and whether another follows; five queries.

    `set_aside` names orders whose export needs a person; why is told by `with_faults`.
    """
    seen = Order.objects.visible_to(actor)
    if client:
        seen = seen.filter(Q(holding__name__icontains=client) | Q(legal_entity__name__icontains=client))
    first, end = (page - 1) * MOST_ROWS, page * MOST_ROWS
    standing: list[tuple[datetime, int]] = []
    if kind != StuckKind.ABANDONED:
        # Sliced, so that the actor's orders are found before any is asked why it stands.
        under_way = seen.filter(state__in=_UNDER_WAY).order_by().values("pk")[:_ALL]
        standing += _oldest(Order.objects.filter(pk__in=under_way), _stands(kind, set_aside, at), end)
    if kind in ("", StuckKind.ABANDONED):
        standing += _oldest(seen, _abandoned(at), end)
    pks = [pk for _since, pk in sorted(standing)]
    rows = {row.pk: row for row in rows_of(Order.objects.filter(pk__in=pks[first:end]), at=at)}
    found = [rows[pk] for pk in pks[first:end]]
    return _rows(found, {}, at), len(pks) > end


def with_faults(
    rows: list[StuckRow], faults: Mapping[int, str], *, at: datetime, kind: str = ""
) -> list[StuckRow]:
    """The same rows with what keeps 1C from getting them; of one kind where it is named.

    An order may fit several conditions: it is shown under the reason that counts most.
    """
    told = [
        one for row in rows for one in (_rows([row.order], faults, at) if row.order.pk in faults else [row])
    ]
    return [row for row in told if not kind or row.stands.kind == kind]


def card_standstill(card: OrderCard, *, at: datetime, fault: str = "") -> Standstill | None:
    """Why the order of a page stands; no query."""
    parts = [part.part for part in card.parts]
    last = card.steps[-1] if card.steps else None
    moments = [part.erp_formed_at for part in parts if part.erp_formed_at is not None]
    facts = StuckFacts(
        state=card.order.state,
        is_from_erp=card.order.is_from_erp,
        step_at=last.at if last else card.order.submitted_at,
        step_comment=last.comment if last else "",
        moved_at=max(moments, default=None),
        parts=len(parts),
        parts_accepted=sum(part.accepted_at is not None or not part.total for part in parts),
        parts_in_erp=sum(part.is_in_erp for part in parts),
        is_prepaid=card.order.payment_terms == PaymentTerms.PREPAID,
        is_paid=card.paid_state == PaidState.PAID,
        is_shipped=is_wholly(parts, "is_shipped"),
        fault=fault,
    )
    return standstill(facts, at=at)


_LAST = OrderStep.objects.filter(order=OuterRef("pk")).order_by("-pk").values("at")[:1]
_PARTS = OrderPart.objects.filter(order=OuterRef("pk"))


# Values of each order, not conditions: the planner would put together all parts of all orders to look the few
# under way up among them, once for each mention.
_WAITING_PART = _PARTS.filter(accepted_at=None, total__gt=0)  # of nothing, nothing goes to 1C
_LAST_FORMED = _PARTS.order_by().values("order").annotate(last=Max("erp_formed_at")).values("last")


def _oldest(orders: QuerySet[Order], condition: Q, end: int) -> list[tuple[datetime, int]]:
    """Those that stand longest, one more than are told up to the end of the page."""
    since = (
        orders.annotate(stands_since=Coalesce(Subquery(_LAST), "submitted_at"))
        .alias(waiting_part=Subquery(_WAITING_PART.values("pk")[:1]), formed_at=Subquery(_LAST_FORMED))
        .filter(condition)
    )
    return list(since.order_by("stands_since", "pk").values_list("stands_since", "pk")[: end + 1])


def _rows(orders: Sequence[OrderRow], faults: Mapping[int, str], at: datetime) -> list[StuckRow]:
    told = ((row, standstill(replace(row.facts, fault=faults.get(row.pk, "")), at=at)) for row in orders)
    return [StuckRow(row, stands) for row, stands in told if stands is not None]


def _stands(kind: str, set_aside: QuerySet, at: datetime) -> Q:  # type: ignore[type-arg]
    """Conditions that let no standing order through; `standstill` has the last word."""
    moving, is_told = Q(state__in=_MOVING), Q(waiting_part=None)
    still = at - timedelta(days=STILL_DAYS)
    conditions = {
        StuckKind.APPROVAL: Q(state=OrderState.ON_APPROVAL),
        StuckKind.MANAGER: Q(state=OrderState.SUBMITTED),
        StuckKind.HOLD: Q(state=OrderState.ON_HOLD),
        StuckKind.QUARANTINE: moving & Q(pk__in=set_aside),
        StuckKind.FETCH: moving
        & Q(origin=OrderOrigin.PORTAL, stands_since__lt=at - timedelta(hours=FETCH_HOURS))
        & ~is_told,
        StuckKind.PREPAYMENT: moving & Q(payment_terms=PaymentTerms.PREPAID) & is_told,
        StuckKind.STILL: moving
        & Q(stands_since__lt=still)
        & is_told
        & (Q(formed_at=None) | Q(formed_at__lt=still)),
    }
    if kind:
        return conditions[StuckKind(kind)]
    every = Q()
    for condition in conditions.values():
        every |= condition
    return every


def _abandoned(at: datetime) -> Q:
    """Given up here lately, and not in 1C."""
    in_erp = _PARTS.filter(Q(accepted_at__isnull=False) | Q(erp_formed_at__isnull=False), is_cancelled=False)
    return Q(
        Exists(in_erp),
        state=OrderState.CANCELLED,
        origin=OrderOrigin.PORTAL,
        submitted_at__gte=at - _LATELY,
    )
