"""What events of clients and the calendar set off."""

from django.utils import timezone

from counterparties.events import InvitationSent, StageDecided, StageRequested
from counterparties.services.rights_letters import invitation_mail, stage_decision_mail, stage_request_mail
from counterparties.services.stages import stages_expire
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
