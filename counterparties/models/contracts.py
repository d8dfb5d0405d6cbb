"""Contracts between the seller and legal entities."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from counterparties.models.clients import LegalEntity
from counterparties.models.organizations import Organization
from portal.audit.tracking import tracked

if TYPE_CHECKING:
    from counterparties.actor import Actor

Day = date  # a field below has this name


class ContractState(models.TextChoices):
    """Whether orders may be placed under the contract."""

    ACTIVE = "active", _("Действует")
    CLOSED = "closed", _("Закрыт")


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(legal_entity__in=LegalEntity.objects.visible_to(actor))

    def open_on(self, day: date) -> Self:
        """Contracts under which orders may be placed on a Moscow date; the last day counts."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
            state=ContractState.ACTIVE,
            date__lte=day,
        )


@tracked()
class Contract(models.Model):
    """Договор between the seller's organization and a client's legal entity."""

    organization = models.ForeignKey(
        Organization, verbose_name=_("организация"), on_delete=models.PROTECT, related_name="contracts"
    )
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.PROTECT, related_name="contracts"
    )
    number = models.CharField(_("номер"), max_length=50)
    date = models.DateField(_("дата"))
    valid_until = models.DateField(_("действует до"), null=True, blank=True)
    currency = models.CharField(_("валюта"), max_length=3, default="RUB")
    state = models.CharField(
        _("состояние"), max_length=10, choices=ContractState, default=ContractState.ACTIVE
    )
    deferral_days = models.PositiveSmallIntegerField(_("отсрочка, дней"), default=0)
    is_default = models.BooleanField(_("основной"), default=False)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("договор")
        verbose_name_plural = _("договоры")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "legal_entity", "number", "date"], name="contract_number_unique"
            ),
            models.UniqueConstraint(
                fields=["legal_entity"], condition=Q(is_default=True), name="contract_one_default"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("date")),
                name="contract_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number} от {self.date:%d.%m.%Y}"

    def is_open_on(self, day: Day) -> bool:
        """Whether orders may be placed under it on a Moscow date; the same as `open_on` for one at hand."""
        has_begun = self.date <= day and self.state == ContractState.ACTIVE
        return has_begun and (self.valid_until is None or day <= self.valid_until)
