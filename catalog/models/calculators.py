"""Calculators that tell how much of what is needed, and configurators of goods that must fit each other."""

from collections.abc import Callable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from catalog.calculators.definition import (
    InputKind,
    choices_read,
    filters_read,
)
from catalog.formulas import FormulaFault, LookupWay, parse, table_read
from catalog.formulas.tokens import FUNCTIONS, KEYWORDS, LONGEST, NAME
from catalog.index.touching import touches
from catalog.models.goods import Sku
from catalog.models.sections import Section

_FORMULA_HELP = _("Числа с точкой, имена полей и шагов; справка: docs/calculators.md.")


class CalculatorKind(models.TextChoices):
    """What comes of it: quantities of goods, or a set of goods that fit each other."""

    CALCULATOR = "calculator", _("Калькулятор")
    CONFIGURATOR = "configurator", _("Конфигуратор")


class InputChoices(models.TextChoices):
    """How a question is answered."""

    NUMBER = InputKind.NUMBER.value, _("Число")
    CHOICE = InputKind.CHOICE.value, _("Выбор из списка")
    FLAG = InputKind.FLAG.value, _("Да или нет")


class LookupChoices(models.TextChoices):
    """Which row of a table a value falls into."""

    UP_TO = LookupWay.UP_TO.value, _("до порога включительно")
    FROM = LookupWay.FROM.value, _("от порога включительно")
    EXACT = LookupWay.EXACT.value, _("точно равно")


class CheckLevel(models.TextChoices):
    """How grave it is."""

    REFUSE = "refuse", _("Отказ: товары не показываются")
    WARN = "warn", _("Предупреждение")


class GoodsOrder(models.TextChoices):
    """Which of the goods that fit stands first."""

    CHEAPEST = "cheapest", _("Дешевле")
    IN_STOCK = "in_stock", _("В наличии, затем дешевле")


def formula_field(name: object, **options: Any) -> "models.CharField[str, str]":
    """A field that holds a formula."""
    return models.CharField(name, max_length=LONGEST, **({"help_text": _FORMULA_HELP} | options))  # type: ignore[arg-type]


def name_field() -> "models.CharField[str, str]":
    """What formulas call a thing."""
    return models.CharField(
        _("имя в формулах"),
        max_length=40,
        validators=[
            RegexValidator(rf"^{NAME}\Z", _("Буквы, цифры и подчёркивание; первой стоит буква.")),
        ],
    )


def formula_checked(faults: dict[str, str], field: str, read: Callable[[], object]) -> None:
    """Note what is wrong with a formula at its field."""
    try:
        read()
    except FormulaFault as fault:
        faults[field] = str(fault)


def name_checked(faults: dict[str, str], name: str) -> None:
    """Note that a name is a word of the language."""
    if name in FUNCTIONS or name in KEYWORDS:
        faults["name"] = _t("Это имя занято языком формул.")


class CalculatorQuerySet(models.QuerySet["Calculator"]):
    def published(self) -> Self:
        """What clients see."""
        return self.filter(is_published=True)


class Calculator(models.Model):
    """A reckoning that ends in goods: declared by an administrator, shown on its own page."""

    slug = models.SlugField(
        _("адрес"), max_length=60, unique=True, help_text=_("Латиницей: /calculators/адрес/.")
    )
    kind = models.CharField(
        _("вид"), max_length=12, choices=CalculatorKind, default=CalculatorKind.CALCULATOR
    )
    name = models.CharField(_("название"), max_length=160)
    intro = models.TextField(
        _("вступление"),
        max_length=2_000,
        blank=True,
        help_text=_("Что считает, по каким нормам и с какими упрощениями."),
    )
    sections = models.ManyToManyField(
        Section,
        verbose_name=_("разделы"),
        blank=True,
        related_name="calculators",
        help_text=_("Ссылка стоит в этих разделах, во всех разделах внутри и у их товаров."),
    )
    is_published = models.BooleanField(_("опубликован"), default=False)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)

    objects = CalculatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("калькулятор")
        verbose_name_plural = _("калькуляторы и конфигураторы")
        triggers = touches("calculators")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CalculatorKind.values), name="calculator_kind_known")
        ]

    def __str__(self) -> str:
        return self.name


