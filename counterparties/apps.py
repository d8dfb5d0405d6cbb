from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CounterpartiesConfig(AppConfig):
    name = "counterparties"
    verbose_name = "Контрагенты"

    def ready(self) -> None:
        """Import every app's `merging.py` and the talks, so that a merge knows who follows."""
        autodiscover_modules("merging", "talk_rows")
