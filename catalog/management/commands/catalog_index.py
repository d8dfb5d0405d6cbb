"""`manage.py catalog_index`: keep the catalogue index fresh until stopped."""

import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from catalog.services import index_rebuild, index_refresh, index_tidy
from catalog.services.vocabulary import vocabulary_renew

PAUSE_SECONDS = 0.1
LONGEST_PAUSE = 2.0
"""After much work as long a rest again: the touches of a load gather meanwhile and are done at one go."""
BUSY_SECONDS, BUSY_SHARE = 30.0, 4
"""So much work in passes without an idle one is a load of minutes: the indexer rests longer between them."""
TIDY_SECONDS = 30.0
TROUBLE_SECONDS = 2.0
PATIENCE = 3
"""So many failures in a row of one touch, and the index is built anew: touches are then not needed."""

log = structlog.get_logger()


def rest(worked: float, *, busy: float) -> float:
    """Tell how long to rest after a pass; all in seconds. `busy` is the work since the last idle pass."""
    share = BUSY_SHARE if busy > BUSY_SECONDS else 1
    return min(max(worked * share, PAUSE_SECONDS), LONGEST_PAUSE)


class Command(BaseCommand):
    """Follow the touches; any number of these may run, one at a time works."""

    help = "Keep the catalogue index fresh; --once brings it up to date and ends, --rebuild builds it anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true")
        parser.add_argument("--rebuild", action="store_true")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if options["rebuild"]:
            self.stdout.write(f"{index_rebuild()} blocks")
            vocabulary_renew(on=timezone.localdate())
        elif options["once"]:
            self.stdout.write(f"{index_refresh()} blocks")
            vocabulary_renew(on=timezone.localdate())
        else:
            self._follow()

    def _follow(self) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
            signal.signal(number, lambda *_: stop.set())
        until_tidy = 0.0
        pause = 0.0
        failures = 0
        busy = 0.0
        while not stop.wait(pause):
            try:
                began = time.monotonic()
                blocks = index_refresh() if failures < PATIENCE else index_rebuild()
                worked = time.monotonic() - began
                busy = busy + worked if blocks else 0.0
                pause, failures = rest(worked, busy=busy), 0
                until_tidy -= pause
                if until_tidy <= 0:
                    index_tidy()
                    until_tidy = TIDY_SECONDS
            except (OperationalError, InterfaceError) as trouble:  # the database went away: it will be back
                log.warning("index_waits", reason=str(trouble))
                connection.close()
                pause = TROUBLE_SECONDS
            except Exception:  # pages go on with what they know; monitoring hears of it and sees the lag
                log.exception("index_failed", failures=failures + 1)
                failures += 1
                pause = TROUBLE_SECONDS
            close_old_connections()
