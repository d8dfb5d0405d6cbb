"""Changes that a CRM tells of: a message is only a hint, the card is read and decides.

Managers and segments are taken where the CRM is their owner; whom or what the portal does not know is
written down and changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from urllib.parse import urlsplit

import structlog
from django.db import transaction
from django.utils import timezone

from counterparties.models import Holding, LegalEntity
from counterparties.services.assignments import manager_assign
from integrations.crm.gateways import Card, CrmClosed, is_as_written
from integrations.crm.secrets import secrets_of
from integrations.models import (
    CrmAccount,
    CrmInbound,
    CrmKind,
    CrmLink,
    CrmSegment,
    CrmThing,
    CrmUser,
    InboundSource,
    InboundState,
    TruthOwner,
)
from integrations.reports.crm_things import ENTITY, things_of
from integrations.services.crm.accounts import account_pause, gateway_of
from portal.outbox import JobContext, enqueue, job

_MOST = 500
"""Of things that one message may name; amoCRM sends at most a few hundred."""

log = structlog.get_logger()


class HookRefused(Exception):
    """A message that is not from the CRM it names."""


@dataclass(frozen=True, slots=True)
class InboundTask:
    """A change to be read."""

    inbound_id: int


@dataclass(frozen=True, slots=True)
class Hint:
    """A card that a message names."""

    kind: CrmThing
    external_id: str
    event: str


def hook_check(*, account: CrmAccount, told: str) -> None:
    """Whether a message may come from the CRM: Bitrix24 tells its token, amoCRM its subdomain.

    Raises HookRefused.
    """
    if account.kind == CrmKind.BITRIX24:
        expected = secrets_of(account.sealed_secrets).get("application_token", "")
    else:
        expected = (urlsplit(account.address).hostname or "").partition(".")[0]
    if not expected or not compare_digest(expected.encode(), told.encode()):
        raise HookRefused("чужой ключ")


@transaction.atomic
def hints_take(*, account: CrmAccount, hints: list[Hint], at: datetime) -> int:
    """Write down what is to be read; what waits already is not written twice. Returns how many are new."""
    wanted = {(hint.kind, hint.external_id): hint for hint in hints[:_MOST]}
    rows = [
        CrmInbound(
            account=account,
            source=InboundSource.HOOK,
            kind=hint.kind,
            external_id=hint.external_id,
            event=hint.event[:60],
            received_at=at,
        )
        for _place, hint in sorted(wanted.items())
    ]
    waiting = CrmInbound.objects.filter(account=account, state=InboundState.WAITING)
    CrmInbound.objects.bulk_create(rows, ignore_conflicts=True)
    fresh = list(waiting.filter(received_at=at).order_by("pk").values_list("pk", flat=True))
    for pk in fresh:
        enqueue(read_inbound, InboundTask(inbound_id=pk), key=f"crm-inbound:{pk}")
    return len(fresh)


@job(atomic=False)
def read_inbound(task: InboundTask, job: JobContext) -> None:
    """Read a card and take from it what the CRM decides; a later message of the card is read anew."""
    inbound = CrmInbound.objects.select_related("account").get(pk=task.inbound_id)
    if inbound.state in {InboundState.DONE, InboundState.REFUSED}:
        return
    CrmInbound.objects.filter(pk=inbound.pk).update(state=InboundState.TAKEN)
    if not inbound.account.is_active:
        inbound_end(
            inbound_id=inbound.pk, result="учётная запись выключена", is_taken=False, at=timezone.now()
        )
        return
    try:
        card = gateway_of(inbound.account).read(inbound.kind, inbound.external_id)
    except CrmClosed as closed:
        account_pause(account_id=inbound.account_id, reason=str(closed), at=timezone.now())
        raise
    with job.finish():
        if card is None:
            result, is_taken = "карточки в CRM нет", False
        else:
            result, is_taken = card_take(account=inbound.account, card=card, at=timezone.now())
        inbound_end(inbound_id=inbound.pk, result=result, is_taken=is_taken, at=timezone.now())


def inbound_end(*, inbound_id: int, result: str, is_taken: bool, at: datetime) -> None:
    state = InboundState.DONE if is_taken else InboundState.REFUSED
    CrmInbound.objects.filter(pk=inbound_id).update(state=state, result=result[:300], done_at=at)


@transaction.atomic
def card_take(*, account: CrmAccount, card: Card, at: datetime) -> tuple[str, bool]:
    """Take the manager and the segment of a company; say what came of it, and whether it was understood.

    What stands as the portal has written it is an echo. An order is the portal's and 1C's: a deal that was
    changed by hand is only written down, and written over with the order's next move.
    """
    link = CrmLink.objects.filter(account=account, kind=card.kind, external_id=card.external_id).first()
    if link is None:
        return "этой карточки на портале нет", False
    if card.kind == CrmThing.COMPANY:
        told = _company_take(account, link, card)
        if told:
            return "; ".join(text for text, _is_taken in told), all(is_taken for _text, is_taken in told)
    thing = things_of([link.reference]).get(link.reference)
    if thing is None:
        return "на портале этого больше нет", False
    company, contact = str(card.values.get("COMPANY_ID") or ""), str(card.values.get("CONTACT_ID") or "")
    draft = gateway_of(account).draft(thing, company_id=company, contact_id=contact)
    if is_as_written(card, draft, link.written_sha256):
        return "эхо записи портала", True
    return "в CRM изменены другие поля, на портале без последствий", True


def _company_take(account: CrmAccount, link: CrmLink, card: Card) -> list[tuple[str, bool]]:
    entity = (
        LegalEntity.objects.select_related("holding").filter(pk=link.reference.removeprefix(ENTITY)).first()
    )
    if entity is None or not _decides(entity):
        return []
    told = []
    if account.manager_owner == TruthOwner.CRM and card.manager:
        told.append(_manager_take(account, entity.holding_id, card.manager))
    if account.segment_owner == TruthOwner.CRM and card.segment:
        told.append(_segment_take(account, entity.holding_id, card.segment))
    return [one for one in told if one is not None]


def _decides(entity: LegalEntity) -> bool:
    """Of several companies of a client the main one speaks for it."""
    return entity.holding.main_entity_id in (None, entity.pk) and entity.merged_into_id is None


def _manager_take(account: CrmAccount, holding_id: int, told: str) -> tuple[str, bool] | None:
    known = dict(CrmUser.objects.filter(account=account).values_list("external_id", "user_id"))
    if told not in known:
        return f"сотрудник CRM {told} не сопоставлен", False
    is_new = manager_assign(holding_id=holding_id, user_id=known[told], instead_of=known.values())
    if is_new is None:
        return f"сотрудник CRM {told} на портале не работает", False
    return ("менеджер назначен", True) if is_new else None


def _segment_take(account: CrmAccount, holding_id: int, told: str) -> tuple[str, bool] | None:
    group_id = CrmSegment.objects.filter(account=account, value=told).values_list("group", flat=True).first()
    if group_id is None:
        return f"сегмент «{told[:60]}» не сопоставлен", False
    holding = Holding.objects.select_for_update(of=("self",)).get(pk=holding_id)
    if holding.group_id == group_id:
        return None
    holding.group_id = group_id
    holding.save(update_fields=["group"])
    return "сегмент изменён", True
