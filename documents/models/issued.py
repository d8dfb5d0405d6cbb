"""Papers that the portal issues, and their numbers."""

import uuid
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.db import models
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models import LegalEntity, Organization
from counterparties.reach import reach
from documents.states import DocumentKind, DocumentState
from orders.models import Order
from portal.audit.tracking import tracked
from portal.files.models import StoredFile
from portal.lib.dates import format_date

if TYPE_CHECKING:
    from counterparties.actor import Actor


class NumberSequence(models.Model):
    """Numbers of one kind of paper of one organization in one year; its row is the lock of the series."""

    organization = models.ForeignKey(
        Organization, verbose_name=_("организация"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("вид документа"), max_length=12, choices=DocumentKind)
    year = models.PositiveSmallIntegerField(_("год"))
    prefix = models.CharField(_("префикс"), max_length=6, blank=True)
    last_number = models.PositiveIntegerField(_("последний номер"), default=0)

    class Meta:
        verbose_name = _("нумератор")
        verbose_name_plural = _("нумераторы")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "year", "prefix"], name="number_sequence_unique"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="number_sequence_only_grows",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__last_number__lt=pgtrigger.F("old__last_number")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.year}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Papers as far as DOCUMENT_VIEW reaches; its own scope means papers of the person's own orders."""
        documents = self.filter(reach(actor, Permission.DOCUMENT_VIEW))
        if not actor.is_own_only(Permission.DOCUMENT_VIEW):
            return documents
        own = Order.objects.filter(created_by_id=actor.user_id).values_list(
            Concat(Value("order:"), Cast("pk", CharField()), output_field=CharField())
        )
        return documents.filter(reference__in=own)


@tracked("number_print", "state")
class Document(models.Model):
    """A paper that was issued: number, frozen payload and file. Only its state ever changes."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("вид"), max_length=12, choices=DocumentKind)
    state = models.CharField(
        _("состояние"), max_length=10, choices=DocumentState, default=DocumentState.ISSUED
    )
    sequence = models.ForeignKey(
        NumberSequence, verbose_name=_("нумератор"), on_delete=models.PROTECT, related_name="documents"
    )
    number = models.PositiveIntegerField(_("номер в нумераторе"))
    number_print = models.CharField(_("номер"), max_length=20)
    date = models.DateField(_("дата"), help_text=_("По московскому времени."))
    organization = models.ForeignKey(
        Organization, verbose_name=_("организация"), on_delete=models.PROTECT, related_name="documents"
    )
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.PROTECT, related_name="documents"
    )
    reference = models.CharField(_("основание"), max_length=40, help_text="order:17")
    total = models.DecimalField(_("сумма с НДС"), max_digits=18, decimal_places=2)
    pay_until = models.DateField(_("оплатить до"), null=True, blank=True)
    payload = models.JSONField(_("содержание"))
    payload_sha256 = models.CharField(_("SHA-256 содержания"), max_length=64)
    template_version = models.CharField(_("версия формы"), max_length=20)
    file = models.ForeignKey(
        StoredFile, verbose_name=_("файл"), on_delete=models.PROTECT, related_name="documents"
    )
    issued_at = models.DateTimeField(_("выписан"))

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("документ")
        verbose_name_plural = _("документы")
        indexes = [
            models.Index(fields=["reference"], name="document_reference"),
            models.Index(fields=["legal_entity", "-issued_at"], name="document_entity_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["sequence", "number"], name="document_number_unique"),
            models.UniqueConstraint(
                fields=["kind", "reference"], condition=Q(state="issued"), name="document_one_in_force"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="document_number_positive"),
            models.CheckConstraint(condition=Q(total__gte=0), name="document_total_not_negative"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="document_frozen", exclude=["state"]),
            pgtrigger.Protect(name="document_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} № {self.number_print} от {format_date(self.date)}"
