"""Writing what waits into a CRM: one process for an account at a time, companies before deals.

Nothing is lost: a card waits until the CRM has it. Nothing is doubled: a card without a number is looked for
first, and after a write without an answer some time passes before that.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from integrations.crm.gateways import CrmClosed, CrmGateway, CrmTired, CrmUnavailable, Outcome, Work
from integrations.crm.things import Contact, Deal, Thing
from integrations.models import CrmAccount, CrmLink, CrmThing, LinkState
from integrations.reports.crm_things import things_of
from integrations.services.crm.accounts import account_pause, gateway_of
from portal.outbox import JobContext, enqueue, job

LEASE = timedelta(minutes=2)
"""Longer than the longest run of requests between two renewals."""
DOUBT = timedelta(seconds=60)
"""A write without an answer may still be at work: so long nobody looks whether it has come to anything."""
_PAUSES = (5, 20, 60, 300, 900, 3_600)  # seconds before the next try; the last one repeats
_PORTIONS = 50  # in one job; the rest goes into the next one
_ORDER = (CrmThing.COMPANY, CrmThing.CONTACT, CrmThing.DEAL)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class WriteTask:
    """An account with cards that wait."""

    account_id: int


def crm_write_ask(*, account_id: int, delay: timedelta = timedelta()) -> None:
    """Have the cards of an account written; in the caller's transaction."""
    key = f"crm:{account_id}:{uuid4().hex}"
    enqueue(write_cards, WriteTask(account_id=account_id), key=key, delay=delay)


