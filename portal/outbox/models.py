"""The job table: what is still to be done after a committed transaction, and what became of it."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.outbox.states import MAX_ATTEMPTS, RESEND_AFTER, SENDING_GRACE, JobState


class JobQuerySet(models.QuerySet["Job"]):
    def lapsed(self) -> Self:
        """Jobs whose worker fell silent: the lease ran out and nobody renewed it."""
        return self.filter(state=JobState.RUNNING, lease_until__lt=Now())

    def exhausted(self) -> Self:
        """Jobs whose worker died in every attempt that they had."""
        return self.lapsed().filter(attempts__gte=MAX_ATTEMPTS)

    def unsent(self) -> Self:
        """Jobs that no worker seems to know of: due for a while, and not sent within the last minute."""
        due = Q(state=JobState.QUEUED, due_at__lte=Now() - SENDING_GRACE)
        lapsed = Q(state=JobState.RUNNING, lease_until__lt=Now())
        return self.filter(due | lapsed).filter(Q(sent_at=None) | Q(sent_at__lt=Now() - RESEND_AFTER))

    def held(self, *, pk: int, attempts: int) -> Self:
        """The job while this attempt still owns it; empty once another worker took it over."""
        return self.filter(pk=pk, attempts=attempts, state=JobState.RUNNING)

    def done_before(self, age: timedelta) -> Self:
        """Jobs done longer ago than the given age."""
        return self.filter(state=JobState.DONE, finished_at__lt=Now() - age)


class Job(models.Model):
    """One call of one handler. Rows come from `publish` and `enqueue` only."""

    id = models.BigAutoField(primary_key=True)
    handler = models.CharField(_("обработчик"), max_length=200)
    queue = models.CharField(_("очередь"), max_length=32)
    payload = models.JSONField(_("данные"))
    key = models.CharField(_("ключ"), max_length=200)
    state = models.CharField(_("состояние"), max_length=8, choices=JobState, db_default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("попыток"), db_default=0)
    due_at = models.DateTimeField(_("выполнить не раньше"), db_default=Now())
    lease_until = models.DateTimeField(_("занято до"), null=True, blank=True)
    sent_at = models.DateTimeField(_("отправлено повторно"), null=True, blank=True)
    last_error = models.TextField(_("последняя ошибка"), db_default="")
    progress = models.TextField(_("ход выполнения"), null=True, blank=True)  # noqa: DJ001 - none told yet
    created_at = models.DateTimeField(_("создано"), db_default=Now())
    started_at = models.DateTimeField(_("начато"), null=True, blank=True)
    finished_at = models.DateTimeField(_("закончено"), null=True, blank=True)
    request_id = models.CharField(_("запрос"), max_length=64, db_default="")
    # Plain numbers: a job must outlive whatever happens to the account.
    user_id = models.BigIntegerField(_("пользователь"), null=True, blank=True)
    impersonator_id = models.BigIntegerField(_("вошедший вместо него"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("задание")
        verbose_name_plural = _("задания")
        constraints = [
            models.UniqueConstraint(fields=["handler", "key"], name="job_once_per_key"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, lease_until__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(lease_until__isnull=True)),
                name="job_leased_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[JobState.DONE, JobState.DEAD], finished_at__isnull=False)
                | Q(state__in=[JobState.QUEUED, JobState.RUNNING], finished_at__isnull=True),
                name="job_finished_when_over",
            ),
            models.CheckConstraint(condition=Q(attempts__lte=MAX_ATTEMPTS), name="job_attempts_bounded"),
        ]
        indexes = [
            models.Index(F("due_at"), condition=Q(state=JobState.QUEUED), name="job_queued_due"),
            models.Index(F("lease_until"), condition=Q(state=JobState.RUNNING), name="job_running_lease"),
            models.Index(F("finished_at"), condition=Q(state=JobState.DONE), name="job_done_finished"),
            models.Index(F("id"), condition=Q(state=JobState.DEAD), name="job_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.handler} · {self.key}"
