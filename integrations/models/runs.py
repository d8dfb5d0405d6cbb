"""Runs: the sessions of one export, and which goods of a catalogue it has brought."""

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from integrations.models.nodes import ExchangeNode


class RunState(models.TextChoices):
    RUNNING = "running", _("Идет")
    FINISHED = "finished", _("Закончен")
    HELD = "held", _("Ждет решения")
    HIDDEN = "hidden", _("Непришедшее скрыто")
    LEFT = "left", _("Непришедшее оставлено")


class ExchangeRun(models.Model):
    """One export of one catalogue: 1C sends it in many sessions, with short gaps between them."""

    node = models.ForeignKey(
        ExchangeNode, verbose_name=_("база 1С"), on_delete=models.CASCADE, related_name="runs"
    )
    catalog_external_id = models.CharField(_("каталог"), max_length=85, blank=True)
    started_at = models.DateTimeField(_("начат"))
    seen_at = models.DateTimeField(_("последний файл"))
    # What came before this moment is not of the run; 1C may name another one (mode=deactivate).
    since = models.DateTimeField(_("считать пришедшим с"))
    is_whole = models.BooleanField(_("полная выгрузка"), default=False)
    is_ended = models.BooleanField(_("1С сообщила о конце"), default=False)
    finished_at = models.DateTimeField(_("закончен"), null=True)
    state = models.CharField(_("состояние"), max_length=10, choices=RunState, default=RunState.RUNNING)
    goods = models.PositiveIntegerField(_("товаров каталога"), default=0)
    missing = models.PositiveIntegerField(_("не пришло"), default=0)
    reason = models.CharField(_("почему так"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("выгрузка каталога")
        verbose_name_plural = _("выгрузки каталогов")
        constraints = [
            models.UniqueConstraint(
                fields=["node", "catalog_external_id"],
                condition=Q(state=RunState.RUNNING),
                name="exchange_run_one_at_a_time",
            ),
            models.CheckConstraint(condition=Q(missing__lte=F("goods")), name="exchange_run_counts_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.node} {localtime(self.started_at):%d.%m.%Y %H:%M}"


class SeenGood(models.Model):
    """When a catalogue of a base has last brought a good; kept only for bases that hide what is missing."""

    # Leading in the unique index: an index of its own would only be written.
    node = models.ForeignKey(ExchangeNode, on_delete=models.CASCADE, related_name="+", db_index=False)
    catalog_external_id = models.CharField(max_length=85, blank=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("пришедший товар")
        verbose_name_plural = _("пришедшие товары")
        constraints = [
            models.UniqueConstraint(
                fields=["node", "catalog_external_id", "product"], name="seen_good_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.catalog_external_id}: {self.product_id}"
