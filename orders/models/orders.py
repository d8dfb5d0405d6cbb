"""What was ordered."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from catalog.models import City, Sku, Warehouse
from counterparties.models import Contract, DeliveryAddress, Holding, LegalEntity, Organization
from counterparties.reach import reach
from orders.states import OrderState
from portal.audit.tracking import tracked
from portal.lib.money import format_price

if TYPE_CHECKING:
    from counterparties.actor import Actor


def order_reference(pk: int) -> str:
    """Name an order for apps that know no orders: `order:17`."""
    return f"order:{pk}"


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Orders as far as ORDER_VIEW reaches: own, of the actor's legal entities, of the holding."""
        return self.filter(reach(actor, Permission.ORDER_VIEW, author="created_by"))


@tracked("number", "state", "total")
class Order(models.Model):
    """One order for the client; 1C gets its parts."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("номер"), max_length=8, unique=True, editable=False)
    idempotency_key = models.UUIDField(unique=True, editable=False)
    request_digest = models.CharField(max_length=64, editable=False)  # what the key was used for
    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.PROTECT, related_name="orders"
    )
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.PROTECT, related_name="orders"
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("договор"), on_delete=models.PROTECT, related_name="orders"
    )
    organization = models.ForeignKey(
        Organization, verbose_name=_("организация"), on_delete=models.PROTECT, related_name="orders"
    )
    city = models.ForeignKey(City, verbose_name=_("город"), on_delete=models.PROTECT, related_name="+")
    delivery_address = models.ForeignKey(
        DeliveryAddress,
        verbose_name=_("адрес доставки"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Пусто: самовывоз."),
    )
    delivery_text = models.CharField(_("куда везти"), max_length=600, help_text=_("Записано при отправке."))
    comment = models.TextField(_("комментарий"), max_length=3000, blank=True)
    client_reference = models.CharField(_("номер у клиента"), max_length=50, blank=True)
    state = models.CharField(_("состояние"), max_length=12, choices=OrderState, default=OrderState.SUBMITTED)
    currency = models.CharField(_("валюта"), max_length=3, default="RUB")
    is_vat_included = models.BooleanField(_("цены с НДС"), default=True)
    total = models.DecimalField(_("сумма с НДС"), max_digits=18, decimal_places=2)
    vat_total = models.DecimalField(_("в том числе НДС"), max_digits=18, decimal_places=2)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("заказал"),
        on_delete=models.PROTECT,
        related_name="orders",
    )
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("собрал менеджер"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    submitted_at = models.DateTimeField(_("отправлен"))
    confirmed_at = models.DateTimeField(_("подтвержден"), null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("заказ")
        verbose_name_plural = _("заказы")
        indexes = [models.Index(fields=["legal_entity", "-submitted_at"], name="order_entity_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gte=0, vat_total__gte=0, vat_total__lte=F("total")),
                name="order_totals_sane",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False),
                name="order_confirmed_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def buyer_id(self) -> int:
        """The legal entity that may buy the same again: the heir of one that was merged."""
        return self.legal_entity.merged_into_id or self.legal_entity_id

    @property
    def reference(self) -> str:
        """How documents and payments name the order, which lies above them or beside."""
        return order_reference(self.pk)


class OrderPart(models.Model):
    """What 1C gets as one document: one organization, contract, warehouse and VAT rate."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="parts")
    number = models.CharField(_("номер для 1С"), max_length=11, unique=True)
    warehouse = models.ForeignKey(
        Warehouse, verbose_name=_("склад"), on_delete=models.PROTECT, related_name="+"
    )
    vat_percent = models.DecimalField(_("НДС, %"), max_digits=4, decimal_places=2, null=True, blank=True)
    total = models.DecimalField(_("сумма с НДС"), max_digits=18, decimal_places=2)
    delivery_days = models.PositiveSmallIntegerField(_("срок доставки, дней"), default=0)
    version = models.PositiveIntegerField(_("версия"), default=1)
    erp_number = models.CharField(_("номер в 1С"), max_length=50, blank=True)
    accepted_at = models.DateTimeField(_("принят в 1С"), null=True, blank=True)

    class Meta:
        verbose_name = _("часть заказа")
        verbose_name_plural = _("части заказа")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "warehouse", "vat_percent"],
                nulls_distinct=False,
                name="order_part_unique",
            )
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """What was ordered; name, unit, price and VAT are frozen."""

    part = models.ForeignKey(OrderPart, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField(_("№"))
    sku = models.ForeignKey(Sku, verbose_name=_("позиция"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("наименование"), max_length=800)
    article = models.CharField(_("артикул"), max_length=100, blank=True)
    unit_code = models.CharField(_("код единицы"), max_length=4, blank=True)
    unit_name = models.CharField(_("единица"), max_length=50)
    quantity = models.DecimalField(_("количество"), max_digits=15, decimal_places=3)
    price = models.DecimalField(_("цена"), max_digits=18, decimal_places=4)
    vat_percent = models.DecimalField(_("НДС, %"), max_digits=4, decimal_places=2, null=True, blank=True)
    net = models.DecimalField(_("сумма без НДС"), max_digits=18, decimal_places=2)
    vat = models.DecimalField(_("НДС"), max_digits=18, decimal_places=2)
    gross = models.DecimalField(_("сумма с НДС"), max_digits=18, decimal_places=2)

    class Meta:
        verbose_name = _("строка заказа")
        verbose_name_plural = _("строки заказа")
        constraints = [
            models.UniqueConstraint(fields=["part", "position"], name="order_line_position_unique"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="order_line_quantity_positive"),
            models.CheckConstraint(condition=Q(gross=F("net") + F("vat")), name="order_line_amount_adds_up"),
        ]

    def __str__(self) -> str:
        return f"{self.name} × {self.quantity}"

    @property
    def price_text(self) -> str:
        """The unit price as pages print it, with parts of a kopeck where it has them."""
        return format_price(self.price)


class OrderStep(models.Model):
    """One move of an order between states: when and by whom."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(_("состояние"), max_length=12, choices=OrderState)
    at = models.DateTimeField(_("когда"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    comment = models.CharField(_("комментарий"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("шаг заказа")
        verbose_name_plural = _("история заказа")

    def __str__(self) -> str:
        return f"{self.order_id}: {self.state}"
