"""Papers on their way through an operator of ЭДО, and copies that people have signed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.models.issued import Document
from documents.models.received import ReceivedDocument
from documents.states import EdoStatus
from portal.files.models import StoredFile


class EdoMessage(models.Model):
    """A paper, ours or of 1C, at an operator: his id of it and what he said last."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="edo_messages"
    )
    received = models.ForeignKey(
        ReceivedDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="edo_messages"
    )
    operator = models.CharField(_("оператор"), max_length=100)
    message_id = models.CharField(_("идентификатор сообщения"), max_length=200, blank=True)
    file_name = models.CharField(_("имя файла обмена"), max_length=255, blank=True)
    status = models.CharField(_("статус"), max_length=10, choices=EdoStatus, default=EdoStatus.DRAFT)
    reason = models.CharField(_("причина"), max_length=500, blank=True)
    signatures = models.JSONField(_("подписи"), default=list, help_text=_("ФИО, сертификат, срок."))
    status_at = models.DateTimeField(_("статус на"))
    created_at = models.DateTimeField(_("создано"))

    class Meta:
        verbose_name = _("сообщение ЭДО")
        verbose_name_plural = _("сообщения ЭДО")
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=True) ^ Q(received__isnull=True), name="edo_message_of_one_paper"
            ),
            models.UniqueConstraint(
                fields=["operator", "message_id"],
                condition=~Q(message_id=""),
                name="edo_message_id_unique",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(reason=""), name="edo_message_rejected_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator}: {self.get_status_display()}"


class SignedCopy(models.Model):
    """A scan of a paper with the client's signature, ours or of 1C; it counts unless we have returned it."""

    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="signed_copies"
    )
    received = models.ForeignKey(
        ReceivedDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="signed_copies"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("имя файла"), max_length=255)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    impersonator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("загружен"))
    returned_at = models.DateTimeField(_("возвращен"), null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    return_reason = models.CharField(_("почему возвращен"), max_length=500, blank=True, db_default="")

    class Meta:
        verbose_name = _("подписанный экземпляр")
        verbose_name_plural = _("подписанные экземпляры")
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=True) ^ Q(received__isnull=True), name="signed_copy_of_one_paper"
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, returned_by__isnull=True, return_reason="")
                | (Q(returned_at__isnull=False, returned_by__isnull=False) & ~Q(return_reason="")),
                name="signed_copy_returned_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name
