from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FinanceConfig(AppConfig):
    name = "finance"
    verbose_name = "Взаиморасчеты"

    def ready(self) -> None:
        """Import every app's `payables.py`, so that all that can be paid for is known."""
        autodiscover_modules("payables")
