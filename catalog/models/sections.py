"""Trees over the goods."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches


class ClassifierKind(models.TextChoices):
    """Who keeps a tree: 1C, an administrator, or the portal itself out of the brands of goods."""

    ERP = "erp", _("Группы 1С")
    OWN = "own", _("Ведется вручную")
    BRANDS = "brands", _("По брендам, собирается сам")


class Classifier(models.Model):
    """One tree of sections over the goods: by kind, by application, by brand."""

    name = models.CharField(_("название"), max_length=160)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    kind = models.CharField(
        _("чей"),
        max_length=6,
        choices=ClassifierKind,
        default=ClassifierKind.ERP,
        db_default=ClassifierKind.ERP,
    )
    is_hidden = models.BooleanField(_("скрыт"), default=False, db_default=False)

    class Meta:
        verbose_name = _("классификатор")
        verbose_name_plural = _("классификаторы")
        triggers = touches("tree")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind=ClassifierKind.BRANDS), name="classifier_one_by_brands"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """A branch of a classifier."""

    classifier = models.ForeignKey(
        Classifier, verbose_name=_("классификатор"), on_delete=models.CASCADE, related_name="sections"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("входит в"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    name = models.CharField(_("название"), max_length=250)
    sort_key = models.CharField(max_length=300, editable=False)
    is_hidden = models.BooleanField(_("скрыт"), default=False)
    position = models.PositiveSmallIntegerField(
        _("порядок"), default=0, db_default=0, help_text=_("Равные стоят по алфавиту.")
    )

    class Meta:
        verbose_name = _("раздел")
        verbose_name_plural = _("разделы")
        triggers = touches("tree")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")), name="section_not_own_parent"
            )
        ]

    def __str__(self) -> str:
        return self.name
