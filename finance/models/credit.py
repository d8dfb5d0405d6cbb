"""Credit lines, what is held by confirmed orders, and who let an order through in spite of them."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models import Contract, Holding, LegalEntity, Organization
from counterparties.reach import reach
from finance.states import CreditLineState, CreditMode
from portal.audit.tracking import tracked

if TYPE_CHECKING:
    from counterparties.actor import Actor


@tracked()
class CreditLine(models.Model):
    """How much a holding, a legal entity or a contract may owe. The amount is changed through LimitChange."""

    holding = models.ForeignKey(
        Holding,
        verbose_name=_("клиент"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="credit_lines",
    )
    legal_entity = models.ForeignKey(
        LegalEntity,
        verbose_name=_("юрлицо"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="credit_lines",
    )
    contract = models.ForeignKey(
        Contract,
        verbose_name=_("договор"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="credit_lines",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("организация"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Пусто: общая для всех организаций поставщика."),
    )
    amount = models.DecimalField(_("лимит"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("валюта"), max_length=3, default="RUB")
    valid_from = models.DateField(_("действует с"))
    valid_until = models.DateField(_("действует по"), null=True, blank=True)
    deferral_days = models.PositiveSmallIntegerField(
        _("отсрочка, дней"), null=True, blank=True, help_text=_("Пусто: как в договоре.")
    )
    grace_days = models.PositiveSmallIntegerField(
        _("терпим просрочку, дней"), default=0, help_text=_("Столько дней просрочка ничего не останавливает.")
    )
    overdue_tolerance = models.DecimalField(
        _("терпим просрочку на сумму"), max_digits=18, decimal_places=2, default=0
    )
    mode = models.CharField(
        _("если не проходит"), max_length=15, choices=CreditMode, default=CreditMode.BLOCK_NEW
    )
    state = models.CharField(
        _("состояние"), max_length=10, choices=CreditLineState, default=CreditLineState.ACTIVE
    )
    warn_percent = models.PositiveSmallIntegerField(
        _("предупреждать с, %"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    is_from_erp = models.BooleanField(_("лимит ведет 1С"), default=False, editable=False)

    class Meta:
        verbose_name = _("кредитная линия")
        verbose_name_plural = _("кредитные линии")
        constraints = [
            models.CheckConstraint(
                condition=Q(holding__isnull=False, legal_entity__isnull=True, contract__isnull=True)
                | Q(holding__isnull=True, legal_entity__isnull=False, contract__isnull=True)
                | Q(holding__isnull=True, legal_entity__isnull=True, contract__isnull=False),
                name="credit_line_one_scope",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, overdue_tolerance__gte=0), name="credit_line_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="credit_line_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["holding", "legal_entity", "contract", "organization", "currency", "valid_from"],
                nulls_distinct=False,
                name="credit_line_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holding or self.legal_entity or self.contract}: {self.amount}"


class LimitChange(models.Model):
    """A change of a line's amount; with `valid_until` a temporary one, beside the line's own amount."""

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="changes")
    amount_before = models.DecimalField(_("был"), max_digits=18, decimal_places=2)
    amount = models.DecimalField(_("стал"), max_digits=18, decimal_places=2)
    valid_from = models.DateField(_("действует с"))
    valid_until = models.DateField(_("действует по"), null=True, blank=True)
    reason = models.CharField(_("причина"), max_length=300)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("кто"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Пусто: 1С."),
    )
    created_at = models.DateTimeField(_("когда"))

    class Meta:
        verbose_name = _("изменение лимита")
        verbose_name_plural = _("изменения лимитов")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount_before__gte=0), name="limit_change_not_negative"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="limit_change_has_reason"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="limit_change_ends_after_start",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.amount_before} → {self.amount}"


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(reach(actor, Permission.FINANCE_VIEW))


class Reservation(models.Model):
    """What a confirmed part of an order on credit will come to: T of the formula, with VAT.

    What of it is held now follows from the ledger: shipped goods are debt already.
    """

    reference = models.CharField(_("за что"), max_length=50, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="reservations")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="reservations")
    currency = models.CharField(_("валюта"), max_length=3, default="RUB")
    total = models.DecimalField(_("сумма с НДС"), max_digits=18, decimal_places=2)
    is_active = models.BooleanField(_("держится"), default=True)
    created_at = models.DateTimeField(_("сделан"))
    released_at = models.DateTimeField(_("снят"), null=True, blank=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("резерв лимита")
        verbose_name_plural = _("резервы лимитов")
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=0), name="reservation_not_negative"),
            models.CheckConstraint(
                condition=Q(is_active=True, released_at__isnull=True)
                | Q(is_active=False, released_at__isnull=False),
                name="reservation_released_has_moment",
            ),
        ]
        indexes = [models.Index(fields=["contract"], condition=Q(is_active=True), name="reservation_held")]

    def __str__(self) -> str:
        return f"{self.reference}: {self.total}"


class CreditOverrideQuerySet(models.QuerySet["CreditOverride"]):
    def let_through(
        self, contract_id: int, amount: Decimal, *, on: date, references: Collection[str] = ()
    ) -> Self:
        """Those that hold on a day for any order, or for a named one, and have the sum left."""
        return self.filter(
            contract=contract_id,
            reference__in=["", *references],
            valid_until__gte=on,
            amount__gte=F("used") + amount,
        )

    def letting_goods_leave(self, contract_id: int, reference: str, *, on: date) -> Self:
        """Those of an order, whenever it was let through, and those of any that have something left."""
        of_any = Q(reference="", valid_until__gte=on, used__lt=F("amount"))
        return self.filter(of_any | Q(reference=reference) & ~Q(reference=""), contract=contract_id)

    def most_left(self, contract_id: int, *, on: date, references: Collection[str] = ()) -> Decimal:
        """The largest sum that one of them still lets through; nought where there is none."""
        holding = self.let_through(contract_id, Decimal(0), on=on, references=references)
        most: Decimal | None = holding.aggregate(most=Max(F("amount") - F("used")))["most"]
        return most or Decimal("0.00")


class CreditOverride(models.Model):
    """A manager let orders through: one order, or all until a date, up to a sum. The line stays as it is."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="credit_overrides")
    reference = models.CharField(
        _("заказ"), max_length=50, blank=True, help_text=_("Пусто: любой заказ до даты.")
    )
    valid_until = models.DateField(_("до"))
    amount = models.DecimalField(_("не больше"), max_digits=18, decimal_places=2)
    used = models.DecimalField(_("использовано"), max_digits=18, decimal_places=2, default=0)
    reason = models.CharField(_("причина"), max_length=300)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("когда"))

    objects = CreditOverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("разрешение сверх лимита")
        verbose_name_plural = _("разрешения сверх лимитов")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, used__gte=0, used__lte=F("amount")),
                name="credit_override_within_amount",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="credit_override_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.contract}: {self.amount}"
