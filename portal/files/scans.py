"""Scans of signed papers as people send them: looked through, counted, pictures made a PDF."""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO

from portal.files.antivirus import AntivirusSilent, Infected, antivirus
from portal.files.serving import safe_name
from portal.files.sniffing import HEAD_LENGTH, extension, sniff_mime
from portal.lib.fence import FenceBroken, fenced

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 10
MOST_PAGES = 200
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SCAN_MIMES = frozenset({PDF, "image/jpeg", "image/png", "image/tiff"})
ENDINGS = ".pdf,.jpg,.jpeg,.png,.tif,.tiff"

_SECONDS = 30
_LONGEST_NAME = 120
_OWN_ENDINGS = {
    "application/pdf": {"pdf"},
    "image/jpeg": {"jpg", "jpeg"},
    "image/png": {"png"},
    "image/tiff": {"tif", "tiff"},
    DOCX: {"docx"},
}
_MOST_PARTS = 10_000
_TOO_MUCH = "файл слишком сложный: сохраните его заново или отсканируйте с меньшим разрешением"


class ScanRefused(Exception):
    """Why a file is not taken; the message is Russian and names the file."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that was looked through: `pdf` is what was made of a picture, None of what is no picture."""

    name: str
    mime: str
    content: bytes
    pdf: bytes | None = None

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def scans_read(files: Sequence[tuple[str, BinaryIO]]) -> list[Scan]:
    """Look through files by their bytes, whatever their names and senders say; all of them or none.

    Slow: call it before a transaction. Raises ScanRefused.
    """
    if not files:
        raise ScanRefused("Выберите файлы.")
    if len(files) > MOST_FILES:
        raise ScanRefused(f"Файлов больше {MOST_FILES}: соберите страницы в один PDF.")
    return [scan_read(content, name=name) for name, content in files]


def scan_read(content: BinaryIO, *, name: str) -> Scan:
    """The same of one file. Raises ScanRefused."""
    shown, data = plain_name(name), _bounded(content, name)
    mime = sniff_mime(data[:HEAD_LENGTH])
    if mime not in SCAN_MIMES:
        raise ScanRefused(f"{shown}: это не PDF, JPG, PNG или TIFF, как бы файл ни назывался.")
    _seen_by_antivirus(data, shown)
    pdf = _looked_through(data, mime, shown)
    return Scan(name=_ended(shown, mime), mime=mime, content=data, pdf=pdf)


def text_read(content: BinaryIO, *, name: str) -> Scan:
    """The text of a contract: a PDF, or a Word document without macros. Raises ScanRefused."""
    shown, data = plain_name(name), _bounded(content, name)
    if data.startswith(b"%PDF-"):
        content.seek(0)
        return scan_read(content, name=name)
    if not _is_plain_word(data):
        raise ScanRefused(f"{shown}: нужен PDF или документ Word (DOCX) без макросов.")
    _seen_by_antivirus(data, shown)
    return Scan(name=_ended(shown, DOCX), mime=DOCX, content=data)


def _is_plain_word(data: bytes) -> bool:
    """Only the list of its parts is read, nothing is unpacked."""
    if not data.startswith(b"PK\x03\x04") or data.count(b"PK\x01\x02") > _MOST_PARTS:
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        return False
    return "word/document.xml" in names and "word/vbaProject.bin" not in names


def _bounded(content: BinaryIO, name: str) -> bytes:
    data = content.read(MOST_BYTES + 1)
    if not data:
        raise ScanRefused(f"{plain_name(name)}: файл пустой.")
    if len(data) > MOST_BYTES:
        raise ScanRefused(f"{plain_name(name)}: больше 20 МБ. Уменьшите разрешение или разделите файл.")
    return data


def _seen_by_antivirus(data: bytes, name: str) -> None:
    try:
        antivirus().scan(BytesIO(data))
    except (Infected, AntivirusSilent) as refusal:
        raise ScanRefused(f"{name}: {refusal}") from refusal


def plain_name(name: str) -> str:
    """The name alone: no folders of whoever sent it, no control characters, not too long.

    >>> plain_name("../../etc/scan\\x00.pdf")
    'scan_.pdf'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return safe_name(last)[-_LONGEST_NAME:]


def _ended(name: str, mime: str) -> str:
    """The ending says what the file is: «scan.exe» that is a PDF becomes «scan.exe.pdf»."""
    known = name.rpartition(".")[2].lower() in _OWN_ENDINGS[mime]
    return name if known else f"{name}.{extension(mime)}"


def _looked_through(data: bytes, mime: str, name: str) -> bytes | None:
    """What was made of a picture; None of a PDF."""
    asked = json.dumps({"mime": mime, "most_pages": MOST_PAGES}).encode() + b"\n"
    try:
        answer = fenced("portal.files.scan_process", asked + data, seconds=_SECONDS)
    except FenceBroken as error:  # out of memory or of its seconds
        raise ScanRefused(f"{name}: {_TOO_MUCH}.") from error
    head, _line, pdf = answer.partition(b"\n")
    told = json.loads(head)
    if "refused" in told:
        raise ScanRefused(f"{name}: {told['refused']}.")
    return pdf or None
