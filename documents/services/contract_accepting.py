"""Accepting a signed version: it becomes active, and the contract takes its dates and terms."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from counterparties.actor import Actor
from counterparties.models import Contract, ContractState, ContractTerms
from documents.contract_refusals import (
    AnotherActive,
    ContractOver,
    DayAhead,
    SignaturesMissing,
    WrongDates,
    WrongVersionState,
)
from documents.models import ContractFile, ContractVersion, EdoMessage
from documents.services.contract_locking import acting_user, version_move, version_of_staff
from documents.states import VERSION_STEPS, ContractFileRole, EdoStatus, ReceivedKind, VersionState
from portal.lib.dates import moscow_date


class Rivals(models.TextChoices):
    """What becomes of other main contracts of the kind when a new one comes into force."""

    NONE = "none", _("Других быть не должно")
    REPLACED = "replaced", _("Новый заменяет прежний")
    BESIDE = "beside", _("Действуют вместе")


@dataclass(frozen=True, slots=True)
class Signatures:
    """How both signatures are known; the operator's «signed» is looked up besides."""

    scan_has_both: bool = False
    original_received_on: date | None = None


@transaction.atomic
def contract_accept(
    *, actor: Actor, version_id: int, signatures: Signatures, rivals: Rivals, at: datetime
) -> ContractVersion:
    """Let a version come into force; the one before it is superseded.

    Dates and terms are those of the contract from then on, or of its parent where it is an addendum. Without
    a day of their own terms of a running contract hold from today on, those of a new one from its date.
    Raises AccessDenied, ContractVersion.DoesNotExist, WrongVersionState, SignaturesMissing, DayAhead,
    ContractOver, AnotherActive, WrongDates.
    """
    version = version_of_staff(actor, version_id)
    if VersionState.ACTIVE not in VERSION_STEPS.get(VersionState(version.state), frozenset()):
        raise WrongVersionState(version.state)
    _sign(version, signatures, actor=actor, at=at)
    is_renewal = version.contract.state == ContractState.ACTIVE
    begins = version.valid_from or (moscow_date(at) if is_renewal else version.contract.date)
    _contract_begin(version.contract, rivals)
    _former_end(version, actor=actor, at=at)
    version_move(version, VersionState.ACTIVE, actor=actor, at=at)
    version.active_at = at
    version.save(update_fields=["active_at", "original_received_on", "original_received_by"])
    _terms_write(version, begins=begins)
    return version


def _sign(version: ContractVersion, signatures: Signatures, *, actor: Actor, at: datetime) -> None:
    if signatures.original_received_on is not None:
        if signatures.original_received_on > moscow_date(at):
            raise DayAhead
        version.original_received_on = signatures.original_received_on
        version.original_received_by_id = acting_user(actor)
    if signatures.scan_has_both:
        _scans_agree(version, actor=actor, at=at)
    has_copy = ContractFile.objects.filter(version=version, role=ContractFileRole.BOTH_SIGNED).exists()
    if not (has_copy or version.original_received_on or _is_signed_at_operator(version)):
        raise SignaturesMissing


def _scans_agree(version: ContractVersion, *, actor: Actor, at: datetime) -> None:
    """The newest scans of the client stand as the copy with both signatures; nothing is copied."""
    scans = ContractFile.objects.filter(version=version, role=ContractFileRole.CLIENT_SCAN)
    last = scans.aggregate(last=Max("round"))["last"]
    if last is None:
        return
    both = ContractFile.objects.filter(version=version, role=ContractFileRole.BOTH_SIGNED)
    position = both.filter(round=last).aggregate(last=Max("position"))["last"] or 0
    ContractFile.objects.bulk_create(
        ContractFile(
            version=version,
            role=ContractFileRole.BOTH_SIGNED,
            round=last,
            position=number,
            name=scan.name,
            file_id=scan.file_id,
            pdf_id=scan.pdf_id,
            uploaded_by_id=acting_user(actor),
            impersonator_id=actor.impersonator_id,
            uploaded_at=at,
        )
        for number, scan in enumerate(scans.filter(round=last).order_by("position"), start=position + 1)
    )


def _is_signed_at_operator(version: ContractVersion) -> bool:
    """Whether the operator has told of a signature that no earlier version came into force by."""
    signed = EdoMessage.objects.filter(
        received__contract=version.contract_id,
        received__kind=ReceivedKind.CONTRACT,
        status=EdoStatus.SIGNED,
    )
    earlier = ContractVersion.objects.filter(contract=version.contract_id, active_at__isnull=False)
    last = earlier.aggregate(last=Max("active_at"))["last"]
    return signed.filter(status_at__gt=last).exists() if last else signed.exists()


def _contract_begin(contract: Contract, rivals: Rivals) -> None:
    """Open a drafted contract; a second main one of its kind only where that was said."""
    if contract.state == ContractState.ACTIVE:
        return
    if contract.state != ContractState.DRAFT:
        raise ContractOver
    others = Contract.objects.none()
    if contract.parent_id is None:
        others = Contract.objects.filter(
            organization=contract.organization_id,
            legal_entity=contract.legal_entity_id,
            kind=contract.kind,
            parent__isnull=True,
            state=ContractState.ACTIVE,
        ).exclude(pk=contract.pk)
    former = others.order_by("-is_default", "-date").first()
    if former is not None and rivals == Rivals.NONE:
        raise AnotherActive(str(former))
    if former is not None and rivals == Rivals.REPLACED:
        contract.is_default = former.is_default
        others.update(state=ContractState.SUPERSEDED, is_default=False)
    contract.state = ContractState.ACTIVE
    contract.save(update_fields=["state", "is_default"])


def _former_end(version: ContractVersion, *, actor: Actor, at: datetime) -> None:
    versions = ContractVersion.objects.select_for_update(of=("self",), no_key=True)
    former = versions.filter(contract=version.contract, state=VersionState.ACTIVE).first()
    if former is not None:
        version_move(former, VersionState.SUPERSEDED, actor=actor, at=at)


def _terms_write(version: ContractVersion, *, begins: date) -> None:
    """Terms of a running contract change from a day on and never backwards."""
    contract = version.contract
    target = contract.parent or contract
    if version.valid_until is not None:
        if version.valid_until < target.date:
            raise WrongDates
        target.valid_until = version.valid_until
        target.prolonged_times, target.prolongation_refused_on = 0, None
        target.save(update_fields=["valid_until", "prolonged_times", "prolongation_refused_on"])
    told = {
        name: value
        for name in ("deferral_days", "prepayment_percent")
        if (value := getattr(version, name)) is not None
    }
    if told or version.valid_until is not None:
        ContractTerms.objects.update_or_create(
            contract=target,
            valid_from=begins,
            defaults=told
            | {"addendum": contract if contract.parent_id else None, "comment": version.summary[:300]},
        )
