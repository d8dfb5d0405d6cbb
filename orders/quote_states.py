"""Where a request of prices stands and how it may move."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.states import WrongState


class QuoteState(models.TextChoices):
    """Where a request of prices stands."""

    SUBMITTED = "submitted", _("Отправлен")
    IN_WORK = "in_work", _("В работе")
    OFFERED = "offered", _("Есть предложение")
    ACCEPTED = "accepted", _("Принято")
    PARTLY_ACCEPTED = "partly_accepted", _("Принято частично")
    DECLINED = "declined", _("Отказ поставщика")
    EXPIRED = "expired", _("Срок истёк")
    WITHDRAWN = "withdrawn", _("Отозван")


QUOTE_WAITING = frozenset({QuoteState.SUBMITTED, QuoteState.IN_WORK})
"""The manager owes an answer."""

QUOTE_DECIDED = frozenset({QuoteState.ACCEPTED, QuoteState.PARTLY_ACCEPTED})
"""An order has come of it."""

_ENDS = frozenset({QuoteState.DECLINED, QuoteState.WITHDRAWN})
_ORDERED = QUOTE_DECIDED

QUOTE_TRANSITIONS: dict[str, frozenset[QuoteState]] = {
    QuoteState.SUBMITTED: frozenset({QuoteState.IN_WORK, QuoteState.OFFERED}) | _ENDS,
    QuoteState.IN_WORK: frozenset({QuoteState.OFFERED}) | _ENDS | _ORDERED,
    QuoteState.OFFERED: frozenset({QuoteState.IN_WORK, QuoteState.OFFERED, QuoteState.EXPIRED})
    | _ENDS
    | _ORDERED,
    QuoteState.EXPIRED: frozenset({QuoteState.IN_WORK, QuoteState.OFFERED}) | _ENDS,
    QuoteState.ACCEPTED: frozenset(),
    QuoteState.PARTLY_ACCEPTED: frozenset(),
    QuoteState.DECLINED: frozenset(),
    QuoteState.WITHDRAWN: frozenset(),
}
"""A remark takes an offer back to work, but while its day has not passed it may still be accepted."""

QUOTE_SYSTEM_TRANSITIONS: dict[str, frozenset[QuoteState]] = {
    **QUOTE_TRANSITIONS,
    **dict.fromkeys(_ORDERED, frozenset({QuoteState.IN_WORK})),
}
"""What the portal alone may do: nothing came of the order, so that the manager owes an answer again."""


def require_quote_step(
    current: str, target: QuoteState, *, table: Mapping[str, frozenset[QuoteState]] = QUOTE_TRANSITIONS
) -> None:
    """Raise `WrongState` unless the table allows the move."""
    if target not in table[current]:
        raise WrongState(f"{QuoteState(current).label} → {target.label}")
