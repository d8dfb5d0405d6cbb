"""Who fetched a paper."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.models.issued import Document
from documents.models.received import ReceivedDocument


class DocumentDownload(models.Model):
    """Who fetched a paper and when; `impersonator` is the manager who sat there in the person's name.

    Of the two papers one is named: one of ours, or one of 1C.
    """

    document = models.ForeignKey(
        Document,
        verbose_name=_("документ"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="downloads",
    )
    received = models.ForeignKey(
        ReceivedDocument,
        verbose_name=_("документ из 1С"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="downloads",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("кто"), on_delete=models.PROTECT, related_name="+"
    )
    impersonator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("вошел от его имени"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(_("когда"))

    class Meta:
        verbose_name = _("скачивание")
        verbose_name_plural = _("скачивания")
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=True) ^ Q(received__isnull=True), name="download_of_one_paper"
            )
        ]
        triggers = [pgtrigger.Protect(name="download_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.document_id or self.received_id}: {self.user_id}"
