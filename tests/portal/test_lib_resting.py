"""A service that does not answer is left alone for a while."""

import pytest
from django.core.cache import cache, caches

from portal.lib.resting import Rest

REST = Rest("test-service", failures=2, seconds=60)


@pytest.fixture(autouse=True)
def awake() -> None:
    cache.clear()


def test_failures_in_a_row_begin_a_rest_and_an_answer_ends_the_count() -> None:
    REST.failed()
    assert not REST.is_on()
    REST.worked()
    REST.failed()
    assert not REST.is_on()
    REST.failed()

    assert REST.is_on()


def test_count_that_runs_out_meanwhile_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches["default"], "add", lambda *_arguments: True)  # as if it were gone at once

    REST.failed()
    REST.failed()

    assert REST.is_on()


def test_service_may_ask_for_a_rest() -> None:
    REST.ask_for(30)

    assert REST.is_on()
