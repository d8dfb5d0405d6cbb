"""What events of clients and the calendar set off."""

from django.utils import timezone

from counterparties.events import (
    AccessRequested,
    ChangeDecided,
    ChangeRequested,
    ConsentWithdrawn,
    InvitationSent,
    MessageWritten,
    RegistrationDecided,
    RegistrationEntered,
    RegistrationStarted,
    StageDecided,
    StageRequested,
    VisitMessageSent,
)
from counterparties.services.change_letters import change_decision_mail, change_request_mail
from counterparties.services.message_letters import message_tell
from counterparties.services.morning import pauses_forget
from counterparties.services.registration_letters import (
    access_request_mail,
    confirmation_mail,
    consent_withdrawn_mail,
    decision_mail,
    entered_mail,
)
from counterparties.services.rights_letters import invitation_mail, stage_decision_mail, stage_request_mail
from counterparties.services.stages import stages_expire
from counterparties.services.visit_letters import visit_message_mail
from counterparties.services.visits import visits_expire
from portal.outbox import JobContext, PeriodStart, job, subscribe


@subscribe(InvitationSent, queue="mail", atomic=False)
def send_invitation(event: InvitationSent, job: JobContext) -> None:
    invitation_mail(invitation_id=event.invitation_id, serial=event.serial, key=job.key)


@subscribe(StageRequested, queue="mail", atomic=False)
def send_stage_request(event: StageRequested, job: JobContext) -> None:
    stage_request_mail(grant_id=event.grant_id, at=timezone.now(), key=job.key)


@subscribe(StageDecided, queue="mail", atomic=False)
def send_stage_decision(event: StageDecided, job: JobContext) -> None:
    stage_decision_mail(grant_id=event.grant_id, state=event.state, key=job.key)


@job()
def expire_stages(day: PeriodStart) -> None:
    """Once a day, a little after midnight in Moscow; rights themselves end with the date alone."""
    stages_expire(at=timezone.now())


@subscribe(RegistrationStarted, queue="mail", atomic=False)
def send_registration_confirmation(event: RegistrationStarted, job: JobContext) -> None:
    confirmation_mail(registration_id=event.registration_id, key=job.key)


@subscribe(RegistrationEntered, queue="mail", atomic=False)
def send_registration_to_seller(event: RegistrationEntered, job: JobContext) -> None:
    entered_mail(registration_id=event.registration_id, key=job.key)


@subscribe(RegistrationDecided, queue="mail", atomic=False)
def send_registration_decision(event: RegistrationDecided, job: JobContext) -> None:
    decision_mail(registration_id=event.registration_id, key=job.key)


@subscribe(AccessRequested, queue="mail", atomic=False)
def send_access_request(event: AccessRequested, job: JobContext) -> None:
    access_request_mail(access_request_id=event.access_request_id, on=timezone.localdate(), key=job.key)


@subscribe(ChangeRequested, queue="mail", atomic=False)
def send_change_request(event: ChangeRequested, job: JobContext) -> None:
    change_request_mail(change_request_id=event.change_request_id, key=job.key)


@subscribe(ChangeDecided, queue="mail", atomic=False)
def send_change_decision(event: ChangeDecided, job: JobContext) -> None:
    change_decision_mail(change_request_id=event.change_request_id, key=job.key)


@subscribe(ConsentWithdrawn, queue="mail", atomic=False)
def send_consent_withdrawal(event: ConsentWithdrawn, job: JobContext) -> None:
    consent_withdrawn_mail(consent_id=event.consent_id, key=job.key)


@subscribe(VisitMessageSent, queue="mail", atomic=False)
def send_visit_message(event: VisitMessageSent, job: JobContext) -> None:
    visit_message_mail(visit_id=event.visit_id, key=job.key)


@subscribe(MessageWritten)
def tell_message(event: MessageWritten) -> None:
    message_tell(message_id=event.message_id, at=timezone.now())


@job()
def expire_visits(hour: PeriodStart) -> None:
    """Once an hour: closes what a browser never came back to; a visit itself ends by its limits alone."""
    visits_expire(at=timezone.now())


@job()
def forget_pauses(day: PeriodStart) -> None:
    """Once a day: cards put off until a day that has come show again by themselves."""
    pauses_forget(at=timezone.now())
