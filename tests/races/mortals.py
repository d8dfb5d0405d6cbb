"""Workers that are killed -9 in the middle of their work and begin again, as a supervisor would have it."""

import os
import random
import signal
from collections.abc import Callable
from multiprocessing import Value
from typing import Any

from django.db import connections


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

    Raises RuntimeError when a worker ended otherwise than done or killed.
    """
    connections.close_all()  # a child must not speak on its parent's connection
    running = {_born(work, seed + place) for place in range(count)}
    born = count
    while running:
        pid, status = os.wait()
        if pid not in running:
            continue
        running.remove(pid)
        if os.WIFSIGNALED(status):
            running.add(_born(work, seed + born))
            born += 1
        elif os.WEXITSTATUS(status):
            for other in running:
                os.kill(other, signal.SIGKILL)
                os.waitpid(other, 0)
            raise RuntimeError(f"a worker ended with {os.WEXITSTATUS(status)}")


def _born(work: Callable[[random.Random], Any], seed: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work(random.Random(seed))
        code = 0
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(code)
