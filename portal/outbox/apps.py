from django.apps import AppConfig
from django.core.checks import register
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from portal.outbox.checks import celery_is_loaded


class OutboxConfig(AppConfig):
    name = "portal.outbox"
    label = "outbox"
    verbose_name = _("Фоновые задания")

    def ready(self) -> None:
        """Import every app's `events.py` and `handlers.py`, so that publishers know their handlers."""
        autodiscover_modules("events", "handlers")
        register(celery_is_loaded)
