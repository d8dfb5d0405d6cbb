"""What events of orders and documents set off."""

from typing import NoReturn

from django.utils import timezone

from documents.edo.operators import OperatorFault
from documents.events import (
    ActAsked,
    ActMade,
    ArchiveAsked,
    ContractMoved,
    ContractProlonged,
    EdoMessageAsked,
    EdoReturned,
    EdoSigned,
    InvoiceIssued,
    OriginalCame,
    PaperAsked,
    PriceListAsked,
    PriceListMade,
    ReceivedPaperTold,
    ShipmentPapersIssued,
)
from documents.refusals import NumberedByErp, PaperNotPossible
from documents.selectors.shipped import SHIPMENT
from documents.services import invoice_issue, invoice_mail, invoice_reissue
from documents.services.act_answers import act_signed_at_operator
from documents.services.act_making import act_made_tell, act_make
from documents.services.act_schedules import acts_due
from documents.services.act_stale import acts_stale_mark
from documents.services.archives import archive_make
from documents.services.asked_papers import paper_make
from documents.services.claim_credits import claim_correction_issue, claims_correction_issue
from documents.services.completeness import owed_papers_tell
from documents.services.contract_notices import contract_step_tell
from documents.services.contract_prolongation import contracts_prolong
from documents.services.contract_reminders import contract_prolonged_tell, contracts_remind
from documents.services.edo import EdoRefused, edo_poll, edo_send
from documents.services.edo_notices import edo_returned_tell
from documents.services.edo_prints import edo_print_keep
from documents.services.file_checks import files_recheck
from documents.services.paper_faults import paper_fault_note
from documents.services.price_list_files import price_list_make, price_lists_due
from documents.services.price_list_letters import price_list_mail
from documents.services.received_ledger import received_post
from documents.services.shipment_letters import original_mail, shipment_papers_mail
from documents.services.shipment_papers import shipment_papers_issue
from documents.services.talk_notes import invoice_note
from orders.claim_states import ClaimState
from orders.events import ClaimMoved, OrderChanged, OrderConfirmed, PaperToldByErp
from orders.models import order_reference
from orders.states import WrongState
from portal.lib.dates import MOSCOW
from portal.outbox import JobContext, JobRefused, PeriodStart, job, subscribe
from portal.outbox.states import MAX_ATTEMPTS

WORKING_HOURS = range(8, 20)
"""Of Moscow."""
_MONDAY = 0


def _give_up(reference: str, reason: PaperNotPossible) -> NoReturn:
    """Tell who serves the client what he has to mend; no repetition helps before that."""
    paper_fault_note(reference=reference, reason=str(reason), at=timezone.now())
    raise JobRefused(str(reason)) from reason


@subscribe(OrderConfirmed, queue="documents", atomic=False)
def issue_invoice_for_order(event: OrderConfirmed, job: JobContext) -> None:
    """Commit number, file, document and `done` together; what only a person can mend is not repeated.

    An order that was given up meanwhile needs no invoice, nor does one whose invoices come from 1C.
    """
    try:
        invoice_issue(order_id=event.order_id, at=timezone.now(), finishing=job.finish)
    except (WrongState, NumberedByErp):
        return
    except PaperNotPossible as reason:
        _give_up(order_reference(event.order_id), reason)


@subscribe(OrderChanged, queue="documents", atomic=False)
def reissue_invoice_for_order(event: OrderChanged, job: JobContext) -> None:
    """The old invoice is replaced in the transaction that issues the new one."""
    try:
        invoice_reissue(order_id=event.order_id, at=timezone.now(), finishing=job.finish)
    except NumberedByErp:
        return
    except PaperNotPossible as reason:
        _give_up(order_reference(event.order_id), reason)


@subscribe(InvoiceIssued, queue="mail", atomic=False)
def send_invoice(event: InvoiceIssued, job: JobContext) -> None:
    """At least once: the key of the job stands in the letter."""
    invoice_mail(document_id=event.document_id, at=timezone.now(), key=job.key)


@subscribe(PaperToldByErp, queue="documents", atomic=False)
def issue_papers_of_shipment(event: PaperToldByErp, job: JobContext) -> None:
    """Papers that the portal numbers; what only a person can mend is not repeated."""
    try:
        shipment_papers_issue(paper_id=event.document_id, at=timezone.now(), finishing=job.finish)
    except PaperNotPossible as reason:
        _give_up(f"{SHIPMENT}{event.document_id}", reason)


@subscribe(InvoiceIssued)
def note_invoice(event: InvoiceIssued) -> None:
    invoice_note(document_id=event.document_id, at=timezone.now())


@subscribe(ClaimMoved, queue="documents", atomic=False)
def issue_correction_of_claim(event: ClaimMoved, job: JobContext) -> None:
    """The УКД of a claim that the portal has credited; what only a person can mend is not repeated."""
    if event.state != ClaimState.CREDITED:
        return
    try:
        claim_correction_issue(claim_id=event.claim_id, at=timezone.now(), finishing=job.finish)
    except PaperNotPossible as reason:
        raise JobRefused(str(reason)) from reason


@subscribe(ShipmentPapersIssued, queue="documents", atomic=False)
def issue_corrections_that_waited(event: ShipmentPapersIssued, job: JobContext) -> None:
    """A claim may be credited before there is a УПД to correct."""
    try:
        claims_correction_issue(shipment_id=event.paper_id, at=timezone.now())
    except PaperNotPossible as reason:
        raise JobRefused(str(reason)) from reason


