"""Reading ahead: the next records are parsed while the database works on the last ones."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Full, Queue
from threading import Event, Thread

from integrations.onec.reading.records import Record

PORTION = 80
PORTIONS_AHEAD = 16
_LOOK_UP = 0.2  # seconds between two looks whether the other side is still there
_SWITCH = 0.0005  # a statement that is done must not wait 5 ms for the parser to let go


def read_ahead(records: Iterator[Record]) -> Iterator[Record]:
    """Yield the records of an iterator that runs in a thread of its own; raises what it raises.

    Memory stays bounded: the thread is a few portions ahead at most. It never touches the database.
    """
    queue: Queue[list[Record] | BaseException | None] = Queue(PORTIONS_AHEAD)
    stop = Event()
    thread = Thread(target=_produce, args=(records, queue, stop), name="commerceml-reader", daemon=True)
    with _quick_switching():
        thread.start()
        try:
            while (portion := _next(queue, thread)) is not None:
                if isinstance(portion, BaseException):
                    raise portion
                yield from portion
        finally:
            stop.set()
            thread.join()


def _produce(
    records: Iterator[Record], queue: Queue[list[Record] | BaseException | None], stop: Event
) -> None:
    portion: list[Record] = []
    try:
        for record in records:
            portion.append(record)
            if len(portion) >= PORTION:
                if not _put(queue, portion, stop):
                    return
                portion = []
        _put(queue, portion, stop)
        _put(queue, None, stop)
    except BaseException as error:
        _put(queue, error, stop)


def _put(
    queue: Queue[list[Record] | BaseException | None],
    item: list[Record] | BaseException | None,
    stop: Event,
) -> bool:
    """Hand over; False when nobody reads any more."""
    while not stop.is_set():
        try:
            queue.put(item, timeout=_LOOK_UP)
        except Full:
            continue
        return True
    return False


def _next(
    queue: Queue[list[Record] | BaseException | None], thread: Thread
) -> list[Record] | BaseException | None:
    while True:
        try:
            return queue.get(timeout=_LOOK_UP)
        except Empty:
            if not thread.is_alive() and queue.empty():
                return RuntimeError("the reader ended without a word")


@contextmanager
def _quick_switching() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
