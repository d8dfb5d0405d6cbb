"""Papers that 1C has made out and sent: facts about them and their files."""

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models import Contract, LegalEntity
from counterparties.reach import reach
from documents.states import ReceivedKind
from orders.models import OrderPart
from portal.audit.tracking import tracked
from portal.files.models import StoredFile
from portal.lib.dates import format_date

if TYPE_CHECKING:
    from counterparties.actor import Actor


class ReceivedDocumentQuerySet(models.QuerySet["ReceivedDocument"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Papers as far as DOCUMENT_VIEW reaches, acts as far as FINANCE_VIEW does.

        Their own scope means papers of the person's own orders; an act belongs to no order.
        """
        papers = reach(actor, Permission.DOCUMENT_VIEW) & ~Q(kind=ReceivedKind.ACT)
        if actor.is_own_only(Permission.DOCUMENT_VIEW):
            own = ReceivedDocument.parts.through.objects.filter(orderpart__order__created_by_id=actor.user_id)
            papers &= Q(pk__in=own.values("receiveddocument_id"))
        acts = Q(pk__in=[])
        if not actor.is_own_only(Permission.FINANCE_VIEW):
            acts = reach(actor, Permission.FINANCE_VIEW) & Q(kind=ReceivedKind.ACT)
        return self.filter(papers | acts)

    def in_force(self) -> Self:
        """Those that 1C has not marked for deletion."""
        return self.filter(is_deleted=False)


@tracked("number", "is_deleted")
class ReceivedDocument(models.Model):
    """A paper of 1C as it told of it last; `file` is the newest of its files, None where none has come.

    `awaited_sha256` names the file that is still to be fetched from where 1C keeps it, `file_fault` why
    that did not work.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("вид"), max_length=12, choices=ReceivedKind)
    number = models.CharField(_("номер"), max_length=50, blank=True)
    date = models.DateField(_("дата"), null=True, blank=True)
    total = models.DecimalField(_("сумма с НДС"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("валюта"), max_length=3, default="RUB")
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.PROTECT, related_name="received_documents"
    )
    contract = models.ForeignKey(
        Contract,
        verbose_name=_("договор"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="received_documents",
    )
    parts = models.ManyToManyField(
        OrderPart, verbose_name=_("части заказов"), related_name="received_documents", blank=True
    )
    file = models.ForeignKey(
        StoredFile,
        verbose_name=_("файл"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    awaited_sha256 = models.CharField(_("ждем файл"), max_length=64, blank=True)
    file_fault = models.CharField(_("почему нет файла"), max_length=300, blank=True)
    is_deleted = models.BooleanField(_("помечен на удаление"), default=False)
    received_at = models.DateTimeField(_("получен"))
    as_of = models.DateTimeField(_("сведения 1С на"))

    objects = ReceivedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("документ из 1С")
        verbose_name_plural = _("документы из 1С")
        indexes = [models.Index(fields=["legal_entity", "-date"], name="received_document_newest")]

    def __str__(self) -> str:
        named = f"{self.get_kind_display()} № {self.number}" if self.number else self.get_kind_display()
        return f"{named} от {format_date(self.date)}" if self.date else named


class ReceivedFile(models.Model):
    """One version of a paper's file; a newer one does not remove it."""

    document = models.ForeignKey(
        ReceivedDocument, verbose_name=_("документ"), on_delete=models.CASCADE, related_name="files"
    )
    version = models.PositiveIntegerField(_("версия"))
    file = models.ForeignKey(StoredFile, verbose_name=_("файл"), on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("получен"))

    class Meta:
        verbose_name = _("версия файла")
        verbose_name_plural = _("версии файла")
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="received_file_version_unique"),
            models.CheckConstraint(condition=Q(version__gt=0), name="received_file_version_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.version}"
