"""How much frequency, margin and the hand's priority weigh against each other."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches

MOST_WEIGHT = 100


def _weight(name: Any, default: float) -> "models.FloatField[float, float]":
    """One of the weights: nought switches its part off."""
    return models.FloatField(
        name, default=default, validators=[MinValueValidator(0), MaxValueValidator(MOST_WEIGHT)]
    )


class SearchWeights(models.Model):
    """The one row of weights; an installation that never touched them has none and goes by the defaults.

    Suggestions: frequency × ln(1 + asked) + margin × class + priority × priority. Relevance: the text's
    score is multiplied by what the same sum makes of a product's popularity, margin class and priority.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    suggest_frequency = _weight(_("подсказки: частота запроса"), 1.0)
    suggest_margin = _weight(_("подсказки: наценка"), 0.3)
    suggest_priority = _weight(_("подсказки: приоритет"), 1.0)
    relevance_frequency = _weight(_("выдача: популярность товара"), 0.7)
    relevance_margin = _weight(_("выдача: наценка"), 0.3)
    relevance_priority = _weight(_("выдача: приоритет"), 1.0)

    class Meta:
        verbose_name = _("веса поиска")
        verbose_name_plural = _("поиск: веса")
        triggers = touches("search")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="search_weights_one_row"),
            models.CheckConstraint(
                condition=Q(
                    suggest_frequency__range=(0, MOST_WEIGHT),
                    suggest_margin__range=(0, MOST_WEIGHT),
                    suggest_priority__range=(0, MOST_WEIGHT),
                    relevance_frequency__range=(0, MOST_WEIGHT),
                    relevance_margin__range=(0, MOST_WEIGHT),
                    relevance_priority__range=(0, MOST_WEIGHT),
                ),
                name="search_weights_sane",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
