"""Scans, good and bad, and contracts on their way."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pypdf
from PIL import Image

from counterparties.models import Contract
from documents.models import ContractVersion
from documents.services.contract_accepting import Rivals, Signatures, contract_accept
from documents.services.contract_files import contract_file_add, contract_scans_upload
from documents.services.contract_versions import (
    VersionFacts,
    contract_version_create,
    contract_version_send,
)
from documents.states import ContractFileRole
from tests.factories import AT, World, actor_of


def pdf(pages: int = 1, *, mark: str = "") -> bytes:
    """A PDF of blank pages; `mark` makes another one of it."""
    writer = pypdf.PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(100, 100)
    if mark:
        writer.add_metadata({"/Title": mark})
    paper = BytesIO()
    writer.write(paper)
    return paper.getvalue()


def picture(
    kind: str = "PNG", *, size: tuple[int, int] = (60, 80), frames: int = 1, mode: str = "RGB"
) -> bytes:
    """A picture; TIFF may have several frames."""
    first, *rest = [Image.new(mode, size) for _number in range(frames)]
    paper = BytesIO()
    first.save(paper, kind, **({"save_all": True, "append_images": rest} if rest else {}))
    return paper.getvalue()


def version_begin(world: World, contract: Contract | None = None, **facts: Any) -> ContractVersion:
    """A draft with its text, not sent yet."""
    actor = actor_of(world.manager)
    made = contract_version_create(
        actor=actor, contract_id=(contract or world.contract).pk, facts=VersionFacts(**facts), at=AT
    )
    contract_file_add(
        actor=actor,
        version_id=made.pk,
        role=ContractFileRole.DRAFT,
        name="Договор.pdf",
        content=BytesIO(pdf()),
        at=AT,
    )
    return made


def version_sent(world: World, contract: Contract | None = None, **facts: Any) -> ContractVersion:
    made = version_begin(world, contract, **facts)
    return contract_version_send(actor=actor_of(world.manager), version_id=made.pk, at=AT)


def upload(
    world: World, version: ContractVersion, *contents: bytes, name: str = "скан.pdf"
) -> ContractVersion:
    files = [(name, BytesIO(one)) for one in contents or (pdf(),)]
    return contract_scans_upload(actor=actor_of(world.head), version_id=version.pk, files=files, at=AT)


def accept(
    world: World, version: ContractVersion, *, rivals: Rivals = Rivals.NONE, at: datetime = AT
) -> ContractVersion:
    return contract_accept(
        actor=actor_of(world.manager),
        version_id=version.pk,
        signatures=Signatures(scan_has_both=True),
        rivals=rivals,
        at=at,
    )
