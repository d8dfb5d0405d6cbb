"""On what conditions somebody buys: the leaf that prices are asked with."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from pricing.arithmetic import Scale, rate_units, to_units
from pricing.models import Rounding

ROUBLE = "RUB"


class PriceSource(models.TextChoices):
    """What decided the price type."""

    CONTRACT = "contract", _("договор")
    CLIENT = "client", _("клиент")
    CITY = "city", _("город")
    BASE = "base", _("базовый вид цен")


@dataclass(frozen=True)
class PriceTerms:
    """Price type, rate and the ids that discounts ask for, as they stand on a day; may be a key of a cache.

    `rate` is RUB for one unit of the type's currency: 1 for roubles, None where no rate is known; then
    there are no list prices. The floor type may be closed: never show its name or its prices to a client.
    """

    price_type_id: int | None
    price_type_name: str
    source: PriceSource | None
    currency: str
    rate: Decimal | None
    is_vat_included: bool
    rounding_step: Decimal
    rounding: str
    floor_type_id: int | None
    floor_currency: str
    floor_rate: Decimal | None
    contract_id: int | None
    holding_id: int | None
    group_id: int | None
    city_id: int | None
    on: date

    @property
    def has_prices(self) -> bool:
        """Whether there are list prices at all: a price type, and a rate for its currency."""
        return self.price_type_id is not None and self.rate is not None

    @property
    def has_unknown_floor(self) -> bool:
        """The floor's currency has no rate: nobody knows how low is too low, no discount is given."""
        return self.floor_type_id is not None and self.floor_rate is None

    @cached_property
    def scale(self) -> Scale:
        """The numbers of the arithmetic."""
        return Scale(
            rate=rate_units(self.rate or Decimal(0)),
            is_converted=self.currency != ROUBLE,
            floor_rate=rate_units(self.floor_rate or Decimal(0)),
            step=to_units(self.rounding_step),
            is_rounded_up=self.rounding == Rounding.UP,
        )
