"""Which edition of a form is in force on a date: papers of a date are printed as the law wanted them then."""

from datetime import date

from documents.editions import editions_of
from documents.models import FormVersion
from documents.refusals import PaperNotPossible
from documents.states import DocumentKind
from portal.lib.dates import format_date


class NoFormInForce(PaperNotPossible):
    """The portal has no form for papers so old; the message tells a person which."""


def form_in_force(kind: DocumentKind, day: date) -> FormVersion:
    """The edition for papers of a day (for shipments: the day of shipment), never of today.

    A kind of which the register holds nothing goes by the editions that the portal came with.
    Raises NoFormInForce for a day before the first of them.
    """
    kept = list(FormVersion.objects.filter(kind=kind).order_by("-valid_from"))
    editions = kept or _came_with(kind)
    for edition in editions:
        if edition.valid_from <= day:
            return edition
    first = format_date(editions[-1].valid_from)
    raise NoFormInForce(
        f"Нет формы документа «{kind.label}» на {format_date(day)}: первая действует с {first}."
    )


def _came_with(kind: DocumentKind) -> list[FormVersion]:
    """Built-in editions of a kind, the newest first; not saved."""
    return [
        FormVersion(kind=kind, valid_from=edition.valid_from, code=edition.code, notice=edition.notice)
        for edition in editions_of(kind)
    ]
