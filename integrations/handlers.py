"""What events set off, and the jobs of the exchange made known to the outbox."""

import structlog
from django.utils import timezone

from counterparties.events import MessageWritten, RegistrationDecided
from documents.events import ReceivedPaperTold
from integrations.crm.presence import is_anybody_told, is_receiver_told
from integrations.events import OrdersQuarantined, OrdersUnconfirmed, PaymentTold, StreamsBack, StreamsLate
from integrations.mailbox.imap import MailboxFault
from integrations.services.archives import archive_unpack
from integrations.services.claims import claim_paper_follow, claim_tell
from integrations.services.crm.inbound import read_inbound
from integrations.services.crm.looking import look_at_clients
from integrations.services.crm.polling import poll_account
from integrations.services.crm.writing import write_cards
from integrations.services.imports import exchange_file_load
from integrations.services.incoming.waiting import waiting_retry
from integrations.services.letters import (
    quarantined_mail,
    streams_back_mail,
    streams_late_mail,
    unconfirmed_mail,
)
from integrations.services.mailbox import mailbox_fetch
from integrations.services.orders import orders_enqueue, orders_renew
from integrations.services.pictures import previews_draw
from integrations.services.push.file_fetch import paper_file_fetch
from integrations.services.push.paper_orders import paper_orders_link
from integrations.services.push.payments import payment_post
from integrations.services.shipments import shipment_tell
from integrations.services.telling import (
    carts_idle_tell,
    client_tell,
    debts_overdue_tell,
    order_change_tell,
    order_move_tell,
)
from integrations.services.telling_requests import (
    claim_filing_tell,
    claim_move_tell,
    message_tell,
    quote_move_tell,
)
from integrations.services.trials import exchange_file_try
from integrations.services.webhooks import send_delivery
from orders.events import (
    ClaimFiled,
    ClaimMoved,
    OrderChanged,
    OrderChangedInErp,
    OrderConfirmed,
    OrderMoved,
    QuoteMoved,
    ShipmentRequestMoved,
)
from portal.outbox import JobContext, PeriodStart, job, subscribe

log = structlog.get_logger(__name__)

__all__ = [
    "archive_unpack",
    "exchange_file_load",
    "exchange_file_try",
    "export_changed_order",
    "export_confirmed_order",
    "fetch_mailbox",
    "follow_claim_paper",
    "look_at_clients",
    "paper_file_fetch",
    "poll_account",
    "post_payment",
    "previews_draw",
    "read_inbound",
    "retry_waiting",
    "send_delivery",
    "send_quarantined",
    "send_streams_back",
    "send_streams_late",
    "send_unconfirmed",
    "tell_claim",
    "tell_shipment",
    "write_cards",
]


@subscribe(OrderConfirmed, queue="default")
def export_confirmed_order(event: OrderConfirmed) -> None:
    """Put the parts of a confirmed order into the queue of their base."""
    orders_enqueue(order_id=event.order_id)


@subscribe(OrderChanged, queue="default")
def export_changed_order(event: OrderChanged) -> None:
    """Parts that have gone out, or wait to, go as they are now."""
    orders_renew(order_id=event.order_id)


@subscribe(ShipmentRequestMoved, queue="default")
def tell_shipment(event: ShipmentRequestMoved) -> None:
    """An accepted request is put where 1C fetches what clients ask; one that is over is taken away."""
    shipment_tell(request_id=event.request_id)


@subscribe(ClaimMoved, queue="default")
def tell_claim(event: ClaimMoved) -> None:
    """An approved claim is put where 1C fetches what clients ask."""
    claim_tell(claim_id=event.claim_id)


@subscribe(ReceivedPaperTold, queue="default")
def follow_claim_paper(event: ReceivedPaperTold) -> None:
    """A return or a correction that answers a claim credits it."""
    claim_paper_follow(document_id=event.document_id, at=event.at)


@job()
def retry_waiting(minute: PeriodStart) -> None:
    """Clients, contracts and orders come by other ways, too: try anew what waits for them."""
    waiting_retry(at=minute.start)
    paper_orders_link(at=minute.start)


@subscribe(OrdersUnconfirmed, queue="mail", atomic=False)
def send_unconfirmed(event: OrdersUnconfirmed, job: JobContext) -> None:
    unconfirmed_mail(node_id=event.node_id, numbers=event.numbers, key=job.key)


@subscribe(OrdersQuarantined, queue="mail", atomic=False)
def send_quarantined(event: OrdersQuarantined, job: JobContext) -> None:
    quarantined_mail(export_ids=event.export_ids, key=job.key)


@subscribe(StreamsLate, queue="mail", atomic=False)
def send_streams_late(event: StreamsLate, job: JobContext) -> None:
    streams_late_mail(node_id=event.node_id, kinds=event.kinds, at=event.at, key=job.key)


@subscribe(StreamsBack, queue="mail", atomic=False)
def send_streams_back(event: StreamsBack, job: JobContext) -> None:
    streams_back_mail(node_id=event.node_id, kinds=event.kinds, key=job.key)


@subscribe(PaymentTold)
def post_payment(event: PaymentTold) -> None:
    payment_post(told=event, at=event.at)


@subscribe(OrderMoved, wanted=is_anybody_told)
def tell_order_moved(event: OrderMoved) -> None:
    order_move_tell(order_id=event.order_id, state=event.state, step_id=event.step_id, at=timezone.now())


@subscribe(OrderChanged, wanted=is_anybody_told)
def tell_order_changed(event: OrderChanged) -> None:
    order_change_tell(order_id=event.order_id, key=event.key, at=timezone.now())


@subscribe(OrderChangedInErp, wanted=is_anybody_told)
def tell_order_changed_in_erp(event: OrderChangedInErp) -> None:
    order_change_tell(
        order_id=event.order_id, key=f"erp:{event.order_id}:{event.at.isoformat()}", at=timezone.now()
    )


@subscribe(RegistrationDecided, wanted=is_anybody_told)
def tell_client_registered(event: RegistrationDecided) -> None:
    client_tell(registration_id=event.registration_id, at=timezone.now())


@subscribe(MessageWritten, wanted=is_receiver_told)
def tell_message_written(event: MessageWritten) -> None:
    message_tell(message_id=event.message_id)


@subscribe(QuoteMoved, wanted=is_receiver_told)
def tell_quote_moved(event: QuoteMoved) -> None:
    quote_move_tell(quote_id=event.quote_id, state=event.state, step_id=event.step_id, at=timezone.now())


@subscribe(ClaimFiled, wanted=is_receiver_told)
def tell_claim_filed(event: ClaimFiled) -> None:
    claim_filing_tell(claim_id=event.claim_id, at=timezone.now())


@subscribe(ClaimMoved, wanted=is_receiver_told)
def tell_claim_moved(event: ClaimMoved) -> None:
    claim_move_tell(claim_id=event.claim_id, state=event.state, step_id=event.step_id, at=timezone.now())


@job()
def tell_idle_carts(hour: PeriodStart) -> None:
    carts_idle_tell(at=hour.start)


@job()
def tell_overdue(day: PeriodStart) -> None:
    debts_overdue_tell(at=timezone.now())


@job(queue="mail", atomic=False)
def fetch_mailbox(minute: PeriodStart) -> None:
    """Once a minute; a mailbox that does not answer is asked again the next minute."""
    try:
        mailbox_fetch(at=timezone.now())
    except MailboxFault as fault:
        log.warning("mailbox_silent", reason=str(fault))
