"""Terms of payment as a calendar file, RFC 5545."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MIME = "text/calendar; charset=utf-8"
_OCTETS = 73  # a line has 75 at most, with the space of a folded one
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """A whole day; `uid` stays the same when the calendar is fetched again."""

    uid: str
    day: date
    title: str
    text: str
    address: str


def calendar_file(*, name: str, events: Iterable[CalendarEvent], at: datetime) -> bytes:
    """The whole calendar; programs that fetch it by its address do so anew every few hours."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//portal//payments//RU", "CALSCALE:GREGORIAN"]
    lines += [f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H"]
    for event in events:
        lines += _lines(event, at)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _lines(event: CalendarEvent, at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(event.title)}"
    yield f"DESCRIPTION:{_text(event.text)}"
    yield f"URL:{event.address}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(text: str) -> str:
    return text.translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """Cut at 73 octets, never inside of a letter."""
    begin, part = "", b""
    for letter in line:
        coded = letter.encode()
        if len(part) + len(coded) > _OCTETS:
            yield begin + part.decode()
            begin, part = " ", b""
        part += coded
    yield begin + part.decode()
