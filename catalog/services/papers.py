"""Papers of goods: what may be kept as one."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from portal.files.models import StoredFile
from portal.files.services import store
from portal.files.sniffing import HEAD_LENGTH, sniff_mime

MOST_BYTES = 20 * 1024 * 1024
_MIMES = frozenset({"application/pdf", "image/jpeg", "image/png"})


class PaperRefused(Exception):
    """The file is no paper; `str()` is a text for the person."""


def paper_mime(content: BinaryIO, *, size: int) -> str:
    """Recognise a paper by its first bytes; the stream is left at its beginning.

    Raises PaperRefused for what is too large or neither a PDF nor a picture.
    """
    if size > MOST_BYTES:
        limit = MOST_BYTES // 1024 // 1024
        raise PaperRefused(_("Файл больше {limit} МБ.").format(limit=limit))
    content.seek(0)
    mime = sniff_mime(content.read(HEAD_LENGTH))
    content.seek(0)
    if mime not in _MIMES:
        raise PaperRefused(_("Нужен файл PDF, JPEG или PNG."))
    return mime


def paper_file_keep(
    *, content: BinaryIO, name: str, size: int, created_by_id: int | None = None
) -> StoredFile:
    """Keep the file of a paper; the same bytes are kept once. Raises PaperRefused."""
    mime = paper_mime(content, size=size)
    return store(content=content, name=name, mime=mime, source="papers", created_by_id=created_by_id)
