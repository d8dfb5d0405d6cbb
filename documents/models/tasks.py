"""Papers and archives that somebody waits for."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counterparties.models import Holding, LegalEntity, Organization
from documents.models.issued import Document
from documents.states import DocumentKind, ReceivedKind, TaskState
from portal.files.models import StoredFile

if TYPE_CHECKING:
    from counterparties.actor import Actor


class DocumentTaskQuerySet(models.QuerySet["DocumentTask"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Who asked, waits."""
        return self.filter(asked_by_id=actor.user_id)


class DocumentTask(models.Model):
    """A paper asked for by hand: what of what, and where its making stands. One is made at a time.

    `file` is the draft of a paper that 1C numbers: it is no document, only a look at one.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("вид"), max_length=12, choices=DocumentKind)
    reference = models.CharField(_("основание"), max_length=40)
    options = models.JSONField(_("что указал человек"), default=dict)
    state = models.CharField(_("состояние"), max_length=6, choices=TaskState, default=TaskState.QUEUED)
    fault = models.CharField(_("почему не получился"), max_length=300, blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    file = models.ForeignKey(
        StoredFile,
        verbose_name=_("черновик"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("кто"), on_delete=models.PROTECT, related_name="+"
    )
    impersonator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("когда"))

    objects = DocumentTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("документ в работе")
        verbose_name_plural = _("документы в работе")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reference"], condition=Q(state="queued"), name="document_task_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(document__isnull=False) | Q(file__isnull=False),
                name="document_task_ready_has_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reference}"


class PaperFault(models.Model):
    """Why papers of a thing (`order:17`, `shipment:5`, `return:6`) could not be issued by themselves.

    It is gone once one is issued for the thing.
    """

    reference = models.CharField(_("основание"), max_length=40, unique=True)
    reason = models.CharField(_("почему не выписан"), max_length=500)
    noted_at = models.DateTimeField(_("когда"))

    class Meta:
        verbose_name = _("невыписанный документ")
        verbose_name_plural = _("невыписанные документы")

    def __str__(self) -> str:
        return f"{self.reference}: {self.reason}"


class DocumentArchiveQuerySet(models.QuerySet["DocumentArchive"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Who asked, waits; an archive holds what he may see."""
        return self.filter(asked_by_id=actor.user_id)


class DocumentArchive(models.Model):
    """A ZIP of the papers of a period with its register, made for one person as he may see them then."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    holding = models.ForeignKey(Holding, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    period_from = models.DateField(_("с"))
    period_to = models.DateField(_("по"))
    legal_entity = models.ForeignKey(
        LegalEntity, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kinds = models.JSONField(_("виды"), default=list, help_text=_("Пусто: все."))
    state = models.CharField(_("состояние"), max_length=6, choices=TaskState, default=TaskState.QUEUED)
    fault = models.CharField(_("почему не получился"), max_length=300, blank=True)
    papers_total = models.PositiveIntegerField(_("документов"), default=0)
    papers_done = models.PositiveIntegerField(_("собрано"), default=0)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    impersonator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("когда"))

    objects = DocumentArchiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("архив документов")
        verbose_name_plural = _("архивы документов")
        constraints = [
            models.CheckConstraint(
                condition=Q(period_to__gte=models.F("period_from")), name="document_archive_period"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(file__isnull=False), name="document_archive_ready_has_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_from:%d.%m.%Y}–{self.period_to:%d.%m.%Y}"


class ArchiveRule(models.Model):
    """How a client's accountant wants files of an archive named: a pattern of documents.archive.naming."""

    holding = models.OneToOneField(Holding, on_delete=models.CASCADE, related_name="archive_rule")
    pattern = models.CharField(_("имя файла"), max_length=200)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(_("изменено"))

    class Meta:
        verbose_name = _("правило имен архива")
        verbose_name_plural = _("правила имен архивов")

    def __str__(self) -> str:
        return self.pattern


class RequiredPaper(models.Model):
    """Which papers make a shipment complete: of all clients of an organization, or of one client."""

    organization = models.ForeignKey(
        Organization, verbose_name=_("организация"), on_delete=models.CASCADE, related_name="+"
    )
    holding = models.ForeignKey(
        Holding,
        verbose_name=_("клиент"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Пусто: все клиенты."),
    )
    kind = models.CharField(_("вид"), max_length=12, choices=ReceivedKind)
    needs_signed_copy = models.BooleanField(_("нужен подписанный экземпляр"), default=False)

    class Meta:
        verbose_name = _("обязательный документ отгрузки")
        verbose_name_plural = _("обязательные документы отгрузки")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "holding", "kind"],
                nulls_distinct=False,
                name="required_paper_unique",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
