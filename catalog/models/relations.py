"""How goods stand to each other."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.goods import Product


class RelationKind(models.TextChoices):
    """What the related product is to the product."""

    ANALOG = "analog", _("Аналог")
    NEWER = "newer", _("Новая версия")
    ACCESSORY = "accessory", _("Сопутствующий товар")
    CONSUMABLE = "consumable", _("Расходный материал")


class ProductRelation(models.Model):
    """A product has another one as its analog, accessory, newer version."""

    product = models.ForeignKey(
        Product, verbose_name=_("товар"), on_delete=models.CASCADE, related_name="relations"
    )
    related = models.ForeignKey(
        Product, verbose_name=_("связанный товар"), on_delete=models.CASCADE, related_name="related_to"
    )
    kind = models.CharField(_("связь"), max_length=10, choices=RelationKind)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    note = models.CharField(
        _("примечание"), max_length=200, blank=True, help_text=_("Например: частичный аналог, другой цвет.")
    )

    class Meta:
        verbose_name = _("связь товаров")
        verbose_name_plural = _("связи товаров")
        constraints = [
            models.UniqueConstraint(fields=["product", "related", "kind"], name="product_relation_unique"),
            models.CheckConstraint(condition=~Q(product=F("related")), name="product_relation_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.kind} {self.related_id}"
