"""Names of brands and of a city's warehouses; read once and kept until one of them changes."""

from collections.abc import Mapping

from catalog.index.reading import Index
from catalog.models import Brand, City, Warehouse
from catalog.selectors.city import city_warehouses


def brand_names(index: Index) -> Mapping[int, str]:
    return index.derived(
        "brand_names", lambda: dict(Brand.objects.values_list("pk", "name")), depends_on=("names",)
    )


def warehouse_names(index: Index, city: City | None) -> Mapping[int, str]:
    """Warehouses in use that serve the city, in its order."""
    known: dict[int, str] = index.derived(
        "warehouse_names", lambda: dict(Warehouse.objects.values_list("pk", "name")), depends_on=("cities",)
    )
    return {pk: known[pk] for pk in city_warehouses(index, city) if pk in known}
