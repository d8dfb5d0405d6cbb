"""What 1C holds of an order, beside what was ordered."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Sku
from orders.models.orders import OrderPart
from orders.pieces import Pieces
from orders.states import ErpDocumentKind


class ErpRow(models.Model):
    """A row of a document in 1C: base units, price and sum with VAT.

    `sku` is empty for what the portal does not sell, such as delivery.
    """

    position = models.PositiveIntegerField(_("№"))
    sku = models.ForeignKey(
        Sku, verbose_name=_("позиция"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("наименование"), max_length=800)
    article = models.CharField(_("артикул"), max_length=100, blank=True)
    unit = models.CharField(_("единица"), max_length=50, blank=True)
    quantity = models.DecimalField(_("количество"), max_digits=15, decimal_places=3)
    price = models.DecimalField(_("цена с НДС"), max_digits=18, decimal_places=4)
    vat_percent = models.DecimalField(_("НДС, %"), max_digits=4, decimal_places=2, null=True, blank=True)
    gross = models.DecimalField(_("сумма с НДС"), max_digits=18, decimal_places=2)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} × {self.quantity}"


class ErpLine(ErpRow):
    """A present row of a part in 1C; a newer document replaces all of them."""

    part = models.ForeignKey(OrderPart, on_delete=models.CASCADE, related_name="erp_lines")
    is_cancelled = models.BooleanField(_("отменена"), default=False)

    class Meta:
        verbose_name = _("строка заказа в 1С")
        verbose_name_plural = _("строки заказа в 1С")
        indexes = [GinIndex(Pieces("name"), condition=Q(sku=None), name="erp_line_unsold_names")]
        constraints = [
            models.UniqueConstraint(fields=["part", "position"], name="erp_line_position_unique"),
            models.CheckConstraint(condition=Q(quantity__gte=0, gross__gte=0), name="erp_line_not_negative"),
        ]


class ErpDocument(models.Model):
    """A shipment, payment, return or paper that 1C has made out for a part of an order."""

    part = models.ForeignKey(
        OrderPart, verbose_name=_("часть заказа"), on_delete=models.PROTECT, related_name="erp_documents"
    )
    kind = models.CharField(_("вид"), max_length=12, choices=ErpDocumentKind)
    number = models.CharField(_("номер"), max_length=50, blank=True)
    date = models.DateField(_("дата"), null=True, blank=True)
    total = models.DecimalField(_("сумма с НДС"), max_digits=18, decimal_places=2, null=True, blank=True)
    is_deleted = models.BooleanField(_("помечен на удаление"), default=False)
    formed_at = models.DateTimeField(_("сведения 1С на"), null=True, blank=True)

    class Meta:
        verbose_name = _("документ 1С по заказу")
        verbose_name_plural = _("документы 1С по заказам")
        indexes = [
            models.Index(fields=["date"], condition=Q(kind="shipment"), name="erp_shipment_by_date"),
            models.Index(
                fields=["formed_at"],
                condition=Q(kind="shipment", date__isnull=True),
                name="erp_shipment_undated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()


class ErpDocumentLine(ErpRow):
    """A row of a shipment or a return."""

    document = models.ForeignKey(ErpDocument, on_delete=models.CASCADE, related_name="lines")

    class Meta:
        verbose_name = _("строка документа 1С")
        verbose_name_plural = _("строки документа 1С")
        constraints = [
            models.UniqueConstraint(fields=["document", "position"], name="erp_document_line_unique"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, gross__gte=0), name="erp_document_line_not_negative"
            ),
        ]
