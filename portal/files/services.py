"""Keeping files: hashed, written aside, renamed; the same bytes a second time change nothing."""

import hashlib
import os
import shutil
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile, SpooledTemporaryFile
from typing import IO, BinaryIO

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from portal.files.models import StoredFile
from portal.files.sniffing import extension

CHUNK = 256 * 1024
_MEMORY_LIMIT = 4 * CHUNK


def private_storage() -> Storage:
    """Where private files lie: a folder on one machine, an S3-compatible store on many."""
    return storages["private"]


def store(
    *,
    content: bytes | BinaryIO,
    name: str,
    mime: str,
    source: str = "",
    created_by_id: int | None = None,
) -> StoredFile:
    """Keep bytes under their hash; return the row there is for them, old or new.

    The blob is complete and on disk before the row exists. When the caller's transaction is rolled
    back, a blob without a row remains, which the next attempt finds and uses. A blob that was lost
    or cut is written again. `mime` is what the caller has made sure of (`sniff_mime`); memory is
    bounded whatever the size.
    """
    with _seekable(content) as stream:
        digest, size = _measured(stream)
        known = StoredFile.objects.filter(sha256=digest).first()
        path = known.path if known else f"{digest[:2]}/{digest}.{extension(mime)}"
        _write_missing(stream, path=path, size=size)
    if known:
        return known
    row, _is_new = StoredFile.objects.get_or_create(
        sha256=digest,
        defaults={
            "size": size,
            "mime": mime,
            "name": name[:255],
            "path": path,
            "source": source,
            "created_by_id": created_by_id,
        },
    )
    return row


def _seekable(content: bytes | BinaryIO) -> IO[bytes]:
    """Hold the content so that it can be read twice: once for the hash, once for the storage."""
    if isinstance(content, bytes):
        return BytesIO(content)
    spool = SpooledTemporaryFile(max_size=_MEMORY_LIMIT)  # noqa: SIM115 - the caller closes it
    shutil.copyfileobj(content, spool, CHUNK)
    spool.seek(0)
    return spool


def _measured(stream: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    stream.seek(0)
    return digest.hexdigest(), size


def _write_missing(stream: IO[bytes], *, path: str, size: int) -> None:
    storage = private_storage()
    if storage.exists(path) and storage.size(path) == size:
        return
    if isinstance(storage, FileSystemStorage):
        _write_durably(stream, Path(storage.path(path)), storage.file_permissions_mode or 0o640)
        return
    storage.delete(path)  # an object store replaces whole objects; others would add a suffix
    storage.save(path, File(stream))


def _write_durably(stream: IO[bytes], target: Path, mode: int) -> None:
    """Write aside, fsync, rename, fsync the folder: after a power cut the file is whole or not there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=".new-", delete=False) as aside:
        try:
            shutil.copyfileobj(stream, aside, CHUNK)
            aside.flush()
            os.fchmod(aside.fileno(), mode)
            os.fsync(aside.fileno())
            Path(aside.name).replace(target)
        except BaseException:
            Path(aside.name).unlink(missing_ok=True)
            raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
