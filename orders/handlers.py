"""What events of clients and the calendar set off among carts and orders."""

from dataclasses import dataclass

from django.utils import timezone

from counterparties.events import PersonDeactivated
from finance.events import PaymentRecorded
from orders.claim_states import APPROVED_CLAIMS
from orders.events import (
    ClaimFiled,
    ClaimMoved,
    OrderCancelled,
    OrderChangeAsked,
    OrderChangeDecided,
    OrderChangedInErp,
    PaperToldByErp,
    PartToldByErp,
    QuoteMoved,
    ShipmentReceived,
    ShipmentRequested,
    ShipmentRequestMoved,
    UploadReceived,
)
from orders.models.orders import ORDER, order_id_of
from orders.selectors.schedules import schedules_due
from orders.services.change_letters import change_asked_mail, change_decided_mail
from orders.services.claim_credits import claim_credit_follow, claim_credit_match
from orders.services.claim_notices import claim_filed_tell, claim_moved_tell
from orders.services.credit_hold import order_credit_follow
from orders.services.erp_ledger import paper_follow
from orders.services.erp_letters import order_changed_mail
from orders.services.handover import carts_hand_over
from orders.services.popularity import popularity_count
from orders.services.quote_accepting import quote_reopen
from orders.services.quote_notices import quote_step_tell
from orders.services.quote_terms import quotes_expire, quotes_warn
from orders.services.rhythms import rhythms_count
from orders.services.schedule_runs import schedule_run
from orders.services.served import served_count
from orders.services.shipment_letters import (
    request_moved_mail,
    shipment_received_mail,
    shipment_requested_mail,
)
from orders.services.standing import order_paid
from orders.services.step_notices import steps_tell
from orders.services.talk_notes import request_note
from orders.services.together import together_count
from orders.services.uploads import upload_recognise, uploads_expire
from orders.services.watch_runs import watches_tell
from portal.lib.dates import moscow_date
from portal.outbox import JobContext, PeriodStart, enqueue, job, subscribe
from portal.outbox.states import MAX_ATTEMPTS


@subscribe(PersonDeactivated)
def hand_carts_over(event: PersonDeactivated) -> None:
    if event.heir_id is not None:
        carts_hand_over(
            user_id=event.user_id, heir_id=event.heir_id, holding_id=event.holding_id, at=timezone.now()
        )


@job()
def count_popularity(day: PeriodStart) -> None:
    """Once a day; the moment is the beginning of the day, so that a repeat counts the same."""
    popularity_count(at=day.start)


@job()
def count_rhythms(day: PeriodStart) -> None:
    """Once a day, before the managers come; the moment is the beginning of the day."""
    rhythms_count(at=day.start)


@job()
def tell_watches(minute: PeriodStart) -> None:
    """Every few minutes: stock and prices come with the exchange at any time."""
    watches_tell(at=minute.start)


@job()
def count_together(day: PeriodStart) -> None:
    """Once a day; the moment is the beginning of the day, so that a repeat counts the same."""
    together_count(at=day.start)


@job()
def count_served(day: PeriodStart) -> None:
    """Once a day; the moment is the beginning of the day, so that a repeat counts the same."""
    served_count(at=day.start)


@subscribe(PartToldByErp)
def follow_credit(event: PartToldByErp) -> None:
    """After the load, which has locked many orders: limits are locked with one order at a time."""
    order_credit_follow(order_id=event.order_id, at=event.at)


@subscribe(PaperToldByErp)
def post_paper(event: PaperToldByErp) -> None:
    paper_follow(document_id=event.document_id, at=event.at)


@subscribe(PaperToldByErp)
def credit_claim(event: PaperToldByErp) -> None:
    """A return may be what an approved claim waits for."""
    claim_credit_follow(document_id=event.document_id, at=event.at)


@subscribe(ClaimMoved)
def match_claim(event: ClaimMoved) -> None:
    """1C may have made the return before the manager approved."""
    if event.state in APPROVED_CLAIMS:
        claim_credit_match(claim_id=event.claim_id, at=timezone.now())


@subscribe(ClaimFiled)
def tell_claim_filed(event: ClaimFiled) -> None:
    claim_filed_tell(claim_id=event.claim_id, at=timezone.now())


