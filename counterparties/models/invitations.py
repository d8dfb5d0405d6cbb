"""Invitations: a person is called into a holding by e-mail."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Stage
from counterparties.models.clients import Holding, LegalEntity
from counterparties.models.people import Role
from portal.audit.tracking import tracked

if TYPE_CHECKING:
    from counterparties.actor import Actor


class InvitationState(models.TextChoices):
    """Life of an invitation; one that waits may have run out by its own moment."""

    PENDING = "pending", _("Ждет ответа")
    ACCEPTED = "accepted", _("Принято")
    REVOKED = "revoked", _("Отозвано")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Invitations into the client in whose name the actor works."""
        return self.filter(holding_id=actor.holding_id or 0)


@tracked(exclude=("token_hash",))
class Invitation(models.Model):
    """Who is called, by whom, and with which rights. Of the link only a hash is kept.

    `serial` grows with every new letter, so that older links are dead.
    """

    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(_("эл. почта"))
    role = models.ForeignKey(
        Role,
        verbose_name=_("роль"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="invitations",
        help_text=_("Пусто: собственная роль клиента, которой больше нет."),
    )
    is_whole_holding = models.BooleanField(_("все юрлица"), default=False)
    legal_entities = models.ManyToManyField(
        LegalEntity, verbose_name=_("юрлица"), related_name="+", blank=True
    )
    valid_until = models.DateField(_("доступ по дату включительно"), null=True, blank=True)
    stage = models.PositiveSmallIntegerField(_("ступень"), choices=Stage, default=Stage.ORDERS)
    stage_until = models.DateField(_("ступень по дату включительно"), null=True, blank=True)
    state = models.CharField(
        _("состояние"), max_length=10, choices=InvitationState, default=InvitationState.PENDING
    )
    token_hash = models.CharField(max_length=64, editable=False)
    serial = models.PositiveIntegerField(_("номер письма"), default=1)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("пригласил"), on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField(_("приглашен"))
    expires_at = models.DateTimeField(_("ссылка действует до"))
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("принял"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    ended_at = models.DateTimeField(_("принято или отозвано"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("приглашение")
        verbose_name_plural = _("приглашения")
        constraints = [
            models.UniqueConstraint(
                fields=["holding", "email"], condition=Q(state="pending"), name="invitation_one_pending"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower"),
            models.CheckConstraint(
                condition=Q(state="pending", ended_at__isnull=True)
                | (~Q(state="pending") & Q(ended_at__isnull=False)),
                name="invitation_ended_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(state="pending") | Q(role__isnull=False), name="invitation_pending_has_role"
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_by__isnull=False)
                | (~Q(state="accepted") & Q(accepted_by__isnull=True)),
                name="invitation_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.holding}"
