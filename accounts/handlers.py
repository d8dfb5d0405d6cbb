"""Letters about accounts, and what a schedule sets off."""

from django.utils import timezone

from accounts.events import PasswordResetAsked, SecurityChanged, SignedInFromNewDevice
from accounts.services import new_device_mail, password_reset_mail, security_change_mail
from accounts.services.digests import digests_order
from accounts.services.notices import notices_purge
from portal.outbox import JobContext, PeriodStart, job, subscribe


@subscribe(PasswordResetAsked, queue="mail", atomic=False)
def send_password_reset(event: PasswordResetAsked, job: JobContext) -> None:
    password_reset_mail(email=event.email, key=job.key)


@subscribe(SignedInFromNewDevice, queue="mail", atomic=False)
def send_new_device(event: SignedInFromNewDevice, job: JobContext) -> None:
    new_device_mail(user_id=event.user_id, at=event.at, ip=event.ip, browser=event.browser, key=job.key)


@subscribe(SecurityChanged, queue="mail", atomic=False)
def send_security_change(event: SecurityChanged, job: JobContext) -> None:
    security_change_mail(
        user_id=event.user_id,
        change=event.change,
        at=event.at,
        ip=event.ip,
        browser=event.browser,
        key=job.key,
    )


@job()
def order_digests(hour: PeriodStart) -> None:
    """Once an hour: in every zone a digest falls due at a whole hour."""
    digests_order(at=timezone.now())


@job()
def purge_notices(day: PeriodStart) -> None:
    notices_purge(at=day.start)