@subscribe(ShipmentPapersIssued, queue="mail", atomic=False)
def send_shipment_papers(event: ShipmentPapersIssued, job: JobContext) -> None:
    """At least once: the key of the job stands in the letter."""
    shipment_papers_mail(
        paper_id=event.paper_id, document_ids=event.document_ids, at=timezone.now(), key=job.key
    )


@subscribe(OriginalCame, queue="mail", atomic=False)
def send_original(event: OriginalCame, job: JobContext) -> None:
    """At least once: the key of the job stands in the letter."""
    original_mail(document_id=event.document_id, at=timezone.now(), key=job.key)


@subscribe(PaperAsked, queue="documents", atomic=False)
def make_asked_paper(event: PaperAsked, job: JobContext) -> None:
    """The last try leaves a reason for the person who waits."""
    paper_make(
        task_id=event.task_id,
        at=timezone.now(),
        finishing=job.finish,
        is_last_try=job.attempts >= MAX_ATTEMPTS,
    )


@subscribe(ArchiveAsked, queue="documents", atomic=False)
def make_archive(event: ArchiveAsked, job: JobContext) -> None:
    """The slow part is outside of the transaction; the last try leaves a reason for the person who waits."""
    archive_make(
        archive_id=event.archive_id,
        at=timezone.now(),
        finishing=job.finish,
        beat=job.heartbeat,
        is_last_try=job.attempts >= MAX_ATTEMPTS,
    )


@subscribe(PriceListAsked, queue="documents", atomic=False)
def make_price_list(event: PriceListAsked, job: JobContext) -> None:
    """The slow part is outside of the transaction; the last try leaves a reason for the person who waits."""
    price_list_make(
        file_id=event.file_id,
        at=timezone.now(),
        finishing=job.finish,
        beat=job.heartbeat,
        is_last_try=job.attempts >= MAX_ATTEMPTS,
    )


@job()
def tell_owed_papers(day: PeriodStart) -> None:
    """Once a week, on Monday: the moment is the beginning of the day, so that a repeat tells the same."""
    if day.start.weekday() == _MONDAY:
        owed_papers_tell(at=day.start)


@subscribe(PriceListMade, queue="mail", atomic=False)
def send_price_list(event: PriceListMade, job: JobContext) -> None:
    """At least once: the key of the job stands in the letter."""
    price_list_mail(file_id=event.file_id, at=timezone.now(), key=job.key)


@job()
def ask_due_price_lists(hour: PeriodStart) -> None:
    """Every hour; the moment is the beginning of the hour, so that a repeat asks for the same."""
    price_lists_due(at=hour.start)


@subscribe(ReceivedPaperTold)
def post_received(event: ReceivedPaperTold) -> None:
    received_post(document_id=event.document_id, at=event.at)


@subscribe(ContractMoved)
def tell_contract_moved(event: ContractMoved) -> None:
    contract_step_tell(step_id=event.step_id, at=timezone.now())


@subscribe(ContractProlonged)
def tell_contract_prolonged(event: ContractProlonged) -> None:
    contract_prolonged_tell(contract_id=event.contract_id, at=timezone.now())


@job()
def watch_contracts(hour: PeriodStart) -> None:
    """Every hour, so that a day on which the portal stood is made up for; letters in working hours only."""
    contracts_prolong(at=timezone.now())
    if hour.start.astimezone(MOSCOW).hour in WORKING_HOURS:
        contracts_remind(at=timezone.now())


@subscribe(EdoMessageAsked, atomic=False)
def send_edo_message(event: EdoMessageAsked, job: JobContext) -> None:
    """The operator is told outside of the transaction; a repeat is the same message to him."""
    try:
        edo_send(message_id=event.message_id, at=timezone.now(), finishing=job.finish)
    except (EdoRefused, OperatorFault) as reason:
        raise JobRefused(str(reason)) from reason


@subscribe(EdoSigned, queue="documents", atomic=False)
def print_signed_paper(event: EdoSigned, job: JobContext) -> None:
    """The slow part is outside of the transaction."""
    edo_print_keep(message_id=event.message_id, at=timezone.now(), finishing=job.finish)


@subscribe(EdoSigned)
def sign_act_with_its_paper(event: EdoSigned) -> None:
    act_signed_at_operator(document_id=event.document_id, at=timezone.now())


@subscribe(EdoReturned)
def tell_edo_returned(event: EdoReturned) -> None:
    edo_returned_tell(message_id=event.message_id, status=event.status, at=timezone.now())


@job(atomic=False)
def recheck_files(day: PeriodStart) -> None:
    """Once a day."""
    files_recheck(at=timezone.now())


@job(atomic=False)
def poll_edo(minute: PeriodStart) -> None:
    """Every few minutes: what the operator says of messages that are under way."""
    edo_poll(at=timezone.now())


@subscribe(ActAsked, queue="documents", atomic=False)
def make_act(event: ActAsked, job: JobContext) -> None:
    """Number, lines, files and `done` are committed together; the last try leaves a reason on the page."""
    act_make(
        act_id=event.act_id,
        at=timezone.now(),
        finishing=job.finish,
        is_last_try=job.attempts >= MAX_ATTEMPTS,
    )


@subscribe(ActMade)
def tell_act(event: ActMade) -> None:
    act_made_tell(act_id=event.act_id, at=timezone.now())


@job()
def make_due_acts(day: PeriodStart) -> None:
    """Once a day; the act of a schedule and a period is one, however often it is asked for."""
    acts_due(at=day.start)
    acts_stale_mark(at=timezone.now(), is_thorough=True)


@job()
def mark_stale_acts(minute: PeriodStart) -> None:
    """Every few minutes: entries come with the exchange at any time."""
    acts_stale_mark(at=timezone.now())
