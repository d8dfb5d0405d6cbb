"""What changes a price: individual prices of a contract, discount rules."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches
from catalog.models import Brand, City, Section, Sku
from counterparties.models import ClientGroup, Contract, Holding
from portal.audit.tracking import tracked


@tracked()
class IndividualPrice(models.Model):
    """An agreed price of one base unit under a contract: stands above price types and discounts.

    In roubles, with or without VAT as the price type of the contract is.
    """

    contract = models.ForeignKey(
        Contract, verbose_name=_("договор"), on_delete=models.CASCADE, related_name="individual_prices"
    )
    sku = models.ForeignKey(
        Sku, verbose_name=_("позиция"), on_delete=models.CASCADE, related_name="individual_prices"
    )
    minimum_quantity = models.DecimalField(_("от количества"), max_digits=15, decimal_places=3, default=0)
    amount = models.DecimalField(_("цена за базовую единицу, ₽"), max_digits=18, decimal_places=4)
    valid_from = models.DateField(_("с"), null=True, blank=True)
    valid_until = models.DateField(_("по"), null=True, blank=True, help_text=_("Включительно."))

    class Meta:
        verbose_name = _("индивидуальная цена")
        verbose_name_plural = _("индивидуальные цены")
        triggers = touches("terms")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "sku", "minimum_quantity", "valid_from"],
                nulls_distinct=False,
                name="individual_price_unique",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="individual_price_positive"),
            models.CheckConstraint(
                condition=Q(minimum_quantity__gte=0), name="individual_price_quantity_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=F("valid_until")),
                name="individual_price_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}, {self.sku_id}: {self.amount}"


@tracked()
class DiscountRule(models.Model):
    """A discount for the goods and clients that meet all of its conditions; an empty one is met by all.

    Discounts do not add up: of the rules that are met the one with the highest priority is taken,
    among equal ones that with the largest percent, then the oldest.
    """

    name = models.CharField(_("название"), max_length=160)
    percent = models.DecimalField(_("скидка, %"), max_digits=5, decimal_places=2)
    section = models.ForeignKey(
        Section,
        verbose_name=_("раздел"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="discount_rules",
        help_text=_("Вместе со всеми разделами внутри."),
    )
    brand = models.ForeignKey(
        Brand,
        verbose_name=_("бренд"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="discount_rules",
    )
    sku = models.ForeignKey(
        Sku,
        verbose_name=_("позиция"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="discount_rules",
    )
    group = models.ForeignKey(
        ClientGroup,
        verbose_name=_("группа клиентов"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="discount_rules",
    )
    holding = models.ForeignKey(
        Holding,
        verbose_name=_("клиент"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="discount_rules",
    )
    contract = models.ForeignKey(
        Contract,
        verbose_name=_("договор"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="discount_rules",
    )
    city = models.ForeignKey(
        City,
        verbose_name=_("город"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="discount_rules",
    )
    minimum_quantity = models.DecimalField(
        _("от количества"),
        max_digits=15,
        decimal_places=3,
        default=Decimal(0),
        help_text=_("В строке заказа, в базовых единицах."),
    )
    valid_from = models.DateField(_("с"), null=True, blank=True)
    valid_until = models.DateField(_("по"), null=True, blank=True, help_text=_("Включительно."))
    priority = models.PositiveSmallIntegerField(
        _("приоритет"), default=0, help_text=_("Больший побеждает. Скидки не складываются.")
    )
    is_active = models.BooleanField(_("действует"), default=True)

    class Meta:
        verbose_name = _("скидка")
        verbose_name_plural = _("скидки")
        triggers = touches("terms")
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lt=100), name="discount_rule_percent_sane"
            ),
            models.CheckConstraint(
                condition=Q(minimum_quantity__gte=0), name="discount_rule_quantity_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=F("valid_until")),
                name="discount_rule_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name
