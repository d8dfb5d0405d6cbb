"""Contracts that prolong themselves, and refusing that in time."""

import calendar
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Contract, ContractState
from counterparties.reach import reach
from documents.contract_refusals import NothingProlongs, RefusalLate
from documents.events import ContractProlonged
from documents.services.contract_locking import contracts_lock, signer_only, staff_only
from portal.lib.dates import moscow_date
from portal.outbox import publish

_MOST_AT_ONCE = 1000


@transaction.atomic
def contract_prolongation_refuse(*, actor: Actor, contract_id: int, at: datetime) -> Contract:
    """Let a contract end on its last day. Idempotent.

    A client's signer must say so as many days ahead as the contract wants; an employee may note later
    what came in time on paper. Raises AccessDenied, Contract.DoesNotExist, NothingProlongs, RefusalLate.
    """
    if actor.is_client:
        signer_only(actor)
        permission = Permission.DOCUMENT_SIGN
    else:
        staff_only(actor)
        permission = Permission.DOCUMENT_VIEW
    mine = Contract.objects.filter(reach(actor, permission, entity="legal_entity"))
    contract = contracts_lock(mine.get(pk=contract_id))[contract_id]
    if contract.prolongation_refused_on is not None:
        return contract
    on = moscow_date(at)
    if contract.state != ContractState.ACTIVE or not contract.prolongs_months or contract.valid_until is None:
        raise NothingProlongs
    notice = contract.prolongs_notice_days
    if actor.is_client and on > contract.valid_until - timedelta(days=notice):
        raise RefusalLate(notice)
    contract.prolongation_refused_on = on
    contract.save(update_fields=["prolongation_refused_on"])
    return contract


@transaction.atomic
def contracts_prolong(*, at: datetime) -> int:
    """Move the end of contracts whose last day has come and which nobody gave up; return how many.

    The last day itself counts, so that no morning finds the contract expired. What was missed is made
    up: a contract is moved until it ends after today or may not be prolonged any more. Idempotent.
    """
    on = moscow_date(at)
    rows = _due(on).select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk")
    moved = 0
    for contract in rows[:_MOST_AT_ONCE]:
        ends = contract.valid_until
        while ends is not None and ends <= on and _may_again(contract):
            contract.prolonged_times += 1
            ends = months_later(ends, contract.prolongs_months or 0)
        if ends == contract.valid_until or ends is None:
            continue
        contract.valid_until = ends
        contract.save(update_fields=["valid_until", "prolonged_times"])
        publish(ContractProlonged(contract_id=contract.pk, valid_until=ends))
        moved += 1
    return moved


def _due(on: date) -> QuerySet[Contract]:
    return Contract.objects.filter(
        Q(prolongs_most__isnull=True) | Q(prolonged_times__lt=F("prolongs_most")),
        state=ContractState.ACTIVE,
        valid_until__lte=on,
        prolongs_months__gt=0,
        prolongation_refused_on__isnull=True,
    )


def _may_again(contract: Contract) -> bool:
    return contract.prolongs_most is None or contract.prolonged_times < contract.prolongs_most


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last day of a month stays the last one.

    >>> months_later(date(2026, 2, 28), 12), months_later(date(2027, 8, 31), 6)
    (datetime.date(2027, 2, 28), datetime.date(2028, 2, 29))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))
