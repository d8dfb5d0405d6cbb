"""Orders that come again and again, and lists of orders that a person keeps."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.carts import Cart

if TYPE_CHECKING:
    from counterparties.actor import Actor


class OrderScheduleQuerySet(models.QuerySet["OrderSchedule"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A person's own."""
        return self.filter(template__in=Cart.objects.owned_by(actor))


class OrderSchedule(models.Model):
    """A saved cart that becomes a draft some days before each date, or an order where the person said so."""

    template = models.OneToOneField(
        Cart, verbose_name=_("сохраненная корзина"), on_delete=models.CASCADE, related_name="schedule"
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("дни недели"), default=list, blank=True
    )
    every_weeks = models.PositiveSmallIntegerField(_("раз в недель"), default=1)
    month_day = models.PositiveSmallIntegerField(_("число месяца"), null=True, blank=True)
    days_before = models.PositiveSmallIntegerField(_("за дней до даты"), default=1)
    starts_on = models.DateField(_("с"))
    ends_on = models.DateField(_("по"), null=True, blank=True)
    next_date = models.DateField(_("следующая дата"))
    skipped = ArrayField(models.DateField(), verbose_name=_("пропустить"), default=list, blank=True)
    is_paused = models.BooleanField(_("приостановлено"), default=False)
    is_automatic = models.BooleanField(_("отправлять без вопроса"), default=False)
    last_outcome = models.CharField(_("что вышло"), max_length=500, blank=True)
    last_run_at = models.DateTimeField(_("последний раз"), null=True, blank=True)

    objects = OrderScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("расписание заказа")
        verbose_name_plural = _("расписания заказов")
        constraints = [
            models.CheckConstraint(
                condition=Q(month_day__isnull=True, every_weeks__gte=1)
                | Q(month_day__gte=1, month_day__lte=31),
                name="order_schedule_rhythm",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="order_schedule_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["next_date"], condition=Q(is_paused=False), name="order_schedule_due")
        ]

    def __str__(self) -> str:
        return self.template.name


class OrderViewQuerySet(models.QuerySet["OrderView"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A person's own."""
        return self.filter(user_id=actor.user_id)


class OrderView(models.Model):
    """A list of orders with its filters, kept by a person under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("название"), max_length=80)
    query = models.CharField(max_length=500)
    is_default = models.BooleanField(_("открывать сразу"), default=False)

    objects = OrderViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("вид списка заказов")
        verbose_name_plural = _("виды списков заказов")
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="order_view_name_unique"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True), name="order_view_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name
