"""For how many years papers are kept."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.states import DocumentKind, ReceivedKind

LEAST_YEARS = 5
"""First documents (article 29 of 402-ФЗ) and tax documents (article 23 of the Tax Code)."""
USUAL_YEARS = LEAST_YEARS + 1
"""One more for safety; of kinds that no row names."""
MOST_YEARS = 100
"""Longer is a slip of the hand; of thousands the day would be beyond the calendar."""


class RetentionTerm(models.Model):
    """How many whole years after the year of its date a paper of a kind is kept, ours or of 1C."""

    kind = models.CharField(
        _("вид"),
        max_length=12,
        choices=list(dict([*ReceivedKind.choices, *DocumentKind.choices]).items()),
        unique=True,
    )
    years = models.PositiveSmallIntegerField(
        _("лет"),
        default=USUAL_YEARS,
        validators=[MinValueValidator(LEAST_YEARS), MaxValueValidator(MOST_YEARS)],
        help_text=_("После года документа, не меньше 5. Для видов, которых здесь нет, 6 лет."),
    )

    class Meta:
        verbose_name = _("срок хранения документов")
        verbose_name_plural = _("сроки хранения документов")
        constraints = [
            models.CheckConstraint(
                condition=Q(years__gte=LEAST_YEARS, years__lte=MOST_YEARS), name="retention_as_law_wants"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.years}"
