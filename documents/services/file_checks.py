"""Reading kept files anew: what has gone bad on the disk is found before somebody asks for it."""

from datetime import date, datetime
from hashlib import sha256

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind
from accounts.selectors.administrators import administrator_ids
from accounts.services.notices import notice_send
from portal.files.models import StoredFile
from portal.files.serving import FileDamaged, file_check
from portal.lib.dates import moscow_date
from portal.lib.said import said

SAMPLE = 500
_MOST_BYTES = 2_000_000_000


def files_recheck(*, at: datetime) -> int:
    """Hash a sample of kept files, another one each day; return how many are damaged.

    Administrators are told of each once a day. Idempotent.
    """
    on = moscow_date(at)
    damaged = 0
    for stored in _sample(on):
        try:
            file_check(stored)
        except FileDamaged:
            damaged += 1
            _tell(stored, on=on, at=at)
    return damaged


def _sample(on: date) -> list[StoredFile]:
    """Neighbours by hash from a place that the day tells, round the end, at most 2 GB."""
    start = sha256(on.isoformat().encode()).hexdigest()
    files = StoredFile.objects.order_by("sha256")
    found = list(files.filter(sha256__gte=start)[:SAMPLE])
    found += files.filter(sha256__lt=start)[: SAMPLE - len(found)]
    taken: list[StoredFile] = []
    room = _MOST_BYTES
    for stored in found:
        room -= stored.size
        if room < 0 and taken:
            break
        taken.append(stored)
    return taken


def _tell(stored: StoredFile, *, on: date, at: datetime) -> None:
    notice_send(
        user_ids=administrator_ids(),
        kind=NoticeKind.FILE_DAMAGED,
        reference=f"file:{stored.pk}",
        day=on,
        title=said(_("Файл в хранилище поврежден"), "A stored file is damaged"),
        text=said(
            _("{name}, {path}: восстановите его из копии."),
            "{name}, {path}: restore it from a copy.",
            name=stored.name,
            path=stored.path,
        ),
        address=reverse("admin:files_storedfile_change", args=[stored.pk]),
        at=at,
    )
