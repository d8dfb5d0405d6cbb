"""Acts by the clock: for the period before, on a day after its end."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.models import Contract, LegalEntity
from counterparties.reach import reach
from documents.models import Act, ActPeriod, ActSchedule
from documents.services.act_requests import ActRefused, act_planned
from portal.lib.dates import moscow_date

LATE_DAYS = 7
"""So many days later is a missed day made up for."""
MONTHS: dict[str, int] = {ActPeriod.MONTH: 1, ActPeriod.QUARTER: 3, ActPeriod.YEAR: 12}


@dataclass(frozen=True, slots=True)
class SchedulePlace:
    """Whose acts: of a pair of firms, under one contract or all."""

    organization_id: int
    legal_entity_id: int
    contract_id: int | None = None


@transaction.atomic
def act_schedule_save(
    *, actor: Actor, place: SchedulePlace, period: ActPeriod, day: int, is_active: bool
) -> ActSchedule:
    """Set when acts of a pair are made; one schedule for a place. Idempotent.

    Raises AccessDenied, ActRefused, LegalEntity.DoesNotExist, Contract.DoesNotExist.
    """
    actor.require(Permission.FINANCE_VIEW)
    if actor.user_id is None or actor.is_read_only or actor.is_own_only(Permission.FINANCE_VIEW):
        raise AccessDenied(_("Расписание меняют только люди, которым открыты расчёты"))
    if not 1 <= day <= 28:
        raise ActRefused(_("День после периода – от 1 до 28."))
    seen = reach(actor, Permission.FINANCE_VIEW, entity="")
    entity = LegalEntity.objects.in_use().filter(seen).get(pk=place.legal_entity_id)
    firm = Q(legal_entity=entity) | Q(legal_entity__merged_into=entity)
    contracts = Contract.objects.filter(firm, organization=place.organization_id)
    contract = contracts.get(pk=place.contract_id) if place.contract_id is not None else None
    if contract is None and not contracts.exists():
        raise ActRefused(_("У юрлица нет договоров с этой организацией."))
    schedule, _is_new = ActSchedule.objects.update_or_create(
        legal_entity=entity,
        organization_id=place.organization_id,
        contract=contract,
        defaults={"period": period, "day": day, "is_active": is_active, "made_by_id": actor.user_id},
    )
    return schedule


def acts_due(*, at: datetime) -> list[Act]:
    """Ask for the acts of schedules whose day has come; a repeat asks for the same."""
    today = moscow_date(at)
    schedules = ActSchedule.objects.filter(is_active=True, legal_entity__merged_into__isnull=True)
    acts = []
    for schedule in schedules.select_related("contract").order_by("pk"):
        start, end = period_before(today, months=MONTHS[schedule.period])
        due = end + timedelta(days=schedule.day)
        if due <= today <= due + timedelta(days=LATE_DAYS):
            with transaction.atomic():
                acts.append(act_planned(schedule=schedule, period=(start, end), at=at))
    return acts


def period_before(day: date, *, months: int) -> tuple[date, date]:
    """The last month, quarter or year that is over on the day."""
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    end = first - timedelta(days=1)
    return end.replace(month=end.month - months + 1, day=1), end
