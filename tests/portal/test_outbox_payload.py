"""Payloads and the registry: what a job can carry and who takes it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest

from portal.outbox import Event, subscribe
from portal.outbox.payload import PayloadMismatch, decode, encode
from portal.outbox.registry import UnknownHandler, handler_named, handlers_of


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Everything(Event):
    number: int
    total: Decimal
    day: date
    at: datetime
    uid: UUID
    colour: Colour
    comment: str | None
    lines: tuple[int, ...]
    urgent: bool = False


EVERYTHING = Everything(
    number=17,
    total=Decimal("1234.50"),
    day=date(2026, 11, 20),
    at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    uid=UUID("00000000-0000-4000-8000-000000000001"),
    colour=Colour.RED,
    comment=None,
    lines=(1, 2),
    urgent=True,
)


def test_payload_is_plain_json() -> None:
    assert encode(EVERYTHING) == {
        "number": 17,
        "total": "1234.50",
        "day": "2026-11-20",
        "at": "2026-11-20T09:30:00+00:00",
        "uid": "00000000-0000-4000-8000-000000000001",
        "colour": "red",
        "comment": None,
        "lines": [1, 2],
        "urgent": True,
    }


def test_payload_comes_back_as_it_went() -> None:
    assert decode(Everything, encode(EVERYTHING)) == EVERYTHING


def test_payload_of_a_newer_version_is_understood() -> None:
    stored = encode(EVERYTHING) | {"field_of_tomorrow": 1}
    del stored["urgent"]

    read = decode(Everything, stored)

    assert (read.number, read.urgent) == (17, False)


@pytest.mark.parametrize("change", [{"total": "much"}, {"number": None}, {"day": "20.11.2026"}])
def test_payload_that_does_not_fit_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(PayloadMismatch):
        decode(Everything, encode(EVERYTHING) | change)


def test_payload_without_a_needed_field_is_refused() -> None:
    stored = encode(EVERYTHING)
    del stored["number"]

    with pytest.raises(PayloadMismatch):
        decode(Everything, stored)


def test_event_is_named_by_its_app() -> None:
    made_by_hand = type("RackMoved", (Event,), {"__module__": "warehouse.events"})

    assert made_by_hand.event_name == "warehouse.RackMoved"


def test_event_key_is_new_for_every_publishing() -> None:
    assert EVERYTHING.key != EVERYTHING.key


def test_floats_are_refused_as_fields() -> None:
    @dataclass(frozen=True)
    class Weighed(Event):
        kilograms: float

    def handler(event: Weighed) -> None: ...

    handler.__annotations__["event"] = Weighed

    with pytest.raises(TypeError, match="kilograms"):
        subscribe(Weighed)(handler)


def test_mutable_events_are_refused() -> None:
    @dataclass
    class Changing(Event):
        order_id: int

    def handler(event: Changing) -> None: ...

    handler.__annotations__["event"] = Changing

    with pytest.raises(TypeError, match="frozen"):
        subscribe(Changing)(handler)


def test_handler_of_another_event_is_refused() -> None:
    @dataclass(frozen=True)
    class Other(Event):
        order_id: int

    def handler(event: Everything) -> None: ...

    with pytest.raises(TypeError, match="takes Everything"):
        subscribe(Other)(handler)

    assert handlers_of(Other) == []


def test_unknown_handler_is_told() -> None:
    with pytest.raises(UnknownHandler):
        handler_named("orders.handlers.long_gone")
