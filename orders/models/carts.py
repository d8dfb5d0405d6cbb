"""What people gather before an order."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import City, Sku
from counterparties.models import Contract, LegalEntity

if TYPE_CHECKING:
    from counterparties.actor import Actor


class CartQuerySet(models.QuerySet["Cart"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A person's own carts, for the legal entities they may act for."""
        return self.filter(user_id=actor.user_id, legal_entity__in=LegalEntity.objects.visible_to(actor))


class Cart(models.Model):
    """What a person gathers for a legal entity under a contract in a city."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="carts")
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.CASCADE, related_name="carts")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="+")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("название"), max_length=100, default="Основная")
    is_current = models.BooleanField(_("текущая"), default=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("черновик менеджера"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Пусто: корзина самого клиента."),
    )
    created_at = models.DateTimeField(_("создана"), default=timezone.now)
    updated_at = models.DateTimeField(_("изменена"), default=timezone.now)

    objects = CartQuerySet.as_manager()

    class Meta:
        verbose_name = _("корзина")
        verbose_name_plural = _("корзины")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "legal_entity", "contract", "city", "drafted_by"],
                condition=Q(is_current=True),
                nulls_distinct=False,
                name="cart_one_current",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CartLine(models.Model):
    """A sku in a cart; the price is asked anew each time the cart is shown."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(_("количество"), max_digits=15, decimal_places=3)
    added_at = models.DateTimeField(_("добавлена"), default=timezone.now)

    class Meta:
        verbose_name = _("строка корзины")
        verbose_name_plural = _("строки корзины")
        constraints = [
            models.UniqueConstraint(fields=["cart", "sku"], name="cart_line_unique"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="cart_line_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} × {self.quantity}"
