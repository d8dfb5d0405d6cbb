"""Which filters a section has."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches
from catalog.models.properties import Property
from catalog.models.sections import Section


class FacetKind(models.TextChoices):
    """How a filter looks: a list of values to tick, or a range of numbers."""

    LIST = "list", _("Список значений")
    RANGE = "range", _("Диапазон чисел")


class SectionFacet(models.Model):
    """A filter of a section and of the sections below it that have no filters of their own.

    A section for which nobody has chosen filters gets them by what most of its goods have.
    """

    section = models.ForeignKey(
        Section, verbose_name=_("раздел"), on_delete=models.CASCADE, related_name="facets"
    )
    property = models.ForeignKey(
        Property, verbose_name=_("свойство"), on_delete=models.CASCADE, related_name="facets"
    )
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    kind = models.CharField(_("вид"), max_length=5, choices=FacetKind, default=FacetKind.LIST)
    is_collapsed = models.BooleanField(_("свернут"), default=False)
    unit = models.CharField(
        _("единица"), max_length=20, blank=True, help_text=_("Пусто: единица самого свойства.")
    )

    class Meta:
        verbose_name = _("фильтр раздела")
        verbose_name_plural = _("фильтры разделов")
        triggers = touches("names")
        constraints = [models.UniqueConstraint(fields=["section", "property"], name="section_facet_unique")]

    def __str__(self) -> str:
        return f"{self.section_id}: {self.property_id}"
