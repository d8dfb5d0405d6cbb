"""Партнеры of 1C and the terms they buy on, as 1C told of them last."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.models.nodes import ExchangeNode


class ErpPartner(models.Model):
    """A Партнер: who stands above one or more counterparties. Which holding it is follows from them."""

    node = models.ForeignKey(
        ExchangeNode, verbose_name=_("база 1С"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    external_id = models.CharField(_("Ид в 1С"), max_length=170)
    parent_external_id = models.CharField(_("Ид головного партнера"), max_length=170, blank=True)
    name = models.CharField(_("наименование"), max_length=160)
    is_stopped = models.BooleanField(_("в стоп-листе"), default=False)
    stop_reason = models.CharField(_("причина"), max_length=300, blank=True)
    manager = models.CharField(_("менеджер в 1С"), max_length=100, blank=True)
    is_deleted = models.BooleanField(_("удален в 1С"), default=False)
    seen_at = models.DateTimeField(_("пришел"))

    class Meta:
        verbose_name = _("партнер 1С")
        verbose_name_plural = _("партнеры 1С")
        constraints = [models.UniqueConstraint(fields=["node", "external_id"], name="erp_partner_unique")]

    def __str__(self) -> str:
        return self.name or self.external_id


class ErpAgreement(models.Model):
    """A Соглашение с клиентом: shown to the administrator, decides nothing here."""

    node = models.ForeignKey(
        ExchangeNode, verbose_name=_("база 1С"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    external_id = models.CharField(_("Ид в 1С"), max_length=170)
    partner_external_id = models.CharField(_("Ид партнера"), max_length=170, blank=True)
    price_type_external_id = models.CharField(_("Ид вида цен"), max_length=170, blank=True)
    warehouse_external_id = models.CharField(_("Ид склада"), max_length=170, blank=True)
    minimum_amount = models.DecimalField(
        _("минимальная сумма заказа"), max_digits=18, decimal_places=2, null=True
    )
    payment_stages = models.JSONField(_("этапы оплаты"), default=list)
    is_deleted = models.BooleanField(_("удалено в 1С"), default=False)
    seen_at = models.DateTimeField(_("пришло"))

    class Meta:
        verbose_name = _("соглашение 1С")
        verbose_name_plural = _("соглашения 1С")
        constraints = [
            models.UniqueConstraint(fields=["node", "external_id"], name="erp_agreement_unique"),
            models.CheckConstraint(
                condition=Q(minimum_amount__isnull=True) | Q(minimum_amount__gte=0),
                name="erp_agreement_minimum_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.external_id
