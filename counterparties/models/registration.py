"""Companies that ask to become clients, and people who ask to join one that already is."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from catalog.models import City
from counterparties.models.clients import Holding, LegalEntity, LegalEntityKind
from counterparties.models.people import Role
from portal.audit.tracking import tracked

if TYPE_CHECKING:
    from counterparties.actor import Actor


class RegistrationState(models.TextChoices):
    """Where an application stands."""

    DRAFT = "draft", _("Почта не подтверждена")
    CONFIRMED = "confirmed", _("Почта подтверждена")
    REVIEW = "review", _("На рассмотрении")
    APPROVED = "approved", _("Одобрена")
    REJECTED = "rejected", _("Отклонена")
    BLOCKED = "blocked", _("Заблокирована")


REGISTRATION_STEPS: dict[str, frozenset[RegistrationState]] = {
    RegistrationState.DRAFT: frozenset({RegistrationState.CONFIRMED}),
    RegistrationState.CONFIRMED: frozenset({RegistrationState.REVIEW}),
    RegistrationState.REVIEW: frozenset(
        {RegistrationState.APPROVED, RegistrationState.REJECTED, RegistrationState.BLOCKED}
    ),
    RegistrationState.APPROVED: frozenset(),
    RegistrationState.REJECTED: frozenset({RegistrationState.BLOCKED}),
    RegistrationState.BLOCKED: frozenset(),
}


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Employees see new companies; those that ask to join a client, only who serves that client."""
        if not actor.can(Permission.CLIENT_SERVE):
            return self.none()
        confirmed = self.exclude(state__in=[RegistrationState.DRAFT, RegistrationState.CONFIRMED])
        if actor.is_administrator:
            return confirmed
        asked = AccessRequest.objects.all()
        mine = asked.filter(holding_id__in=actor.served_holding_ids)
        return confirmed.filter(
            ~Q(pk__in=asked.values("registration_id")) | Q(pk__in=mine.values("registration_id"))
        )


@tracked()
class Registration(models.Model):
    """An application of a wholesale client. Rows are kept: they say who was let in, by whom and why."""

    state = models.CharField(
        _("состояние"), max_length=10, choices=RegistrationState, default=RegistrationState.DRAFT
    )
    kind = models.CharField(_("форма"), max_length=5, choices=LegalEntityKind)
    name = models.CharField(_("наименование"), max_length=160)
    full_name = models.CharField(_("полное наименование"), max_length=500, blank=True)
    inn = models.CharField(_("ИНН"), max_length=12)
    kpp = models.CharField(_("КПП"), max_length=9, blank=True)
    ogrn = models.CharField(_("ОГРН / ОГРНИП"), max_length=15, blank=True)
    legal_address = models.CharField(_("юридический адрес"), max_length=500)
    head_position = models.CharField(_("должность руководителя"), max_length=100, blank=True)
    head_name = models.CharField(_("руководитель"), max_length=100, blank=True)
    lookup_note = models.CharField(_("по данным справочника"), max_length=300, blank=True)
    contact_name = models.CharField(_("контактное лицо"), max_length=150)
    contact_position = models.CharField(_("должность"), max_length=100, blank=True)
    phone = models.CharField(_("телефон"), max_length=40)
    email = models.EmailField(_("эл. почта"))
    city = models.ForeignKey(City, verbose_name=_("город"), on_delete=models.PROTECT, related_name="+")
    ip = models.GenericIPAddressField(_("адрес в сети"), null=True, blank=True)
    created_at = models.DateTimeField(_("создана"))
    confirmed_at = models.DateTimeField(_("почта подтверждена"), null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("человек"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
    )
    holding = models.ForeignKey(
        Holding,
        verbose_name=_("стал клиентом"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("решение принято"), null=True, blank=True)
    reason = models.CharField(_("причина"), max_length=500, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("заявка на регистрацию")
        verbose_name_plural = _("заявки на регистрацию")
        indexes = [
            models.Index(fields=["state", "created_at"], name="registration_queue"),
            models.Index(fields=["inn"], name="registration_inn"),
            models.Index(fields=["email"], name="registration_email"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["inn", "email"], condition=Q(state="review"), name="registration_one_review"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(user__isnull=False, confirmed_at__isnull=False),
                name="registration_confirmed_has_user",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(holding__isnull=False), name="registration_approved_client"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["rejected", "blocked"]) | ~Q(reason=""),
                name="registration_refusal_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, ИНН {self.inn}"


class AccessRequestState(models.TextChoices):
    """What became of a request to join a client."""

    WAITING = "waiting", _("Ждет решения")
    GRANTED = "granted", _("Доступ открыт")
    DECLINED = "declined", _("Отказано")


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    def visible_to(self, actor: "Actor") -> Self:
        """The client's head sees requests to his company, a manager those to his clients."""
        if actor.is_client:
            return (
                self.filter(holding_id=actor.holding_id)
                if actor.can(Permission.PEOPLE_MANAGE)
                else self.none()
            )
        if not actor.can(Permission.CLIENT_SERVE):
            return self.none()
        return self if actor.is_administrator else self.filter(holding_id__in=actor.served_holding_ids)


@tracked()
class AccessRequest(models.Model):
    """A person with the ИНН of a client asks to be let into its cabinet."""

    registration = models.ForeignKey(
        Registration, verbose_name=_("заявка"), on_delete=models.PROTECT, related_name="access_requests"
    )
    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.PROTECT, related_name="access_requests"
    )
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        _("состояние"), max_length=10, choices=AccessRequestState, default=AccessRequestState.WAITING
    )
    role = models.ForeignKey(
        Role, verbose_name=_("роль"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("создан"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("решение принято"), null=True, blank=True)
    reason = models.CharField(_("причина"), max_length=500, blank=True)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("запрос доступа")
        verbose_name_plural = _("запросы доступа")
        constraints = [
            models.UniqueConstraint(fields=["registration", "holding"], name="access_request_unique"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_at__isnull=False), name="access_request_decided"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="access_request_refusal_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} → {self.holding}"
