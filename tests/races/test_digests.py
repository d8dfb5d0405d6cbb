"""Beats of one moment gather one digest for a person and day, and every line into one of them."""

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.models import Digest, Notice, NoticeRule
from accounts.notices import Channel, NoticeKind
from accounts.services import digests
from accounts.services.digests import digests_order
from accounts.services.notices import notice_send
from portal.lib.dates import MOSCOW
from portal.outbox.models import Job
from tests.factories import TODAY, make_user
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

MORNING = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=MOSCOW)
PEOPLE, LINES, BEATS = 3, 4, 6


@pytest.fixture
def waiting(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of some people that wait for the digest; a beat takes its time before it commits."""
    NoticeRule.objects.create(kind=NoticeKind.SHIPMENT, channel=Channel.DIGEST)
    people = [make_user().pk for _ in range(PEOPLE)]
    evening = MORNING - timedelta(hours=15)
    for line in range(LINES):
        notice_send(
            user_ids=people,
            kind=NoticeKind.SHIPMENT,
            reference=f"order:{line}",
            day=evening.date(),
            title="Отгружен",
            at=evening,
        )
    enqueue = digests.enqueue

    def slow(*told: Any, **named: Any) -> Any:
        time.sleep(0.1)
        return enqueue(*told, **named)

    monkeypatch.setattr(digests, "enqueue", slow)


def beats() -> list[Any]:
    return crowd([lambda: digests_order(at=MORNING)] * BEATS)


def assert_once() -> None:
    assert Digest.objects.count() == PEOPLE
    assert Job.objects.filter(handler__endswith="digest_mail").count() == PEOPLE
    assert sorted(digest.notices.count() for digest in Digest.objects.all()) == [LINES] * PEOPLE
    assert not Notice.objects.filter(digest=None).exists()


def test_beats_of_one_moment_order_one_digest_each(waiting: None) -> None:
    outcomes = beats()

    assert sorted(outcomes) == [0] * (BEATS - 1) + [PEOPLE]
    assert_once()


def test_another_one_would_be_ordered_without_the_claim(
    waiting: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: beats do meet, and where none gives way the constraint of the database refuses."""
    claim = digests._CLAIM.replace("ON CONFLICT (user_id, day) DO NOTHING", "")
    monkeypatch.setattr(digests, "_CLAIM", claim)

    outcomes = beats()

    assert {type(outcome) for outcome in outcomes if outcome != PEOPLE} == {IntegrityError}
    assert_once()
