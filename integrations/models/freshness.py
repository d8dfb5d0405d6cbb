"""What counts as late, and what is late now."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.models.nodes import ExchangeNode
from integrations.models.push import PushStream


class StreamKind(models.TextChoices):
    """What of a base is looked after on its own."""

    GOODS = "goods", _("Товары")
    PRICES = "prices", _("Цены")
    STOCK = "stock", _("Остатки")
    ORDERS = "orders", _("Заказы")


STREAMS = [*StreamKind.choices, *PushStream.choices]


class StreamLimit(models.Model):
    """How long a stream of a base may be silent; without a row the pace of the exchange decides."""

    # Leading in the unique index: an index of its own would only be written.
    node = models.ForeignKey(ExchangeNode, on_delete=models.CASCADE, related_name="limits", db_index=False)
    kind = models.CharField(_("что"), max_length=20, choices=STREAMS)
    late_after_minutes = models.PositiveIntegerField(
        _("опаздывает через, мин"), validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = _("предел опоздания")
        verbose_name_plural = _("пределы опоздания")
        constraints = [
            models.UniqueConstraint(fields=["node", "kind"], name="stream_limit_unique"),
            models.CheckConstraint(condition=Q(late_after_minutes__gt=0), name="stream_limit_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.late_after_minutes}"


class StreamAlarm(models.Model):
    """A stream that is late and of which the administrators have been told; gone when it is back."""

    node = models.ForeignKey(ExchangeNode, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=STREAMS)
    last_at = models.DateTimeField()
    raised_at = models.DateTimeField()

    class Meta:
        verbose_name = _("опоздавший поток")
        verbose_name_plural = _("опоздавшие потоки")
        constraints = [models.UniqueConstraint(fields=["node", "kind"], name="stream_alarm_unique")]

    def __str__(self) -> str:
        return f"{self.node_id} {self.kind}"