class CalculatorPlace(Calculator.sections.through):  # type: ignore[name-defined,misc]
    """A section where the link to a calculator stands; named for the triggers alone."""

    class Meta:
        proxy = True
        verbose_name = _("место калькулятора")
        verbose_name_plural = _("места калькуляторов")
        triggers = touches("calculators")


class CalculatorInput(models.Model):
    """What is asked of the person."""

    calculator = models.ForeignKey(Calculator, on_delete=models.CASCADE, related_name="inputs")
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    name = name_field()
    label = models.CharField(_("подпись"), max_length=120)
    kind = models.CharField(_("вид"), max_length=6, choices=InputChoices, default=InputChoices.NUMBER)
    unit = models.CharField(_("единица"), max_length=20, blank=True)
    minimum = models.DecimalField(_("не меньше"), max_digits=21, decimal_places=6, null=True, blank=True)
    maximum = models.DecimalField(_("не больше"), max_digits=21, decimal_places=6, null=True, blank=True)
    step = models.DecimalField(_("шаг"), max_digits=21, decimal_places=6, null=True, blank=True)
    default = models.CharField(
        _("сначала стоит"),
        max_length=60,
        blank=True,
        help_text=_("Число, значение из списка, «да» или пусто."),
    )
    choices = models.TextField(
        _("варианты"), max_length=4_000, blank=True, help_text=_("По одному в строке: значение = подпись.")
    )
    hint = models.CharField(_("подсказка"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("вопрос")
        verbose_name_plural = _("вопросы")
        constraints = [
            models.UniqueConstraint(fields=["calculator", "name"], name="calculator_input_name_unique"),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True) | Q(maximum__isnull=True) | Q(minimum__lte=F("maximum")),
                name="calculator_input_bounds_in_order",
                violation_error_message=_("Нижняя граница выше верхней."),
            ),
            models.CheckConstraint(
                condition=Q(step__isnull=True) | Q(step__gt=0), name="calculator_input_step_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        faults: dict[str, str] = {}
        name_checked(faults, self.name)
        formula_checked(faults, "choices", lambda: choices_read(self.choices))
        if self.kind == InputChoices.CHOICE and not self.choices.strip():
            faults["choices"] = _t("Перечислите варианты ответа.")
        if faults:
            raise ValidationError(faults)


class CalculatorTable(models.Model):
    """Reference values by threshold, for `lookup(имя, x)`."""

    calculator = models.ForeignKey(Calculator, on_delete=models.CASCADE, related_name="tables")
    name = name_field()
    way = models.CharField(_("порог"), max_length=5, choices=LookupChoices, default=LookupChoices.UP_TO)
    rows = models.TextField(
        _("строки"),
        max_length=20_000,
        help_text=_("По одной: порог = значение. Дробь через точку или запятую."),
    )
    note = models.CharField(_("источник"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("таблица")
        verbose_name_plural = _("таблицы")
        constraints = [
            models.UniqueConstraint(fields=["calculator", "name"], name="calculator_table_name_unique")
        ]

    def __str__(self) -> str:
        return str(self.name)

    def clean(self) -> None:
        faults: dict[str, str] = {}
        name_checked(faults, self.name)
        if self.way in LookupChoices.values:
            formula_checked(faults, "rows", lambda: table_read(self.rows, LookupWay(self.way)))
        if faults:
            raise ValidationError(faults)


class CalculatorStep(models.Model):
    """One line of the reckoning; it may use answers and other steps, in any order but in no circle."""

    calculator = models.ForeignKey(Calculator, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    name = name_field()
    label = models.CharField(_("подпись"), max_length=160)
    expression = formula_field(_("формула"))
    unit = models.CharField(_("единица"), max_length=20, blank=True)
    is_shown = models.BooleanField(_("показывать"), default=True)
    note = models.CharField(_("пояснение"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("шаг расчёта")
        verbose_name_plural = _("шаги расчёта")
        constraints = [
            models.UniqueConstraint(fields=["calculator", "name"], name="calculator_step_name_unique")
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        faults: dict[str, str] = {}
        name_checked(faults, self.name)
        formula_checked(faults, "expression", lambda: parse(self.expression))
        if faults:
            raise ValidationError(faults)


class CalculatorCheck(models.Model):
    """What is told when the condition holds."""

    calculator = models.ForeignKey(Calculator, on_delete=models.CASCADE, related_name="checks")
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    condition = formula_field(_("если верно"))
    level = models.CharField(_("что это"), max_length=6, choices=CheckLevel, default=CheckLevel.WARN)
    message = models.CharField(
        _("сообщение"), max_length=400, help_text=_("В фигурных скобках – имя: «Нужно {power} кВт».")
    )

    class Meta:
        verbose_name = _("проверка")
        verbose_name_plural = _("проверки")

    def __str__(self) -> str:
        return self.message

    def clean(self) -> None:
        faults: dict[str, str] = {}
        formula_checked(faults, "condition", lambda: parse(self.condition))
        if faults:
            raise ValidationError(faults)


class GoodsChosen(models.Model):
    """What a line and a slot share: one sku, or a section with conditions on properties of its goods."""

    sku = models.ForeignKey(
        Sku, verbose_name=_("товар"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    section = models.ForeignKey(
        Section, verbose_name=_("раздел"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    filters = models.TextField(
        _("условия"),
        max_length=4_000,
        blank=True,
        help_text=_("По одному в строке: «Сечение жилы, мм² >= s». Выполняются все."),
    )
    order = models.CharField(_("первым"), max_length=8, choices=GoodsOrder, default=GoodsOrder.IN_STOCK)

    class Meta:
        abstract = True

    def goods_faults(self) -> dict[str, str]:
        """What is wrong with the choice of goods, by field."""
        faults: dict[str, str] = {}
        formula_checked(faults, "filters", lambda: filters_read(self.filters))
        if (self.sku_id is None) == (self.section_id is None):
            faults["section"] = _t("Укажите что-то одно: товар или раздел.")
        return faults


class CalculatorLine(GoodsChosen):
    """A good of the result and how much of it, in its base units."""

    calculator = models.ForeignKey(Calculator, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    label = models.CharField(_("подпись"), max_length=160)
    condition = formula_field(_("если верно"), blank=True, help_text=_("Пусто: всегда."))
    quantity = formula_field(_("количество"))
    is_by_pack = models.BooleanField(
        _("целыми упаковками"),
        default=True,
        help_text=_("Округлять вверх до упаковки; кратность соблюдается всегда."),
    )
    is_optional = models.BooleanField(_("можно не брать"), default=False)
    alternatives = models.PositiveSmallIntegerField(
        _("сколько замен предложить"), default=3, validators=[MaxValueValidator(10)]
    )

    class Meta:
        verbose_name = _("товар результата")
        verbose_name_plural = _("товары результата")
        constraints = [
            models.CheckConstraint(
                condition=Q(sku__isnull=True, section__isnull=False)
                | Q(sku__isnull=False, section__isnull=True),
                name="calculator_line_one_source",
            ),
            models.CheckConstraint(
                condition=Q(alternatives__lte=10), name="calculator_line_alternatives_few"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        faults = self.goods_faults()
        if self.condition:
            formula_checked(faults, "condition", lambda: parse(self.condition))
        formula_checked(faults, "quantity", lambda: parse(self.quantity))
        if faults:
            raise ValidationError(faults)
