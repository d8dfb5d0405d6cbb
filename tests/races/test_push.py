"""Batches of one base that come at the same moment."""

from functools import partial

import pytest
from django.db import connections
from django.test import Client

from integrations.models import ErpPartner, PushBatch
from tests.integrations.onec_talk import make_node
from tests.integrations.push_talk import Push, partner
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)


def test_same_batch_twice_at_once_is_taken_once() -> None:
    push = Push(Client(), make_node())
    body = push.body([partner(f"p-{number}") for number in range(20)])
    sides = [Push(Client(), push.node, key=push.key) for _ in range(4)]

    answers = crowd([partial(side.again, "partners", body) for side in sides])

    assert answers == [answers[0]] * 4
    assert (answers[0][0], PushBatch.objects.count(), ErpPartner.objects.count()) == (200, 1, 20)  # type: ignore[index]


def test_newest_number_stays_whoever_comes_first() -> None:
    push = Push(Client(), make_node())
    bodies = [push.body([partner(name=f"Имя {number}")], seq=number) for number in range(1, 7)]
    sides = [Push(Client(), push.node, key=push.key) for _ in bodies]

    crowd([partial(side.again, "partners", body) for side, body in zip(sides, bodies, strict=True)])

    assert ErpPartner.objects.get().name == "Имя 6"


def test_base_in_work_is_told_to_come_again() -> None:
    """Another connection holds the turn for longer than a statement waits for a lock."""
    push = Push(Client(), make_node())
    body = push.body([partner()])
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [0x1D, push.node.pk])
        answer = push.client.post(
            "/api/1c/v1/partners",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {push.key}"},
        )
    finally:
        other.close()

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert push.again("partners", body)[0] == 200
