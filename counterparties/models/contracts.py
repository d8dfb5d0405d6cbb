"""Contracts between the seller and legal entities."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from counterparties.models.clients import LegalEntity
from counterparties.models.organizations import ExpiredContract, Organization
from portal.audit.tracking import tracked

if TYPE_CHECKING:
    from counterparties.actor import Actor

Day = date  # a field below has this name


class ContractState(models.TextChoices):
    """Whether orders may be placed under the contract."""

    DRAFT = "draft", _("Готовится")
    ACTIVE = "active", _("Действует")
    CLOSED = "closed", _("Закрыт")
    SUPERSEDED = "superseded", _("Заменен новым")


class ContractKind(models.TextChoices):
    """What was agreed."""

    SUPPLY = "supply", _("Договор поставки")
    DEALER = "dealer", _("Дилерский договор")
    ADDENDUM = "addendum", _("Дополнительное соглашение")
    SPECIFICATION = "specification", _("Спецификация")
    PROTOCOL = "protocol", _("Протокол разногласий")
    EDO = "edo", _("Соглашение об ЭДО")
    NDA = "nda", _("Соглашение о неразглашении")


ORDER_KINDS = (ContractKind.SUPPLY, ContractKind.DEALER)
"""Kinds under which orders are placed; the others stand beside them."""


class SigningWay(models.TextChoices):
    """How a contract is signed."""

    PAPER = "paper", _("На бумаге, скан в портале")
    EDO = "edo", _("Через оператора ЭДО")


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(legal_entity__in=LegalEntity.objects.visible_to(actor))

    def open_on(self, day: date) -> Self:
        """Contracts under which orders may be placed on a Moscow date; the last day counts.

        An ended one is among them where its organization does not block orders then.
        """
        return self.filter(
            Q(valid_until__isnull=True)
            | Q(valid_until__gte=day)
            | ~Q(organization__expired_contract=ExpiredContract.BLOCK),
            state=ContractState.ACTIVE,
            kind__in=ORDER_KINDS,
            date__lte=day,
        )

    def with_deferral_on(self, day: date) -> Self:
        """Annotate `deferral_on_day`: the deferral of the terms that hold on a Moscow date."""
        rows = ContractTerms.objects.filter(
            contract=OuterRef("pk"), valid_from__lte=day, deferral_days__isnull=False
        )
        newest = rows.order_by("-valid_from").values("deferral_days")[:1]
        return self.annotate(deferral_on_day=Coalesce(Subquery(newest), F("deferral_days")))


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
    kind = models.CharField(
        _("вид"), max_length=13, choices=ContractKind, default=ContractKind.SUPPLY, db_default="supply"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("к договору"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="addenda",
    )
    subject = models.CharField(_("предмет"), max_length=300, blank=True, db_default="")
    signing = models.CharField(
        _("как подписывается"), max_length=5, choices=SigningWay, default=SigningWay.PAPER, db_default="paper"
    )
    prolongs_months = models.PositiveSmallIntegerField(
        _("продлевается сам на месяцев"), null=True, blank=True, help_text=_("Пусто: не продлевается.")
    )
    prolongs_most = models.PositiveSmallIntegerField(
        _("не больше раз"), null=True, blank=True, help_text=_("Пусто: без ограничения.")
    )
    prolongs_notice_days = models.PositiveSmallIntegerField(
        _("уведомить об отказе за дней"), default=30, db_default=30
    )
    prolonged_times = models.PositiveSmallIntegerField(_("продлен раз"), default=0, db_default=0)
    prolongation_refused_on = models.DateField(_("отказ от продления"), null=True, blank=True)

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
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="contract_not_own_parent"),
        ]

    def __str__(self) -> str:
        return f"№ {self.number} от {self.date:%d.%m.%Y}"

    def is_open_on(self, day: Day) -> bool:
        """Whether orders may be placed under it on a Moscow date; the same as `open_on` for one at hand."""
        if self.date > day or self.state != ContractState.ACTIVE or self.kind not in ORDER_KINDS:
            return False
        return not self.has_ended_on(day) or self.organization.expired_contract != ExpiredContract.BLOCK

    def has_ended_on(self, day: Day) -> bool:
        """Whether its last day has passed on a Moscow date."""
        return self.valid_until is not None and self.valid_until < day

    def takes_credit_on(self, day: Day) -> bool:
        """Whether goods may be sold on credit under it: an ended one only where that is but warned of."""
        if not self.is_open_on(day):
            return False
        return not self.has_ended_on(day) or self.organization.expired_contract == ExpiredContract.WARN


class ContractTerms(models.Model):
    """Payment terms of a contract from a date on, as an addendum changed them; None changes nothing."""

    contract = models.ForeignKey(
        Contract, verbose_name=_("договор"), on_delete=models.CASCADE, related_name="terms"
    )
    addendum = models.ForeignKey(
        Contract,
        verbose_name=_("по соглашению"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    valid_from = models.DateField(_("с"))
    deferral_days = models.PositiveSmallIntegerField(_("отсрочка, дней"), null=True, blank=True)
    prepayment_percent = models.DecimalField(
        _("предоплата, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    comment = models.CharField(_("комментарий"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("условия договора")
        verbose_name_plural = _("условия договора")
        constraints = [
            models.UniqueConstraint(fields=["contract", "valid_from"], name="contract_terms_one_a_day"),
            models.CheckConstraint(
                condition=Q(prepayment_percent__isnull=True)
                | Q(prepayment_percent__gte=0, prepayment_percent__lte=100),
                name="contract_terms_percent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} с {self.valid_from:%d.%m.%Y}"
