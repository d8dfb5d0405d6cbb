"""Which delivery services a contract may choose in a city, and why not the others."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from counterparties.models import Contract
from orders.models import DeliveryKind, DeliveryService, DeliveryTariff
from orders.selectors.trade import TradeTerms


@dataclass(frozen=True, slots=True)
class CityServices:
    """Services of a city by position with their tariffs there."""

    services: tuple[DeliveryService, ...]

    def allowed(self, trade: TradeTerms) -> tuple[DeliveryService, ...]:
        """Those that bring goods."""
        return tuple(
            one for one in self.services if one.kind != DeliveryKind.PICKUP and trade.lets_service(one.pk)
        )

    def pickup(self, trade: TradeTerms) -> DeliveryService | None:
        """The pickup that the contract may choose, where the city has one."""
        return next((one for one in self._pickups if trade.lets_service(one.pk)), None)

    def lets_pickup(self, trade: TradeTerms) -> bool:
        """Goods may be fetched unless the city's pickups are all left out of the rule."""
        return not self._pickups or self.pickup(trade) is not None

    def closed(self, trade: TradeTerms, contract: Contract) -> tuple[str, ...]:
        """What is not offered, with the reason."""
        return tuple(
            _("«{service}» недоступна по договору {contract}.").format(service=one.name, contract=contract)
            for one in self.services
            if not trade.lets_service(one.pk)
        )

    @property
    def _pickups(self) -> tuple[DeliveryService, ...]:
        return tuple(one for one in self.services if one.kind == DeliveryKind.PICKUP)


def services_of(city_ids: Collection[int]) -> Mapping[int, CityServices]:
    """Active services of each city; three queries."""
    cities = set(city_ids)
    tariffs = DeliveryTariff.objects.filter(city__in=cities).order_by("pk")
    rows = (
        DeliveryService.objects.filter(Q(cities__isnull=True) | Q(cities__in=cities), is_active=True)
        .distinct()
        .order_by("position", "pk")
        .prefetch_related("cities", Prefetch("tariffs", queryset=tariffs))
    )
    services = [(one, {city.pk for city in one.cities.all()}) for one in rows]
    return {
        pk: CityServices(tuple(one for one, served in services if not served or pk in served))
        for pk in cities
    }
