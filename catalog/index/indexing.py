"""The indexer: one at a time takes what was touched and rewrites the blocks concerned."""

from datetime import timedelta

import structlog
from django.db import connection, transaction
from django.db.models.functions import Now

from catalog.index.kinds import FORMAT
from catalog.index.parts import Touch, parts
from catalog.index.writing import Writing
from catalog.models import IndexChange, IndexGeneration

RETIRED_FOR = timedelta(minutes=1)
"""A generation out of service is kept for requests that still look at it."""
CHANGES_KEPT = timedelta(hours=1)
"""A process that has not looked at the log for half of this drops all it knows."""
_LOCK = (0x1DE, 1)  # advisory lock of the index
_MOST_TOUCHES = 5_000
_FORGET_TEXTS = """
DELETE FROM catalog_indextext own
 WHERE NOT EXISTS (SELECT FROM catalog_sku sku WHERE sku.id = own.sku_id)
"""

log = structlog.get_logger()


@transaction.atomic
def index_refresh() -> int:
    """Rewrite the blocks of all that was touched and committed; build the index when there is none.

    Returns the number of rewritten blocks; 0 also when another indexer is at work. Idempotent.
    Touches are taken with DELETE: what commits later stays for the next time, in whatever order.
    The change log is written under the lock to the end of the transaction, so its ids commit in order.
    """
    if not index_lock():
        return 0
    live = IndexGeneration.objects.filter(is_live=True).first()
    if live is None or live.format != FORMAT:
        return _build()
    touches = _taken()
    if not touches:
        return 0
    writing = Writing(live.pk, is_new=False)
    for part in parts():
        wanted = [touch for touch in touches if touch.kind in part.kinds]
        if wanted:
            part.refresh(writing, wanted)
    blocks = writing.flush()
    if writing.size != live.size:
        live.size = writing.size
        live.save(update_fields=["size"])
    return blocks


@transaction.atomic
def index_rebuild() -> int:
    """Build a new generation beside the live one and put it in its place. Returns the number of blocks.

    Readers stay with the old one until the flip is committed; it is dropped a minute later.
    """
    index_lock(is_patient=True)
    return _build()


@transaction.atomic
def index_tidy() -> None:
    """Drop generations that nobody looks at any more and old lines of the change log."""
    if index_lock():
        IndexGeneration.objects.filter(retired_at__lt=Now() - RETIRED_FOR).delete()
        IndexChange.objects.filter(at__lt=Now() - CHANGES_KEPT).delete()


def _build() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        # Between statements there is much to reckon, and nobody waits for what this transaction holds.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        # What they tell is read below; what commits from here on has touches of its own.
        cursor.execute("DELETE FROM catalog_indextouch")
    fresh = IndexGeneration.objects.create(format=FORMAT)
    writing = Writing(fresh.pk, is_new=True)
    for part in parts():
        part.build(writing)
    blocks = writing.flush()
    with connection.cursor() as cursor:
        # Until then the planner takes the new generation for empty and reads the old one's rows as well.
        cursor.execute("ANALYZE catalog_indexblock, catalog_indexcode")
        # Else a sku deleted during the minute of building would refuse the whole of it at its commit.
        cursor.execute(_FORGET_TEXTS)
    IndexGeneration.objects.filter(is_live=True).update(is_live=False, retired_at=Now())
    IndexGeneration.objects.filter(pk=fresh.pk).update(is_live=True, built_at=Now(), size=writing.size)
    log.info("index_built", generation=fresh.pk, goods=writing.size, blocks=blocks)
    return blocks


def index_lock(*, is_patient: bool = False) -> bool:
    """Hold the index until the end of the transaction; False when another indexer has it."""
    with connection.cursor() as cursor:
        if is_patient:
            cursor.execute("SET LOCAL lock_timeout = 0")
            cursor.execute("SELECT true FROM (SELECT pg_advisory_xact_lock(%s, %s)) AS held", _LOCK)
        else:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", _LOCK)
        (is_held,) = cursor.fetchone()
    return bool(is_held)


def _taken() -> list[Touch]:
    """Take away the touches that are committed by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM catalog_indextouch WHERE id IN"
            " (SELECT id FROM catalog_indextouch ORDER BY id LIMIT %s) RETURNING kind, owner, ids",
            [_MOST_TOUCHES],
        )
        return [
            Touch(kind, owner, None if ids is None else tuple(ids)) for kind, owner, ids in cursor.fetchall()
        ]
