"""How goods travel to clients and what it costs."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import City, Warehouse
from counterparties.models import Contract, DeliveryAddress, LegalEntity
from finance.states import PaymentTerms
from portal.audit.tracking import tracked


class DeliveryKind(models.TextChoices):
    """Who brings the goods."""

    PICKUP = "pickup", _("Самовывоз")
    OWN = "own", _("Машина поставщика")
    CARRIER = "carrier", _("Транспортная компания")


class DeliveryService(models.Model):
    """A way to get goods; `carrier` names the adapter that tells the price, empty for our own tariffs."""

    name = models.CharField(_("название"), max_length=150)
    kind = models.CharField(_("вид"), max_length=7, choices=DeliveryKind)
    carrier = models.CharField(_("расчет перевозчика"), max_length=20, blank=True, choices=[("cdek", "СДЭК")])
    tariff_code = models.PositiveIntegerField(_("код тарифа перевозчика"), null=True, blank=True)
    cities = models.ManyToManyField(
        City, verbose_name=_("города"), blank=True, related_name="+", help_text=_("Пусто: все города.")
    )
    note = models.CharField(_("пояснение клиенту"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    is_active = models.BooleanField(_("действует"), default=True)

    class Meta:
        verbose_name = _("служба доставки")
        verbose_name_plural = _("службы доставки")
        constraints = [
            models.CheckConstraint(
                condition=Q(carrier="") | Q(kind="carrier", tariff_code__isnull=False),
                name="delivery_service_carrier_has_tariff",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DeliveryZone(models.Model):
    """A part of a city with its own price of delivery."""

    city = models.ForeignKey(City, verbose_name=_("город"), on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("зона"), max_length=100)

    class Meta:
        verbose_name = _("зона доставки")
        verbose_name_plural = _("зоны доставки")
        constraints = [models.UniqueConstraint(fields=["city", "name"], name="delivery_zone_unique")]

    def __str__(self) -> str:
        return f"{self.city}: {self.name}"


class AddressZone(models.Model):
    """In which zone a delivery address lies; without a row the tariff of the whole city holds."""

    address = models.OneToOneField(
        DeliveryAddress, verbose_name=_("адрес"), on_delete=models.CASCADE, related_name="zoned"
    )
    zone = models.ForeignKey(DeliveryZone, verbose_name=_("зона"), on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("зона адреса")
        verbose_name_plural = _("зоны адресов")

    def __str__(self) -> str:
        return f"{self.address}: {self.zone.name}"


class DeliveryTariff(models.Model):
    """What a service costs in a city or zone up to a weight and a volume; the smallest that fits holds.

    `price` with VAT for one trip of one warehouse, `per_kg` for each kilogram above `included_weight`;
    nothing from `free_from` of the order's sum on.
    """

    service = models.ForeignKey(
        DeliveryService, verbose_name=_("служба"), on_delete=models.CASCADE, related_name="tariffs"
    )
    city = models.ForeignKey(City, verbose_name=_("город"), on_delete=models.CASCADE, related_name="+")
    zone = models.ForeignKey(
        DeliveryZone,
        verbose_name=_("зона"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Пусто: весь город."),
    )
    weight_limit = models.DecimalField(
        _("до веса, кг"), max_digits=12, decimal_places=3, null=True, blank=True, help_text=_("Пусто: любой.")
    )
    volume_limit = models.DecimalField(
        _("до объема, м³"),
        max_digits=12,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Пусто: любой."),
    )
    price = models.DecimalField(
        _("цена с НДС, ₽"), max_digits=18, decimal_places=2, validators=[MinValueValidator(0)]
    )
    included_weight = models.DecimalField(_("в цене, кг"), max_digits=12, decimal_places=3, default=0)
    per_kg = models.DecimalField(_("за кг сверх, ₽"), max_digits=18, decimal_places=4, default=0)
    free_from = models.DecimalField(
        _("бесплатно от, ₽"), max_digits=18, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("тариф доставки")
        verbose_name_plural = _("тарифы доставки")
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0, per_kg__gte=0, included_weight__gte=0),
                name="delivery_tariff_not_negative",
            ),
            models.UniqueConstraint(
                fields=["service", "city", "zone", "weight_limit", "volume_limit"],
                nulls_distinct=False,
                name="delivery_tariff_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.price}"


@tracked()
class TradeRule(models.Model):
    """What a contract or a legal entity may choose; of a contract wins over its legal entity's.

    Empty lists allow everything. The least sum of an order is an OrderMinimum.
    """

    legal_entity = models.ForeignKey(
        LegalEntity,
        verbose_name=_("юрлицо"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("договор"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    payment_terms = models.CharField(
        _("оплата"), max_length=7, choices=PaymentTerms, blank=True, help_text=_("Пусто: любая.")
    )
    services = models.ManyToManyField(
        DeliveryService,
        verbose_name=_("доставка"),
        blank=True,
        related_name="+",
        help_text=_("Пусто: любая."),
    )
    warehouses = models.ManyToManyField(
        Warehouse, verbose_name=_("склады"), blank=True, related_name="+", help_text=_("Пусто: все.")
    )

    class Meta:
        verbose_name = _("условия заказа")
        verbose_name_plural = _("условия заказов")
        constraints = [
            models.CheckConstraint(
                condition=Q(legal_entity__isnull=False, contract__isnull=True)
                | Q(legal_entity__isnull=True, contract__isnull=False),
                name="trade_rule_one_scope",
            ),
            models.UniqueConstraint(
                fields=["legal_entity", "contract"], nulls_distinct=False, name="trade_rule_unique"
            ),
        ]

    def __str__(self) -> str:
        return str(self.legal_entity or self.contract)
