"""What clients ask to change in their requisites; a manager decides field by field."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models.clients import LegalEntity, LegalEntityBankAccount
from counterparties.reach import reach
from portal.audit.tracking import tracked

if TYPE_CHECKING:
    from counterparties.actor import Actor


class ChangeSubject(models.TextChoices):
    """What is to be changed."""

    REQUISITES = "requisites", _("Реквизиты")
    ACCOUNT_ADD = "account_add", _("Новый счет")
    ACCOUNT_EDIT = "account_edit", _("Изменение счета")
    ACCOUNT_REMOVE = "account_remove", _("Закрытие счета")


class ChangeState(models.TextChoices):
    """What became of a request."""

    WAITING = "waiting", _("Ждет менеджера")
    ACCEPTED = "accepted", _("Принят")
    PARTLY = "partly", _("Принят частично")
    REJECTED = "rejected", _("Отклонен")
    REPLACED = "replaced", _("Заменен новым")


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Those who may edit requisites see the requests of their firms; a manager, of his clients."""
        if actor.is_client:
            return self.filter(reach(actor, Permission.REQUISITES_EDIT))
        return self.filter(reach(actor, Permission.CLIENT_SERVE))


@tracked()
class ChangeRequest(models.Model):
    """Values that a client wants in a legal entity's requisites or in one of its bank accounts."""

    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.PROTECT, related_name="change_requests"
    )
    subject = models.CharField(_("что меняется"), max_length=15, choices=ChangeSubject)
    bank_account = models.ForeignKey(
        LegalEntityBankAccount,
        verbose_name=_("счет"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    state = models.CharField(_("состояние"), max_length=10, choices=ChangeState, default=ChangeState.WAITING)
    comment = models.CharField(_("пояснение"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("автор"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("создан"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("решение принято"), null=True, blank=True)
    reason = models.CharField(_("причина отказа"), max_length=500, blank=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("запрос на изменение реквизитов")
        verbose_name_plural = _("запросы на изменение реквизитов")
        indexes = [models.Index(fields=["state", "created_at"], name="change_request_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity"],
                condition=Q(state="waiting", subject="requisites"),
                name="change_request_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_at__isnull=False), name="change_request_decided"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["rejected", "partly"]) | ~Q(reason=""),
                name="change_request_refusal_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}: {self.legal_entity}"


class ChangeOutcome(models.TextChoices):
    """What became of one field."""

    WAITING = "waiting", _("Ждет решения")
    ACCEPTED = "accepted", _("Принято")
    REJECTED = "rejected", _("Отклонено")
    OUTDATED = "outdated", _("Значение уже изменила 1С")


class ChangeField(models.Model):
    """One field of a request: what stood there when the client wrote, and what he wants."""

    request = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="fields")
    name = models.CharField(_("поле"), max_length=40)
    old = models.CharField(_("было"), max_length=500, blank=True)
    new = models.CharField(_("станет"), max_length=500, blank=True)
    outcome = models.CharField(
        _("решение"), max_length=10, choices=ChangeOutcome, default=ChangeOutcome.WAITING
    )

    class Meta:
        verbose_name = _("поле запроса")
        verbose_name_plural = _("поля запроса")
        constraints = [models.UniqueConstraint(fields=["request", "name"], name="change_field_unique")]

    def __str__(self) -> str:
        return f"{self.name}: {self.old} → {self.new}"
