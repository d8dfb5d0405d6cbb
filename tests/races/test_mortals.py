"""Workers that are killed speak on connections of their own, and none outlives the race."""

import asyncio
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from tests.races.mortals import Deaths, mortals

pytestmark = pytest.mark.django_db(transaction=True)


def session() -> int:
    """The server's process that answers this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_mortals_share_no_connection_with_their_parent() -> None:
    """In a thread of its own: a browser that was driven before has left a loop running in the main one."""
    with ThreadPoolExecutor(1) as parent:
        parent.submit(_fork_where_a_browser_was_driven).result()


def _fork_where_a_browser_was_driven() -> None:
    mine = session()
    loop = asyncio.new_event_loop()
    asyncio._set_running_loop(loop)  # as the driver of a browser leaves the thread

    def work(_chance: random.Random) -> None:
        assert session() != mine
        connection.close()

    try:
        mortals(work, count=2, seed=1)
    finally:
        asyncio._set_running_loop(None)
        loop.close()

    assert session() == mine
    connection.close()


def test_mortals_begin_anew_until_all_are_done() -> None:
    deaths = Deaths(3)

    mortals(lambda chance: deaths.strike(chance, 1), count=2, seed=1)

    assert deaths.happened == 3


def test_mortals_do_not_outlive_one_that_failed(tmp_path: Path) -> None:
    def work(chance: random.Random) -> None:
        (tmp_path / str(os.getpid())).touch()
        if chance.random() == random.Random(1).random():  # the first one
            raise ValueError("broken")
        time.sleep(60)

    with pytest.raises(RuntimeError, match="ended with 1"):
        mortals(work, count=3, seed=1)

    for worker in tmp_path.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(worker.name), 0)
