"""What goods are described and filtered by."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches
from catalog.models.goods import Product


class PropertyType(models.TextChoices):
    """1C's type of a property; may change between exports."""

    TEXT = "text", _("Строка")
    NUMBER = "number", _("Число")
    OPTION = "option", _("Справочник")
    TIME = "time", _("Время")


class Property(models.Model):
    """A characteristic that goods are described and filtered by; there are over a thousand."""

    name = models.CharField(_("название"), max_length=250)
    value_type = models.CharField(_("тип"), max_length=8, choices=PropertyType, default=PropertyType.TEXT)
    unit = models.CharField(
        _("единица"),
        max_length=20,
        blank=True,
        db_default="",
        help_text=_("Показывается в фильтре: мм, А, кг."),
    )
    is_hidden = models.BooleanField(_("скрыто"), default=False)

    class Meta:
        verbose_name = _("свойство")
        verbose_name_plural = _("свойства")
        triggers = touches("names")

    def __str__(self) -> str:
        return self.name


class PropertyOption(models.Model):
    """One value of a property of type Справочник."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="options")
    value = models.CharField(_("значение"), max_length=500)

    class Meta:
        verbose_name = _("вариант значения")
        verbose_name_plural = _("варианты значений")

    def __str__(self) -> str:
        return self.value


class PropertyValue(models.Model):
    """A product's value: raw as 1C sent it, with a typed projection for filters."""

    # Leading in the unique index: an index of its own would only be written.
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, db_index=False, related_name="property_values"
    )
    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="values")
    raw = models.CharField(max_length=1000)
    option = models.ForeignKey(PropertyOption, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=1000)
    number = models.DecimalField(max_digits=20, decimal_places=6, null=True)

    class Meta:
        verbose_name = _("значение свойства")
        verbose_name_plural = _("значения свойств")
        triggers = touches("product", ids="product_id")
        constraints = [
            models.UniqueConstraint(fields=["product", "property", "raw"], name="property_value_unique")
        ]

    def __str__(self) -> str:
        return self.text
