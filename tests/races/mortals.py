"""Workers that are killed -9 in the middle of their work and begin again, as a supervisor would have it."""

import gc
import os
import random
import signal
from collections.abc import Callable
from multiprocessing import Value
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_inherited: list[BaseDatabaseWrapper] = []  # of a child; kept, as the last reference would end a connection


class Deaths:
    """So many workers may still be killed; `strike` kills the calling one, by chance."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._left = Value("i", most)

    @property
    def happened(self) -> int:
        return self.most - int(self._left.value)

    def strike(self, chance: random.Random, likelihood: float) -> None:
        if chance.random() > likelihood:
            return
        with self._left.get_lock():
            if self._left.value <= 0:
                return
            self._left.value -= 1
        os.kill(os.getpid(), signal.SIGKILL)


def mortals(work: Callable[[random.Random], Any], *, count: int, seed: int) -> None:
    """Run the work in so many processes at once until each has done it whole; the killed begin anew.

    None of them outlives the call: one that did would hold its locks against all that comes after.
    Raises RuntimeError when a worker ended otherwise than done or killed.
    """
    running: set[int] = set()
    born = 0
    try:
        while born < count:
            running.add(_born(work, seed + born))
            born += 1
        while running:
            pid, status = os.wait()
            if pid not in running:
                continue
            running.remove(pid)
            if os.WIFSIGNALED(status):
                running.add(_born(work, seed + born))
                born += 1
            elif os.WEXITSTATUS(status):
                raise RuntimeError(f"a worker ended with {os.WEXITSTATUS(status)}")
    finally:
        for pid in running:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _born(work: Callable[[random.Random], Any], seed: int) -> int:
    connections.close_all()  # before each birth, whoever opened one meanwhile
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _forget_the_parent()
        work(random.Random(seed))
        code = 0
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(code)


def _forget_the_parent() -> None:
    """Speak on connections of its own only.

    Django keeps those of code in an event loop apart. Where a browser was driven before, its loop still runs
    and `close_all` closes those of the loop; in the child no loop runs, and every child found the one
    connection that the parent had opened before the browser. What is inherited is not ended either: that
    would say goodbye on a socket which the parent still speaks on.
    """
    gc.freeze()
    for alias in connections:
        _inherited.append(connections[alias])
        del connections[alias]
