"""Facts that must hold whatever happened: each is a query that returns the keys of what breaks it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

_MOST = 20


@dataclass(frozen=True, slots=True)
class Invariant:
    """`sql` returns one text column: what is broken. `code` is short, `text` says what must hold."""

    code: str
    text: str
    sql: str


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold, with some of the keys that break it."""

    invariant: Invariant
    count: int
    keys: tuple[str, ...]

    def __str__(self) -> str:
        more = ", …" if self.count > len(self.keys) else ""
        return f"{self.invariant.code}: {self.invariant.text} ({self.count}): {', '.join(self.keys)}{more}"


def broken(invariants: Iterable[Invariant]) -> Iterator[Broken]:
    """Ask for each in turn; one query for each."""
    for invariant in invariants:
        with connection.cursor() as cursor:
            cursor.execute(invariant.sql)
            keys = [str(row[0]) for row in cursor.fetchall()]
        if keys:
            yield Broken(invariant, len(keys), tuple(keys[:_MOST]))
