"""What 1C is told while a file is loaded: it asks again and again until it hears how it ended."""

import time
from dataclasses import dataclass
from typing import Literal

from integrations.models import ExchangeFile, ExchangeSession, FileState
from integrations.onec.loading.report import summary
from integrations.onec.refusal import ExchangeRefusal
from integrations.services.imports import import_start
from portal.outbox.selectors import job_status
from portal.outbox.states import JobState

_LEAST_PAUSE, _MOST_PAUSE = 0.02, 0.5
_PATIENCE = 0.08  # of the time waited so far: whatever the size of a file, its end is told soon after
_LOOK = 1.0  # seconds after which a load that does not end is looked at whole: its job may have been given up


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """What a poll is told; `file_id`: which file is being worked on."""

    word: Literal["success", "progress", "failure"]
    text: str
    file_id: int = 0


def import_wait(*, session: ExchangeSession, name: str, seconds: float) -> ImportAnswer:
    """Start the load if need be and wait for its end, but no longer than `seconds`.

    UT asks again without a pause, so an answer must not come at once. No transaction is held meanwhile.
    Raises ExchangeRefusal when there is no such file.
    """
    began = time.monotonic()
    while True:
        answer = import_status(session=session, name=name)
        waited = time.monotonic() - began
        if answer.word != "progress" or waited >= seconds:
            return answer
        _sleep(answer.file_id, began=began, until=min(began + seconds, time.monotonic() + _LOOK))


def _sleep(file_id: int, *, began: float, until: float) -> None:
    """Sleep until the file is out of work; one small query after each nap, and there are dozens."""
    while (now := time.monotonic()) < until:
        time.sleep(min(max((now - began) * _PATIENCE, _LEAST_PAUSE), _MOST_PAUSE))
        if not ExchangeFile.objects.filter(pk=file_id, state=FileState.IMPORTING).exists():
            return


def import_status(*, session: ExchangeSession, name: str) -> ImportAnswer:
    """Tell how the load of a file stands; start it, or the unpacking before it. Idempotent.

    Raises ExchangeRefusal when there is no such file.
    """
    file = _found(session, name)
    if file is not None:
        return _answer(import_start(file=file))
    for archive in session.files.filter(name__iendswith=".zip").order_by("pk"):
        answer = _answer(import_start(file=archive))
        if answer.word != "success":
            return answer
    file = _found(session, name)
    if file is None:
        raise ExchangeRefusal(f"Файл {name[:120]} в этом сеансе не получен")
    return _answer(import_start(file=file))


def _found(session: ExchangeSession, name: str) -> ExchangeFile | None:
    """The file by its exact name, else in another case of letters; PostgreSQL takes no NUL."""
    if "\0" in name:
        return None
    files = list(session.files.filter(name__iexact=name))
    return next((file for file in files if file.name == name), files[0] if files else None)


def _answer(file: ExchangeFile) -> ImportAnswer:
    if file.state == FileState.DONE:
        return ImportAnswer("success", f"{file.name}: {summary(file.report)}")
    if file.state == FileState.HELD:  # a failure would have 1C send it again for ever
        reasons = "; ".join(file.report["held"]["reasons"])
        told = f"{file.name}: принят и ждёт решения администратора портала: {reasons}"
        return ImportAnswer("success", told)
    if file.state == FileState.REJECTED:
        return ImportAnswer("success", f"{file.name}: отклонён администратором портала")
    if file.state == FileState.FAILED:
        return ImportAnswer("failure", file.message)
    if file.job_id is None:
        return ImportAnswer("failure", f"{file.name}: загрузка прервана, повторите обмен")
    status = job_status(file.job_id)
    if status.state == JobState.DEAD:
        return ImportAnswer("failure", f"{file.name}: загрузка не удалась, сообщите администратору портала")
    return ImportAnswer("progress", f"{file.name}: {status.progress or 'ждёт очереди'}", file.pk)
