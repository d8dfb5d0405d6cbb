"""Reading what a CRM has changed: its messages may be lost, so it is asked once an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from integrations.crm.gateways import Card, CrmClosed
from integrations.models import CrmAccount, CrmInbound, CrmThing, InboundSource, InboundState
from integrations.services.crm.accounts import account_pause, gateway_of
from integrations.services.crm.inbound import card_take
from portal.outbox import JobContext, enqueue, job

_OVERLAP = timedelta(minutes=10)
"""Clocks differ, and a card is seen by a search a little later than it was changed."""
_FIRST = timedelta(days=1)
_QUIET = frozenset({"эхо записи портала", "этой карточки на портале нет"})


@dataclass(frozen=True, slots=True)
class PollTask:
    """An account whose changes are to be read."""

    account_id: int


@transaction.atomic
def polls_ask(*, at: datetime) -> int:
    """Have every account read, once an hour."""
    pks = (
        CrmAccount.objects.filter(is_active=True, is_paused=False).order_by("pk").values_list("pk", flat=True)
    )
    for pk in pks:
        enqueue(poll_account, PollTask(account_id=pk), key=f"crm-poll:{pk}:{at:%Y-%m-%dT%H}")
    return len(pks)


@transaction.atomic
def poll_now(*, account_id: int) -> None:
    """Have an account read out of turn."""
    enqueue(poll_account, PollTask(account_id=account_id), key=f"crm-poll:{account_id}:{uuid4().hex}")


@job(atomic=False)
def poll_account(task: PollTask, job: JobContext) -> None:
    """Read companies and deals changed since the last reading; the mark moves when all are taken."""
    account = CrmAccount.objects.filter(pk=task.account_id, is_active=True, is_paused=False).first()
    if account is None:
        return
    began = timezone.now()
    since = (account.polled_to or began - _FIRST) - _OVERLAP
    try:
        gateway = gateway_of(account)
        for kind in (CrmThing.COMPANY, CrmThing.DEAL):
            for card in gateway.changed(kind, since):
                job.heartbeat()
                _taken(account, card)
    except CrmClosed as closed:
        account_pause(account_id=account.pk, reason=str(closed), at=timezone.now())
        return
    with job.finish():
        CrmAccount.objects.filter(pk=account.pk).update(polled_to=began)


@transaction.atomic
def _taken(account: CrmAccount, card: Card) -> None:
    """Take a card; only news are written down, and what cannot be understood once until it changes."""
    result, is_taken = card_take(account=account, card=card, at=timezone.now())
    if result in _QUIET or "без последствий" in result:
        return
    known = CrmInbound.objects.filter(account=account, kind=card.kind, external_id=card.external_id)
    last = known.order_by("-pk").values_list("result", flat=True).first()
    if last == result and not is_taken:
        return
    CrmInbound.objects.create(
        account=account,
        source=InboundSource.POLL,
        kind=card.kind,
        external_id=card.external_id,
        received_at=timezone.now(),
        state=InboundState.DONE if is_taken else InboundState.REFUSED,
        result=result[:300],
        done_at=timezone.now(),
    )
