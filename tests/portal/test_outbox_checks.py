"""A process that cannot reach the workers is told so."""

import pytest
from celery import Celery
from pytest_django import Settings

from portal.outbox import checks


@pytest.mark.parametrize(("broker", "found"), [("redis://right", []), ("redis://wrong", [checks.MESSAGE])])
def test_check_compares_the_broker_with_the_settings(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, broker: str, found: list[object]
) -> None:
    settings.CELERY_BROKER_URL = "redis://right"
    monkeypatch.setattr(checks, "current_app", Celery("shell", broker=broker, set_as_current=False))

    assert checks.celery_is_loaded(None, None) == found
