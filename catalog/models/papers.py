"""Papers that come with goods."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.goods import Product
from portal.files.models import StoredFile


class PaperKind(models.TextChoices):
    """What a paper is."""

    CERTIFICATE = "certificate", _("Сертификат соответствия")
    DECLARATION = "declaration", _("Декларация о соответствии")
    PASSPORT = "passport", _("Паспорт изделия")
    INSTRUCTION = "instruction", _("Инструкция")
    OTHER = "other", _("Другое")


class ProductPaper(models.Model):
    """A certificate, declaration or instruction of a product; shown to everyone who sees the product."""

    product = models.ForeignKey(
        Product, verbose_name=_("товар"), on_delete=models.CASCADE, related_name="papers"
    )
    kind = models.CharField(_("вид"), max_length=11, choices=PaperKind)
    title = models.CharField(_("название"), max_length=200, blank=True)
    number = models.CharField(_("номер"), max_length=100, blank=True)
    valid_until = models.DateField(
        _("действует до"), null=True, blank=True, help_text=_("Включительно. Пусто: бессрочно.")
    )
    file = models.ForeignKey(StoredFile, verbose_name=_("файл"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("документ товара")
        verbose_name_plural = _("документы товара")

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    def is_valid_on(self, day: date) -> bool:
        """Whether it is in force on the day."""
        return self.valid_until is None or day <= self.valid_until