@transaction.atomic
def crm_wake(*, at: datetime) -> int:
    """Ask for accounts with cards that are due; return how many. A worker that was killed is replaced so."""
    due = CrmLink.objects.filter(state=LinkState.WAITING, next_at__lte=at).values("account")
    accounts = CrmAccount.objects.filter(is_active=True, is_paused=False, pk__in=due).filter(
        Q(busy_until__isnull=True) | Q(busy_until__lt=Now())
    )
    pks = list(accounts.order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        crm_write_ask(account_id=pk)
    return len(pks)


@job(atomic=False)
def write_cards(task: WriteTask, job: JobContext) -> None:
    """Write what waits, portion by portion, until nothing is due or the CRM asks for a rest."""
    account = _leased(task.account_id, token := uuid4())
    if account is None:
        return
    again: timedelta | None = None
    try:
        gateway = gateway_of(account)
        for _portion in range(_PORTIONS):
            job.heartbeat()
            if not _renewed(account.pk, token) or not _portion_write(account, gateway):
                break
        else:
            again = timedelta()
    except CrmTired as tired:
        again = timedelta(seconds=max(tired.seconds, 1.0))
    except CrmClosed as closed:
        account_pause(account_id=account.pk, reason=str(closed), at=timezone.now())
    except CrmUnavailable as error:  # before anything was written: a token could not be renewed
        log.warning("crm_away", account=account.pk, reason=str(error))
        again = timedelta(seconds=_PAUSES[2])
    finally:
        CrmAccount.objects.filter(pk=account.pk, busy_with=token).update(busy_until=None, busy_with=None)
    with job.finish():
        if again is not None:
            crm_write_ask(account_id=account.pk, delay=again)


def _leased(account_id: int, token: UUID) -> CrmAccount | None:
    free = CrmAccount.objects.filter(pk=account_id, is_active=True, is_paused=False).filter(
        Q(busy_until__isnull=True) | Q(busy_until__lt=Now())
    )
    if not free.update(busy_until=Now() + LEASE, busy_with=token):
        return None
    return CrmAccount.objects.get(pk=account_id)


def _renewed(account_id: int, token: UUID) -> bool:
    held = CrmAccount.objects.filter(pk=account_id, busy_with=token, is_active=True, is_paused=False)
    return bool(held.update(busy_until=Now() + LEASE))


def _portion_write(account: CrmAccount, gateway: CrmGateway) -> bool:
    """Write one portion of one kind; tells whether there was anything to do."""
    for kind in _ORDER:
        links = _due(account, kind, gateway.portion)
        if links:
            _links_write(account, gateway, links, at=timezone.now())
            return True
    return False


def _due(account: CrmAccount, kind: CrmThing, most: int) -> list[CrmLink]:
    rows = CrmLink.objects.filter(
        account=account, kind=kind, state=LinkState.WAITING, next_at__lte=timezone.now()
    )
    return list(rows.order_by("next_at", "pk")[:most])


def _links_write(account: CrmAccount, gateway: CrmGateway, links: Sequence[CrmLink], *, at: datetime) -> None:
    things = things_of([link.reference for link in links])
    ties = _ties(account, things.values())
    works: list[Work] = []
    for link in links:
        thing = things.get(link.reference)
        if thing is None:
            link_note(
                link=link,
                outcome=Outcome(link.pk, link.external_id, "на портале этого больше нет", True),
                at=at,
            )
            continue
        company, contact = ties.get(_company(thing), ""), ties.get(_contact(thing), "")
        if company is None or contact is None:  # its turn has not come yet
            CrmLink.objects.filter(pk=link.pk).update(next_at=at + timedelta(seconds=_PAUSES[0]))
            continue
        draft = gateway.draft(thing, company_id=company, contact_id=contact)
        if link.external_id and link.written and draft.digest == link.written_sha256:
            link_note(link=link, outcome=Outcome(link.pk, link.external_id), digest=draft.digest, at=at)
            continue
        works.append(
            Work(link.pk, draft, link.external_id, is_settled=bool(link.written), former=link.written_sha256)
        )
    if works:
        _works_write(account, gateway, works, {link.pk: link for link in links})


def _works_write(
    account: CrmAccount, gateway: CrmGateway, works: Sequence[Work], links: Mapping[int, CrmLink]
) -> None:
    kind = works[0].draft.kind
    numbers = CrmLink.objects.filter(account=account, kind=kind).exclude(external_id="")
    taken = (
        frozenset(numbers.values_list("external_id", flat=True)) if kind == CrmThing.COMPANY else frozenset()
    )
    try:
        outcomes = gateway.write(works, taken=taken)
    except CrmUnavailable as error:
        outcomes = [Outcome(work.number, work.external_id, str(error), is_doubtful=True) for work in works]
        log.warning("crm_no_answer", account=account.pk, reason=str(error), cards=len(works))
    digests = {work.number: work.draft.digest for work in works}
    for outcome in outcomes:
        digest = digests[outcome.number]
        link_note(link=links[outcome.number], outcome=outcome, digest=digest, at=timezone.now())


def _ties(account: CrmAccount, things: object) -> dict[str, str | None]:
    """Numbers of cards that things hang on: None while they are still to be written, "" for none."""
    wanted: set[str] = set()
    for thing in things:  # type: ignore[attr-defined]
        wanted |= {_company(thing), _contact(thing)} - {""}
    rows = CrmLink.objects.filter(account=account, reference__in=wanted)
    ties: dict[str, str | None] = {"": ""}
    for link in rows:
        waits = not link.external_id and link.state == LinkState.WAITING
        ties[link.reference] = None if waits else link.external_id
    return ties


def _company(thing: Thing) -> str:
    return thing.company if isinstance(thing, Contact | Deal) else ""


def _contact(thing: Thing) -> str:
    return thing.contact if isinstance(thing, Deal) else ""


def link_note(*, link: CrmLink, outcome: Outcome, at: datetime, digest: str = "") -> None:
    """Write down what became of a card; a number that is another card's already is not believed."""
    try:
        with transaction.atomic():
            _note(link, outcome, digest, at)
    except IntegrityError:
        refused = Outcome(
            link.pk, error=f"карточка {outcome.external_id} занята другой записью", is_final=True
        )
        with transaction.atomic():
            _note(link, refused, "", at)


def _note(told: CrmLink, outcome: Outcome, digest: str, at: datetime) -> None:
    link = CrmLink.objects.select_for_update(of=("self",)).get(pk=told.pk)
    link.external_id = "" if outcome.is_gone else outcome.external_id or link.external_id
    link.is_doubtful, link.last_error = outcome.is_doubtful, outcome.error[:300]
    if not outcome.error:
        link.written, link.written_sha256, link.written_at = told.wanted, digest, at
        link.attempts = 0
        link.state = LinkState.WRITTEN if link.wanted == told.wanted else LinkState.WAITING
        link.next_at = at
    elif outcome.is_final and link.wanted == told.wanted:
        link.state = LinkState.REFUSED
        link.attempts += 1
    else:
        link.attempts += 1
        if outcome.is_gone:
            link.written, link.written_sha256 = 0, ""
        link.next_at = at + _pause(link.attempts, outcome)
    link.save()


def _pause(attempts: int, outcome: Outcome) -> timedelta:
    own = timedelta(seconds=_PAUSES[min(attempts, len(_PAUSES)) - 1] * (1 + random.random() / 4))  # noqa: S311
    return max(own, DOUBT) if outcome.is_doubtful else own
