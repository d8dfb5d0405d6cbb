"""What the planner is told while a first load fills the tables."""

import pytest
from django.db import connection

from integrations.models import ExternalKind
from integrations.services import statistics
from integrations.services.statistics import statistics_renew
from tests.integrations.onec_talk import make_node

pytestmark = pytest.mark.django_db(transaction=True)

_ROWS = """
INSERT INTO integrations_externalid (node_id, kind, external_id, object_id)
SELECT %s, %s, 'id-' || number, number FROM generate_series(%s, %s) AS number
"""


def _add(*, node_id: int, first: int, last: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [node_id, ExternalKind.SKU, first, last])
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")


def _known() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'integrations_externalid'")
        ((rows,),) = cursor.fetchall()
    return int(rows)


def test_statistics_renew_follows_a_table_that_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "FEWEST_ROWS", 100)
    node = make_node()

    _add(node_id=node.pk, first=1, last=200)
    first, known_first = statistics_renew(), _known()
    _add(node_id=node.pk, first=201, last=700)
    second, known_second = statistics_renew(), _known()
    _add(node_id=node.pk, first=701, last=800)
    third, known_third = statistics_renew(), _known()

    assert (first, known_first) == (["integrations_externalid"], 200)
    assert (second, known_second) == ([], 200)
    assert (third, known_third) == (["integrations_externalid"], 800)


def test_statistics_renew_leaves_small_tables_alone() -> None:
    _add(node_id=make_node().pk, first=1, last=200)

    assert statistics_renew() == []
