"""Papers that the portal issues, and their numbers."""

import uuid
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models import Contract, LegalEntity, Organization
from counterparties.reach import reach
from documents.states import DocumentKind, DocumentState, FileRole, SeriesIssuer
from orders.models import Order, OrderPart
from portal.audit.tracking import tracked
from portal.files.models import StoredFile
from portal.lib.dates import format_date

if TYPE_CHECKING:
    from counterparties.actor import Actor


class NumberSeries(models.Model):
    """Who numbers papers of a kind for an organization or its subdivision, and how numbers are written.

    «ОК1042/3» is prefix, number and subdivision. Without a row 1C numbers what moves goods and the portal
    everything else, without a prefix (documents.numbering).
    """

    organization = models.ForeignKey(
        Organization, verbose_name=_("организация"), on_delete=models.CASCADE, related_name="number_series"
    )
    kind = models.CharField(_("вид документа"), max_length=12, choices=DocumentKind)
    subdivision = models.CharField(
        _("индекс подразделения"), max_length=6, blank=True, help_text=_("Печатается после номера: 1042/3.")
    )
    warehouse = models.ForeignKey(
        "catalog.Warehouse",
        verbose_name=_("склад подразделения"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Пусто: вся организация."),
    )
    prefix = models.CharField(_("префикс"), max_length=6, blank=True)
    issuer = models.CharField(
        _("кто нумерует"), max_length=6, choices=SeriesIssuer, default=SeriesIssuer.PORTAL
    )

    class Meta:
        verbose_name = _("серия номеров")
        verbose_name_plural = _("серии номеров")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "warehouse"],
                nulls_distinct=False,
                name="number_series_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_kind_display()}"


class NumberSequence(models.Model):
    """Numbers of one kind of paper of one organization in one year; its row is the lock of the series."""

    organization = models.ForeignKey(
        Organization, verbose_name=_("организация"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("вид документа"), max_length=12, choices=DocumentKind)
    year = models.PositiveSmallIntegerField(_("год"))
    prefix = models.CharField(_("префикс"), max_length=6, blank=True)
    subdivision = models.CharField(_("индекс подразделения"), max_length=6, blank=True, db_default="")
    last_number = models.PositiveIntegerField(_("последний номер"), default=0)

    class Meta:
        verbose_name = _("нумератор")
        verbose_name_plural = _("нумераторы")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "year", "prefix", "subdivision"],
                name="number_sequence_unique",
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


class FormVersion(models.Model):
    """Which edition of a form is printed for papers of a date: the law changes forms, not papers.

    `code` names the template (`upd-2026-04`); `notice` is the line at its top right.
    """

    kind = models.CharField(_("вид документа"), max_length=12, choices=DocumentKind)
    valid_from = models.DateField(_("с даты документа"))
    code = models.CharField(_("редакция"), max_length=20)
    notice = models.CharField(_("приложение к акту"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("редакция формы")
        verbose_name_plural = _("редакции форм")
        constraints = [models.UniqueConstraint(fields=["kind", "valid_from"], name="form_version_one_a_day")]

    def __str__(self) -> str:
        return self.code


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Papers as far as DOCUMENT_VIEW reaches, acts as far as FINANCE_VIEW does.

        Their own scope means papers of the person's own orders; an act belongs to no order.
        """
        papers = reach(actor, Permission.DOCUMENT_VIEW) & ~Q(kind=DocumentKind.ACT)
        if actor.is_own_only(Permission.DOCUMENT_VIEW):
            own = Order.objects.filter(created_by_id=actor.user_id).values_list(
                Concat(Value("order:"), Cast("pk", CharField()), output_field=CharField())
            )
            by_part = Document.parts.through.objects.filter(orderpart__order__created_by_id=actor.user_id)
            papers &= Q(reference__in=own) | Q(pk__in=by_part.values("document_id"))
        acts = Q(pk__in=[])
        if not actor.is_own_only(Permission.FINANCE_VIEW):
            acts = reach(actor, Permission.FINANCE_VIEW) & Q(kind=DocumentKind.ACT)
        return self.filter(papers | acts)


@tracked("number_print", "state")
class Document(models.Model):
    """A paper that was issued: number, frozen payload and file. Only its state ever changes.

    `reference` is what it was issued for (`order:17`, `shipment:5`, `act:3`, `shipment_request:4`); one
    paper of a kind is in force for it. An исправление has the number and date of what it corrects and the
    next `revision`; a счёт issued instead of another names it in `replaces`, too. `template_version` is
    the edition of the form.
    """

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
    contract = models.ForeignKey(
        Contract,
        verbose_name=_("договор"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
    )
    parts = models.ManyToManyField(
        OrderPart, verbose_name=_("части заказов"), related_name="documents", blank=True
    )
    revision = models.PositiveSmallIntegerField(_("исправление №"), default=0, db_default=0)
    replaces = models.ForeignKey(
        "self",
        verbose_name=_("взамен"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
    )
    currency = models.CharField(_("валюта"), max_length=3, default="RUB", db_default="RUB")
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
            models.UniqueConstraint(fields=["sequence", "number", "revision"], name="document_number_unique"),
            models.UniqueConstraint(
                fields=["kind", "reference"],
                condition=Q(state__in=["issued", "sent", "delivered", "signed"]),
                name="document_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(revision=0) | Q(revision__lte=999, replaces__isnull=False),
                name="document_revision_of_one",
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="document_number_positive"),
            models.CheckConstraint(
                condition=Q(total__gte=0) | Q(kind__in=["act", "correction"]),
                name="document_total_not_negative",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="document_frozen", exclude=["state"]),
            pgtrigger.Protect(name="document_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} № {self.number_print} от {format_date(self.date)}"


class DocumentFile(models.Model):
    """A file beside the printed page: XML, the operator's protocol, a scan of the signed paper."""

    document = models.ForeignKey(
        Document, verbose_name=_("документ"), on_delete=models.PROTECT, related_name="files"
    )
    role = models.CharField(_("что это"), max_length=11, choices=FileRole)
    name = models.CharField(_("имя файла"), max_length=255)
    file = models.ForeignKey(StoredFile, verbose_name=_("файл"), on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField(_("добавлен"))

    class Meta:
        verbose_name = _("файл документа")
        verbose_name_plural = _("файлы документов")
        constraints = [
            models.UniqueConstraint(fields=["document", "role", "file"], name="document_file_once"),
            models.UniqueConstraint(
                fields=["document", "role"],
                condition=Q(role__in=["xml", "xlsx"]),
                name="document_file_one_of_role",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="document_file_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.name
