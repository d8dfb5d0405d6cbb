"""Until when papers are kept."""

from datetime import date

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from documents.models.retention import USUAL_YEARS, RetentionTerm


def years_kept() -> Coalesce:
    """For annotating papers: how many years those of the kind are kept."""
    terms = RetentionTerm.objects.filter(kind=OuterRef("kind")).values("years")[:1]
    return Coalesce(Subquery(terms), Value(USUAL_YEARS))


def retention_until(day: date | None, years: int) -> date | None:
    """The last day: 31 December so many years after the paper's own; None where its day is not known."""
    return date(day.year + years, 12, 31) if day else None
