from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "portal.outbox"
    label = "outbox"
    verbose_name = _("Фоновые задания")

    def ready(self) -> None:
        """Import every app's `events.py` and `handlers.py`, so that publishers know their handlers."""
        autodiscover_modules("events", "handlers")
