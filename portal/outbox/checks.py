"""A mistake that nothing else would show: jobs that only ever start when the sweeper comes by."""

from collections.abc import Sequence
from typing import Any

from celery import current_app
from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage

MESSAGE = checks.Warning(
    "This process has not loaded the Celery application, so every job waits for the sweeper.",
    hint="Import portal.celery where the project starts (portal/__init__.py).",
    id="outbox.W001",
)


def celery_is_loaded(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Compare the broker that this process would send to with the one in the settings."""
    return [] if current_app.conf.broker_url == settings.CELERY_BROKER_URL else [MESSAGE]