@subscribe(ClaimMoved)
def tell_claim_moved(event: ClaimMoved) -> None:
    claim_moved_tell(step_id=event.step_id, at=timezone.now())


@subscribe(PaymentRecorded)
def settle_paid(event: PaymentRecorded) -> None:
    """An order that has left is done once it is paid."""
    if event.reference.startswith(ORDER):
        order_paid(order_id=order_id_of(event.reference), at=timezone.now())


@subscribe(OrderChangedInErp, queue="mail", atomic=False)
def send_order_changed(event: OrderChangedInErp, job: JobContext) -> None:
    order_changed_mail(order_id=event.order_id, key=job.key, on=timezone.localdate())


@subscribe(UploadReceived, atomic=False)
def recognise_upload(event: UploadReceived, job: JobContext) -> None:
    """The last try leaves a reason for the person who waits."""
    upload_recognise(
        upload_id=event.upload_id,
        round_=event.round,
        at=timezone.now(),
        job=job,
        is_last_try=job.attempts >= MAX_ATTEMPTS,
    )


@job()
def expire_uploads(day: PeriodStart) -> None:
    """Once a day; what is put off till tomorrow is kept a day longer."""
    uploads_expire(at=day.start)


@subscribe(ShipmentRequested, queue="mail", atomic=False)
def send_shipment_requested(event: ShipmentRequested, job: JobContext) -> None:
    shipment_requested_mail(request_id=event.request_id, key=job.key)


@subscribe(ShipmentRequestMoved, queue="mail", atomic=False)
def send_request_moved(event: ShipmentRequestMoved, job: JobContext) -> None:
    request_moved_mail(request_id=event.request_id, state=event.state, key=job.key)


@subscribe(ShipmentRequestMoved)
def note_request_moved(event: ShipmentRequestMoved, job: JobContext) -> None:
    request_note(request_id=event.request_id, state=event.state, key=job.key, at=timezone.now())


@subscribe(ShipmentReceived, queue="mail", atomic=False)
def send_shipment_received(event: ShipmentReceived, job: JobContext) -> None:
    shipment_received_mail(receipt_id=event.receipt_id, key=job.key)


@subscribe(OrderChangeAsked, queue="mail", atomic=False)
def send_change_asked(event: OrderChangeAsked, job: JobContext) -> None:
    change_asked_mail(change_id=event.change_id, key=job.key)


@subscribe(OrderChangeDecided, queue="mail", atomic=False)
def send_change_decided(event: OrderChangeDecided, job: JobContext) -> None:
    change_decided_mail(change_id=event.change_id, key=job.key)


@dataclass(frozen=True, slots=True)
class ScheduleDay:
    """A schedule whose day has come near enough."""

    schedule_id: int


@job()
def start_schedules(hour: PeriodStart) -> None:
    """Once an hour: a schedule that is due gets a job of its own, so that one does not hold the others up."""
    for schedule_id in schedules_due(on=moscow_date(hour.start)):
        enqueue(run_schedule, ScheduleDay(schedule_id), key=f"schedule:{schedule_id}:{hour.start:%Y%m%d%H}")


@job(atomic=False)
def run_schedule(due: ScheduleDay) -> None:
    """Not in the job's transaction: a carrier may be asked. A repeat finds the schedule moved on."""
    schedule_run(schedule_id=due.schedule_id, at=timezone.now())


@job()
def tell_steps(minute: PeriodStart) -> None:
    """Every minute; each move is told of once, however often it is looked at."""
    steps_tell(at=timezone.now())


@subscribe(QuoteMoved)
def tell_quote(event: QuoteMoved) -> None:
    quote_step_tell(step_id=event.step_id, at=timezone.now())


@subscribe(OrderCancelled)
def reopen_quote(event: OrderCancelled) -> None:
    quote_reopen(order_id=event.order_id, at=timezone.now())


@job(atomic=False)
def watch_quotes(hour: PeriodStart) -> None:
    """Once an hour; not in the first minutes of a day only, for the portal may have been down."""
    quotes_expire(at=timezone.now())
    quotes_warn(at=timezone.now())
