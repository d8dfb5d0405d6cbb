"""A ZIP of papers with its register, written to disk piece by piece."""

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import IO

import structlog

from documents.archive.naming import Named, Names, marked, name_of
from documents.archive.papers import ArchivedFile, ArchivedPaper
from documents.archive.register import Register
from portal.files.models import StoredFile
from portal.files.services import CHUNK
from portal.files.serving import FileDamaged, open_file, safe_name
from portal.files.sniffing import extension

REGISTER = "Реестр.xlsx"
_FIRST_YEAR, _LAST_YEAR = 1980, 2107
"""What the format can say of a year."""
_MISSING = "файла нет"
_DAMAGED = "файл поврежден"
_PACKED_ALREADY = frozenset({"application/pdf", "image/jpeg", "image/png", "application/zip"})

log = structlog.get_logger()


@dataclass(slots=True)
class Packed:
    """Which papers have gone in; `damaged` are names in the register without a file."""

    document_ids: list[int] = field(default_factory=list)
    received_ids: list[int] = field(default_factory=list)
    papers: int = 0
    damaged: int = 0


def archive_write(
    target: IO[bytes],
    papers: Iterable[ArchivedPaper],
    *,
    pattern: str,
    at: datetime,
    told: Callable[[int], None] = lambda done: None,
) -> Packed:
    """Write all papers and the register; `told` hears how many are in. Memory does not grow with them.

    A file that is lost or not what was stored is left out and named so in the register. Raises
    WrongPattern.
    """
    packed, names = Packed(), Names()
    names.free("Реестр", "xlsx")
    with (
        tempfile.TemporaryFile() as listing,
        zipfile.ZipFile(target, "w", allowZip64=True) as packing,
    ):
        register = Register(listing)
        for paper in papers:
            _paper(packing, register, paper, names=names, pattern=pattern, packed=packed, at=at.date())
            packed.papers += 1
            told(packed.papers)
        register.close()
        listing.seek(0)
        _entry(packing, listing, _info(REGISTER, at.date(), is_stored=False))
    return packed


def _paper(
    packing: zipfile.ZipFile,
    register: Register,
    paper: ArchivedPaper,
    *,
    names: Names,
    pattern: str,
    packed: Packed,
    at: date,
) -> None:
    base = name_of(pattern, paper.named)
    if not paper.files:
        register.add(paper, name=_MISSING, sha256="")
    for one in paper.files:
        try:
            with _checked(one.file) as content:
                name = names.free(*_name_of_file(one, base))
                is_stored = one.file.mime in _PACKED_ALREADY
                _entry(packing, content, _info(name, paper.named.date or at, is_stored=is_stored))
        except FileDamaged as fault:
            log.error("file_damaged", path=one.file.path, reason=str(fault))
            packed.damaged += 1
            register.add(paper, name=_DAMAGED, sha256=one.file.sha256)
        else:
            register.add(paper, name=name, sha256=one.file.sha256)
    made = paper.exchange() if paper.exchange else None
    if made is not None:
        name = names.free(*_own_name(made.name, base, "xml"))
        _entry(packing, BytesIO(made.content), _info(name, paper.named.date or at, is_stored=False))
        register.add(paper, name=name, sha256=hashlib.sha256(made.content).hexdigest())
    if paper.document_id is not None:
        packed.document_ids.append(paper.document_id)
    if paper.received_id is not None and paper.files:
        packed.received_ids.append(paper.received_id)


def _name_of_file(one: ArchivedFile, base: str) -> tuple[str, str]:
    ending = one.ending or extension(one.file.mime)
    return _own_name(one.name, marked(base, one.mark), ending)


def _own_name(own: str, base: str, ending: str) -> tuple[str, str]:
    """Name and ending: an exchange file keeps the name that its format prescribes."""
    return (safe_name(own.rpartition(".")[0] or own), ending) if own else (base, ending)


def _checked(stored: StoredFile) -> IO[bytes]:
    """The bytes of a file, read once to be sure of them. Raises FileDamaged."""
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=4 * CHUNK)  # noqa: SIM115
    digest = hashlib.sha256()
    with open_file(stored) as content:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            spool.write(chunk)
    if digest.hexdigest() != stored.sha256:
        spool.close()
        raise FileDamaged(f"{stored.path}: another content")
    spool.seek(0)
    return spool


def _info(name: str, day: date, *, is_stored: bool) -> zipfile.ZipInfo:
    year = min(max(day.year, _FIRST_YEAR), _LAST_YEAR)
    info = zipfile.ZipInfo(name, (year, day.month, day.day, 0, 0, 0))
    info.compress_type = zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED
    info.external_attr = 0o640 << 16
    return info


def _entry(packing: zipfile.ZipFile, content: IO[bytes], info: zipfile.ZipInfo) -> None:
    with packing.open(info, "w") as entry:
        while chunk := content.read(CHUNK):
            entry.write(chunk)


EXAMPLE = Named(
    date=date(2026, 11, 20),
    kind="УПД",
    number="ОК1042/3",
    inn="7805123456",
    firm="ООО «Дилер Север»",
    order="00000317",
)
