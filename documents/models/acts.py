"""Акты сверки: what is asked for, what our books say line by line, and what the client answers."""

import uuid
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models import Contract, LegalEntity, Organization
from counterparties.reach import NOTHING, reach
from documents.models.issued import Document
from documents.models.received import ReceivedDocument
from documents.states import ActSource, ActState, Verdict
from finance.models import LedgerEntry
from portal.audit.tracking import tracked
from portal.files.models import StoredFile
from portal.lib.dates import format_date

if TYPE_CHECKING:
    from counterparties.actor import Actor


class ActPeriod(models.TextChoices):
    """How often an act is made."""

    MONTH = "month", _("Каждый месяц")
    QUARTER = "quarter", _("Каждый квартал")
    YEAR = "year", _("Каждый год")


class ActQuerySet(models.QuerySet["Act"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Acts of the legal entities whose money the actor may see; they belong to no single person."""
        if actor.is_own_only(Permission.FINANCE_VIEW):
            return self.filter(NOTHING)
        return self.filter(reach(actor, Permission.FINANCE_VIEW))


class ActSchedule(models.Model):
    """Acts of a firm made by the clock: for the period before, on the n-th day after its end."""

    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.CASCADE, related_name="act_schedules"
    )
    organization = models.ForeignKey(
        Organization, verbose_name=_("организация"), on_delete=models.CASCADE, related_name="+"
    )
    contract = models.ForeignKey(
        Contract,
        verbose_name=_("договор"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Пусто: по всем договорам."),
    )
    period = models.CharField(_("как часто"), max_length=7, choices=ActPeriod, default=ActPeriod.QUARTER)
    day = models.PositiveSmallIntegerField(_("на какой день после периода"), default=5)
    is_active = models.BooleanField(_("включено"), default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("расписание актов")
        verbose_name_plural = _("расписания актов")
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity", "organization", "contract"],
                nulls_distinct=False,
                name="act_schedule_unique",
            ),
            models.CheckConstraint(condition=Q(day__gte=1, day__lte=28), name="act_schedule_day"),
        ]

    def __str__(self) -> str:
        return f"{self.legal_entity}: {self.get_period_display()}"


@tracked("state", "is_stale")
class Act(models.Model):
    """An акт сверки of one pair of firms for a period, asked for by a person or by the clock.

    Debit is what the client owes more (account 62). Balances and lines are written once when it is made;
    what comes into the period later makes it stale and rewrites nothing. `key` is the same for the same
    wish while it is being made, so that two clicks or two beats make one act.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(
        Organization, verbose_name=_("организация"), on_delete=models.PROTECT, related_name="acts"
    )
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.PROTECT, related_name="acts"
    )
    contract = models.ForeignKey(
        Contract,
        verbose_name=_("договор"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="acts",
        help_text=_("Пусто: по всем договорам."),
    )
    currency = models.CharField(_("валюта"), max_length=3, default="RUB")
    period_from = models.DateField(_("с"))
    period_to = models.DateField(_("по"))
    state = models.CharField(_("состояние"), max_length=9, choices=ActState, default=ActState.REQUESTED)
    source = models.CharField(_("чьи данные"), max_length=6, choices=ActSource, default=ActSource.PORTAL)
    fault = models.CharField(_("почему не получился"), max_length=300, blank=True)
    is_stale = models.BooleanField(_("данные периода изменились"), default=False)
    seen_entry = models.BigIntegerField(_("последняя учтенная запись"), default=0)
    opening = models.DecimalField(_("сальдо начальное"), max_digits=18, decimal_places=2, default=0)
    debit = models.DecimalField(_("оборот по дебету"), max_digits=18, decimal_places=2, default=0)
    credit = models.DecimalField(_("оборот по кредиту"), max_digits=18, decimal_places=2, default=0)
    closing = models.DecimalField(_("сальдо конечное"), max_digits=18, decimal_places=2, default=0)
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="act"
    )
    received = models.OneToOneField(
        ReceivedDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="act"
    )
    schedule = models.ForeignKey(
        ActSchedule, on_delete=models.SET_NULL, null=True, blank=True, related_name="acts"
    )
    key = models.CharField(max_length=100, unique=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    impersonator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("запрошен"))
    made_at = models.DateTimeField(_("сформирован"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("ответ"), null=True, blank=True)
    comment = models.CharField(_("ответ клиента"), max_length=1000, blank=True)
    signed_scan = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("акт сверки")
        verbose_name_plural = _("акты сверки")
        indexes = [
            models.Index(fields=["legal_entity", "-period_to"], name="act_entity_newest"),
            models.Index(
                fields=["organization", "legal_entity", "period_to"],
                condition=Q(is_stale=False),
                name="act_to_turn_stale",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(period_to__gte=F("period_from")), name="act_period_in_order"),
            models.CheckConstraint(
                condition=Q(closing=F("opening") + F("debit") - F("credit")), name="act_closes"
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(fault=""), name="act_failed_has_reason"),
        ]

    def __str__(self) -> str:
        return f"Акт сверки за {format_date(self.period_from)}–{format_date(self.period_to)}"


class ActLine(models.Model):
    """An operation of our books as the act prints it; never changed."""

    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("№"))
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+")
    date = models.DateField(_("дата"))
    title = models.CharField(_("документ"), max_length=200)
    number = models.CharField(_("номер"), max_length=50, blank=True)
    debit = models.DecimalField(_("дебет"), max_digits=18, decimal_places=2, default=0)
    credit = models.DecimalField(_("кредит"), max_digits=18, decimal_places=2, default=0)
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("строка акта")
        verbose_name_plural = _("строки акта")
        constraints = [models.UniqueConstraint(fields=["act", "position"], name="act_line_position")]
        triggers = [pgtrigger.Protect(name="act_line_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.title


class ClientAct(models.Model):
    """The client's own act of the same period, as a file; the newest one counts."""

    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="client_acts")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("имя файла"), max_length=255)
    opening = models.DecimalField(
        _("сальдо начальное"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    closing = models.DecimalField(
        _("сальдо конечное"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    impersonator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("загружен"))

    class Meta:
        verbose_name = _("акт клиента")
        verbose_name_plural = _("акты клиентов")

    def __str__(self) -> str:
        return self.name


class ClientActLine(models.Model):
    """An operation of the client's books in our words: debit is what he owes us more."""

    client_act = models.ForeignKey(ClientAct, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("№"))
    date = models.DateField(_("дата"), null=True, blank=True)
    title = models.CharField(_("документ"), max_length=300)
    number = models.CharField(_("номер"), max_length=50, blank=True)
    debit = models.DecimalField(_("дебет"), max_digits=18, decimal_places=2, default=0)
    credit = models.DecimalField(_("кредит"), max_digits=18, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("строка акта клиента")
        verbose_name_plural = _("строки акта клиента")
        constraints = [
            models.UniqueConstraint(fields=["client_act", "position"], name="client_act_line_position")
        ]

    def __str__(self) -> str:
        return self.title


class ActDifference(models.Model):
    """A line that the sides see differently, or that one of them doubts, and what they say of it.

    `ours` or `theirs` or both are named; a line without a difference has no row. It is settled when each
    side has agreed.
    """

    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="differences")
    ours = models.ForeignKey(
        ActLine, on_delete=models.CASCADE, null=True, blank=True, related_name="differences"
    )
    theirs = models.ForeignKey(
        ClientActLine, on_delete=models.CASCADE, null=True, blank=True, related_name="differences"
    )
    verdict = models.CharField(_("что не так"), max_length=7, choices=Verdict)
    cause = models.CharField(_("вероятная причина"), max_length=300, blank=True)
    amount = models.DecimalField(_("расхождение"), max_digits=18, decimal_places=2, default=0)
    is_agreed_by_client = models.BooleanField(_("клиент согласен"), default=False)
    is_agreed_by_us = models.BooleanField(_("мы согласны"), default=False)

    class Meta:
        verbose_name = _("расхождение")
        verbose_name_plural = _("расхождения")
        constraints = [
            models.CheckConstraint(
                condition=Q(ours__isnull=False) | Q(theirs__isnull=False), name="act_difference_has_line"
            ),
            models.UniqueConstraint(
                fields=["act", "ours"], condition=Q(ours__isnull=False), name="act_difference_one_of_ours"
            ),
            models.UniqueConstraint(
                fields=["act", "theirs"],
                condition=Q(theirs__isnull=False),
                name="act_difference_one_of_theirs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.amount}"


class ActRemark(models.Model):
    """What a person wrote to a difference."""

    difference = models.ForeignKey(ActDifference, on_delete=models.CASCADE, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    impersonator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_ours = models.BooleanField(_("от поставщика"))
    text = models.CharField(_("текст"), max_length=1000)
    at = models.DateTimeField(_("когда"))

    class Meta:
        verbose_name = _("замечание")
        verbose_name_plural = _("замечания")
        triggers = [pgtrigger.Protect(name="act_remark_kept", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.text
