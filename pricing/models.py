"""Price types, prices, and what a contract changes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import City, Sku
from counterparties.models import Contract


class PriceType(models.Model):
    """Вид цен of 1C. Hidden until an administrator opens it: purchase prices come the same way."""

    name = models.CharField(_("название"), max_length=160)
    currency = models.CharField(_("валюта"), max_length=3, default="RUB")
    is_vat_included = models.BooleanField(_("цены с НДС"), default=True)
    is_open = models.BooleanField(
        _("открыт клиентам"), default=False, help_text=_("Закупочные цены не открывайте.")
    )

    class Meta:
        verbose_name = _("вид цен")
        verbose_name_plural = _("виды цен")

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """Price of one base unit; zero means on request. Currency is the price type's."""

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="prices")
    price_type = models.ForeignKey(PriceType, on_delete=models.CASCADE, related_name="prices")
    minimum_quantity = models.DecimalField(_("от количества"), max_digits=15, decimal_places=3, default=0)
    amount = models.DecimalField(
        _("цена за базовую единицу"), max_digits=18, decimal_places=4, help_text=_("Ноль: по запросу.")
    )
    updated_at = models.DateTimeField(_("на момент"))

    class Meta:
        verbose_name = _("цена")
        verbose_name_plural = _("цены")
        constraints = [
            models.UniqueConstraint(fields=["sku", "price_type", "minimum_quantity"], name="price_unique"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.amount}"


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

    def __str__(self) -> str:
        return f"{self.city}: {self.price_type}"


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

    def __str__(self) -> str:
        return f"{self.contract}: {self.price_type}"
