"""What is taught while the vocabulary is being made is in the next one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import psycopg
import pytest
from django.db import connection

from catalog.index.indexing import _LOCK
from catalog.models import IndexGeneration
from catalog.services import index_refresh
from catalog.services.vocabulary import vocabulary_renew
from tests.factories import TODAY, make_sku
from tests.processes import database_url

pytestmark = pytest.mark.django_db(transaction=True)

_WAITS = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = %s AND objid = %s
"""


@contextmanager
def indexer_at_work() -> Iterator[psycopg.Connection]:
    """Another process that holds the index until it commits."""
    with psycopg.connect(database_url()) as session:
        session.execute("SELECT pg_advisory_xact_lock(%s, %s)", _LOCK)
        yield session


def renew() -> None:
    try:
        vocabulary_renew(on=TODAY)
    finally:
        connection.close()


def wait_until_it_waits(session: psycopg.Connection) -> None:
    end = monotonic() + 20
    while session.execute(_WAITS, _LOCK).fetchone() != (1,):
        assert monotonic() < end
        sleep(0.05)


def test_word_taught_meanwhile_makes_it_anew() -> None:
    make_sku("Болт")
    index_refresh()
    generation = IndexGeneration.objects.get(is_live=True)

    with indexer_at_work() as session:
        making = threading.Thread(target=renew)
        making.start()
        wait_until_it_waits(session)  # all is read, nothing is written yet
        session.execute(
            "INSERT INTO catalog_indexchange (generation_id, kind, owner, chunk) VALUES (%s, 'search', 0, 0)",
            [generation.pk],
        )
    making.join()

    assert vocabulary_renew(on=TODAY)
    assert not vocabulary_renew(on=TODAY)
