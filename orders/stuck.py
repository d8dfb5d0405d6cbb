"""Why an order stands, since when and what would move it: told from its facts, without a query."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.states import IN_WORK, OrderState
from portal.lib.dates import format_date

FETCH_HOURS = 4
"""1C that has not fetched an order for longer is asked after."""
STILL_DAYS = 7
"""An order in work in which nothing has moved for longer is asked after."""


class StuckKind(models.TextChoices):
    """What an order waits for."""

    APPROVAL = "approval", gettext_lazy("Ждёт согласования у клиента")
    MANAGER = "manager", gettext_lazy("Ждёт подтверждения менеджера")
    HOLD = "hold", gettext_lazy("Приостановлен")
    QUARANTINE = "quarantine", gettext_lazy("Не выгружается в 1С")
    FETCH = "fetch", gettext_lazy("1С не забирает")
    PREPAYMENT = "prepayment", gettext_lazy("Ждёт предоплаты")
    STILL = "still", gettext_lazy("В 1С без движения")
    ABANDONED = "abandoned", gettext_lazy("Отменён, но есть в 1С")


@dataclass(frozen=True, slots=True)
class Standstill:
    """Why an order stands; `advice` is for the client's people, `task` for the distributor's."""

    kind: StuckKind
    since: datetime
    text: str
    advice: str
    task: str


@dataclass(frozen=True, slots=True)
class StuckFacts:
    """What has to be known of an order.

    `parts_in_erp` are those that 1C holds and has not cancelled.
    `step_at` and `step_comment` are of its last move, `moved_at` of 1C's last word. `fault` is why its
    export was set aside. `is_prepaid` means that nothing goes before it is paid, `is_paid` wholly.
    """

    state: str
    is_from_erp: bool
    step_at: datetime
    step_comment: str
    moved_at: datetime | None
    parts: int
    parts_accepted: int
    parts_in_erp: int
    is_prepaid: bool
    is_paid: bool
    is_shipped: bool
    fault: str = ""
    ships_on: date | None = None


def standstill(facts: StuckFacts, *, at: datetime) -> Standstill | None:
    """The one reason that counts most; None while the order goes its way."""
    if facts.state in _WAITING:
        return _waiting(facts)
    if facts.state == OrderState.CANCELLED:
        return _abandoned(facts)
    if facts.state not in IN_WORK or facts.state in _ENDED:
        return None
    return _outward(facts, at) or _still(facts, at)


def next_event(facts: StuckFacts, *, at: datetime) -> str:
    """What comes next, in a few words; empty for an order that is over."""
    stands = standstill(facts, at=at)
    if stands is not None:
        return stands.text
    if facts.state == OrderState.SHIPPED:
        return "" if facts.is_paid else _("Оплата")
    if facts.state not in IN_WORK or facts.state in _ENDED:
        return ""
    if facts.parts_accepted < facts.parts:
        return _("Передаём в 1С")
    if facts.ships_on is not None and facts.state != OrderState.PARTLY_SHIPPED:
        return _("Отгрузка {date}").format(date=format_date(facts.ships_on))
    if facts.state == OrderState.PARTLY_SHIPPED:
        return _("Отгрузка остатка")
    return _("Отгрузка")


_WAITING = frozenset({OrderState.ON_APPROVAL, OrderState.SUBMITTED, OrderState.ON_HOLD})
_ENDED = frozenset({OrderState.SHIPPED, OrderState.COMPLETED})


def _waiting(facts: StuckFacts) -> Standstill:
    if facts.state == OrderState.ON_APPROVAL:
        return Standstill(
            StuckKind.APPROVAL,
            facts.step_at,
            _("Согласование коллеги"),
            _("Заказ отправит сотрудник с правом «Отправлять заказы». До этого товар стоит в резерве."),
            _("Клиент ещё не отправил заказ: напомните ему, резерв стоит."),
        )
    if facts.state == OrderState.ON_HOLD:
        return Standstill(
            StuckKind.HOLD,
            facts.step_at,
            ": ".join(filter(None, (_("Приостановлен"), facts.step_comment))),
            _("Свяжитесь с менеджером: он снимет паузу или отклонит заказ."),
            _("Снимите паузу, подтвердите или отклоните заказ."),
        )
    return Standstill(
        StuckKind.MANAGER,
        facts.step_at,
        _("Подтверждение менеджера"),
        _("Менеджер подтвердит заказ, после этого придёт счёт."),
        _("Подтвердите заказ, приостановите или отклоните его."),
    )


def _abandoned(facts: StuckFacts) -> Standstill | None:
    """Given up here, and 1C has not said that it is cancelled there, too."""
    if facts.is_from_erp or not facts.parts_in_erp:
        return None
    return Standstill(
        StuckKind.ABANDONED,
        facts.step_at,
        _("Отменён, но есть в 1С"),
        _("Отмена передаётся в 1С. Ничего делать не нужно."),
        _("Отмена уходит в 1С при обмене. Если там с заказом уже работают, отмените его в 1С сами."),
    )


def _outward(facts: StuckFacts, at: datetime) -> Standstill | None:
    """On its way to 1C."""
    if facts.is_from_erp or facts.parts_accepted >= facts.parts:
        return None
    if facts.fault:
        return Standstill(
            StuckKind.QUARANTINE,
            facts.step_at,
            _("Не выгружается в 1С"),
            _("Мы разбираемся, почему заказ не уходит на склад. Ничего делать не нужно."),
            _("Исправьте и выгрузите снова: {fault}").format(fault=facts.fault),
        )
    if at - facts.step_at < timedelta(hours=FETCH_HOURS):
        return None
    return Standstill(
        StuckKind.FETCH,
        facts.step_at,
        _("Передача в 1С"),
        _("Заказ в очереди на передачу складу. Ничего делать не нужно."),
        _("1С не забирает заказ: проверьте обмен."),
    )


def _still(facts: StuckFacts, at: datetime) -> Standstill | None:
    """In 1C already."""
    since = max(facts.step_at, facts.moved_at or facts.step_at)
    if facts.is_prepaid and not facts.is_paid:
        return Standstill(
            StuckKind.PREPAYMENT,
            facts.step_at,
            _("Предоплата"),
            _("Оплатите счёт: товар отгрузят после оплаты."),
            _("Клиент не оплатил счёт."),
        )
    if at - since < timedelta(days=STILL_DAYS):
        return None
    return Standstill(
        StuckKind.STILL,
        since,
        _("Нет движения с {date}").format(date=format_date(since.date())),
        _("Спросите менеджера, когда отгрузят заказ."),
        _("В 1С с заказом давно ничего не происходит: проверьте его."),
    )
