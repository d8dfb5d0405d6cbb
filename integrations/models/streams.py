"""What arrives out of order: offers before their goods, older files after newer ones."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from integrations.models.nodes import ExchangeNode, ExternalKind


class PendingOffer(models.Model):
    """An offer that came before its good; applied when the good appears."""

    node = models.ForeignKey(ExchangeNode, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=170)
    product_external_id = models.CharField(max_length=85, db_index=True)
    payload = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("отложенное предложение")
        verbose_name_plural = _("отложенные предложения")
        constraints = [models.UniqueConstraint(fields=["node", "external_id"], name="pending_offer_unique")]

    def __str__(self) -> str:
        return self.external_id


class PendingTerm(models.Model):
    """A group or a property that a good names and that has not come yet; `raw` is the property's value."""

    node = models.ForeignKey(ExchangeNode, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=ExternalKind)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=170)
    raw = models.TextField(blank=True)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("ссылка, которая ждет")
        verbose_name_plural = _("ссылки, которые ждут")
        indexes = [models.Index(fields=["node", "kind", "external_id"], name="pending_term_told")]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


class ExchangeStream(models.Model):
    """What changes independently: the newest file applied (an older one must not overwrite it), its pace.

    `usual_gap` is between one exchange and the next, not between the files of one.
    """

    node = models.ForeignKey(ExchangeNode, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    catalog_external_id = models.CharField(max_length=85, blank=True)
    formed_at = models.DateTimeField(_("сформирован"), null=True)
    applied_at = models.DateTimeField(_("загружен"), null=True)
    usual_gap = models.DurationField(_("обычный перерыв"), null=True)

    class Meta:
        verbose_name = _("поток обмена")
        verbose_name_plural = _("потоки обмена")
        constraints = [
            models.UniqueConstraint(
                fields=["node", "kind", "catalog_external_id"], name="exchange_stream_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.catalog_external_id}"
