"""How the demonstration company brings goods: its own van by weight, a carrier without a tariff, pickup."""

from decimal import Decimal

from catalog.models import City
from orders.models import DeliveryKind, DeliveryService, DeliveryTariff

_LADDER = ((Decimal(100), Decimal(450)), (Decimal(1000), Decimal(1200)), (Decimal(5000), Decimal(3900)))
_FREE_FROM = Decimal(150_000)


def delivery_fill() -> None:
    """Three services, tariffs of the van in every city. Idempotent: what an administrator changed stays."""
    if DeliveryService.objects.exists():
        return
    DeliveryService.objects.create(name="Самовывоз", kind=DeliveryKind.PICKUP)
    van = DeliveryService.objects.create(
        name="Наша машина", kind=DeliveryKind.OWN, note="До ворот склада, с 9 до 18", position=1
    )
    DeliveryService.objects.create(name="Транспортная компания", kind=DeliveryKind.CARRIER, position=2)
    DeliveryTariff.objects.bulk_create(
        DeliveryTariff(
            service=van, city=city, weight_limit=weight, price=price, free_from=_FREE_FROM, per_kg=Decimal(0)
        )
        for city in City.objects.order_by("pk")
        for weight, price in _LADDER
    )
