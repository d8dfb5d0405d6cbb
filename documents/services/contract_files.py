"""Files of a contract's version: the text and our copy from us, signed scans from the client."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.db.models import Max

from accounts.permissions import Permission
from counterparties.actor import Actor
from documents.contract_refusals import ContractRefused, WrongVersionState
from documents.models import ContractFile, ContractVersion
from documents.services.contract_locking import (
    acting_user,
    signed_by,
    signer_only,
    staff_only,
    version_locked,
    version_move,
    version_of_staff,
)
from documents.states import OPEN_VERSIONS, ContractFileRole, VersionState
from portal.files.scans import PDF, Scan, ScanRefused, scan_read, scans_read, text_read
from portal.files.services import store

_SOURCE = "contract"
_BEFORE_SENDING = frozenset({VersionState.DRAFT, VersionState.ON_APPROVAL})


class FileRefused(ContractRefused):
    """What was sent is not taken; the message says which file and why."""


def roles_addable(state: str) -> tuple[ContractFileRole, ...]:
    """What an employee may add to a version in a state: its text only before it was sent."""
    text = (ContractFileRole.DRAFT,) if state in _BEFORE_SENDING else ()
    copies = (ContractFileRole.OUR_SIGNED, ContractFileRole.BOTH_SIGNED) if state in OPEN_VERSIONS else ()
    return text + copies


def contract_file_add(
    *, actor: Actor, version_id: int, role: ContractFileRole, name: str, content: BinaryIO, at: datetime
) -> ContractFile:
    """Add the text (before it is sent), our signed copy or a copy with both signatures.

    Raises AccessDenied, ContractVersion.DoesNotExist, WrongVersionState, FileRefused.
    """
    staff_only(actor)
    ContractVersion.objects.visible_to(actor).get(pk=version_id)
    try:
        read = text_read if role == ContractFileRole.DRAFT else scan_read
        scan = read(content, name=name)
    except ScanRefused as refusal:
        raise FileRefused(str(refusal)) from refusal
    return _file_kept(actor, version_id, role, scan, at)


@transaction.atomic
def _file_kept(
    actor: Actor, version_id: int, role: ContractFileRole, scan: Scan, at: datetime
) -> ContractFile:
    version = version_of_staff(actor, version_id)
    if role not in roles_addable(version.state):
        raise WrongVersionState(version.state)
    return files_insert(version, role, [scan], round_=1, actor=actor, at=at)[0]


def contract_scans_upload(
    *, actor: Actor, version_id: int, files: Sequence[tuple[str, BinaryIO]], at: datetime
) -> ContractVersion:
    """Take the client's scans, all of them or none; a new round every time.

    The same files a second time, as a double click sends them, change nothing. Raises AccessDenied,
    ContractVersion.DoesNotExist (not the client's, not sent yet), WrongVersionState, FileRefused.
    """
    signer_only(actor)
    signed_by(actor, version_id)
    try:
        scans = scans_read(files)
    except ScanRefused as refusal:
        raise FileRefused(str(refusal)) from refusal
    return _scans_kept(actor, version_id, scans, at)


@transaction.atomic
def _scans_kept(actor: Actor, version_id: int, scans: Sequence[Scan], at: datetime) -> ContractVersion:
    version = version_locked(signed_by(actor, version_id))
    earlier = ContractFile.objects.filter(version=version, role=ContractFileRole.CLIENT_SCAN)
    last = earlier.aggregate(last=Max("round"))["last"] or 0
    if version.state == VersionState.UPLOADED and _is_repeat(version, last, scans):
        return version
    if version.state not in {VersionState.SENT, VersionState.REJECTED}:
        raise WrongVersionState(version.state)
    files_insert(version, ContractFileRole.CLIENT_SCAN, scans, round_=last + 1, actor=actor, at=at)
    version_move(version, VersionState.UPLOADED, actor=actor, at=at)
    return version


def _is_repeat(version: ContractVersion, last: int, scans: Sequence[Scan]) -> bool:
    kept = ContractFile.objects.filter(version=version, role=ContractFileRole.CLIENT_SCAN, round=last)
    return list(kept.order_by("position").values_list("file__sha256", flat=True)) == [
        scan.sha256 for scan in scans
    ]


def files_insert(
    version: ContractVersion,
    role: ContractFileRole,
    scans: Sequence[Scan],
    *,
    round_: int,
    actor: Actor,
    at: datetime,
) -> list[ContractFile]:
    """Keep the bytes and the rows behind those of the round that are there."""
    rows = ContractFile.objects.filter(version=version, role=role, round=round_)
    last = rows.aggregate(last=Max("position"))["last"] or 0
    user_id = acting_user(actor)
    made = []
    for position, scan in enumerate(scans, start=last + 1):
        file = store(
            content=scan.content, name=scan.name, mime=scan.mime, source=_SOURCE, created_by_id=user_id
        )
        pdf = None
        if scan.pdf is not None:
            pdf = store(
                content=scan.pdf, name=f"{scan.name}.pdf", mime=PDF, source=_SOURCE, created_by_id=user_id
            )
        made.append(
            ContractFile(
                version=version,
                role=role,
                round=round_,
                position=position,
                name=scan.name,
                file=file,
                pdf=pdf,
                uploaded_by_id=user_id,
                impersonator_id=actor.impersonator_id,
                uploaded_at=at,
            )
        )
    return ContractFile.objects.bulk_create(made)


def contract_file_fetch(*, actor: Actor, file_id: int) -> ContractFile:
    """A file of a version that the actor may see. Raises AccessDenied, ContractFile.DoesNotExist."""
    actor.require(Permission.DOCUMENT_VIEW)
    visible = ContractVersion.objects.visible_to(actor)
    files = ContractFile.objects.filter(version__in=visible).select_related("file", "pdf")
    return files.get(pk=file_id)
