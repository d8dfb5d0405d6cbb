"""What people gather before an order."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import City, Sku
from counterparties.models import Contract, DeliveryAddress, LegalEntity

if TYPE_CHECKING:
    from counterparties.actor import Actor


class CartSharing(models.TextChoices):
    """What colleagues of the same holding may do with a saved cart."""

    OWN = "own", _("только я")
    VIEW = "view", _("коллеги видят и копируют")
    EDIT = "edit", _("коллеги видят и меняют")


class CartQuerySet(models.QuerySet["Cart"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A person's own carts and those that colleagues share, for the legal entities they may act for."""
        return self._of(actor, ~Q(sharing=CartSharing.OWN))

    def writable_by(self, actor: "Actor") -> Self:
        """A person's own carts and those that colleagues let others change."""
        return self._of(actor, Q(sharing=CartSharing.EDIT))

    def owned_by(self, actor: "Actor") -> Self:
        """A person's own carts."""
        return self.filter(user_id=actor.user_id, legal_entity__in=LegalEntity.objects.visible_to(actor))

    def _of(self, actor: "Actor", shared: Q) -> Self:
        """Own carts and shared ones; a manager's draft is shared with nobody."""
        theirs = shared & Q(drafted_by__isnull=True, is_current=False)
        return self.filter(
            Q(user_id=actor.user_id) | theirs, legal_entity__in=LegalEntity.objects.visible_to(actor)
        )


class Cart(models.Model):
    """What a person gathers for a legal entity under a contract in a city."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="carts")
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.CASCADE, related_name="carts")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="+")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("название"), max_length=100, default="Основная")
    is_current = models.BooleanField(_("текущая"), default=True)
    sharing = models.CharField(
        _("доступ"),
        max_length=4,
        choices=CartSharing,
        default=CartSharing.OWN,
        db_default=CartSharing.OWN,
        help_text=_("Для сохранённой корзины: текущую видит только её хозяин."),
    )
    delivery_address = models.ForeignKey(
        DeliveryAddress,
        verbose_name=_("куда везти"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Что предложить при оформлении; пусто: обычный адрес."),
    )
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
            ),
            models.CheckConstraint(
                condition=Q(sharing="own") | Q(is_current=False, drafted_by__isnull=True),
                name="cart_shared_is_saved",
            ),
            models.CheckConstraint(condition=Q(sharing__in=CartSharing.values), name="cart_sharing_known"),
        ]

    def __str__(self) -> str:
        return self.name


class CartLine(models.Model):
    """A sku in a cart; the price is asked anew each time the cart is shown.

    `price_when_added` is of one base unit, as the cart's contract had it, in roubles; empty where there
    was none, and in lines from before it was kept.
    """

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(_("количество"), max_digits=15, decimal_places=3)
    price_when_added = models.DecimalField(
        _("цена при добавлении"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    client_reference = models.CharField(_("номер строки у клиента"), max_length=50, blank=True, db_default="")
    comment = models.CharField(_("комментарий"), max_length=300, blank=True, db_default="")
    desired_date = models.DateField(_("нужно к"), null=True, blank=True)
    added_at = models.DateTimeField(_("добавлена"), default=timezone.now)

    class Meta:
        verbose_name = _("строка корзины")
        verbose_name_plural = _("строки корзины")
        constraints = [
            models.UniqueConstraint(fields=["cart", "sku"], name="cart_line_unique"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="cart_line_quantity_positive"),
            models.CheckConstraint(condition=Q(price_when_added__gte=0), name="cart_line_price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} × {self.quantity}"
