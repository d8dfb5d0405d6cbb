"""Offers whose days run out: warned of, then closed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeFacts, NoticeKind
from accounts.services.notices import notices_send
from orders.models import Quote
from orders.quote_states import QuoteState
from orders.services.quote_moves import quote_move
from orders.services.quote_notices import askers_of
from portal.lib.dates import format_date, moscow_date
from portal.lib.said import said

_MOST = 500


def quotes_expire(*, at: datetime) -> int:
    """Close offers whose last day has passed; return how many. Each in a transaction of its own.

    Whoever is accepting one at the moment is waited for.
    """
    today = moscow_date(at)
    over = Quote.objects.filter(state=QuoteState.OFFERED, valid_until__lt=today).order_by("pk")
    return sum(_expire(pk, at) for pk in over.values_list("pk", flat=True)[:_MOST])


@transaction.atomic
def _expire(quote_id: int, at: datetime) -> int:
    quote = (
        Quote.objects.select_for_update(of=("self",))
        .filter(pk=quote_id, state=QuoteState.OFFERED, valid_until__lt=moscow_date(at))
        .first()
    )
    if quote is None:
        return 0
    quote_move(quote, QuoteState.EXPIRED, actor=None, at=at)
    return 1


@transaction.atomic
def quotes_warn(*, at: datetime) -> int:
    """Tell the client's people of offers whose last day is today or tomorrow; once a day for each person."""
    today = moscow_date(at)
    soon = Quote.objects.filter(
        state=QuoteState.OFFERED, valid_until__range=(today, today + timedelta(days=1))
    ).order_by("pk")[:_MOST]
    facts = [
        NoticeFacts(
            user_ids=askers_of(quote, at=at),
            kind=NoticeKind.QUOTE_EXPIRES,
            reference=quote.reference,
            title=said(
                _("Запрос {number}: цены действуют до {day}"),
                "Request {number}: the prices hold until {day}",
                number=quote.number,
                day=format_date(quote.valid_until),
            ),
            text=said(
                _("Примите предложение или попросите продлить срок."),
                "Accept the offer or ask for more time.",
            ),
            address=reverse("orders:quote", args=[quote.uid]),
        )
        for quote in soon
        if quote.valid_until is not None
    ]
    return notices_send(notices=[one for one in facts if one.user_ids], day=today, at=at)
