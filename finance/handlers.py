"""What the schedule and the provider's messages set off among payments."""

from django.utils import timezone

from finance.events import CreditOverrideGiven, OnlinePaymentDoubtful, OnlinePaymentEnded, OnlinePaymentHinted
from finance.services.limit_notices import limits_tell
from finance.services.money_notices import override_tell, payment_doubtful_tell, payment_ended_tell
from finance.services.online import online_payment_hinted, online_payment_refresh, online_payments_open
from finance.services.term_notices import debts_tell, terms_tell
from portal.outbox import JobContext, PeriodStart, job, subscribe

WORKING_HOURS = range(8, 20)
"""Of Moscow."""


@subscribe(OnlinePaymentHinted, atomic=False)
def read_hinted_payment(event: OnlinePaymentHinted, job: JobContext) -> None:
    """The message is only a hint: the payment is read at the provider."""
    online_payment_hinted(provider_id=event.provider_id, at=timezone.now())


@job(atomic=False)
def reread_payments(minute: PeriodStart, job: JobContext) -> None:
    """Every minute: messages may be lost, and a payment may not have been heard of at the first try."""
    for payment_id in online_payments_open(at=minute.start):
        job.heartbeat()
        online_payment_refresh(payment_id=payment_id, at=timezone.now())


@subscribe(OnlinePaymentEnded)
def tell_payment_ended(event: OnlinePaymentEnded) -> None:
    payment_ended_tell(payment_id=event.payment_id, at=timezone.now())


@subscribe(OnlinePaymentDoubtful)
def tell_payment_doubtful(event: OnlinePaymentDoubtful) -> None:
    payment_doubtful_tell(provider_id=event.provider_id, reason=event.reason, at=timezone.now())


@subscribe(CreditOverrideGiven)
def tell_override(event: CreditOverrideGiven) -> None:
    override_tell(override_id=event.override_id, at=timezone.now())


@job()
def tell_terms(hour: PeriodStart) -> None:
    """In working hours; what was told today is not told again, what has come since is."""
    if hour.start.hour in WORKING_HOURS:
        terms_tell(at=timezone.now())


@job()
def tell_debts(minute: PeriodStart) -> None:
    """Every few minutes: documents come with the exchange at any time."""
    debts_tell(at=timezone.now())
    limits_tell(at=timezone.now())
