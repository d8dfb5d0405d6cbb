"""Photos and papers of a claim: looked through by their bytes, kept once."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO, cast

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from orders.claim_refusals import ClaimFileRefused
from orders.models import Claim, ClaimFile
from orders.states import WrongState
from portal.files.scans import Scan, ScanRefused, plain_name, scan_read
from portal.files.services import store

MOST_FILES = 20
MOST_BYTES = 10 * 1024 * 1024
_SOURCE = "claim"
_LONGEST_NAME = 150


def claim_files_read(files: Sequence[tuple[str, BinaryIO]]) -> list[Scan]:
    """All of them or none. Slow: called before a transaction. Raises ClaimFileRefused."""
    if len(files) > MOST_FILES:
        raise ClaimFileRefused(f"Файлов больше {MOST_FILES}: оставьте самые нужные.")
    return [_read(name, content) for name, content in files]


def _read(name: str, content: BinaryIO) -> Scan:
    head = content.read(MOST_BYTES + 1)
    if len(head) > MOST_BYTES:
        raise ClaimFileRefused(f"{plain_name(name)}: больше 10 МБ. Уменьшите разрешение снимка.")
    content.seek(0)
    try:
        return scan_read(content, name=name)
    except ScanRefused as refusal:
        raise ClaimFileRefused(str(refusal)) from refusal


def claim_files_add(
    *, actor: Actor, claim_id: int, files: Sequence[tuple[str, BinaryIO]], at: datetime
) -> list[ClaimFile]:
    """Add files to a claim that is not answered; a file that is there already is not added again.

    Raises AccessDenied, Claim.DoesNotExist, ClaimFileRefused, WrongState.
    """
    actor.require(Permission.ORDER_VIEW)
    if not actor.is_client or actor.is_read_only:
        raise AccessDenied(Permission.ORDER_VIEW.label)
    claim = Claim.objects.visible_to(actor).get(pk=claim_id)
    if not files:
        raise ClaimFileRefused("Выберите файлы.")
    _require_open(claim)
    return _added(actor, claim_id, claim_files_read(files), at)


@transaction.atomic
def _added(actor: Actor, claim_id: int, scans: Sequence[Scan], at: datetime) -> list[ClaimFile]:
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim_id)
    _require_open(claim)
    return claim_files_insert(claim, scans, actor=actor, at=at)


def _require_open(claim: Claim) -> None:
    if not claim.is_open:
        raise WrongState(claim.get_state_display())


def claim_files_insert(claim: Claim, scans: Sequence[Scan], *, actor: Actor, at: datetime) -> list[ClaimFile]:
    """Keep the bytes and the rows of a locked claim. Raises ClaimFileRefused when there are too many."""
    known = set(claim.files.values_list("file__sha256", flat=True))
    fresh = list({scan.sha256: scan for scan in scans if scan.sha256 not in known}.values())
    if len(known) + len(fresh) > MOST_FILES:
        raise ClaimFileRefused(f"У рекламации может быть не больше {MOST_FILES} файлов.")
    user_id = cast(int, actor.impersonator_id or actor.user_id)
    return ClaimFile.objects.bulk_create(
        ClaimFile(
            claim=claim,
            file=store(
                content=scan.content, name=scan.name, mime=scan.mime, source=_SOURCE, created_by_id=user_id
            ),
            name=scan.name[-_LONGEST_NAME:],
            uploaded_by_id=user_id,
            uploaded_at=at,
        )
        for scan in fresh
    )
