"""When goods of a warehouse reach the city, as a client may be promised it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from catalog.selectors.stock import WarehouseStock
from portal.lib.dates import MOSCOW

_NEAR = {0: "сегодня", 1: "завтра", 2: "послезавтра"}


@dataclass(frozen=True, slots=True)
class DeliveryPromise:
    """What is ordered now arrives on a day; `ordered_by` is today's last hour for it, if there is one."""

    today: date
    arrives_on: date
    ordered_by: time | None

    @property
    def text(self) -> str:
        """«закажите до 15:00 — привезем завтра», «привезем 28.11»."""
        day = _NEAR.get((self.arrives_on - self.today).days, f"{self.arrives_on:%d.%m}")
        if self.ordered_by is None:
            return _("привезем {day}").format(day=day)
        return _("закажите до {hour} — привезем {day}").format(hour=f"{self.ordered_by:%H:%M}", day=day)


def delivery_promise(stock: WarehouseStock, *, at: datetime) -> DeliveryPromise:
    """Count the days of delivery from today, or from tomorrow when the hour has passed (Moscow time).

    The last hour itself is too late.
    """
    now = at.astimezone(MOSCOW)
    is_late = stock.cutoff_time is not None and now.time() >= stock.cutoff_time
    arrives_on = now.date() + timedelta(days=stock.delivery_days + is_late)
    return DeliveryPromise(
        today=now.date(), arrives_on=arrives_on, ordered_by=None if is_late else stock.cutoff_time
    )
