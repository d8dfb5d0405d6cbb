"""What people reckon with calculators and keep."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Calculator, Sku
from counterparties.models import LegalEntity

if TYPE_CHECKING:
    from counterparties.actor import Actor


class CalculationSharing(models.TextChoices):
    """Who else opens a kept reckoning."""

    OWN = "own", _("только я")
    HOLDING = "holding", _("коллеги")


class CalculationQuerySet(models.QuerySet["Calculation"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A person's own and those that colleagues share, for the legal entities they may act for."""
        return self._of(actor).filter(Q(user_id=actor.user_id) | Q(sharing=CalculationSharing.HOLDING))

    def owned_by(self, actor: "Actor") -> Self:
        """A person's own."""
        return self._of(actor).filter(user_id=actor.user_id)

    def _of(self, actor: "Actor") -> Self:
        if not actor.is_client:
            return self.none()
        return self.filter(legal_entity__in=LegalEntity.objects.visible_to(actor))


class Calculation(models.Model):
    """A reckoning kept under a name: answers as typed, what came of them, and the goods of its lines.

    `answers` is the query of the calculator's page, so that it can be opened there again; `facts` are
    [label, text] of answers and steps as they stood. Prices are never kept: each reader sees their own.
    With a `token` any client's person who has the link sees goods and quantities.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calculations")
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.CASCADE, related_name="+")
    calculator = models.ForeignKey(Calculator, on_delete=models.PROTECT, related_name="calculations")
    name = models.CharField(_("название"), max_length=100)
    answers = models.JSONField(_("ответы"), default=dict)
    facts = models.JSONField(_("расчёт"), default=list)
    sharing = models.CharField(
        _("доступ"), max_length=7, choices=CalculationSharing, default=CalculationSharing.OWN
    )
    token = models.UUIDField(_("ссылка"), null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = CalculationQuerySet.as_manager()

    class Meta:
        verbose_name = _("расчёт")
        verbose_name_plural = _("расчёты")
        indexes = [models.Index(fields=["user", "-updated_at", "-id"], name="calculation_newest")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="calculation_named"),
            models.CheckConstraint(
                condition=Q(sharing__in=CalculationSharing.values), name="calculation_sharing_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CalculationLine(models.Model):
    """A good of a kept reckoning, in base units."""

    calculation = models.ForeignKey(
        Calculation, on_delete=models.CASCADE, db_index=False, related_name="lines"
    )
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=160)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+")
    quantity = models.DecimalField(max_digits=15, decimal_places=3)

    class Meta:
        verbose_name = _("строка расчёта")
        verbose_name_plural = _("строки расчёта")
        constraints = [
            models.UniqueConstraint(fields=["calculation", "position"], name="calculation_line_place_unique"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="calculation_line_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.calculation_id}: {self.sku_id}"


class CalculationPut(models.Model):
    """A press of «В корзину» that has been done: the same page does it once, however often it is sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4)
    put_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("отправка расчёта в корзину")
        verbose_name_plural = _("отправки расчётов в корзину")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="calculation_put_once")]

    def __str__(self) -> str:
        return str(self.key)
