"""Telling of requests of prices: managers of what is asked and decided, clients of what is offered."""

from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import NoticeFacts, NoticeKind
from accounts.permissions import Permission
from accounts.services.notices import notices_send
from counterparties.selectors.reaching import people_reaching
from counterparties.selectors.serving import manager_ids_of
from counterparties.services.talk import thread_note
from orders.models import Quote, QuoteStep
from orders.quote_states import QuoteState
from portal.lib.dates import moscow_date
from portal.lib.said import said

_TO_STAFF = {
    QuoteState.SUBMITTED: (
        NoticeKind.QUOTE_ASKED,
        (gettext_lazy("Запрос цен {number}: {client}"), "Request for prices {number}: {client}"),
    ),
    QuoteState.ACCEPTED: (
        NoticeKind.QUOTE_DECIDED,
        (gettext_lazy("Запрос {number}: предложение принято"), "Request {number}: the offer is accepted"),
    ),
    QuoteState.PARTLY_ACCEPTED: (
        NoticeKind.QUOTE_DECIDED,
        (gettext_lazy("Запрос {number}: принято частично"), "Request {number}: accepted in part"),
    ),
    QuoteState.WITHDRAWN: (
        NoticeKind.QUOTE_DECIDED,
        (gettext_lazy("Запрос {number} отозван клиентом"), "Request {number} is withdrawn by the client"),
    ),
    QuoteState.EXPIRED: (
        NoticeKind.QUOTE_DECIDED,
        (gettext_lazy("Запрос {number}: срок предложения истёк"), "Request {number}: the offer has expired"),
    ),
}
_REMARK = (
    NoticeKind.QUOTE_ASKED,
    (
        gettext_lazy("Запрос {number}: клиент просит исправить"),
        "Request {number}: the client asks for a change",
    ),
)
_ORDER_LOST = (
    NoticeKind.QUOTE_ASKED,
    (
        gettext_lazy("Запрос {number}: заказ по нему не состоялся"),
        "Request {number}: its order did not come about",
    ),
)
_TO_CLIENT = {
    QuoteState.OFFERED: (
        NoticeKind.QUOTE_OFFERED,
        (gettext_lazy("Запрос {number}: пришло предложение"), "Request {number}: here is an offer"),
    ),
    QuoteState.DECLINED: (
        NoticeKind.QUOTE_OFFERED,
        (gettext_lazy("Запрос {number}: отказ поставщика"), "Request {number}: the supplier declines"),
    ),
    QuoteState.EXPIRED: (
        NoticeKind.QUOTE_EXPIRES,
        (gettext_lazy("Запрос {number}: срок цен истёк"), "Request {number}: the prices have expired"),
    ),
}


def quote_step_tell(*, step_id: int, at: datetime) -> int:
    """Tell of a move whom it concerns; return how many people. Once for a step."""
    step = QuoteStep.objects.select_related("quote__legal_entity").get(pk=step_id)
    quote, state = step.quote, QuoteState(step.state)
    facts = []
    told = _TO_STAFF.get(state)
    if state == QuoteState.IN_WORK and step.version and step.comment:
        told = _REMARK if step.user_id else _ORDER_LOST
    if told is not None:
        kind, title = told
        answer = reverse("orders:quote_answer", args=[quote.uid])
        facts.append(_facts(step, kind, title, sellers_of(quote), answer))
    address = reverse("orders:quote", args=[quote.uid])
    _note(step, address, at)
    if state in _TO_CLIENT:
        kind, title = _TO_CLIENT[state]
        facts.append(_facts(step, kind, title, askers_of(quote, at=at), address))
    return notices_send(notices=[one for one in facts if one.user_ids], day=moscow_date(step.at), at=at)


def _note(step: QuoteStep, address: str, at: datetime) -> None:
    """A line in the talk about the request, where one is held."""
    quote = step.quote
    thread_note(
        holding_id=quote.holding_id,
        legal_entity_id=quote.legal_entity_id,
        reference=quote.reference,
        permission=Permission.ORDER_VIEW,
        subject=_("Запрос цен {number}: {state}").format(
            number=quote.number, state=QuoteState(step.state).label.lower()
        ),
        text=step.comment,
        address=address,
        key=f"quote_step:{step.pk}",
        at=at,
    )


def askers_of(quote: Quote, *, at: datetime) -> tuple[int, ...]:
    """The client's people who see the request."""
    people = people_reaching(
        permission=Permission.ORDER_VIEW,
        legal_entity_ids=[quote.legal_entity_id],
        on=moscow_date(at),
        author_ids=[quote.created_by_id],
    )
    return people[quote.legal_entity_id]


def sellers_of(quote: Quote) -> tuple[int, ...]:
    """Managers of the client."""
    return manager_ids_of([quote.holding_id]).get(quote.holding_id, ())


def _facts(
    step: QuoteStep, kind: NoticeKind, title: tuple[Promise, str], people: tuple[int, ...], address: str
) -> NoticeFacts:
    return NoticeFacts(
        user_ids=tuple(pk for pk in people if pk != step.user_id),
        kind=kind,
        reference=f"quote_step:{step.pk}",
        title=said(*title, number=step.quote.number, client=step.quote.legal_entity.name),
        text=step.comment,
        address=address,
    )
