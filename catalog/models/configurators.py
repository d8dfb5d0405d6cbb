"""What a configurator adds to a calculator: places for goods, and rules of what fits what."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.calculators.definition import RuleKind, slot_properties_read
from catalog.formulas import parse
from catalog.models.calculators import (
    Calculator,
    GoodsChosen,
    formula_checked,
    formula_field,
    name_checked,
    name_field,
)


class RuleChoices(models.TextChoices):
    """What a rule says of goods that are chosen."""

    CONDITION = RuleKind.CONDITION.value, _("Должно выполняться")
    REQUIRES = RuleKind.REQUIRES.value, _("Если верно, нужен другой узел")
    EXCLUDES = RuleKind.EXCLUDES.value, _("Если верно, другой узел не нужен")


class ConfiguratorSlot(GoodsChosen):
    """A place of a configuration, filled with one good."""

    calculator = models.ForeignKey(Calculator, on_delete=models.CASCADE, related_name="slots")
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    name = name_field()
    label = models.CharField(_("подпись"), max_length=160)
    properties = models.TextField(
        _("свойства в формулах"),
        max_length=2_000,
        blank=True,
        help_text=_("По одному в строке: «power = Мощность, Вт»; в правилах это узел.power."),
    )
    is_required = models.BooleanField(_("обязателен"), default=True)
    quantity = formula_field(_("количество"), default="1")
    minimum = models.DecimalField(
        _("не меньше"), max_digits=15, decimal_places=3, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    maximum = models.DecimalField(_("не больше"), max_digits=15, decimal_places=3, null=True, blank=True)

    class Meta:
        verbose_name = _("узел")
        verbose_name_plural = _("узлы конфигуратора")
        constraints = [
            models.UniqueConstraint(fields=["calculator", "name"], name="configurator_slot_name_unique"),
            models.CheckConstraint(
                condition=Q(sku__isnull=True, section__isnull=False)
                | Q(sku__isnull=False, section__isnull=True),
                name="configurator_slot_one_source",
            ),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True) | Q(maximum__isnull=True) | Q(minimum__lte=F("maximum")),
                name="configurator_slot_bounds_in_order",
                violation_error_message=_("Нижняя граница выше верхней."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        faults = self.goods_faults()
        name_checked(faults, self.name)
        formula_checked(faults, "properties", lambda: slot_properties_read(self.properties))
        formula_checked(faults, "quantity", lambda: parse(self.quantity))
        if faults:
            raise ValidationError(faults)


class ConfiguratorRule(models.Model):
    """How chosen goods must fit each other; the message explains a refusal."""

    calculator = models.ForeignKey(Calculator, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    kind = models.CharField(_("правило"), max_length=9, choices=RuleChoices, default=RuleChoices.CONDITION)
    condition = formula_field(
        _("условие"),
        help_text=_("Например boiler.power >= heat. Считается, когда выбраны все названные узлы."),
    )
    target = models.CharField(
        _("другой узел"), max_length=40, blank=True, help_text=_("Имя узла, который нужен или не нужен.")
    )
    message = models.CharField(_("объяснение"), max_length=400)

    class Meta:
        verbose_name = _("правило")
        verbose_name_plural = _("правила конфигуратора")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=RuleKind.CONDITION.value, target="")
                | (~Q(kind=RuleKind.CONDITION.value) & ~Q(target="")),
                name="configurator_rule_target_where_needed",
                violation_error_message=_(
                    "Другой узел указывают у правил «нужен» и «не нужен», и только у них."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.message

    def clean(self) -> None:
        faults: dict[str, str] = {}
        formula_checked(faults, "condition", lambda: parse(self.condition))
        if faults:
            raise ValidationError(faults)
