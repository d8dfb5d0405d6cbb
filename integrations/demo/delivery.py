"""How the invented seller brings goods: pick-up, own lorries by zone and weight, a carrier."""

from decimal import Decimal
from typing import Final

from django.db import transaction

from catalog.models import City
from orders.models import DeliveryKind, DeliveryService, DeliveryTariff, DeliveryZone

_ZONES: Final = (("В городе", "900", "30000"), ("До 30 км от города", "1800", "80000"))
_BY_WEIGHT: Final = ((Decimal(500), Decimal("1.0")), (Decimal(1500), Decimal("1.8")), (None, Decimal("3.2")))
_PER_KG: Final = Decimal("1.2")


@transaction.atomic
def delivery_fill() -> None:
    """Services and tariffs of every city; nothing where there are some."""
    if DeliveryService.objects.exists():
        return
    DeliveryService.objects.create(name="Самовывоз", kind=DeliveryKind.PICKUP, position=0)
    lorry = DeliveryService.objects.create(
        name="Машиной поставщика", kind=DeliveryKind.OWN, position=1, note="До двери, разгрузка ваша"
    )
    DeliveryService.objects.create(
        name="СДЭК, склад – дверь", kind=DeliveryKind.CARRIER, carrier="cdek", tariff_code=137, position=2
    )
    tariffs = []
    for city in City.objects.order_by("pk"):
        for name, price, free_from in _ZONES:
            zone = DeliveryZone.objects.create(city=city, name=name)
            tariffs += _tariffs(lorry, city, zone, Decimal(price), Decimal(free_from))
        tariffs += _tariffs(lorry, city, None, Decimal(_ZONES[0][1]), Decimal(_ZONES[0][2]))
    DeliveryTariff.objects.bulk_create(tariffs)


def _tariffs(
    service: DeliveryService, city: City, zone: DeliveryZone | None, price: Decimal, free_from: Decimal
) -> list[DeliveryTariff]:
    """The heavier the dearer; above the greatest weight by the kilogram."""
    return [
        DeliveryTariff(
            service=service,
            city=city,
            zone=zone,
            weight_limit=limit,
            price=(price * share).quantize(Decimal(1)),
            included_weight=_BY_WEIGHT[-2][0] or 0 if limit is None else 0,
            per_kg=_PER_KG if limit is None else 0,
            free_from=free_from,
        )
        for limit, share in _BY_WEIGHT
    ]
