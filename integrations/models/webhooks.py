"""Signed messages to systems of the seller: who gets them, and what became of each."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WebhookEvent(models.TextChoices):
    """What is told; the value stands in the message."""

    CLIENT_REGISTERED = "client.registered", _("Клиент зарегистрирован")
    CART_IDLE = "cart.idle", _("Корзина брошена")
    ORDER_SUBMITTED = "order.submitted", _("Заказ отправлен")
    ORDER_CONFIRMED = "order.confirmed", _("Заказ подтвержден")
    ORDER_CHANGED = "order.changed", _("Заказ изменен")
    ORDER_CANCELLED = "order.cancelled", _("Заказ отменен")
    ORDER_SHIPPED = "order.shipped", _("Заказ отгружен")
    DEBT_OVERDUE = "debt.overdue", _("Оплата просрочена")
    MESSAGE_POSTED = "message.posted", _("Сообщение в переписке")
    QUOTE_ASKED = "quote.asked", _("Запрос цены")
    QUOTE_OFFERED = "quote.offered", _("Предложение по запросу цены")
    QUOTE_DECIDED = "quote.decided", _("Решение по предложению")
    CLAIM_FILED = "claim.filed", _("Рекламация подана")
    CLAIM_DECIDED = "claim.decided", _("Решение по рекламации")
    TEST = "test", _("Проверка")


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def listening(self) -> Self:
        """Receivers that are switched on; a paused one gets what it missed when it works again."""
        return self.filter(is_active=True)

    def wanting(self, event: str) -> Self:
        """Those of them that are to hear of an event."""
        return self.listening().filter(events__contains=[event])


class WebhookEndpoint(models.Model):
    """A receiver of signed messages; its secret is shown once and lies here sealed."""

    name = models.CharField(_("название"), max_length=100)
    url = models.CharField(_("адрес"), max_length=500, help_text=_("Только https."))
    sealed_secret = models.TextField(editable=False)
    events = models.JSONField(_("о чём сообщать"), default=list)
    is_active = models.BooleanField(_("включён"), default=True)
    failures = models.PositiveIntegerField(_("отказов подряд"), default=0)
    paused_at = models.DateTimeField(_("приостановлен"), null=True, blank=True)
    paused_reason = models.CharField(_("почему"), max_length=300, blank=True)
    sequence = models.PositiveBigIntegerField(_("сообщений"), default=0, editable=False)
    created_at = models.DateTimeField(_("создан"))

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("получатель вебхуков")
        verbose_name_plural = _("получатели вебхуков")

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting", _("Ждёт отправки")
    DELIVERED = "delivered", _("Доставлено")
    FAILED = "failed", _("Получатель отказал")
    DEAD = "dead", _("Не доставлено")


class WebhookDelivery(models.Model):
    """One message for one receiver: the very bytes that are signed, and how it went.

    `sequence` counts the messages of a receiver; those of one `subject` go in this order.
    """

    endpoint = models.ForeignKey(
        WebhookEndpoint,
        verbose_name=_("получатель"),
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,  # leading in the unique indexes
    )
    sequence = models.PositiveBigIntegerField(_("порядковый номер"))
    event = models.CharField(_("событие"), max_length=30, choices=WebhookEvent)
    subject = models.CharField(_("о чём"), max_length=60)
    key = models.CharField(_("ключ"), max_length=200)
    body = models.TextField(_("сообщение"))
    state = models.CharField(
        _("состояние"), max_length=9, choices=DeliveryState, default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("попыток"), default=0)
    first_at = models.DateTimeField(_("ждёт с"))
    next_at = models.DateTimeField(_("следующая попытка"), null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(_("код ответа"), null=True, blank=True)
    last_answer = models.TextField(_("ответ"), blank=True)
    created_at = models.DateTimeField(_("создано"))
    sent_at = models.DateTimeField(_("доставлено"), null=True, blank=True)

    class Meta:
        verbose_name = _("сообщение вебхука")
        verbose_name_plural = _("журнал вебхуков")
        indexes = [
            models.Index(
                fields=["endpoint", "subject", "sequence"],
                condition=Q(state="waiting"),
                name="webhook_delivery_waiting",
            ),
            models.Index(fields=["created_at"], name="webhook_delivery_created"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "key"], name="webhook_delivery_once"),
            models.UniqueConstraint(fields=["endpoint", "sequence"], name="webhook_delivery_in_turn"),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.WAITING, next_at__isnull=False)
                | (~Q(state=DeliveryState.WAITING) & Q(next_at__isnull=True)),
                name="webhook_delivery_waits_for_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.DELIVERED) | Q(sent_at__isnull=False),
                name="webhook_delivery_delivered_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject}"
