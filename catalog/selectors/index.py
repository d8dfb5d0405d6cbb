"""How far the catalogue index is behind its sources."""

from django.db.models import ExpressionWrapper, F, FloatField, Min
from django.db.models.functions import Extract, Now

from catalog.models import IndexTouch


def index_lag() -> float:
    """Seconds since the oldest change that the index has not taken over; 0 when there is none."""
    oldest = IndexTouch.objects.aggregate(
        seconds=ExpressionWrapper(Extract(Now() - Min(F("at")), "epoch"), output_field=FloatField())
    )
    return float(oldest["seconds"] or 0)
