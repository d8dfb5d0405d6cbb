from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "Каталог"

    def ready(self) -> None:
        autodiscover_modules("index_parts")
