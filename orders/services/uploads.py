"""Files and pasted tables of people: received, read again another way, recognised, let go after 90 days."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db import transaction

from accounts.permissions import Permission
from catalog.models import City
from counterparties.actor import AccessDenied, Actor
from counterparties.merge_gate import parties_hold
from counterparties.models import Contract
from orders.events import UploadReceived
from orders.models import Upload, UploadSource, UploadState
from orders.recognition.sheets import Sheet
from orders.refusals import UploadChanged
from orders.services.upload_reading import PORTION, reading_note, rows_write, upload_read
from portal.files.models import StoredFile
from portal.files.services import store
from portal.files.serving import FileDamaged, open_file
from portal.lib.tables import TableRefused
from portal.lib.tables.contract import MOST_BYTES
from portal.outbox import JobContext, publish

KEPT_FOR = timedelta(days=90)
_BROKEN = "Не получилось из-за ошибки портала, администратор о ней уже знает: прочитайте файл заново"
_LOST = "Исходный файл повреждён: загрузите его ещё раз"
_TOO_BIG = "Файл больше 10 МБ: разделите его на несколько"
_MIMES = {
    b"PK\x03\x04": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"\xd0\xcf\x11\xe0": "application/vnd.ms-excel",
}


def upload_receive(
    *,
    actor: Actor,
    legal_entity_id: int,
    contract_id: int,
    city_id: int,
    content: bytes,
    name: str,
    source: UploadSource,
    at: datetime,
) -> Upload:
    """Keep a file and recognise its rows; one of more than 2,000 rows in a worker.

    A file that is no table is kept too, as failed with its reason. It is read before the transaction
    begins: that may take seconds. Raises AccessDenied, Contract.DoesNotExist, City.DoesNotExist,
    TableRefused (too big to be kept).
    """
    gathering_allowed(actor)
    if len(content) > MOST_BYTES:
        raise TableRefused(_TOO_BIG)
    found = upload_read(content, {})
    with transaction.atomic():
        parties_hold()
        contract = Contract.objects.visible_to(actor).get(pk=contract_id, legal_entity_id=legal_entity_id)
        upload = Upload(
            user_id=cast(int, actor.user_id),  # a permission has a person
            legal_entity_id=legal_entity_id,
            contract=contract,
            city=City.objects.get(pk=city_id, is_active=True),
            drafted_by_id=actor.drafts_as_id,
            source=source,
            original=_kept(content, name, actor),
            file_name=name[:255],
            created_at=at,
            expires_at=at + KEPT_FOR,
        )
        _recognise(upload, found, {}, at=at)
    return upload


def upload_reread(
    *, actor: Actor, upload_uid: str, seen_round: int, layout: dict[str, Any], at: datetime
) -> Upload:
    """Read the kept file another way; decisions about its rows are forgotten.

    `layout` is encoding, delimiter, sheet, header, columns, whichever are chosen. Raises AccessDenied,
    Upload.DoesNotExist, UploadChanged.
    """
    gathering_allowed(actor)
    kept = Upload.objects.visible_to(actor).select_related("original").get(uid=upload_uid)
    found = _read_kept(kept, layout)
    with transaction.atomic():
        parties_hold()
        upload = upload_locked(actor, upload_uid)
        if upload.round != seen_round:
            raise UploadChanged
        upload.rows.all().delete()
        upload.round += 1
        _recognise(upload, found, layout, at=at)
    return upload


def upload_recognise(
    *,
    upload_id: int,
    round_: int,
    at: datetime,
    job: JobContext | None = None,
    is_last_try: bool = False,
) -> None:
    """Recognise a long file portion by portion, each in a transaction of its own; idempotent.

    A file that was read anew meanwhile is left to the later job. The last try that breaks makes the
    upload failed, so that nobody waits for ever. Raises whatever broke.
    """
    try:
        _recognise_long(upload_id, round_, at, job)
    except Exception:
        if is_last_try:
            _give_up(upload_id, round_)
        raise


def _recognise_long(upload_id: int, round_: int, at: datetime, job: JobContext | None) -> None:
    kept = Upload.objects.select_related("original").filter(pk=upload_id).first()
    if kept is None or kept.round != round_ or kept.state != UploadState.WAITING:
        return
    found = _read_kept(kept, kept.layout)
    rows = found.rows if isinstance(found, Sheet) else ()
    taken: dict[int, Decimal] = {}
    for start in range(0, max(len(rows), 1), PORTION):
        if job is not None:
            job.heartbeat()
        with transaction.atomic():
            upload = _waiting(upload_id, round_)
            if upload is None:
                return
            if start == 0:
                upload.rows.all().delete()  # of an attempt that was broken off
                reading_note(upload, found, kept.layout)
            rows_write(upload, rows[start : start + PORTION], taken=taken, at=at)
            _finish_when_done(upload)
            upload.save()


def uploads_expire(*, at: datetime) -> int:
    """Delete uploads whose time has come, with their rows; codes that they taught stay. Idempotent."""
    gone = Upload.objects.filter(expires_at__lte=at)
    count = gone.count()
    gone.delete()
    return count


def gathering_allowed(actor: Actor) -> None:
    """Raises AccessDenied."""
    actor.require(Permission.ORDER_CREATE)
    if actor.is_read_only:
        raise AccessDenied("Только просмотр")


def upload_locked(actor: Actor, upload_uid: str) -> Upload:
    """Lock an upload of the actor with all that recognition needs. Raises Upload.DoesNotExist."""
    uploads = Upload.objects.visible_to(actor).select_related(
        "legal_entity__holding__group", "contract__organization", "city"
    )
    return uploads.select_for_update(of=("self",)).get(uid=upload_uid)


def _read_kept(upload: Upload, layout: dict[str, Any]) -> Sheet | TableRefused:
    """Read the file that was sent; one that was lost meanwhile is refused like one that is no table."""
    try:
        with open_file(upload.original) as stream:
            content: bytes = stream.read()
    except FileDamaged:
        return TableRefused(_LOST)
    return upload_read(content, layout)


def _recognise(upload: Upload, found: Sheet | TableRefused, layout: dict[str, Any], *, at: datetime) -> None:
    """Note how it was read and write its rows, or leave them to a worker."""
    reading_note(upload, found, layout)
    upload.save()
    if isinstance(found, TableRefused):
        return
    if len(found.rows) > PORTION:
        publish(UploadReceived(upload_id=upload.pk, round=upload.round))
        return
    rows_write(upload, found.rows, taken={}, at=at)
    _finish_when_done(upload)
    upload.save()


@transaction.atomic
def _give_up(upload_id: int, round_: int) -> None:
    upload = _waiting(upload_id, round_)
    if upload is not None:
        upload.rows.all().delete()
        upload.state, upload.fault, upload.rows_done = UploadState.FAILED, _BROKEN, 0
        upload.save(update_fields=["state", "fault", "rows_done"])


def _finish_when_done(upload: Upload) -> None:
    if upload.state == UploadState.WAITING and upload.rows_done >= upload.row_count:
        upload.state = UploadState.READY


def _waiting(upload_id: int, round_: int) -> Upload | None:
    uploads = Upload.objects.select_related("legal_entity__holding__group", "contract__organization", "city")
    waiting = uploads.filter(pk=upload_id, round=round_, state=UploadState.WAITING)
    return waiting.select_for_update(of=("self",)).first()


def _kept(content: bytes, name: str, actor: Actor) -> StoredFile:
    mime = _MIMES.get(content[:4], "text/plain")
    return store(content=content, name=name, mime=mime, source="upload", created_by_id=actor.user_id)
