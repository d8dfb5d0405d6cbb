"""How letters of watches name what has come, and how one telling is told from another."""

import hashlib
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from portal.lib.said import Said, english_of, joined, said

MOST_NAMED = 12
_LONGEST_NAME = 75


def names_told(names: Sequence[Said | str], *, count: int | None = None) -> Said:
    """As many as a letter holds, and how many more there are; `count`: of so many in all."""
    told = joined([Said(_cut(str(name)), _cut(english_of(name))) for name in names[:MOST_NAMED]], ", ")
    more = (len(names) if count is None else count) - MOST_NAMED
    if more <= 0:
        return told
    return said(_("{names} и ещё {count}"), "{names} and {count} more", names=told, count=more)


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def watch_digest(watch_ids: Iterable[object]) -> str:
    """The same watches give the same word; ids of watches never come again."""
    joined = ",".join(str(one) for one in watch_ids)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]
