"""The base of all events and the list of those that exist."""

from typing import ClassVar
from uuid import uuid4

_events: dict[str, type["Event"]] = {}


class Event:
    """Something that happened, told to other apps: a frozen dataclass in `<app>/events.py`.

    Its fields are ids and plain facts (int, str, bool, Decimal, date, datetime, UUID, an Enum of
    them, `X | None`, `tuple[X, ...]`), never rows: a handler reads what it needs when it runs.
    """

    __slots__ = ()

    event_name: ClassVar[str]  # "orders.OrderConfirmed"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        app = cls.__module__.removesuffix(".events").rpartition(".")[2]
        cls.event_name = f"{app}.{cls.__name__}"
        # dataclass(slots=True) makes the class twice: the last one is the one in use.
        _events[cls.event_name] = cls

    @property
    def key(self) -> str:
        """Tell repeats of one event apart from different ones: a new key with every reading.

        An event that must have its effect once overrides it with a key of its own
        (`f"order:{self.order_id}"`): each handler then gets it once in 30 days after it was done.
        """
        return uuid4().hex


def known_events() -> list[type[Event]]:
    """List every declared event by name."""
    return [_events[name] for name in sorted(_events)]
