"""Drafting contracts and their versions, and the moves that need no file."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max

from counterparties.actor import Actor
from counterparties.merge_gate import parties_hold
from counterparties.models import Contract, ContractKind, ContractState, LegalEntity, SigningWay
from documents.contract_refusals import (
    ContractKnown,
    ContractOver,
    ParentMissing,
    ReasonMissing,
    TextMissing,
    VersionOpen,
    WrongDates,
)
from documents.models import ContractFile, ContractVersion
from documents.services.contract_locking import (
    acting_user,
    contracts_lock,
    staff_only,
    version_move,
    version_of_staff,
)
from documents.states import OPEN_VERSIONS, ContractFileRole, VersionState

OF_A_CONTRACT = frozenset({ContractKind.ADDENDUM, ContractKind.SPECIFICATION, ContractKind.PROTOCOL})
"""Kinds that stand under another contract; orders are never placed under them."""

_TEXTS = (ContractFileRole.DRAFT, ContractFileRole.OUR_SIGNED)


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """A new contract or addendum; `number` and `date` are those of the paper."""

    organization_id: int
    legal_entity_id: int
    kind: ContractKind
    number: str
    date: date
    parent_id: int | None = None
    subject: str = ""
    signing: SigningWay = SigningWay.PAPER
    prolongs_months: int | None = None
    prolongs_most: int | None = None
    prolongs_notice_days: int = 30


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What a text brings when it is accepted; None changes nothing."""

    summary: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    deferral_days: int | None = None
    prepayment_percent: Decimal | None = None


@transaction.atomic
def contract_draft(
    *, actor: Actor, facts: ContractFacts, version: VersionFacts, at: datetime
) -> ContractVersion:
    """Begin a contract or an addendum with its first version; nobody orders under it until it is accepted.

    Raises AccessDenied, LegalEntity.DoesNotExist, Contract.DoesNotExist (the parent), ParentMissing,
    WrongDates, ContractOver, ContractKnown.
    """
    staff_only(actor)
    parties_hold()
    entity = LegalEntity.objects.visible_to(actor).in_use().get(pk=facts.legal_entity_id)
    parent = _parent(facts)
    _check_dates(version, begins=facts.date)
    contract = Contract(
        organization_id=facts.organization_id,
        legal_entity=entity,
        number=facts.number,
        date=facts.date,
        kind=facts.kind,
        parent=parent,
        subject=facts.subject,
        signing=facts.signing,
        currency=parent.currency if parent else "RUB",
        state=ContractState.DRAFT,
        prolongs_months=facts.prolongs_months,
        prolongs_most=facts.prolongs_most,
        prolongs_notice_days=facts.prolongs_notice_days,
    )
    try:
        with transaction.atomic():
            contract.save(force_insert=True)
    except IntegrityError as error:
        raise ContractKnown(str(contract)) from error
    return _version_inserted(contract, version, number=1, actor=actor, at=at)


def _parent(facts: ContractFacts) -> Contract | None:
    if facts.kind not in OF_A_CONTRACT:
        return None
    if facts.parent_id is None:
        raise ParentMissing
    parent = Contract.objects.get(
        pk=facts.parent_id,
        organization=facts.organization_id,
        legal_entity=facts.legal_entity_id,
        parent__isnull=True,
    )
    if parent.state not in {ContractState.ACTIVE, ContractState.DRAFT}:
        raise ContractOver
    return parent


@transaction.atomic
def contract_version_create(
    *, actor: Actor, contract_id: int, facts: VersionFacts, at: datetime
) -> ContractVersion:
    """Begin another text of a contract; one is on its way at a time.

    Raises AccessDenied, Contract.DoesNotExist, ContractOver, VersionOpen, WrongDates.
    """
    staff_only(actor)
    contract = contracts_lock(Contract.objects.visible_to(actor).get(pk=contract_id))[contract_id]
    if contract.state not in {ContractState.ACTIVE, ContractState.DRAFT}:
        raise ContractOver
    versions = ContractVersion.objects.filter(contract=contract)
    waiting = versions.filter(state__in=OPEN_VERSIONS).first()
    if waiting is not None:
        raise VersionOpen(waiting.number)
    _check_dates(facts, begins=contract.date)
    number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
    return _version_inserted(contract, facts, number=number, actor=actor, at=at)


@transaction.atomic
def contract_version_propose(*, actor: Actor, version_id: int, at: datetime) -> ContractVersion:
    """Hand a draft to colleagues. Raises AccessDenied, ContractVersion.DoesNotExist, WrongVersionState."""
    return _moved(actor, version_id, VersionState.ON_APPROVAL, at)


@transaction.atomic
def contract_version_rework(*, actor: Actor, version_id: int, at: datetime) -> ContractVersion:
    """Take it back from colleagues. Raises as `contract_version_propose`."""
    return _moved(actor, version_id, VersionState.DRAFT, at)


@transaction.atomic
def contract_version_send(*, actor: Actor, version_id: int, at: datetime) -> ContractVersion:
    """Give the text to the client to sign. Raises as `contract_version_propose`, and TextMissing."""
    version = version_of_staff(actor, version_id)
    if not ContractFile.objects.filter(version=version, role__in=_TEXTS).exists():
        raise TextMissing
    version_move(version, VersionState.SENT, actor=actor, at=at)
    version.sent_at = at
    version.save(update_fields=["sent_at"])
    return version


@transaction.atomic
def contract_version_take(*, actor: Actor, version_id: int, at: datetime) -> ContractVersion:
    """Begin to look through what the client has sent. Raises as `contract_version_propose`."""
    return _moved(actor, version_id, VersionState.ON_REVIEW, at)


@transaction.atomic
def contract_version_return(*, actor: Actor, version_id: int, reason: str, at: datetime) -> ContractVersion:
    """Give the scans back with a reason; what was sent stays, and the client may send again.

    Raises as `contract_version_propose`, and ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing
    version = version_of_staff(actor, version_id)
    version_move(version, VersionState.REJECTED, actor=actor, at=at, comment=reason.strip())
    return version


@transaction.atomic
def contract_version_withdraw(*, actor: Actor, version_id: int, reason: str, at: datetime) -> ContractVersion:
    """Give a text up before it is accepted. Raises as `contract_version_propose`."""
    version = version_of_staff(actor, version_id)
    version_move(version, VersionState.WITHDRAWN, actor=actor, at=at, comment=reason.strip())
    return version


def _moved(actor: Actor, version_id: int, target: VersionState, at: datetime) -> ContractVersion:
    version = version_of_staff(actor, version_id)
    version_move(version, target, actor=actor, at=at)
    return version


def _check_dates(version: VersionFacts, *, begins: date) -> None:
    if version.valid_until is not None and version.valid_until < (version.valid_from or begins):
        raise WrongDates


def _version_inserted(
    contract: Contract, facts: VersionFacts, *, number: int, actor: Actor, at: datetime
) -> ContractVersion:
    return ContractVersion.objects.create(
        contract=contract,
        number=number,
        summary=facts.summary,
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        deferral_days=facts.deferral_days,
        prepayment_percent=facts.prepayment_percent,
        created_by_id=acting_user(actor),
        created_at=at,
    )
