"""Handing a kept file to a person whom a view has already let through."""

import hashlib
import re
from collections.abc import Iterator

import structlog
from django.conf import settings
from django.core.files.base import File
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from portal.files.models import StoredFile
from portal.files.services import CHUNK, private_storage

log = structlog.get_logger()

# What a browser shows without running anything; all else is only ever downloaded.
_SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"})
# The last ones turn the direction of writing, and an extension stands in the middle of a name.
_UNSAFE_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200e\u200f\u2028-\u202e\u2066-\u2069]+')


class FileDamaged(Exception):
    """The blob is missing or is not what was stored; an administrator must restore it."""


def open_file(stored: StoredFile) -> "File[bytes]":
    """Open the bytes for reading. Raises FileDamaged when they are gone or of another size."""
    storage = private_storage()
    try:
        if storage.size(stored.path) != stored.size:
            raise FileDamaged(f"{stored.path}: not {stored.size} bytes")
        return storage.open(stored.path, "rb")
    except FileNotFoundError as error:
        raise FileDamaged(f"{stored.path}: missing") from error


def file_response(stored: StoredFile, *, filename: str, inline: bool = False) -> HttpResponseBase:
    """Answer with the file under a name of the caller's choice, Cyrillic welcome.

    `inline` is obeyed for PDF and pictures only. Behind nginx (FILES_ACCEL_PREFIX) nginx sends the
    bytes; otherwise they are streamed and hashed on the way, and a wrong hash breaks the download
    off before its last piece. Raises FileDamaged.
    """
    content = open_file(stored)
    if settings.FILES_ACCEL_PREFIX:
        content.close()
        response: HttpResponseBase = HttpResponse()
        response["X-Accel-Redirect"] = f"{settings.FILES_ACCEL_PREFIX.rstrip('/')}/{stored.path}"
    else:
        response = StreamingHttpResponse(_Verified(content, stored))
        response["Content-Length"] = str(stored.size)
    is_attachment = not (inline and stored.mime in _SHOWN_INLINE)
    response["Content-Type"] = stored.mime
    response["Content-Disposition"] = content_disposition_header(is_attachment, safe_name(filename)) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = f'"{stored.sha256}"'
    return response


def file_check(stored: StoredFile) -> None:
    """Read a kept file to its end. Raises FileDamaged when it is gone or another one."""
    content = _Verified(open_file(stored), stored)
    try:
        for _piece in content:
            pass
    finally:
        content.close()


def safe_name(filename: str) -> str:
    """Leave out of a file name what no file system takes and what could end a header."""
    return _UNSAFE_IN_NAMES.sub("_", filename).strip(" .") or "file"


class _Verified:
    """The bytes of a file, one piece behind the reading: the last one leaves only if the hash is right.

    A class and not a generator: an answer nobody reads (HEAD, a visitor gone) must close the file too.
    """

    def __init__(self, content: "File[bytes]", stored: StoredFile) -> None:
        self._content = content
        self._stored = stored

    def __iter__(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        held = b""
        while chunk := self._content.read(CHUNK):
            digest.update(chunk)
            if held:
                yield held
            held = chunk
        if digest.hexdigest() != self._stored.sha256:
            log.error("file_damaged", path=self._stored.path)
            raise FileDamaged(f"{self._stored.path}: another content")
        yield held

    def close(self) -> None:
        self._content.close()
