"""Visits: a manager works in a client's cabinet in somebody's name; what he did there is kept."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models.clients import Holding, LegalEntity

if TYPE_CHECKING:
    from counterparties.actor import Actor

VISIT_LIMIT = timedelta(minutes=60)
VISIT_IDLE_LIMIT = timedelta(minutes=15)


class VisitCart(models.TextChoices):
    """In which cart the manager gathers goods."""

    OWN = "own", _("Корзина клиента")
    DRAFT = "draft", _("Черновик менеджера")


class VisitEnd(models.TextChoices):
    """Why a visit is over."""

    LEFT = "left", _("Менеджер вышел")
    TIME = "time", _("Прошло 60 минут")
    IDLE = "idle", _("15 минут без действий")
    EMPLOYEE = "employee", _("Менеджеру закрыли доступ")
    UNASSIGNED = "unassigned", _("Клиента передали другому менеджеру")
    SIGN_IN = "sign_in", _("Менеджер сменил пароль или завершил свой сеанс")
    PERSON = "person", _("Доступ сотрудника клиента закрыт или его пароль изменён")
    CONSENT = "consent", _("Клиент запретил вход в кабинет")


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Visits in a person's own name; those who manage all people of a holding see all of its visits.

        A manager sees his own visits, an administrator all.
        """
        if actor.is_administrator:
            return self
        if not actor.is_client:
            return self.filter(employee_id=actor.user_id)
        mine = actor.holding_id or 0
        here = Q(holding_id=mine) | Q(holding__merged_into_id=mine)
        own = here & Q(person_id=actor.user_id)
        grant = actor.grants.get(Permission.PEOPLE_MANAGE)
        if grant is None:
            return self.filter(own)
        others = LegalEntity.objects.in_use().filter(holding_id=mine).exclude(pk__in=grant.legal_entity_ids)
        return self.filter(own | (here & Q(~Exists(others))))

    def open_at(self, at: datetime) -> Self:
        """Visits that are neither over nor past a limit at the moment."""
        return self.filter(
            ended_at__isnull=True, started_at__gt=at - VISIT_LIMIT, seen_at__gt=at - VISIT_IDLE_LIMIT
        )


class Visit(models.Model):
    """One stay of an employee in a client's cabinet. Who, whose, when and why never change."""

    employee = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("менеджер"), on_delete=models.PROTECT, related_name="visits"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("от имени"), on_delete=models.PROTECT, related_name="+"
    )
    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.PROTECT, related_name="visits"
    )
    reason = models.CharField(_("зачем"), max_length=300, blank=True)
    cart = models.CharField(_("корзина"), max_length=5, choices=VisitCart, default=VisitCart.OWN)
    started_at = models.DateTimeField(_("начат"))
    seen_at = models.DateTimeField(_("последнее действие"))
    ended_at = models.DateTimeField(_("окончен"), null=True, blank=True)
    end = models.CharField(_("почему окончен"), max_length=10, choices=VisitEnd, blank=True)
    message = models.TextField(_("сообщение клиенту"), max_length=2000, blank=True)
    message_at = models.DateTimeField(_("сообщение отправлено"), null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("вход в кабинет клиента")
        verbose_name_plural = _("входы в кабинеты клиентов")
        indexes = [
            models.Index(fields=["holding", "-started_at"], name="visit_holding_newest"),
            models.Index(fields=["seen_at"], condition=Q(ended_at__isnull=True), name="visit_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="visit_end_has_cause",
            ),
            models.CheckConstraint(
                condition=Q(message="") | Q(message_at__isnull=False), name="visit_message_has_moment"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="visit_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="visit_frozen", fields=["employee", "person", "holding", "reason", "cart", "started_at"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee} → {self.person}"

    @property
    def deadline(self) -> datetime:
        """When the visit ends at the latest."""
        return self.started_at + VISIT_LIMIT


class VisitAction(models.Model):
    """One changing request during a visit, done or refused. Rows are never changed."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="actions")
    employee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("когда"))
    what = models.CharField(_("что сделано"), max_length=120)
    label = models.CharField(_("с чем"), max_length=300, blank=True)
    method = models.CharField(_("метод"), max_length=10)
    url_name = models.CharField(_("адрес"), max_length=100)
    path = models.CharField(_("путь"), max_length=300)
    status = models.PositiveSmallIntegerField(_("ответ"))
    request_id = models.CharField(_("номер запроса"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("действие в кабинете клиента")
        verbose_name_plural = _("действия в кабинетах клиентов")
        indexes = [models.Index(fields=["visit", "at"], name="visit_action_order")]
        triggers = [
            pgtrigger.Protect(name="visit_action_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.label}".strip()

    @property
    def is_done(self) -> bool:
        return self.status < 400


class EntryRefusal(models.TextChoices):
    """Why somebody may not enter a cabinet."""

    NESTED = "nested", _("Вход из чужого кабинета")
    NOT_EMPLOYEE = "not_employee", _("Входит не сотрудник поставщика")
    STAFF_TARGET = "staff_target", _("Кабинет сотрудника поставщика или администратора")
    PERSON_CLOSED = "person_closed", _("Доступ сотрудника клиента закрыт")
    NOT_SERVED = "not_served", _("Клиент не закреплён за менеджером")
    FORBIDDEN = "forbidden", _("Клиент запретил вход в кабинет")


class VisitRefusal(models.Model):
    """Somebody tried to enter a cabinet that is closed to him. Rows are never changed."""

    employee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("когда"))
    reason = models.CharField(_("причина"), max_length=13, choices=EntryRefusal)
    request_id = models.CharField(_("номер запроса"), max_length=64, blank=True)
    ip = models.GenericIPAddressField(_("адрес в сети"), null=True, blank=True)

    class Meta:
        verbose_name = _("отказ во входе в кабинет")
        verbose_name_plural = _("отказы во входе в кабинеты")
        triggers = [
            pgtrigger.Protect(name="visit_refusal_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.employee} → {self.person}: {self.get_reason_display()}"
