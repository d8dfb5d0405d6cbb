"""When orders stop: rules as data, and for whom they do not hold."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counterparties.models import ClientGroup, Contract, Holding, LegalEntity
from finance.states import BlockAction, BlockCondition
from portal.audit.tracking import tracked


@tracked()
class BlockRule(models.Model):
    """Of everybody, a group, a legal entity or a contract: when an order is warned of or stopped."""

    name = models.CharField(_("название"), max_length=150, help_text=_("Его увидит клиент."))
    group = models.ForeignKey(
        ClientGroup,
        verbose_name=_("группа"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    legal_entity = models.ForeignKey(
        LegalEntity,
        verbose_name=_("юрлицо"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("договор"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    condition = models.CharField(_("условие"), max_length=12, choices=BlockCondition)
    threshold = models.DecimalField(
        _("порог"),
        max_digits=18,
        decimal_places=2,
        default=0,
        help_text=_("Рубли, дни или часы, смотря по условию; для лимита не нужен."),
    )
    grace_days = models.PositiveSmallIntegerField(_("льготных дней"), default=0)
    action = models.CharField(_("что делать"), max_length=10, choices=BlockAction)
    is_active = models.BooleanField(_("действует"), default=True)

    class Meta:
        verbose_name = _("правило блокировки")
        verbose_name_plural = _("правила блокировки")
        constraints = [
            models.CheckConstraint(condition=Q(threshold__gte=0), name="block_rule_threshold_not_negative"),
            models.CheckConstraint(
                condition=Q(group__isnull=True, legal_entity__isnull=True)
                | Q(group__isnull=True, contract__isnull=True)
                | Q(legal_entity__isnull=True, contract__isnull=True),
                name="block_rule_one_scope",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class BlockException(models.Model):
    """For whom a rule, or all rules, do not hold until a date."""

    rule = models.ForeignKey(
        BlockRule,
        verbose_name=_("правило"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="exceptions",
        help_text=_("Пусто: все правила."),
    )
    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    legal_entity = models.ForeignKey(
        LegalEntity,
        verbose_name=_("юрлицо"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("договор"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    valid_until = models.DateField(_("до"))
    reason = models.CharField(_("причина"), max_length=300)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("исключение из блокировки")
        verbose_name_plural = _("исключения из блокировки")
        constraints = [
            models.CheckConstraint(
                condition=Q(holding__isnull=False, legal_entity__isnull=True, contract__isnull=True)
                | Q(holding__isnull=True, legal_entity__isnull=False, contract__isnull=True)
                | Q(holding__isnull=True, legal_entity__isnull=True, contract__isnull=False),
                name="block_exception_one_scope",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="block_exception_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.holding or self.legal_entity or self.contract}"
