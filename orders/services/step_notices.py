"""Telling people who see an order of its moves, whoever made them: here, in 1C, or by schedule."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeFacts, NoticeKind
from accounts.permissions import Permission
from accounts.services.notices import notices_send
from counterparties.selectors.reaching import people_reaching
from orders.english import ORDER_STATES
from orders.models import Order, OrderStep
from orders.services.talk_notes import steps_note
from orders.states import OrderState
from portal.lib.dates import moscow_date
from portal.lib.said import Said, said

_MOST_STEPS = 2_000
_NEWS_FOR = timedelta(days=3)
_LEFT = frozenset({OrderState.PARTLY_SHIPPED, OrderState.SHIPPED})
_KNOWN_TO_ALL = frozenset({OrderState.SUBMITTED, OrderState.ON_APPROVAL})
"""What its own author has just done needs no telling."""

People = dict[tuple[int, int | None], tuple[int, ...]]
"""Who sees orders of a legal entity by an author."""


@transaction.atomic
def steps_tell(*, at: datetime) -> int:
    """Tell of moves that nobody was told of, the oldest first; return new lines of inboxes.

    Nothing is told twice, and nothing is lost while nobody told; a move of four days ago is no news.
    Whoever moved the order is not told. Some queries, and three for each pair of a legal entity and an
    author.
    """
    steps = list(
        OrderStep.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(is_told=False)
        .select_related("order")
        .order_by("pk")[:_MOST_STEPS]
    )
    OrderStep.objects.filter(pk__in=[step.pk for step in steps]).update(is_told=True)
    people: People = {}
    news = [step for step in steps if step.state not in _KNOWN_TO_ALL and at - step.at <= _NEWS_FOR]
    steps_note(steps=news)
    facts = [_facts(step, people, at) for step in news]
    return notices_send(notices=[one for one in facts if one.user_ids], day=moscow_date(at), at=at)


def _facts(step: OrderStep, people: People, at: datetime) -> NoticeFacts:
    order, state = step.order, OrderState(step.state)
    has_left = state in _LEFT
    return NoticeFacts(
        user_ids=_people(order, step, people, at),
        kind=NoticeKind.SHIPMENT if has_left else NoticeKind.ORDER_STATE,
        reference=f"{order.reference}:{step.state}",
        title=said(
            _("Заказ {label}: {state}"),
            "Order {label}: {state}",
            label=order.label,
            state=Said(str(state.label).lower(), ORDER_STATES[state]),
        ),
        text=step.comment,
        address=reverse("orders:detail", args=[order.pk]),
    )


def _people(order: Order, step: OrderStep, people: People, at: datetime) -> tuple[int, ...]:
    place = (order.legal_entity_id, order.created_by_id)
    if place not in people:
        reached = people_reaching(
            permission=Permission.ORDER_VIEW,
            legal_entity_ids=[order.legal_entity_id],
            on=moscow_date(at),
            author_ids=[order.created_by_id],
        )
        people[place] = reached[order.legal_entity_id]
    return tuple(user_id for user_id in people[place] if user_id != step.user_id or step.acting_user_id)
