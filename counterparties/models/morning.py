"""What a manager keeps for himself: cards put off, notes on clients, plans of sales."""

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counterparties.models.clients import Holding
from counterparties.morning import MorningKind
from portal.audit.tracking import tracked

if TYPE_CHECKING:
    from counterparties.actor import Actor


class MorningPause(models.Model):
    """A card that an employee does not want to see before a date; others see it still."""

    employee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    holding = models.ForeignKey(
        Holding,
        verbose_name=_("клиент"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Пусто: ещё не клиент."),
    )
    kind = models.CharField(_("о чём"), max_length=12, choices=MorningKind)
    reference = models.CharField(_("карточка"), max_length=60)
    until = models.DateField(_("отложено до"))

    class Meta:
        verbose_name = _("отложенная карточка")
        verbose_name_plural = _("отложенные карточки")
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "holding", "kind", "reference"],
                nulls_distinct=False,
                name="morning_pause_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=MorningKind.values), name="morning_pause_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.until:%d.%m.%Y}"


class ClientNoteQuerySet(models.QuerySet["ClientNote"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Employees see notes on the clients they serve; a client never sees any."""
        if actor.is_administrator:
            return self
        if actor.is_client or not actor.is_employee:
            return self.none()
        served = actor.served_holding_ids
        return self.filter(Q(holding_id__in=served) | Q(holding__merged_into_id__in=served))


class ClientNote(models.Model):
    """What an employee wrote down about a client for himself and his colleagues. Never changed."""

    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.PROTECT, related_name="notes"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("кто"), on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("заметка"), max_length=2000)
    at = models.DateTimeField(_("когда"))
    key = models.UUIDField(unique=True, editable=False)

    objects = ClientNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("заметка о клиенте")
        verbose_name_plural = _("заметки о клиентах")
        indexes = [models.Index(fields=["holding", "-at"], name="client_note_newest")]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="client_note_has_text")]
        triggers = [pgtrigger.Protect(name="client_note_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.text[:80]


@tracked()
class SalesPlan(models.Model):
    """For how much an employee's clients are to order in a month; RUB with VAT."""

    employee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("менеджер"),
        on_delete=models.CASCADE,
        related_name="sales_plans",
        limit_choices_to={"is_staff": True},
    )
    month = models.DateField(_("месяц"), help_text=_("Первое число месяца."))
    amount = models.DecimalField(_("план, ₽ с НДС"), max_digits=18, decimal_places=2)

    class Meta:
        verbose_name = _("план продаж")
        verbose_name_plural = _("планы продаж")
        constraints = [
            models.UniqueConstraint(fields=["employee", "month"], name="sales_plan_one_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="sales_plan_month_begins"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="sales_plan_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.employee}: {self.month:%m.%Y}"
