"""Keeping the lease of a running job, from a thread with a database connection of its own."""

import threading
from types import TracebackType
from typing import Self

import structlog
from django.db import Error, connection

from portal.outbox.services import job_renew, lease_length

_LEAST_PAUSE = 0.5  # seconds between two writes, however often the handler tells its progress

log = structlog.get_logger()


class Heartbeat:
    """Renews the lease of one attempt three times per lease until the block ends.

    The own connection makes progress visible at once and keeps the lease even while the handler
    is in the middle of a long transaction.
    """

    def __init__(self, *, pk: int, attempts: int) -> None:
        self._pk = pk
        self._attempts = attempts
        self._interval = lease_length().total_seconds() / 3
        self._progress: str | None = None
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"job-{pk}-heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._wake.set()
        self._thread.join()

    @property
    def is_lost(self) -> bool:
        """Tell whether another attempt has taken the job over."""
        return self._lost.is_set()

    def tell(self, progress: str) -> None:
        """Have the progress written soon; returns at once."""
        self._progress = progress
        self._wake.set()

    def _beat(self) -> None:
        try:
            while True:
                self._wake.wait(self._interval)
                self._stop.wait(_LEAST_PAUSE)  # before the write: a short job opens no second connection
                self._wake.clear()
                if self._stop.is_set() or self._lost.is_set():
                    return
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        try:
            if not job_renew(pk=self._pk, attempts=self._attempts, progress=self._progress):
                self._lost.set()
        except Error as error:  # the lease bears one missed beat; the next one opens a new connection
            log.warning("heartbeat_missed", job=self._pk, error=str(error))
            connection.close()
