"""How well orders were served."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.orders import Order


class OrderServed(models.Model):
    """What charts tell of how one order was served; counted anew every night, sums in RUB.

    `asked` and `sent` are of a finished order of the portal, at the prices of its lines; `paid` is what was
    paid for goods of the base price list, `listed` what they cost by it. `parts` had a planned day that has
    come, `parts_in_time` of them left by it.
    """

    order = models.OneToOneField(
        Order, verbose_name=_("заказ"), on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    asked = models.DecimalField(_("заказано"), max_digits=18, decimal_places=2)
    sent = models.DecimalField(_("отправлено"), max_digits=18, decimal_places=2)
    listed = models.DecimalField(_("по базовому прайсу"), max_digits=18, decimal_places=2)
    paid = models.DecimalField(_("по ценам заказа"), max_digits=18, decimal_places=2)
    parts = models.PositiveIntegerField(_("частей с датой отгрузки"))
    parts_in_time = models.PositiveIntegerField(_("из них в срок"))

    class Meta:
        verbose_name = _("исполнение заказа")
        verbose_name_plural = _("исполнение заказов")
        constraints = [
            models.CheckConstraint(
                condition=Q(asked__gte=0, sent__gte=0, sent__lte=F("asked"), listed__gte=0, paid__gte=0),
                name="order_served_sums_sane",
            ),
            models.CheckConstraint(
                condition=Q(parts_in_time__lte=F("parts")), name="order_served_parts_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.sent} / {self.asked}"
