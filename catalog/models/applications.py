"""What goods are for: machines, makes, models, objects."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches
from catalog.models.goods import Product


class Application(models.Model):
    """One thing that goods fit: kind of object, make, model, years; empty means any."""

    kind = models.CharField(_("вид объекта"), max_length=100)
    make = models.CharField(_("марка"), max_length=100, blank=True)
    model = models.CharField(_("модель"), max_length=100, blank=True)
    year_from = models.PositiveSmallIntegerField(_("год с"), null=True, blank=True)
    year_to = models.PositiveSmallIntegerField(_("год по"), null=True, blank=True)

    class Meta:
        verbose_name = _("применение")
        verbose_name_plural = _("применения")
        triggers = touches("names")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "make", "model", "year_from", "year_to"],
                nulls_distinct=False,
                name="application_unique",
            ),
            models.CheckConstraint(
                condition=Q(year_from__isnull=True)
                | Q(year_to__isnull=True)
                | Q(year_from__lte=F("year_to")),
                name="application_years_in_order",
            ),
            models.CheckConstraint(condition=Q(model="") | ~Q(make=""), name="application_model_has_make"),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.kind, self.make, self.model, self.years]))

    @property
    def years(self) -> str:
        """«2015–2020», «с 2015», «по 2020» or nothing."""
        if self.year_from and self.year_to:
            return f"{self.year_from}–{self.year_to}"
        if self.year_from:
            return f"с {self.year_from}"
        return f"по {self.year_to}" if self.year_to else ""


class ProductApplication(models.Model):
    """A product fits a thing."""

    product = models.ForeignKey(
        Product, verbose_name=_("товар"), on_delete=models.CASCADE, related_name="applications"
    )
    application = models.ForeignKey(
        Application, verbose_name=_("применение"), on_delete=models.CASCADE, related_name="products"
    )
    note = models.CharField(_("примечание"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("применение товара")
        verbose_name_plural = _("применения товара")
        triggers = touches("product", ids="product_id")
        constraints = [
            models.UniqueConstraint(fields=["product", "application"], name="product_application_unique")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} -> {self.application_id}"
