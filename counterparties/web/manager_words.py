"""A manager's card in the words and by the clock of who reads it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import User
from counterparties.models import ManagerCard
from counterparties.selectors.managers import PersonalManager, hours_of
from counterparties.working_hours import IsWorking
from portal.lib.dates import month_genitive
from portal.lib.words import plural


@dataclass(frozen=True, slots=True)
class Phone:
    """As people read it, and as a telephone dials it."""

    shown: str
    dialled: str


@dataclass(frozen=True, slots=True)
class CardView:
    """What the cabinet shows of who answers today; `instead_of` is who is away."""

    user: User
    card: ManagerCard
    initials: str
    direct_phone: Phone | None
    mobile_phone: Phone | None
    whatsapp: Phone | None
    hours: str
    promise: str
    away: str
    instead_of: User | None


def card_view(manager: PersonalManager, *, zone: ZoneInfo, at: datetime, is_working: IsWorking) -> CardView:
    user, card = manager.answering, manager.answering_card
    return CardView(
        user=user,
        card=card,
        initials=_initials(user.get_full_name()),
        direct_phone=_phone(card.direct_phone or user.phone),
        mobile_phone=_phone(card.mobile_phone),
        whatsapp=_phone(card.whatsapp),
        hours=_hours(card, zone=zone, at=at, is_working=is_working),
        promise=_promise(card.answer_minutes),
        away=_away(manager),
        instead_of=manager.user if manager.substitute else None,
    )


def _hours(card: ManagerCard, *, zone: ZoneInfo, at: datetime, is_working: IsWorking) -> str:
    """«сейчас 14:20, работает до 18:00», by the reader's clock."""
    own = ZoneInfo(card.time_zone)
    today = at.astimezone(own).date()
    opens, closes = (_clock(today, moment, own, zone) for moment in (card.work_from, card.work_to))
    now = f"{at.astimezone(zone):%H:%M}"
    if hours_of(card).is_open(at, is_working=is_working):
        return _("сейчас {now}, работает до {closes}").format(now=now, closes=closes)
    return _("сейчас {now}, не на работе; рабочие часы {opens}–{closes}").format(
        now=now, opens=opens, closes=closes
    )


def _clock(day: date, moment: time, own: ZoneInfo, zone: ZoneInfo) -> str:
    return f"{datetime.combine(day, moment, own).astimezone(zone):%H:%M}"


def _promise(minutes: int) -> str:
    if minutes % 60:
        told = f"{minutes} {plural(minutes, _('минуты'), _('минут'), _('минут'))}"
    else:
        hours = minutes // 60
        told = f"{hours} {plural(hours, _('часа'), _('часов'), _('часов'))}"
    return _("Отвечает в течение {told} рабочего времени").format(told=told)


def _away(manager: PersonalManager) -> str:
    until = manager.away_until
    if until is None:
        return ""
    return _("{name} отсутствует до {day} {month}").format(
        name=manager.user.get_full_name(), day=until.day, month=month_genitive(until.month)
    )


def _phone(text: str) -> Phone | None:
    if not text:
        return None
    number, _word, extension = re.sub(r"доб\.?", "доб", text).partition("доб")
    digits = re.sub(r"[^\d+]", "", number)
    extra = re.sub(r"\D", "", extension)
    return Phone(text, f"{digits},{extra}" if extra else digits)


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()
