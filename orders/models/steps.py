"""The history of an order."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.orders import Order
from orders.states import OrderState, StepSource


class OrderStep(models.Model):
    """One move of an order between states: when and by whom."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(_("состояние"), max_length=14, choices=OrderState)
    source = models.CharField(
        _("откуда"), max_length=6, choices=StepSource, default=StepSource.PORTAL, db_default="portal"
    )
    at = models.DateTimeField(_("когда"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    comment = models.CharField(_("комментарий"), max_length=500, blank=True)
    is_told = models.BooleanField(_("о нем сказано"), default=False, db_default=False, editable=False)

    class Meta:
        verbose_name = _("шаг заказа")
        verbose_name_plural = _("история заказа")
        indexes = [models.Index(fields=["id"], condition=Q(is_told=False), name="order_step_untold")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.state}"
