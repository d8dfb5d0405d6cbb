"""Партнеры and соглашения as 1C told of them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from integrations.models import ErpAgreement, ErpPartner, ExternalId, ExternalKind
from integrations.selectors import partners_with_holding
from portal.lib.readonly import ReadOnly
from pricing.models import PriceType


@admin.register(ErpPartner)
class ErpPartnerAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        "shown",
        "client",
        "is_stopped",
        "stop_reason",
        "manager",
        "is_deleted",
        "node",
        "seen_at",
    )
    list_select_related = ("node",)
    list_filter = ("is_stopped", "is_deleted", "node")
    search_fields = ("name", "external_id")
    ordering = ("name", "pk")
    show_full_result_count = False
    fields = (
        "name", "client", "node", "external_id", "parent_external_id", "is_stopped", "stop_reason", "manager",
        "is_deleted", "seen_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[ErpPartner]:
        return partners_with_holding(super().get_queryset(request))

    @admin.display(description=gettext_lazy("партнер"), ordering="name")
    def shown(self, partner: ErpPartner) -> str:
        return str(partner)

    @admin.display(description=gettext_lazy("клиент"))
    def client(self, partner: Any) -> str:
        """That of its counterparties, where all of them belong to one."""
        return partner.holding_name or "–"


@admin.register(ErpAgreement)
class ErpAgreementAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("external_id", "partner_external_id", "minimum_amount", "is_deleted", "node", "seen_at")
    list_select_related = ("node",)
    list_filter = ("is_deleted", "node")
    search_fields = ("external_id", "partner_external_id")
    ordering = ("-seen_at", "-pk")
    show_full_result_count = False
    fields = (
        "node", "external_id", "partner", "price_type", "warehouse_external_id", "minimum_amount",
        "payment_stages", "is_deleted", "seen_at",
    )  # fmt: skip

    @admin.display(description=gettext_lazy("партнер"))
    def partner(self, agreement: ErpAgreement) -> str:
        found = ErpPartner.objects.filter(node=agreement.node, external_id=agreement.partner_external_id)
        return found.values_list("name", flat=True).first() or agreement.partner_external_id or "–"

    @admin.display(description=gettext_lazy("вид цен"))
    def price_type(self, agreement: ErpAgreement) -> str:
        known = ExternalId.objects.filter(
            node=agreement.node,
            kind=ExternalKind.PRICE_TYPE,
            external_id=agreement.price_type_external_id,
        )
        found = PriceType.objects.filter(pk__in=known.values("object_id")).values_list("name", flat=True)
        return found.first() or agreement.price_type_external_id or "–"
