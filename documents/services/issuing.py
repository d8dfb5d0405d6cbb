"""Issuing papers of every kind: number, file and document in one transaction."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import connection, transaction

from documents.layout.forms import paper_pdf
from documents.models import Document, NumberSequence, PaperFault
from documents.numbering import Series, number_take, require_chronology, sequence_locked, sequence_of
from documents.payloads.codec import payload_sha256, to_json
from documents.refusals import NumberedByErp, WrongStep
from documents.selectors.form_images import form_images
from documents.services.states import document_step
from documents.states import IN_FORCE, DocumentKind, DocumentState
from portal.files.services import store
from portal.files.serving import safe_name
from portal.lib.dates import format_date

_LOCK_TIMEOUT = "60s"  # behind a few papers that are laid out anew under the lock
_OPEN_TRIES = 3
"""How often a paper whose number is taken meanwhile is laid out without the lock."""

Issued = TypeVar("Issued")
Announce = Callable[[Document], None]
Finishing = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A paper's payload under a number, and what lists show of it; the sum is in roubles with VAT."""

    payload: Any
    number: str
    form: str
    total: Decimal
    pay_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be issued: for what, in which series, and how it reads under a number.

    `compose` is given the number as the series prints it. `replaces` is the paper in force for the same
    thing that this one takes the place of; with `is_revision` it keeps that paper's number and date
    (исправление).
    """

    kind: DocumentKind
    reference: str
    series: Series
    day: date
    legal_entity_id: int
    compose: Callable[[str], Composed]
    contract_id: int | None = None
    part_ids: tuple[int, ...] = ()
    replaces: Document | None = None
    is_revision: bool = False


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A paper laid out under the number that it will have if nobody takes it meanwhile."""

    number: int
    composed: Composed
    pdf: bytes


class NumberTaken(Exception):
    """Somebody was quicker with the number that a paper was laid out under."""


def document_issue(
    *,
    draft: Draft,
    at: datetime,
    announce: Announce = lambda document: None,
    finishing: Finishing = transaction.atomic,
) -> Document:
    """Issue a paper; return the one there is if it was issued before.

    Exactly one however often and however concurrently it runs. The slow part, the layout, is done before
    the transaction under the number that comes next; inside it the series is locked. If somebody took that
    number meanwhile, all begins anew (`in_the_open`). `finishing` opens the transaction in which number,
    file and document are committed (a job passes its own, so that `done` is committed with them).
    `announce` is called in it for a new paper.

    Raises PaperNotPossible, PdfFailed.
    """
    issued = paper_in_force(draft.kind, draft.reference)
    if issued is not None and (draft.replaces is None or issued.pk != draft.replaces.pk):
        return issued

    paper: LaidOut | None = None

    def issue(is_last: bool) -> Document:
        nonlocal paper
        paper = lay_out(draft, earlier=paper)
        with finishing():
            document, is_new = document_take(draft=draft, paper=paper, at=at, is_last=is_last)
            if is_new:
                announce(document)
            return document

    return in_the_open(issue)


def in_the_open(issue: Callable[[bool], Issued]) -> Issued:
    """Issue papers again and again while others take their numbers; the last try lays out under the lock.

    Even a page takes seconds, for which nobody else would get a number of its series. `issue` lays out,
    opens the transaction and takes the numbers; it is told whether this try is the last one.
    """
    for _ in range(_OPEN_TRIES):
        try:
            return issue(False)
        except NumberTaken:
            continue
    return issue(True)


def lay_out(draft: Draft, *, ahead: int = 0, earlier: LaidOut | None = None) -> LaidOut:
    """Compose and lay out under the next number, outside of the transaction.

    `ahead` papers of the series will take their numbers before it. `earlier` is what was laid out before
    somebody took the number: sheets that do not show it are not laid out again. Raises NumberedByErp,
    PaperNotPossible, PdfFailed.
    """
    if draft.is_revision and draft.replaces is not None:
        return _laid_out(draft, draft.replaces.number, earlier)
    if not draft.series.is_ours:
        raise NumberedByErp("Такие документы нумерует 1С: запросите оригинал.")
    sequence = sequence_of(draft.series, year=draft.day.year)
    require_chronology(sequence, kind=draft.kind, day=draft.day)
    return _laid_out(draft, sequence.last_number + 1 + ahead, earlier)


def lay_out_all(
    drafts: Sequence[Draft], *, earlier: Mapping[DocumentKind, LaidOut]
) -> dict[DocumentKind, LaidOut]:
    """The same of papers of several kinds, taken in turn: those of one counter get numbers in a row."""
    ahead = Counter[tuple[str, str, str]]()
    papers = {}
    for draft in drafts:
        counter = (draft.series.numbered_as, draft.series.prefix, draft.series.subdivision)
        papers[draft.kind] = lay_out(draft, ahead=ahead[counter], earlier=earlier.get(draft.kind))
        ahead[counter] += 1
    return papers


