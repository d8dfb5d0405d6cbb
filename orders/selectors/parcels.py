"""When each warehouse's goods come: the plan of shipments that a person sees before he sends an order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from finance.workdays import WorkDays, work_days
from orders.selectors.shipment_plans import ShipmentPlan
from portal.lib.dates import MOSCOW

_NEAR = {0: _("сегодня"), 1: _("завтра")}


@dataclass(frozen=True, slots=True)
class PlannedParcel:
    """A warehouse's goods with their day; `ordered_by` is today's last hour for it, if there is one."""

    plan: ShipmentPlan
    today: date
    ships_on: date
    ordered_by: time | None

    @property
    def day_text(self) -> str:
        """«завтра, 25.11»."""
        near = _NEAR.get((self.ships_on - self.today).days)
        return f"{near}, {self.ships_on:%d.%m}" if near else f"{self.ships_on:%d.%m}"

    @property
    def until_text(self) -> str:
        """«до 15:00 – отгрузим завтра, 25.11»; nothing where no hour is set or it has passed."""
        if self.ordered_by is None:
            return ""
        return _("до {hour} – отгрузим {day}").format(hour=f"{self.ordered_by:%H:%M}", day=self.day_text)


@dataclass(frozen=True, slots=True)
class ParcelPlan:
    """Parcels as each is ready; all at once they leave on the latest day of them."""

    parcels: tuple[PlannedParcel, ...]

    @property
    def first_on(self) -> date | None:
        return min((parcel.ships_on for parcel in self.parcels), default=None)

    @property
    def last_on(self) -> date | None:
        return max((parcel.ships_on for parcel in self.parcels), default=None)

    def days(self, *, together: bool) -> dict[int, date]:
        """The day of each warehouse."""
        last = self.last_on
        return {one.plan.warehouse_id: last if together and last else one.ships_on for one in self.parcels}

    def late_for(self, desired: date | None, *, together: bool) -> tuple[str, ...]:
        """Warehouses whose goods come later than they are needed."""
        if desired is None:
            return ()
        days = self.days(together=together)
        return tuple(one.plan.warehouse for one in self.parcels if days[one.plan.warehouse_id] > desired)


def parcel_plan(
    plans: Sequence[ShipmentPlan], *, at: datetime, calendar: WorkDays | None = None
) -> ParcelPlan:
    """Days of one cart's shipments; one query without the calendar."""
    return parcel_plans([plans], at=at, calendar=calendar)[0]


def parcel_plans(
    carts: Iterable[Sequence[ShipmentPlan]], *, at: datetime, calendar: WorkDays | None = None
) -> list[ParcelPlan]:
    """The same of many carts; one query without the calendar (`work_days` since the day of `at`).

    An order is taken up on the first working day, counted from tomorrow where the warehouse's hour has
    passed (the hour itself is too late). The city's days of delivery are calendar ones; goods do not leave
    on a day of rest.
    """
    now = at.astimezone(MOSCOW)
    known = calendar or work_days(since=now.date())
    return [ParcelPlan(tuple(_parcel(plan, now, known) for plan in plans)) for plans in carts]


def _parcel(plan: ShipmentPlan, now: datetime, calendar: WorkDays) -> PlannedParcel:
    is_late = plan.cutoff_time is not None and now.time() >= plan.cutoff_time
    taken_on = calendar.from_day(now.date() + timedelta(days=is_late))
    return PlannedParcel(
        plan=plan,
        today=now.date(),
        ships_on=calendar.from_day(taken_on + timedelta(days=plan.delivery_days)),
        ordered_by=plan.cutoff_time if taken_on == now.date() and not is_late else None,
    )
