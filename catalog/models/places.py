"""Cities and the warehouses that serve them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches


class AbsentPolicy(models.TextChoices):
    """What lists of a city do with goods that its warehouses keep but have run out of."""

    HIDE = "hide", _("Не показывать")
    TO_ORDER = "order", _("Показывать «под заказ»")
    LAST = "last", _("Показывать последними")


class City(models.Model):
    """Where clients are served; its warehouses serve it in an order."""

    name = models.CharField(_("название"), max_length=100, unique=True)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    is_active = models.BooleanField(_("обслуживается"), default=True)
    absent_policy = models.CharField(
        _("чего нет на складах"), max_length=5, choices=AbsentPolicy, default=AbsentPolicy.HIDE
    )
    order_days = models.PositiveSmallIntegerField(
        _("срок под заказ, дней"), default=14, help_text=_("Показывается у товаров «под заказ».")
    )

    class Meta:
        verbose_name = _("город")
        verbose_name_plural = _("города")
        triggers = touches("cities")

    def __str__(self) -> str:
        return self.name


class Warehouse(models.Model):
    """A place where goods lie. It serves nobody until an administrator gives it to a city."""

    name = models.CharField(_("название"), max_length=160)
    address = models.CharField(_("адрес"), max_length=500, blank=True)
    opens_at = models.TimeField(
        _("отгрузка с"), null=True, blank=True, help_text=_("Пусто: без ограничения.")
    )
    closes_at = models.TimeField(_("отгрузка до"), null=True, blank=True)
    is_active = models.BooleanField(_("действует"), default=True)

    class Meta:
        verbose_name = _("склад")
        verbose_name_plural = _("склады")
        triggers = touches("cities")

    def __str__(self) -> str:
        return self.name


class CityWarehouse(models.Model):
    """A warehouse that serves a city: in which order and how fast."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="served_by")
    warehouse = models.ForeignKey(
        Warehouse, verbose_name=_("склад"), on_delete=models.CASCADE, related_name="serves"
    )
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    delivery_days = models.PositiveSmallIntegerField(_("срок доставки, дней"), default=1)
    cutoff_time = models.TimeField(
        _("прием заказов до"),
        null=True,
        blank=True,
        help_text=_("Время Москвы. Заказ позже этого часа уходит на день позже. Пусто: без ограничения."),
    )

    class Meta:
        verbose_name = _("склад города")
        verbose_name_plural = _("склады города")
        triggers = touches("cities")
        constraints = [models.UniqueConstraint(fields=["city", "warehouse"], name="city_warehouse_unique")]

    def __str__(self) -> str:
        return f"{self.city}: {self.warehouse}"
