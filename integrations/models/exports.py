"""Orders on their way to 1C."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from integrations.models.nodes import ExchangeNode
from integrations.models.sessions import ExchangeSession
from orders.models import OrderPart


class ExportState(models.TextChoices):
    QUEUED = "queued", _("В очереди")
    ACCEPTED = "accepted", _("Принят в 1С")
    QUARANTINED = "quarantined", _("Не выгружается")


class OrderExport(models.Model):
    """The place of an order's part in the queue of a 1C base.

    `unacked` counts sessions that were offered this very version and did not confirm it.
    """

    node = models.ForeignKey(ExchangeNode, on_delete=models.CASCADE, related_name="order_exports")
    part = models.OneToOneField(OrderPart, on_delete=models.CASCADE, related_name="export")
    state = models.CharField(_("состояние"), max_length=12, choices=ExportState, default=ExportState.QUEUED)
    version = models.PositiveIntegerField(_("версия"), default=1)
    accepted_version = models.PositiveIntegerField(_("принята версия"), default=0)
    offered_in = models.ForeignKey(
        ExchangeSession,
        verbose_name=_("отдан в сеансе"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    offered_version = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)  # of the document as it was offered last
    unacked = models.PositiveSmallIntegerField(
        _("сеансов без подтверждения"), default=0, help_text=_("1С забрала заказ и не сказала success.")
    )
    alone = models.PositiveSmallIntegerField(_("из них отдан один"), default=0)
    error = models.TextField(_("почему не выгружается"), blank=True)
    queued_at = models.DateTimeField(_("в очереди с"))

    class Meta:
        verbose_name = _("выгрузка заказа")
        verbose_name_plural = _("выгрузка заказов")
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_version__lte=F("version")), name="order_export_versions_sane"
            )
        ]

    def __str__(self) -> str:
        return f"{self.part}: {self.state}"


class OrderTrial(models.Model):
    """A base does not confirm its orders: they are given out in small lots until the culprit is found.

    There while the search goes on. `limit` is how many suspects go at a time; with every other query go
    those that came later and are above suspicion.
    """

    node = models.OneToOneField(ExchangeNode, on_delete=models.CASCADE, related_name="order_trial")
    limit = models.PositiveSmallIntegerField(_("по сколько заказов отдаем"), default=1)
    is_turn_of_others = models.BooleanField(default=False)
    has_taken = models.BooleanField(_("с тех пор что-то приняла"), default=False)
    since = models.DateTimeField(_("с"))

    class Meta:
        verbose_name = _("поиск заказа, который не берет 1С")
        verbose_name_plural = _("поиск заказов, которые не берет 1С")
        constraints = [models.CheckConstraint(condition=Q(limit__gte=1), name="order_trial_limit_positive")]

    def __str__(self) -> str:
        return f"{self.node_id}: {self.limit}"
