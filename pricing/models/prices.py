"""Price types, what goods cost by them, rates of currencies."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches
from catalog.models import Sku
from portal.audit.tracking import tracked


class Rounding(models.TextChoices):
    """Which way a computed price goes to its step."""

    HALF = "half", _("К ближайшему")
    UP = "up", _("Вверх")


class PriceType(models.Model):
    """Вид цен of 1C. Hidden until an administrator opens it: purchase prices come the same way."""

    name = models.CharField(_("название"), max_length=160)
    currency = models.CharField(_("валюта"), max_length=3, default="RUB")
    is_vat_included = models.BooleanField(_("цены с НДС"), default=True)
    is_open = models.BooleanField(
        _("открыт клиентам"), default=False, help_text=_("Закупочные цены не открывайте.")
    )

    is_purchase = models.BooleanField(
        _("закупочные"), default=False, db_default=False, help_text=_("Такой вид цен не открыть клиентам.")
    )
    is_base = models.BooleanField(
        _("базовый"),
        default=False,
        db_default=False,
        help_text=_("По этим ценам покупает тот, кому не назначено других."),
    )
    is_recommended = models.BooleanField(
        _("РРЦ"),
        default=False,
        db_default=False,
        help_text=_("Рекомендованные розничные: клиент видит их и свою наценку рядом со своей ценой."),
    )
    rounding_step = models.DecimalField(
        _("округлять до"),
        max_digits=8,
        decimal_places=4,
        default=Decimal("0.01"),
        db_default=Decimal("0.01"),
        help_text=_("Цены со скидкой и пересчитанные из валюты: 0,01; 0,5; 1; 10 рублей."),
    )
    rounding = models.CharField(
        _("как округлять"), max_length=4, choices=Rounding, default=Rounding.HALF, db_default=Rounding.HALF
    )
    floor_type = models.ForeignKey(
        "self",
        verbose_name=_("не ниже вида цен"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Скидка не опустит цену ниже. Сам этот вид может быть закрыт."),
    )

    class Meta:
        verbose_name = _("вид цен")
        verbose_name_plural = _("виды цен")
        triggers = touches("terms")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_purchase=False) | Q(is_open=False), name="price_type_purchase_closed"
            ),
            models.UniqueConstraint(
                fields=["is_base"], condition=Q(is_base=True), name="price_type_one_base"
            ),
            models.UniqueConstraint(
                fields=["is_recommended"], condition=Q(is_recommended=True), name="price_type_one_recommended"
            ),
            models.CheckConstraint(
                condition=Q(is_recommended=False) | Q(is_purchase=False),
                name="price_type_recommended_not_purchase",
            ),
            models.CheckConstraint(condition=Q(rounding_step__gt=0), name="price_type_rounding_positive"),
            models.CheckConstraint(
                condition=Q(floor_type__isnull=True) | ~Q(floor_type=F("id")), name="price_type_not_own_floor"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """Price of one base unit; zero means on request. Currency is the price type's."""

    # Leading in the unique index: an index of its own would only be written.
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, db_index=False, related_name="prices")
    price_type = models.ForeignKey(PriceType, on_delete=models.CASCADE, related_name="prices")
    minimum_quantity = models.DecimalField(_("от количества"), max_digits=15, decimal_places=3, default=0)
    amount = models.DecimalField(
        _("цена за базовую единицу"), max_digits=18, decimal_places=4, help_text=_("Ноль: по запросу.")
    )
    updated_at = models.DateTimeField(_("на момент"))

    class Meta:
        verbose_name = _("цена")
        verbose_name_plural = _("цены")
        triggers = touches("price", ids="sku_id", owner="price_type_id")
        constraints = [
            models.UniqueConstraint(fields=["sku", "price_type", "minimum_quantity"], name="price_unique"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.amount}"


@tracked()
class CurrencyRate(models.Model):
    """Roubles for one unit of a currency from a date on, until the next rate."""

    currency = models.CharField(_("валюта"), max_length=3)
    date = models.DateField(_("с даты"))
    rate = models.DecimalField(_("рублей за единицу"), max_digits=12, decimal_places=6)

    class Meta:
        verbose_name = _("курс валюты")
        verbose_name_plural = _("курсы валют")
        triggers = touches("terms")
        constraints = [
            models.UniqueConstraint(fields=["currency", "date"], name="currency_rate_unique"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="currency_rate_positive"),
            models.CheckConstraint(condition=~Q(currency="RUB"), name="currency_rate_not_rouble"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.date:%d.%m.%Y}: {self.rate}"
