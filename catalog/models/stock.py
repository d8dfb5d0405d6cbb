"""What lies where."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches
from catalog.models.goods import Sku
from catalog.models.places import Warehouse


class Stock(models.Model):
    """What lies in a warehouse.

    `free` is 1C's last word (may be negative or fractional there); `reserved` is what the portal
    has taken orders for and 1C does not know of yet; `expected` is on its way to the warehouse.
    """

    # Leading in the unique index: an index of its own would only be written.
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, db_index=False, related_name="stocks")
    warehouse = models.ForeignKey(
        Warehouse, verbose_name=_("склад"), on_delete=models.CASCADE, related_name="stocks"
    )
    free = models.DecimalField(_("свободно"), max_digits=15, decimal_places=3)
    reserved = models.DecimalField(_("в резерве портала"), max_digits=15, decimal_places=3, default=0)
    expected = models.DecimalField(_("ожидается"), max_digits=15, decimal_places=3, default=0, db_default=0)
    expected_date = models.DateField(_("ожидается к"), null=True, blank=True)
    updated_at = models.DateTimeField(_("на момент"))

    class Meta:
        verbose_name = _("остаток")
        verbose_name_plural = _("остатки")
        triggers = touches("stock", ids="sku_id")
        constraints = [
            models.UniqueConstraint(fields=["sku", "warehouse"], name="stock_unique"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_reserved_not_negative"),
            models.CheckConstraint(condition=Q(expected__gte=0), name="stock_expected_not_negative"),
        ]
        indexes = [
            models.Index(
                fields=["warehouse", "sku"],
                name="stock_available",
                condition=Q(free__gt=models.F("reserved")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} @ {self.warehouse_id}: {self.free}"
