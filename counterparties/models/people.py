"""People of clients: roles, memberships, stages of rights."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission, Scope, Stage
from counterparties.models.clients import Holding, LegalEntity
from portal.audit.tracking import tracked

if TYPE_CHECKING:
    from counterparties.actor import Actor


class RoleQuerySet(models.QuerySet["Role"]):
    def usable_in(self, holding_id: int | None) -> Self:
        """Ready roles and the holding's own."""
        return self.filter(Q(holding__isnull=True) | Q(holding_id=holding_id))

    def visible_to(self, actor: "Actor") -> Self:
        return self.usable_in(actor.holding_id)


@tracked()
class Role(models.Model):
    """What a person does in a holding. Without a holding it is a ready one, for all clients."""

    holding = models.ForeignKey(
        Holding,
        verbose_name=_("клиент"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="roles",
        help_text=_("Пусто: готовая роль для всех клиентов."),
    )
    code = models.SlugField(_("код"), max_length=12, blank=True)
    name = models.CharField(_("название"), max_length=60)
    first_stage = models.PositiveSmallIntegerField(
        _("ступень при приглашении"), choices=Stage, default=Stage.ORDERS
    )

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("роль")
        verbose_name_plural = _("роли")
        constraints = [
            models.UniqueConstraint(
                fields=["holding", "name"], nulls_distinct=False, name="role_name_unique"
            ),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="role_code_unique"),
            models.CheckConstraint(
                condition=Q(holding__isnull=True) | Q(code=""), name="role_own_has_no_code"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RolePermission(models.Model):
    """One cell of the matrix: a permission of a role and how far it reaches."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="permissions")
    permission = models.CharField(_("право"), max_length=20, choices=Permission)
    scope = models.CharField(_("охват"), max_length=10, choices=Scope)

    class Meta:
        verbose_name = _("право роли")
        verbose_name_plural = _("права роли")
        constraints = [models.UniqueConstraint(fields=["role", "permission"], name="role_permission_unique")]

    def __str__(self) -> str:
        return f"{self.role}: {self.permission} {self.scope}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, actor: "Actor") -> Self:
        """People of the client in whose name the actor works: himself and his colleagues."""
        return self.filter(holding_id=actor.holding_id or 0)  # no holding has the number 0


@tracked()
class Membership(models.Model):
    """A person in a holding: role, and until when. Which legal entities: guardian's rows, or all."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("человек"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.ForeignKey(
        Role, verbose_name=_("роль"), on_delete=models.PROTECT, related_name="memberships"
    )
    is_whole_holding = models.BooleanField(
        _("все юрлица"), default=False, help_text=_("Иначе только назначенные юридические лица.")
    )
    valid_until = models.DateField(_("по дату включительно"), null=True, blank=True)
    is_active = models.BooleanField(_("действует"), default=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("сотрудник клиента")
        verbose_name_plural = _("сотрудники клиентов")
        constraints = [models.UniqueConstraint(fields=["user", "holding"], name="membership_unique")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role}, {self.holding})"


class GrantState(models.TextChoices):
    """Life of a stage of rights."""

    REQUESTED = "requested", _("Запрошен")
    GRANTED = "granted", _("Действует")
    DECLINED = "declined", _("Отклонен")
    REVOKED = "revoked", _("Отозван")
    EXPIRED = "expired", _("Истек")


class StageGrantQuerySet(models.QuerySet["StageGrant"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Stages of the actor and of his colleagues."""
        return self.filter(membership__holding_id=actor.holding_id or 0)


@tracked()
class StageGrant(models.Model):
    """A stage of rights of a person: asked for, given by the head for legal entities and until a date.

    Rows are never deleted: together they are the log of who was trusted with what.
    """

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="stages")
    stage = models.PositiveSmallIntegerField(_("ступень"), choices=Stage)
    state = models.CharField(_("состояние"), max_length=10, choices=GrantState)
    is_whole_holding = models.BooleanField(_("все юрлица"), default=False)
    legal_entities = models.ManyToManyField(
        LegalEntity, verbose_name=_("юрлица"), related_name="+", blank=True
    )
    valid_until = models.DateField(_("по дату включительно"), null=True, blank=True)
    reason = models.CharField(_("зачем"), max_length=300, blank=True)
    answer = models.CharField(_("ответ"), max_length=300, blank=True)
    requested_at = models.DateTimeField(_("запрошен"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("решение принято"), null=True, blank=True)
    ended_at = models.DateTimeField(_("прекращен"), null=True, blank=True)

    objects = StageGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("ступень прав")
        verbose_name_plural = _("ступени прав")
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "stage"],
                condition=Q(state="requested"),
                name="stage_grant_one_request",
            ),
            models.CheckConstraint(
                condition=Q(stage__gte=Stage.DOCUMENTS, stage__lte=Stage.AUTHORITY),
                name="stage_grant_above_first",
            ),
            models.CheckConstraint(
                condition=Q(state="requested") | Q(decided_at__isnull=False), name="stage_grant_decided"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.get_stage_display()}"
