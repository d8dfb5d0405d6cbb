"""Which discount a good gets: the one order in which rules are asked, whoever asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from pricing.terms import PriceTerms

NEWEST = 2**63
"""Stands for the id of a rule that is not saved yet."""


class Unmet(models.TextChoices):
    """Why a discount is not given."""

    INACTIVE = "inactive", _("выключена")
    CLIENT = "client", _("другой клиент, договор или группа")
    CITY = "city", _("другой город")
    GOODS = "goods", _("другие товары")
    EARLY = "early", _("еще не началась")
    LATE = "late", _("закончилась")
    QUANTITY = "quantity", _("количество меньше")


@dataclass(frozen=True, slots=True)
class Place:
    """What conditions ask of a good: `section_ids` are its sections and all above them."""

    sku_id: int
    product_id: int
    brand_id: int | None
    base_id: int | None
    section_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount rule as plain values; `percent` in 1/100 %."""

    pk: int
    name: str
    percent: int
    priority: int
    is_active: bool
    section_id: int | None
    brand_id: int | None
    sku_id: int | None
    group_id: int | None
    holding_id: int | None
    contract_id: int | None
    city_id: int | None
    minimum_quantity: Decimal
    valid_from: date | None
    valid_until: date | None

    @property
    def rank(self) -> tuple[int, int, int]:
        """The least is asked first: highest priority, largest percent, oldest rule."""
        return (-self.priority, -self.percent, self.pk)

    def unmet(self, place: Place, quantity: Decimal, terms: PriceTerms) -> Unmet | None:
        """The first condition that is not met, or None."""
        return self.unmet_by_client(terms) or self.unmet_by_goods(place) or self.unmet_now(quantity, terms.on)

    def unmet_by_client(self, terms: PriceTerms) -> Unmet | None:
        if (
            self.group_id not in (None, terms.group_id)
            or self.holding_id not in (None, terms.holding_id)
            or self.contract_id not in (None, terms.contract_id)
        ):
            return Unmet.CLIENT
        return None if self.city_id in (None, terms.city_id) else Unmet.CITY

    def unmet_by_goods(self, place: Place) -> Unmet | None:
        if self.sku_id not in (None, place.sku_id) or self.brand_id not in (None, place.brand_id):
            return Unmet.GOODS
        if self.section_id is not None and self.section_id not in place.section_ids:
            return Unmet.GOODS
        return None

    def fits(self, place: Place) -> bool:
        return self.unmet_by_goods(place) is None

    @property
    def narrowest(self) -> tuple[str, int | None]:
        """What of its goods tells most: the sku, the section or the brand; nothing where all are meant."""
        if self.sku_id is not None:
            return ("sku", self.sku_id)
        if self.section_id is not None:
            return ("section", self.section_id)
        return ("brand", self.brand_id) if self.brand_id is not None else ("", None)

    def unmet_now(self, quantity: Decimal, on: date) -> Unmet | None:
        if not self.is_active:
            return Unmet.INACTIVE
        if self.valid_from is not None and on < self.valid_from:
            return Unmet.EARLY
        if self.valid_until is not None and on > self.valid_until:
            return Unmet.LATE
        return Unmet.QUANTITY if quantity < self.minimum_quantity else None


def best(discounts: Iterable[Discount], quantity: Decimal, on: date) -> Discount | None:
    """The discount that is given of those for the client and the good, by rank. They do not add up."""
    return next((rule for rule in discounts if rule.unmet_now(quantity, on) is None), None)
