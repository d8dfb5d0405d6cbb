"""Telling people who see an order of its moves, whoever made them: here, in 1C, or by schedule."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeFacts, NoticeKind
from accounts.permissions import Permission
from accounts.services.notices import notices_send
from counterparties.selectors.reaching import people_reaching
from orders.models import Order, OrderStep
from orders.states import OrderState
from portal.lib.dates import moscow_date

_LOOK_BACK = timedelta(minutes=30)
_MOST_STEPS = 2_000
_LEFT = frozenset({OrderState.PARTLY_SHIPPED, OrderState.SHIPPED})
_KNOWN_TO_ALL = frozenset({OrderState.SUBMITTED, OrderState.ON_APPROVAL})
"""What its own author has just done needs no telling."""


def steps_tell(*, at: datetime) -> int:
    """Tell of the moves of the last half an hour that nobody was told of; return new lines of inboxes.

    Whoever moved the order is not told. Four queries and those of one legal entity's people for each author.
    """
    newest = OrderStep.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    steps = (
        OrderStep.objects.filter(pk__gt=newest - _MOST_STEPS, at__gte=at - _LOOK_BACK, at__lte=at)
        .exclude(state__in=_KNOWN_TO_ALL)
        .select_related("order")
        .order_by("pk")
    )
    facts = [_facts(step, at) for step in steps]
    return notices_send(notices=[one for one in facts if one.user_ids], day=moscow_date(at), at=at)


def _facts(step: OrderStep, at: datetime) -> NoticeFacts:
    order, state = step.order, OrderState(step.state)
    has_left = state in _LEFT
    return NoticeFacts(
        user_ids=_people(order, step, at),
        kind=NoticeKind.SHIPMENT if has_left else NoticeKind.ORDER_STATE,
        reference=f"{order.reference}:{step.state}",
        title=_("Заказ {label}: {state}").format(label=order.label, state=str(state.label).lower()),
        text=step.comment,
        address=reverse("orders:detail", args=[order.pk]),
    )


def _people(order: Order, step: OrderStep, at: datetime) -> tuple[int, ...]:
    people = people_reaching(
        permission=Permission.ORDER_VIEW,
        legal_entity_ids=[order.legal_entity_id],
        on=moscow_date(at),
        author_id=order.created_by_id,
    )[order.legal_entity_id]
    return tuple(user_id for user_id in people if user_id != step.user_id or step.acting_user_id)
