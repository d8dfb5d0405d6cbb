"""At which price type somebody buys: the contract's, the client's, the city's, the base one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches
from catalog.models import City
from counterparties.models import Contract, Holding
from pricing.models.prices import PriceType


class CityPriceType(models.Model):
    """At which prices a city is sold to when the contract says nothing."""

    city = models.OneToOneField(
        City, verbose_name=_("город"), on_delete=models.CASCADE, related_name="pricing"
    )
    price_type = models.ForeignKey(
        PriceType,
        verbose_name=_("вид цен"),
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"is_open": True},
    )

    class Meta:
        verbose_name = _("вид цен города")
        verbose_name_plural = _("виды цен городов")
        triggers = touches("terms")

    def __str__(self) -> str:
        return f"{self.city}: {self.price_type}"


class HoldingPricing(models.Model):
    """The price type of a client whose contract gives none; instead of the city's."""

    holding = models.OneToOneField(
        Holding, verbose_name=_("клиент"), on_delete=models.CASCADE, related_name="pricing"
    )
    price_type = models.ForeignKey(
        PriceType,
        verbose_name=_("вид цен"),
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"is_open": True},
    )

    class Meta:
        verbose_name = _("вид цен клиента")
        verbose_name_plural = _("виды цен клиентов")
        triggers = touches("terms")

    def __str__(self) -> str:
        return f"{self.holding}: {self.price_type}"


class ContractPricing(models.Model):
    """The price type that a contract gives instead of the city's."""

    contract = models.OneToOneField(
        Contract, verbose_name=_("договор"), on_delete=models.CASCADE, related_name="pricing"
    )
    price_type = models.ForeignKey(
        PriceType,
        verbose_name=_("вид цен"),
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"is_open": True},
    )

    class Meta:
        verbose_name = _("вид цен договора")
        verbose_name_plural = _("виды цен договоров")
        triggers = touches("terms")

    def __str__(self) -> str:
        return f"{self.contract}: {self.price_type}"
