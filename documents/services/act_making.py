"""Making акты сверки: the books read under the locks of their contracts, the page laid out aside."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind
from documents.acts.moves import require_move
from documents.acts.workbook import XLSX, act_workbook
from documents.compose.act import act_payload
from documents.events import ActMade
from documents.forms_in_force import form_in_force
from documents.models import Act, ActLine, Document, DocumentFile
from documents.numbering import series_of
from documents.payloads.act import ActPayload
from documents.refusals import PaperNotPossible
from documents.selectors.act_books import Books, act_books, act_contracts_of
from documents.selectors.issued import signers_of_organization
from documents.services.act_telling import client_tell
from documents.services.issuing import (
    Composed,
    Draft,
    LaidOut,
    await_layout,
    document_take,
    in_the_open,
    lay_out,
)
from documents.states import ActState, DocumentKind, FileRole
from portal import outbox
from portal.files.services import store
from portal.lib.dates import format_date, moscow_date
from portal.lib.money import format_money
from portal.lib.said import said

_BATCH = 1_000


class _Composer:
    """The act under a number, with its workbook; a number that was taken meanwhile makes both anew."""

    def __init__(self, act: Act, books: Books, day: date) -> None:
        self._act, self._books, self._day = act, books, day
        self._signers = signers_of_organization(act.organization_id)
        self._form = form_in_force(DocumentKind.ACT, day).code
        self.payload: ActPayload | None = None
        self.workbook = b""

    def compose(self, number: str) -> Composed:
        act = self._act
        payload = act_payload(
            organization=act.organization,
            entity=act.legal_entity,
            signers=self._signers,
            groups=self._books.groups,
            period=(act.period_from, act.period_to),
            currency=act.currency,
            number=number,
            day=self._day,
            form=self._form,
        )
        self.payload, self.workbook = payload, act_workbook(payload)
        return Composed(payload=payload, number=number, form=payload.form, total=payload.closing)


def act_make(
    *,
    act_id: int,
    at: datetime,
    finishing: Callable[[], AbstractContextManager[None]] = transaction.atomic,
    is_last_try: bool = False,
) -> None:
    """Make an act that was asked for; however often and concurrently it runs, one paper comes of it.

    The books are read while the contracts are locked, so that whatever is posted later has a greater
    number than `seen_entry`; the slow layout is done without any lock. What only a person can mend makes
    the act failed with the reason, and so does the last try that breaks. `finishing` opens the transaction
    in which number, files, lines and state are committed. Raises whatever broke.
    """
    act = Act.objects.select_related("organization", "legal_entity", "contract").filter(pk=act_id).first()
    if act is None or act.state != ActState.REQUESTED:
        return
    try:
        _make(act, at=at, finishing=finishing)
    except PaperNotPossible as reason:
        with finishing():
            _failed(act_id, str(reason))
    except Exception:
        if is_last_try:
            _failed(act_id, _("Не получилось из-за ошибки портала, администратор о ней уже знает."))
        raise


def _make(act: Act, *, at: datetime, finishing: Callable[[], AbstractContextManager[None]]) -> None:
    books, day = _books(act), moscow_date(at)
    composer = _Composer(act, books, day)
    draft = Draft(
        kind=DocumentKind.ACT,
        reference=f"act:{act.pk}",
        series=series_of(organization=act.organization, kind=DocumentKind.ACT),
        day=day,
        legal_entity_id=act.legal_entity_id,
        contract_id=act.contract_id,
        compose=composer.compose,
    )

    paper: LaidOut | None = None

    def issue(is_last: bool) -> None:
        nonlocal paper
        paper = lay_out(draft, earlier=paper)
        with finishing():
            await_layout()
            kept = Act.objects.select_for_update(of=("self",)).get(pk=act.pk)
            if kept.state != ActState.REQUESTED:  # another worker was quicker
                return
            document, _is_new = document_take(draft=draft, paper=paper, at=at, is_last=is_last)
            _made(kept, document, composer, books, at=at)

    in_the_open(issue)


@transaction.atomic
def _books(act: Act) -> Books:
    """The ledger locks its contracts before it writes: none of theirs is half written now."""
    if not settings.TEST_SKIP_LOCKS:
        contracts = act_contracts_of(act).order_by("pk").select_for_update(of=("self",), no_key=True)
        list(contracts.values_list("pk"))
    return act_books(act)


def _made(act: Act, document: Document, composer: _Composer, books: Books, *, at: datetime) -> None:
    """Write everything down, in the caller's transaction."""
    payload = composer.payload
    if payload is None:
        raise ValueError("An act is composed before it is made")
    require_move(act.state, ActState.GENERATED)
    name = act_file_name(document.number_print, document.date, "xlsx")
    workbook = store(content=composer.workbook, name=name, mime=XLSX, source="portal")
    DocumentFile.objects.create(document=document, role=FileRole.XLSX, name=name, file=workbook, added_at=at)
    _lines(act, payload, books)
    act.document, act.seen_entry = document, books.seen_entry
    act.opening, act.debit, act.credit = payload.opening, payload.debit, payload.credit
    act.closing, act.state, act.made_at = payload.closing, ActState.GENERATED, at
    act.key = _made_key(act)
    act.save(
        update_fields=[
            "document", "opening", "debit", "credit", "closing", "seen_entry", "state", "made_at", "key",
        ]
    )  # fmt: skip
    outbox.publish(ActMade(act_id=act.pk))


def _lines(act: Act, payload: ActPayload, books: Books) -> None:
    rows = [
        ActLine(
            act=act,
            position=line.position,
            contract_id=books.contracts[line.entry_id],
            date=line.day,
            title=line.title[:200],
            number=line.number,
            debit=line.debit,
            credit=line.credit,
            entry_id=line.entry_id,
        )
        for group in payload.groups
        for line in group.lines
        if line.entry_id is not None
    ]
    ActLine.objects.bulk_create(rows, batch_size=_BATCH)


def _failed(act_id: int, reason: str) -> None:
    act = Act.objects.filter(pk=act_id, state=ActState.REQUESTED).first()
    if act is not None:
        Act.objects.filter(pk=act_id, state=ActState.REQUESTED).update(
            state=ActState.FAILED, fault=reason[:300], key=_made_key(act)
        )


def _made_key(act: Act) -> str:
    """A wish is one while it waits; that of a schedule keeps its place, and its next attempt has another."""
    return act.key if act.key.startswith("plan:") else f"act:{act.pk}"


@transaction.atomic
def act_made_tell(*, act_id: int, at: datetime) -> int:
    """Tell the client's people who see the money that an act is ready; the act is sent then. Idempotent."""
    related = ("legal_entity", "organization")
    act = Act.objects.select_for_update(of=("self",)).select_related(*related).get(pk=act_id)
    if act.state != ActState.GENERATED:
        return 0
    require_move(act.state, ActState.SENT)
    act.state = ActState.SENT
    act.save(update_fields=["state"])
    text = said(_("Сальдо на конец {sum}"), "Closing balance {sum}", sum=format_money(act.closing))
    title = said(_("Акт сверки готов"), "A reconciliation statement is ready")
    return client_tell(act, kind=NoticeKind.ACT_READY, what="ready", title=title, text=text, at=at)


def act_file_name(number: str, day: date, ending: str) -> str:
    """«Акт сверки № 12 от 20.11.2026.pdf»."""
    return f"Акт сверки № {number} от {format_date(day)}.{ending}"
