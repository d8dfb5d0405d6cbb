"""What a city is shown: goods of the warehouses that serve it, by its policy for what has run out."""

from pyroaring import BitMap

from catalog.index.reading import CityGoods, Index
from catalog.models import AbsentPolicy, City, CityWarehouse


def cities_open(index: Index) -> tuple[City, ...]:
    """Cities that may be chosen, in their order; shared by all requests; one query when one has changed."""
    return index.derived("cities_open", cities_read, depends_on=("cities",))


def cities_read() -> tuple[City, ...]:
    """The same by a query."""
    return tuple(City.objects.filter(is_active=True).order_by("position", "name"))


def city_warehouses(index: Index, city: City | None) -> tuple[int, ...]:
    """Warehouses in use that serve the city, in its order; one query when some city has changed."""
    if city is None:
        return ()
    served: dict[int, tuple[int, ...]] = index.derived("served", _served_read, depends_on=("cities",))
    return served.get(city.pk, ())


def city_goods(index: Index, city: City | None) -> CityGoods:
    """Goods that the city can be given now, and those that it knows."""
    return index.city(city_warehouses(index, city))


def goods_shown(index: Index, city: City | None, *, is_absent_shown: bool = False) -> BitMap:
    """Goods in the lists of a city; with `is_absent_shown` also what its policy hides."""
    goods = city_goods(index, city)
    is_hidden = city is None or city.absent_policy == AbsentPolicy.HIDE
    return goods.available if is_hidden and not is_absent_shown else goods.kept


def _served_read() -> dict[int, tuple[int, ...]]:
    rows = (
        CityWarehouse.objects.filter(warehouse__is_active=True)
        .order_by("city_id", "position", "pk")
        .values_list("city_id", "warehouse_id")
    )
    found: dict[int, tuple[int, ...]] = {}
    for city_id, warehouse_id in rows:
        found[city_id] = (*found.get(city_id, ()), warehouse_id)
    return found
