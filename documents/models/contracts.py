"""Texts of contracts and addenda: versions, their files, who signed and what was said about it."""

import uuid
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models import Contract
from counterparties.reach import reach
from documents.states import ContractFileRole, VersionState
from portal.audit.tracking import tracked
from portal.files.models import StoredFile

if TYPE_CHECKING:
    from counterparties.actor import Actor


class ContractVersionQuerySet(models.QuerySet["ContractVersion"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Versions of contracts as far as DOCUMENT_VIEW reaches; a client sees none that was not sent.

        A contract is nobody's own: who sees only his own papers sees none.
        """
        if actor.is_own_only(Permission.DOCUMENT_VIEW):
            return self.none()
        versions = self.filter(reach(actor, Permission.DOCUMENT_VIEW, entity="contract__legal_entity"))
        if actor.is_client:
            return versions.exclude(state__in=[VersionState.DRAFT, VersionState.ON_APPROVAL])
        return versions


@tracked("state", "valid_until")
class ContractVersion(models.Model):
    """One text of a contract or an addendum on its way to both signatures.

    Dates and terms that it brings are written to the contract when it becomes active. One version of a
    contract is active.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey(
        Contract, verbose_name=_("договор"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField(_("версия"))
    state = models.CharField(_("состояние"), max_length=11, choices=VersionState, default=VersionState.DRAFT)
    summary = models.CharField(_("что изменилось"), max_length=1000, blank=True)
    valid_from = models.DateField(_("действует с"), null=True, blank=True)
    valid_until = models.DateField(_("действует до"), null=True, blank=True)
    deferral_days = models.PositiveSmallIntegerField(_("отсрочка, дней"), null=True, blank=True)
    prepayment_percent = models.DecimalField(
        _("предоплата, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    original_received_on = models.DateField(_("оригинал получен"), null=True, blank=True)
    original_received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("создана"))
    sent_at = models.DateTimeField(_("отправлена клиенту"), null=True, blank=True)
    active_at = models.DateTimeField(_("действует с момента"), null=True, blank=True)

    objects = ContractVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("версия договора")
        verbose_name_plural = _("версии договоров")
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="contract_version_number"),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state="active"), name="contract_version_one_active"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=models.F("valid_from")),
                name="contract_version_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract}, версия {self.number}"


class ContractStep(models.Model):
    """A move of a version: who, when and why."""

    version = models.ForeignKey(ContractVersion, on_delete=models.CASCADE, related_name="steps")
    source = models.CharField(max_length=11, choices=VersionState)
    target = models.CharField(max_length=11, choices=VersionState)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    impersonator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment = models.CharField(_("комментарий"), max_length=1000, blank=True)
    at = models.DateTimeField(_("когда"))

    class Meta:
        verbose_name = _("ход договора")
        verbose_name_plural = _("ходы договора")
        constraints = [
            models.CheckConstraint(
                condition=~Q(target="rejected") | ~Q(comment=""), name="contract_step_rejected_has_reason"
            )
        ]
        triggers = [pgtrigger.Protect(name="contract_step_kept", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.get_source_display()} → {self.get_target_display()}"


class ContractFile(models.Model):
    """A file of a version: the text, our signed copy, the client's scans. `round` counts uploads of scans.

    `pdf` is what was built of a picture; the original stays.
    """

    version = models.ForeignKey(ContractVersion, on_delete=models.PROTECT, related_name="files")
    role = models.CharField(_("что это"), max_length=11, choices=ContractFileRole)
    round = models.PositiveSmallIntegerField(_("попытка"), default=1)
    position = models.PositiveSmallIntegerField(_("№"), default=1)
    name = models.CharField(_("имя файла"), max_length=255)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    impersonator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("загружен"))

    class Meta:
        verbose_name = _("файл договора")
        verbose_name_plural = _("файлы договоров")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "role", "round", "position"], name="contract_file_position"
            )
        ]
        triggers = [pgtrigger.Protect(name="contract_file_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name


class ContractReminder(models.Model):
    """That the end of a contract was told of so many days before; told once."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="reminders")
    valid_until = models.DateField(_("действует до"))
    days = models.PositiveSmallIntegerField(_("за дней"))
    told_at = models.DateTimeField(_("сказано"))

    class Meta:
        verbose_name = _("напоминание о договоре")
        verbose_name_plural = _("напоминания о договорах")
        constraints = [
            models.UniqueConstraint(fields=["contract", "valid_until", "days"], name="contract_reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.contract}: {self.days}"
