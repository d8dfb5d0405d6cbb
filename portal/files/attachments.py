"""Files that people attach to a message: looked through by their bytes, bounded, seen by the antivirus."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from portal.files.antivirus import AntivirusSilent, Infected, antivirus
from portal.files.papers import XLSX, paper_mime
from portal.files.scans import ScanRefused, plain_name, scan_read, text_read

MOST_FILES = 10
MOST_BYTES = 10 * 1024 * 1024
ENDINGS = ".pdf,.jpg,.jpeg,.png,.tif,.tiff,.docx,.xlsx"
"""What a form offers to choose from; the bytes decide."""

_MACROS = b"vbaProject.bin"


class AttachmentRefused(Exception):
    """Why a file is not taken; the message is Russian and names the file."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was looked through; its name ends as its bytes say."""

    name: str
    mime: str
    content: bytes


def attachments_read(files: Sequence[tuple[str, BinaryIO]]) -> list[Attachment]:
    """Look through files: PDF, pictures, DOCX and XLSX without macros; all of them or none.

    Slow: call it before a transaction. Raises AttachmentRefused.
    """
    if len(files) > MOST_FILES:
        raise AttachmentRefused(f"Файлов больше {MOST_FILES}: отправьте остальные следующим сообщением.")
    return [attachment_read(content, name=name) for name, content in files]


def attachment_read(content: BinaryIO, *, name: str) -> Attachment:
    """The same of one file. Raises AttachmentRefused."""
    shown, data = plain_name(name), content.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise AttachmentRefused(f"{shown}: больше 10 МБ.")
    try:
        if not data.startswith(b"PK\x03\x04"):
            scan = scan_read(BytesIO(data), name=name)
            return Attachment(scan.name, scan.mime, scan.content)
        if paper_mime(data) == XLSX:
            return _workbook(data, shown)
        text = text_read(BytesIO(data), name=name)
    except ScanRefused as refusal:
        raise AttachmentRefused(_words(refusal, shown)) from refusal
    return Attachment(text.name, text.mime, text.content)


def _words(refusal: ScanRefused, name: str) -> str:
    told = str(refusal)
    if "не PDF" in told or "нужен PDF" in told:
        return f"{name}: можно приложить PDF, JPG, PNG, TIFF, DOCX и XLSX без макросов."
    return told


def _workbook(data: bytes, name: str) -> Attachment:
    if _MACROS in data:
        raise AttachmentRefused(f"{name}: в книге есть макросы, сохраните ее как обычный XLSX.")
    try:
        antivirus().scan(BytesIO(data))
    except (Infected, AntivirusSilent) as refusal:
        raise AttachmentRefused(f"{name}: {refusal}") from refusal
    return Attachment(name if name.lower().endswith(".xlsx") else f"{name}.xlsx", XLSX, data)
