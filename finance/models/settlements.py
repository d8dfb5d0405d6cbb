"""What 1C says a client owes under a contract, and how much he may."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models import Contract
from counterparties.reach import reach

if TYPE_CHECKING:
    from counterparties.actor import Actor


class SettlementQuerySet(models.QuerySet["Settlement"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Settlements of the legal entities whose money the actor may see, and of those merged into them."""
        return self.filter(reach(actor, Permission.FINANCE_VIEW, entity="contract__legal_entity"))


class Settlement(models.Model):
    """One contract: balance and limit, in the contract's currency. 1C is the master.

    `as_of` is the moment of the balance, empty while only the limit is known. `shipping` is what is on
    its way to the client: 1C counts it against the limit together with the debt.
    """

    contract = models.OneToOneField(
        Contract, verbose_name=_("договор"), on_delete=models.PROTECT, related_name="settlement"
    )
    currency = models.CharField(_("валюта"), max_length=3, default="RUB")
    debt = models.DecimalField(_("долг"), max_digits=18, decimal_places=2, default=0)
    prepayment = models.DecimalField(_("аванс"), max_digits=18, decimal_places=2, default=0)
    shipping = models.DecimalField(_("отгружается"), max_digits=18, decimal_places=2, default=0)
    to_pay = models.DecimalField(_("к оплате"), max_digits=18, decimal_places=2, default=0)
    as_of = models.DateTimeField(_("по данным 1С на"), null=True)
    is_limited = models.BooleanField(_("долг ограничен"), default=False)
    limit_amount = models.DecimalField(_("допустимый долг"), max_digits=18, decimal_places=2, default=0)
    is_overdue_forbidden = models.BooleanField(_("просрочка запрещена"), default=False)

    objects = SettlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("расчеты по договору")
        verbose_name_plural = _("расчеты по договорам")
        constraints = [
            models.CheckConstraint(
                condition=Q(debt__gte=0) & Q(prepayment__gte=0) & Q(shipping__gte=0) & Q(to_pay__gte=0),
                name="settlement_sums_not_negative",
            ),
            models.CheckConstraint(condition=Q(limit_amount__gte=0), name="settlement_limit_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.contract)


class OverdueItem(models.Model):
    """Part of the debt that falls due on a day, by the document it comes from."""

    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="overdue")
    due_date = models.DateField(_("срок"))
    amount = models.DecimalField(_("сумма"), max_digits=18, decimal_places=2)
    document = models.CharField(_("документ"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("долг по документу")
        verbose_name_plural = _("долги по документам")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="overdue_item_positive")]

    def __str__(self) -> str:
        return f"{self.document}: {self.amount}"
