"""The manager's morning: what a card is, and which of them comes first. No queries here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

ZERO = Decimal("0.00")


class MorningKind(models.TextChoices):
    """Why a client needs his manager today."""

    LIMIT = "limit", _("Деньги не пускают заказ")
    EXCHANGE = "exchange", _("Заказ не уходит в 1С")
    TALK = "talk", _("Клиент ждёт ответа")
    QUOTE = "quote", _("Запрос цен без ответа")
    CLAIM = "claim", _("Рекламация без ответа")
    STUCK = "stuck", _("Заказ стоит")
    OVERDUE = "overdue", _("Срок оплаты")
    REGISTRATION = "registration", _("Новая заявка на регистрацию")
    CART = "cart", _("Брошенная корзина")
    RHYTHM = "rhythm", _("Не заказал в обычный срок")
    CONTRACT = "contract", _("Договор заканчивается")


class Urgency(models.IntegerChoices):
    """How soon a card is to be dealt with, the soonest first."""

    NOW = 1, _("Сейчас")
    TODAY = 2, _("Сегодня")
    CALL = 3, _("Позвонить")
    AHEAD = 4, _("Заранее")


_USUAL = {
    MorningKind.LIMIT: Urgency.NOW,
    MorningKind.EXCHANGE: Urgency.NOW,
    MorningKind.TALK: Urgency.TODAY,
    MorningKind.QUOTE: Urgency.TODAY,
    MorningKind.CLAIM: Urgency.TODAY,
    MorningKind.STUCK: Urgency.TODAY,
    MorningKind.OVERDUE: Urgency.TODAY,
    MorningKind.REGISTRATION: Urgency.TODAY,
    MorningKind.CART: Urgency.CALL,
    MorningKind.RHYTHM: Urgency.CALL,
    MorningKind.CONTRACT: Urgency.AHEAD,
}


def urgency_of(kind: str, *, due: datetime | None, at: datetime) -> Urgency:
    """What has a term that is over is to be dealt with now, all else as its kind usually is."""
    if due is not None and due <= at:
        return Urgency.NOW
    return _USUAL[MorningKind(kind)]


@dataclass(frozen=True, slots=True)
class Found:
    """What a source tells of one card before it is put into words; `words` is a name or a number."""

    reference: str
    money: Decimal | None
    since: datetime | None
    due: datetime | None
    count: int
    words: str
    holding_id: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """The words of a card: why, and where to look; `target` is the page of the cabinet to enter at."""

    why: str
    address: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class MorningCard:
    """One client who needs his manager, and why; money in RUB with VAT, None where none is at stake.

    `reference` tells two cards of a kind apart and lasts while the cause does: putting off goes by it.
    `person_id` is in whose name his cabinet may be entered, None where it may not.
    """

    kind: MorningKind
    urgency: Urgency
    holding_id: int | None
    client: str
    reference: str
    money: Decimal | None
    since: datetime | None
    due: datetime | None
    found: Found = field(compare=False, repr=False)
    words: Callable[[Found], Told] = field(compare=False, repr=False)
    last_contact: datetime | None = None
    person_id: int | None = None
    person: str = ""
    is_paused: bool = False

    @property
    def told(self) -> Told:
        """Why, and where to look: put into words for those cards alone that are shown."""
        return self.words(self.found)


def rank(card: MorningCard) -> tuple[int, Decimal, float, str, str, int]:
    """Sort key: the sooner first, then the more money, then what has waited or comes due longest.

    The rest only keeps the order the same from one morning to the next.
    """
    moment = card.due or card.since
    return (
        card.urgency,
        -(card.money or ZERO),
        moment.timestamp() if moment else float("inf"),
        card.kind,
        card.reference,
        card.holding_id or 0,
    )


@dataclass(frozen=True, slots=True)
class Source:
    """Cards of one kind: a SELECT of the columns below, in this order, and how a row becomes words.

    holding_id integer (NULL: nobody's client yet), reference text, money numeric, since timestamptz,
    due timestamptz, count integer, words text, person_id integer. All sources of all apps are read as
    one statement.
    """

    kind: MorningKind
    sql: str
    parameters: Sequence[Any]
    told: Callable[[Found], Told]
