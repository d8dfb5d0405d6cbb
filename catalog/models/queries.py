"""What was looked for, day by day: counts of texts, nothing of who asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.goods import Product

TEXT_LENGTH = 100


class SearchQueryDay(models.Model):
    """One text on one Moscow day: how often it was asked, how many goods it found the last time."""

    day = models.DateField(_("день"))
    text = models.CharField(_("запрос"), max_length=TEXT_LENGTH)
    asked = models.PositiveIntegerField(_("искали"), default=0, db_default=0)
    found = models.PositiveIntegerField(_("нашлось"), default=0, db_default=0)
    clicks = models.PositiveIntegerField(_("открыли товар"), default=0, db_default=0)
    carts = models.PositiveIntegerField(_("положили в корзину"), default=0, db_default=0)

    class Meta:
        verbose_name = _("запрос за день")
        verbose_name_plural = _("поиск: что искали")
        constraints = [models.UniqueConstraint(fields=["text", "day"], name="search_query_day_unique")]
        indexes = [models.Index(fields=["day"], name="search_query_day")]

    def __str__(self) -> str:
        return self.text


class ProductClickDay(models.Model):
    """How often a product was opened out of what was found, on one Moscow day."""

    day = models.DateField(_("день"))
    product = models.ForeignKey(Product, verbose_name=_("товар"), on_delete=models.CASCADE, related_name="+")
    clicks = models.PositiveIntegerField(_("открыли"), default=0, db_default=0)

    class Meta:
        verbose_name = _("переходы к товару за день")
        verbose_name_plural = _("переходы к товарам")
        constraints = [models.UniqueConstraint(fields=["product", "day"], name="product_click_day_unique")]
        indexes = [models.Index(fields=["day"], name="product_click_day")]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.clicks}"
