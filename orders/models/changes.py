"""Changes of an order after it was sent: applied at once, or asked of 1C."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.reach import reach
from orders.models.orders import Order, OrderLine
from orders.states import ChangeState

if TYPE_CHECKING:
    from counterparties.actor import Actor


class OrderChangeQuerySet(models.QuerySet["OrderChange"]):
    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(
            reach(actor, Permission.ORDER_VIEW, entity="order__legal_entity", author="order__created_by")
        )


class OrderChange(models.Model):
    """Other quantities of lines of an order. What has left is the floor; nothing grows here.

    Before 1C took the order it is applied at once, afterwards a manager decides.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="changes")
    state = models.CharField(_("состояние"), max_length=10, choices=ChangeState)
    comment = models.CharField(_("комментарий"), max_length=500, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("когда"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("решено"), null=True, blank=True)
    answer = models.CharField(_("ответ"), max_length=500, blank=True)

    objects = OrderChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("изменение заказа")
        verbose_name_plural = _("изменения заказов")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True)
                | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="order_change_decided_has_moment",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="asked"), name="order_change_one_asked"
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(answer=""), name="order_change_rejected_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.get_state_display()}"


class OrderChangeLine(models.Model):
    """One line: from which quantity to which."""

    change = models.ForeignKey(OrderChange, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="changes")
    quantity_before = models.DecimalField(_("было"), max_digits=15, decimal_places=3)
    quantity = models.DecimalField(_("стало"), max_digits=15, decimal_places=3)

    class Meta:
        verbose_name = _("строка изменения")
        verbose_name_plural = _("строки изменения")
        constraints = [
            models.UniqueConstraint(fields=["change", "line"], name="order_change_line_unique"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, quantity__lt=F("quantity_before")),
                name="order_change_line_shrinks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity_before} → {self.quantity}"
