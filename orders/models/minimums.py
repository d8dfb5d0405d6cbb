"""The smallest order that is taken."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import City
from counterparties.models import Contract


class OrderMinimum(models.Model):
    """Минимальная сумма заказа with VAT, in roubles: of a contract in a city, of either, or of everybody.

    The one that names more of the order wins; of equals the contract's, see `selectors/minimums.py`.
    """

    contract = models.ForeignKey(
        Contract,
        verbose_name=_("договор"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Пусто: для всех договоров."),
    )
    city = models.ForeignKey(
        City,
        verbose_name=_("город"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Пусто: для всех городов."),
    )
    amount = models.DecimalField(
        _("сумма с НДС, ₽"),
        max_digits=18,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        help_text=_("0: без минимума, если общий для этого договора или города не нужен."),
    )

    class Meta:
        verbose_name = _("минимальная сумма заказа")
        verbose_name_plural = _("минимальные суммы заказа")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "city"], nulls_distinct=False, name="order_minimum_one"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="order_minimum_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"
