"""How letters of watches name what has come, and how one telling is told from another."""

import hashlib
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

MOST_NAMED = 12
_LONGEST_NAME = 75


def names_told(names: Sequence[str], *, count: int | None = None) -> str:
    """As many as a letter holds, and how many more there are; `count`: of so many in all."""
    told = ", ".join(
        name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…" for name in names[:MOST_NAMED]
    )
    more = (len(names) if count is None else count) - MOST_NAMED
    return told if more <= 0 else _("{names} и ещё {count}").format(names=told, count=more)


def watch_digest(watch_ids: Iterable[object]) -> str:
    """The same watches give the same word; ids of watches never come again."""
    joined = ",".join(str(one) for one in watch_ids)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]
