"""What somebody waits for: goods to come, a price to fall, something new in a list."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import City, Sku
from counterparties.models import Contract, LegalEntity
from portal.lib.money import format_price

if TYPE_CHECKING:
    from counterparties.actor import Actor


class ArrivalWatchQuerySet(models.QuerySet["ArrivalWatch"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A person's own."""
        return self.filter(user_id=actor.user_id)


class ArrivalWatch(models.Model):
    """Somebody asked to be told when so much of a sku is to be had in a city; gone once that was done."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    city = models.ForeignKey(City, verbose_name=_("город"), on_delete=models.CASCADE, related_name="+")
    sku = models.ForeignKey(Sku, verbose_name=_("позиция"), on_delete=models.CASCADE, related_name="+")
    quantity = models.DecimalField(
        _("не меньше"),
        max_digits=15,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("Пусто: сколько угодно."),
    )
    created_at = models.DateTimeField(_("создано"))

    objects = ArrivalWatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("ожидание товара")
        verbose_name_plural = _("ожидания товаров")
        constraints = [
            models.UniqueConstraint(fields=["user", "city", "sku"], name="arrival_watch_unique"),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="arrival_watch_quantity_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.sku_id}"


def _own(actor: "Actor") -> Q:
    """A person's own, of the legal entities that he may still act for."""
    return Q(user_id=actor.user_id, legal_entity__in=LegalEntity.objects.visible_to(actor).values("pk"))


class PriceWatchQuerySet(models.QuerySet["PriceWatch"]):
    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(_own(actor))


class ListWatchQuerySet(models.QuerySet["ListWatch"]):
    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(_own(actor))


class OfferWatch(models.Model):
    """Who waits, and on whose terms: prices and goods are those of a contract in a city.

    `checked_at` is when it was last compared; those that have waited longest are compared first.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.CASCADE, related_name="+"
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("договор"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    city = models.ForeignKey(City, verbose_name=_("город"), on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("создано"))
    checked_at = models.DateTimeField(_("сверено"), db_index=True)

    class Meta:
        abstract = True


class PriceWatch(OfferWatch):
    """Somebody asked to be told when his own price of a sku falls below a sum, or changes at all.

    Prices are of one base unit in RUB as his terms have them. One with a sum is gone once that was told;
    one without it stays and `price_then` is the price that was told last.
    """

    sku = models.ForeignKey(Sku, verbose_name=_("позиция"), on_delete=models.CASCADE, related_name="+")
    price_below = models.DecimalField(
        _("дешевле"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Пусто: любая новая цена."),
    )
    price_then = models.DecimalField(_("цена тогда"), max_digits=18, decimal_places=4, null=True, blank=True)

    objects = PriceWatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("ожидание цены")
        verbose_name_plural = _("ожидания цен")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "legal_entity", "contract", "city", "sku"],
                nulls_distinct=False,
                name="price_watch_unique",
            ),
            models.CheckConstraint(
                condition=Q(price_below__isnull=True) | Q(price_below__gt=0), name="price_watch_sum_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.sku_id}"

    def is_met_by(self, price: Decimal | None) -> bool:
        """Whether a price of today is worth a letter."""
        if price is None:
            return False
        if self.price_below is not None:
            return price < self.price_below
        return price != self.price_then

    @property
    def price_below_text(self) -> str:
        return "" if self.price_below is None else format_price(self.price_below)

    @property
    def price_then_text(self) -> str:
        return "" if self.price_then is None else format_price(self.price_then)


class ListWatchKind(models.TextChoices):
    """What of a list is worth a letter."""

    NEW = "new", _("новые товары в списке")
    STOCK = "stock", _("появилось в наличии")


class ListWatch(OfferWatch):
    """Somebody asked to be told of what comes into a list of the catalogue.

    `asked` is the filter as `orders.selectors.list_watches` reads it, `address` the page that shows the
    list, `known` the skus that were in it (a serialised bitmap): only others are told of.
    """

    name = models.CharField(_("название"), max_length=120)
    kind = models.CharField(_("о чём сообщать"), max_length=5, choices=ListWatchKind)
    address = models.CharField(_("адрес списка"), max_length=4000)
    asked = models.JSONField(_("отбор"), default=dict)
    digest = models.CharField(max_length=64, editable=False)  # of kind and filter: one is asked for once
    known = models.BinaryField(editable=False)

    objects = ListWatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("ожидание в списке")
        verbose_name_plural = _("ожидания в списках")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "legal_entity", "contract", "city", "digest"],
                nulls_distinct=False,
                name="list_watch_unique",
            ),
            models.CheckConstraint(condition=Q(kind__in=["new", "stock"]), name="list_watch_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name