def await_layout() -> None:
    """Let this transaction wait for locks as long as another may lay a paper out anew under them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_LOCK_TIMEOUT])


def document_take(*, draft: Draft, paper: LaidOut, at: datetime, is_last: bool) -> tuple[Document, bool]:
    """Take the number and write everything down, in the caller's transaction; tell whether it is new.

    Raises ChronologyBroken, WrongStep (what it replaces is not in force any more), and NumberTaken where
    this try is not the last one.
    """
    await_layout()
    if draft.is_revision and draft.replaces is not None:
        return _revised(draft, paper, at=at)
    sequence = sequence_locked(draft.series, year=draft.day.year)
    earlier = paper_in_force(draft.kind, draft.reference)
    if earlier is not None:
        if draft.replaces is None or earlier.pk != draft.replaces.pk:  # another worker was quicker
            return earlier, False
        document_step(document_id=earlier.pk, target=DocumentState.REPLACED)
    require_chronology(sequence, kind=draft.kind, day=draft.day)
    if paper.number != sequence.last_number + 1:
        if not is_last:
            raise NumberTaken
        paper = _laid_out(draft, sequence.last_number + 1, paper)
    return _document(draft, sequence, paper, number=number_take(sequence), revision=0, at=at), True


def paper_in_force(kind: DocumentKind, reference: str) -> Document | None:
    """The one paper of a kind that is in force for a thing."""
    return Document.objects.filter(kind=kind, reference=reference, state__in=IN_FORCE).first()


def paper_file_name(document: Document) -> str:
    """Name a file so that it is found again among downloads: «УПД № 1042 от 20.11.2026.pdf»."""
    return _file_name(document.kind, document.number_print, document.date)


def _revised(draft: Draft, paper: LaidOut, *, at: datetime) -> tuple[Document, bool]:
    """The same number and date, the next revision; the sequence's lock keeps two from being the same one."""
    original = draft.replaces
    if original is None:
        raise ValueError("A revision is one of something")
    sequence = NumberSequence.objects.select_for_update().get(pk=original.sequence_id)
    earlier = paper_in_force(draft.kind, draft.reference)
    if earlier is None:
        raise WrongStep(f"{original}: документ уже не действует, исправлять нечего.")
    if earlier.pk != original.pk:
        return earlier, False
    document_step(document_id=original.pk, target=DocumentState.CORRECTED)
    revision = original.revision + 1
    return _document(draft, sequence, paper, number=original.number, revision=revision, at=at), True


def _laid_out(draft: Draft, number: int, earlier: LaidOut | None) -> LaidOut:
    is_kept = draft.is_revision and draft.replaces is not None
    printed = draft.replaces.number_print if is_kept and draft.replaces else draft.series.printed(number)
    composed = draft.compose(printed)
    if earlier is not None and earlier.composed == composed:
        return LaidOut(number, composed, earlier.pdf)
    images = form_images(draft.kind, organization_id=draft.series.organization_id, on=draft.day)
    kept = earlier.pdf if earlier else b""
    return LaidOut(number, composed, paper_pdf(draft.kind, composed.payload, images, earlier=kept))


def _document(
    draft: Draft, sequence: NumberSequence, paper: LaidOut, *, number: int, revision: int, at: datetime
) -> Document:
    composed, data = paper.composed, to_json(paper.composed.payload)
    file = store(
        content=paper.pdf,
        name=_file_name(draft.kind, composed.number, draft.day),
        mime="application/pdf",
        source="portal",
    )
    document = Document.objects.create(
        kind=draft.kind,
        sequence=sequence,
        number=number,
        number_print=composed.number,
        date=draft.day,
        organization_id=draft.series.organization_id,
        legal_entity_id=draft.legal_entity_id,
        contract_id=draft.contract_id,
        reference=draft.reference,
        total=composed.total,
        pay_until=composed.pay_until,
        revision=revision,
        replaces=draft.replaces,
        payload=data,
        payload_sha256=payload_sha256(data),
        template_version=composed.form,
        file=file,
        issued_at=at,
    )
    if draft.part_ids:
        document.parts.set(draft.part_ids)
    PaperFault.objects.filter(reference=draft.reference).delete()
    return document


def _file_name(kind: str, number: str, day: date) -> str:
    name = "Счет" if kind == DocumentKind.INVOICE else DocumentKind(kind).label
    return safe_name(f"{name} № {number} от {format_date(day)}.pdf")
