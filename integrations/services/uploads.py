"""Files of a session, put together portion by portion."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Lower

from integrations.models import ExchangeFile, ExchangeSession, FileState
from integrations.onec.folder import ByteStream, SessionFolder
from integrations.onec.names import upload_name
from integrations.onec.refusal import ExchangeRefusal
from integrations.services.file_states import file_is_in_work

FILE_BYTES = 2 * 1024**3
SESSION_BYTES = 16 * 1024**3

_BOM = b"\xef\xbb\xbf"


def upload_append(
    *, session: ExchangeSession, name: str, stream: ByteStream, length: int, at: datetime
) -> ExchangeFile:
    """Take a portion of a file: all of it or nothing. `length` is what the request announced.

    1C sends no offsets. A portion shorter than the limit closes the file; what comes after that, after
    the load, or begins like an XML of its own, starts the file anew. Raises ExchangeRefusal.
    """
    name = upload_name(name)
    if length > FILE_BYTES:
        raise ExchangeRefusal(f"{name}: файл слишком велик")
    folder = SessionFolder(session.token)
    aside, received = _received(folder, stream, name=name, length=length)
    try:
        if received != length:
            raise ExchangeRefusal(f"{name}: получено {received} из {length} байт, повторите отправку")
        return _append(session, folder, aside, name=name, length=length, at=at)
    finally:
        aside.unlink(missing_ok=True)


def _received(folder: SessionFolder, stream: ByteStream, *, name: str, length: int) -> tuple[Path, int]:
    try:
        return folder.receive(stream, limit=length)
    except OSError as error:  # the disk is full, or the other side hung up
        raise ExchangeRefusal(f"{name}: файл не принят, повторите отправку ({error})") from error


@transaction.atomic
def _append(
    session: ExchangeSession, folder: SessionFolder, aside: Path, *, name: str, length: int, at: datetime
) -> ExchangeFile:
    file, _is_new = ExchangeFile.objects.select_for_update(of=("self",)).get_or_create(
        session=session, name=name, defaults={"received_at": at}
    )
    if file_is_in_work(file):
        raise ExchangeRefusal(f"{name}: файл сейчас загружается")
    is_anew = file.is_closed or file.state != FileState.RECEIVING or _begins_xml(aside)
    offset = 0 if is_anew else file.size
    _refuse_excess(session, file, offset + length)
    folder.append(aside, file_id=file.pk, offset=offset)
    file.size, file.state, file.received_at = offset + length, FileState.RECEIVING, at
    file.is_closed = length != settings.EXCHANGE_FILE_LIMIT
    file.save(update_fields=["size", "state", "received_at", "is_closed"])
    return file


def _refuse_excess(session: ExchangeSession, file: ExchangeFile, size: int) -> None:
    others = session.files.exclude(pk=file.pk).aggregate(total=Sum("size"))["total"] or 0
    if size > FILE_BYTES or others + size > SESSION_BYTES:
        raise ExchangeRefusal(f"{file.name}: слишком много данных в одном сеансе обмена")


def _begins_xml(path: Path) -> bool:
    """An XML declaration stands at the beginning of a file only; «PK» may begin any part of an archive."""
    with path.open("rb") as stream:
        return stream.read(8).removeprefix(_BOM).startswith(b"<?xml")


class SessionUploads:
    """What else came in a session, for goods that name their pictures."""

    def __init__(self, session: ExchangeSession) -> None:
        self._session = session
        self._folder = SessionFolder(session.token)

    def find(self, names: Collection[str]) -> dict[str, Path]:
        """Files by name in any case of letters."""
        rows = self._session.files.annotate(lowered=Lower("name")).filter(
            lowered__in={name.lower() for name in names}
        )
        found = {row.lowered: self._folder.place(row.pk) for row in rows}
        return {name: found[name.lower()] for name in names if name.lower() in found}
