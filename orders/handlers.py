"""What events of clients and the calendar set off among carts and orders."""

from django.utils import timezone

from counterparties.events import PersonDeactivated
from orders.events import GoodsArrived, OrderChangedInErp, UploadReceived
from orders.services.arrivals import arrival_mail, arrivals_tell
from orders.services.erp_letters import order_changed_mail
from orders.services.handover import carts_hand_over
from orders.services.popularity import popularity_count
from orders.services.step_notices import steps_tell
from orders.services.uploads import upload_recognise, uploads_expire
from portal.outbox import JobContext, PeriodStart, job, subscribe
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
def tell_arrivals(minute: PeriodStart) -> None:
    """Every few minutes: stock comes with the exchange at any time."""
    arrivals_tell(at=minute.start)


@subscribe(GoodsArrived, queue="mail", atomic=False)
def send_arrival(event: GoodsArrived, job: JobContext) -> None:
    arrival_mail(user_id=event.user_id, city_id=event.city_id, sku_ids=event.sku_ids, key=job.key)


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


@job()
def tell_steps(minute: PeriodStart) -> None:
    """Every minute; each move is told of once, however often it is looked at."""
    steps_tell(at=timezone.now())
