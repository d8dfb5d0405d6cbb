"""What a client asks to be shipped, and what he says has come. Shipments themselves are 1C's documents."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from catalog.models import Warehouse
from counterparties.models import Contract, DeliveryAddress, LegalEntity
from counterparties.reach import reach
from orders.models.erp import ErpDocument, ErpDocumentLine
from orders.models.orders import OrderLine
from orders.states import ShipmentRequestState
from portal.audit.tracking import tracked

if TYPE_CHECKING:
    from counterparties.actor import Actor


class ShipmentMethod(models.TextChoices):
    """How goods leave."""

    PICKUP = "pickup", _("Самовывоз")
    OWN = "own", _("Доставка поставщика")
    CARRIER = "carrier", _("Транспортная компания")


class ShipmentRequestQuerySet(models.QuerySet["ShipmentRequest"]):
    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(reach(actor, Permission.ORDER_VIEW, author="created_by"))


@tracked("state", "number")
class ShipmentRequest(models.Model):
    """Заявка на отгрузку: lines of orders of one payer, consignee and warehouse."""

    number = models.CharField(_("номер"), max_length=12, unique=True, editable=False)
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("плательщик"), on_delete=models.PROTECT, related_name="shipment_requests"
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("договор"), on_delete=models.PROTECT, related_name="+"
    )
    consignee = models.ForeignKey(
        LegalEntity, verbose_name=_("грузополучатель"), on_delete=models.PROTECT, related_name="+"
    )
    warehouse = models.ForeignKey(
        Warehouse, verbose_name=_("склад"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        _("состояние"),
        max_length=17,
        choices=ShipmentRequestState,
        default=ShipmentRequestState.SUBMITTED,
    )
    method = models.CharField(_("способ"), max_length=8, choices=ShipmentMethod)
    carrier = models.CharField(_("перевозчик"), max_length=150, blank=True)
    delivery_address = models.ForeignKey(
        DeliveryAddress, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    delivery_text = models.CharField(_("куда везти"), max_length=600, blank=True)
    contact = models.CharField(_("контакт"), max_length=150, blank=True)
    desired_date = models.DateField(_("дата"))
    hour_from = models.TimeField(_("с"), null=True, blank=True)
    hour_to = models.TimeField(_("до"), null=True, blank=True)
    loading = models.CharField(_("тип погрузки"), max_length=50, blank=True)
    pallets = models.PositiveSmallIntegerField(_("паллет"), null=True, blank=True)
    driver = models.CharField(_("водитель"), max_length=150, blank=True)
    driver_phone = models.CharField(_("телефон водителя"), max_length=40, blank=True)
    driver_paper = models.CharField(_("документ водителя"), max_length=100, blank=True)
    car = models.CharField(_("машина, прицеп"), max_length=100, blank=True)
    attorney_number = models.CharField(_("доверенность № или номер МЧД"), max_length=50, blank=True)
    attorney_date = models.DateField(_("доверенность от"), null=True, blank=True)
    attorney_until = models.DateField(_("доверенность до"), null=True, blank=True)
    is_edo = models.BooleanField(_("УПД через ЭДО"), default=False)
    comment = models.CharField(_("примечание"), max_length=500, blank=True)
    answer = models.CharField(_("ответ склада"), max_length=500, blank=True)
    idempotency_key = models.UUIDField(unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("создана"))

    objects = ShipmentRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("заявка на отгрузку")
        verbose_name_plural = _("заявки на отгрузку")
        constraints = [
            models.CheckConstraint(
                condition=Q(hour_from__isnull=True, hour_to__isnull=True)
                | Q(hour_from__lt=models.F("hour_to")),
                name="shipment_request_hours_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(answer=""), name="shipment_request_rejected_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}"


class ShipmentRequestLine(models.Model):
    """So much of a line of an order. `shipped` is what 1C's shipments closed of it."""

    request = models.ForeignKey(ShipmentRequest, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="shipment_requests")
    quantity = models.DecimalField(_("к отгрузке"), max_digits=15, decimal_places=3)
    shipped = models.DecimalField(_("отгружено"), max_digits=15, decimal_places=3, default=0)

    class Meta:
        verbose_name = _("строка заявки")
        verbose_name_plural = _("строки заявки")
        constraints = [
            models.UniqueConstraint(fields=["request", "line"], name="shipment_request_line_unique"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, shipped__gte=0, shipped__lte=models.F("quantity")),
                name="shipment_request_line_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} × {self.quantity}"


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(
            reach(
                actor,
                Permission.ORDER_VIEW,
                entity="shipment__part__order__legal_entity",
                author="shipment__part__order__created_by",
            )
        )


class Receipt(models.Model):
    """What the client counted when a shipment came."""

    shipment = models.OneToOneField(
        ErpDocument, verbose_name=_("отгрузка"), on_delete=models.PROTECT, related_name="receipt"
    )
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    received_at = models.DateTimeField(_("принято"))
    comment = models.CharField(_("комментарий"), max_length=500, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("приемка")
        verbose_name_plural = _("приемки")

    def __str__(self) -> str:
        return str(self.shipment)


class ReceiptLine(models.Model):
    """How much of a row of the shipment has come."""

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="lines")
    row = models.ForeignKey(ErpDocumentLine, on_delete=models.CASCADE, related_name="+")
    quantity = models.DecimalField(_("принято"), max_digits=15, decimal_places=3)
    note = models.CharField(_("замечание"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("строка приемки")
        verbose_name_plural = _("строки приемки")
        constraints = [
            models.UniqueConstraint(fields=["receipt", "row"], name="receipt_line_unique"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="receipt_line_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.row} → {self.quantity}"
