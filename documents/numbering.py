"""Who numbers papers of a kind, how a number is written, and the next one of a series."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Max, Q

from counterparties.models import Organization
from documents.models import Document, NumberSequence, NumberSeries
from documents.refusals import ChronologyBroken
from documents.states import FIRST_DOCUMENTS, DocumentKind, SeriesIssuer
from portal.lib.dates import format_date

CHRONOLOGICAL = frozenset({DocumentKind.FACTURA, DocumentKind.UPD})
"""Счета-фактуры follow each other by date as they do by number."""


@dataclass(frozen=True, slots=True)
class Series:
    """How papers of a kind of an organization, or of its subdivision, are numbered.

    `numbered_as` is the kind whose sequence the numbers come from: a УПД of status 1 is a счёт-фактура
    by its number.
    """

    organization_id: int
    kind: DocumentKind
    numbered_as: DocumentKind
    issuer: SeriesIssuer
    prefix: str = ""
    subdivision: str = ""

    @property
    def is_ours(self) -> bool:
        return self.issuer == SeriesIssuer.PORTAL

    def printed(self, number: int) -> str:
        """«ОК1042/3»: prefix, number without leading zeros, subdivision after a slash."""
        tail = f"/{self.subdivision}" if self.subdivision else ""
        return f"{self.prefix}{number}{tail}"


def series_of(
    *,
    organization: Organization,
    kind: DocumentKind,
    warehouse_id: int | None = None,
    numbered_as: DocumentKind | None = None,
) -> Series:
    """The series of a kind: the warehouse's own, else the organization's, else the usual one.

    Without a row 1C numbers what moves goods and the portal everything else; invoices then have the
    prefix of the organization.
    """
    rows = NumberSeries.objects.filter(Q(warehouse=None) | Q(warehouse=warehouse_id))
    own = rows.filter(organization=organization, kind=kind)
    row = own.order_by(F("warehouse").desc(nulls_last=True)).first()
    numbers = numbered_as or kind
    if row is not None:
        issuer = SeriesIssuer(row.issuer)
        return Series(organization.pk, kind, numbers, issuer, row.prefix, row.subdivision)
    issuer = SeriesIssuer.ERP if kind in FIRST_DOCUMENTS else SeriesIssuer.PORTAL
    prefix = organization.invoice_prefix if kind == DocumentKind.INVOICE else ""
    return Series(organization.pk, kind, numbers, issuer, prefix)


def sequence_of(series: Series, *, year: int) -> NumberSequence:
    """The counter of a series in a year, begun if the paper is the first one."""
    sequence, _is_new = NumberSequence.objects.get_or_create(
        organization_id=series.organization_id,
        kind=series.numbered_as,
        year=year,
        prefix=series.prefix,
        subdivision=series.subdivision,
    )
    return sequence


def sequence_locked(series: Series, *, year: int) -> NumberSequence:
    """The counter, locked till the end of the transaction: whoever holds it takes the next number."""
    return NumberSequence.objects.select_for_update().get(pk=sequence_of(series, year=year).pk)


def number_take(sequence: NumberSequence) -> int:
    """Take the next number of a locked counter, in the transaction that issues the paper."""
    sequence.last_number += 1
    sequence.save(update_fields=["last_number"])
    return sequence.last_number


def require_chronology(sequence: NumberSequence, *, kind: DocumentKind, day: date) -> None:
    """A счёт-фактура is not dated before the last one of its series. Raises ChronologyBroken."""
    if kind not in CHRONOLOGICAL:
        return
    last = Document.objects.filter(sequence=sequence).aggregate(last=Max("date"))["last"]
    if last is not None and last > day:
        raise ChronologyBroken(
            f"В серии уже есть документ от {format_date(last)}: более ранней датой, {format_date(day)}, "
            f"выписать нельзя. Выпишите документ сегодняшней датой."
        )
