"""Which edition of a form is printed for papers of a date."""

from datetime import date

from documents.models import FormVersion
from documents.states import DocumentKind


def form_in_force(kind: DocumentKind, day: date) -> FormVersion:
    """The newest edition that is valid on the date of the paper."""
    found = FormVersion.objects.filter(kind=kind, valid_from__lte=day).order_by("-valid_from").first()
    return found or FormVersion(kind=kind, valid_from=day, code=f"{kind}-1")
