"""Streams and how fresh they are, what arrives out of order, whose id is whose."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.models import ExchangeStream, ExternalId, ExternalKind, PendingOffer
from integrations.reports.freshness import stream_rows
from portal.lib.readonly import ReadOnly


@admin.register(PendingOffer)
class PendingOfferAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("external_id", "node", "received_at")
    list_select_related = ("node",)
    list_filter = ("node",)
    search_fields = ("external_id",)
    ordering = ("-received_at", "-pk")
    fields = ("node", "external_id", "payload", "received_at")


@admin.register(ExternalId)
class ExternalIdAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("external_id", "kind", "object_id", "node", "told")
    list_select_related = ("node",)
    list_filter = ("kind", "node")
    search_fields = ("external_id", "=object_id")
    ordering = ("-pk",)
    show_full_result_count = False

    @admin.display(description=gettext_lazy("что прислала 1С"))
    def told(self, row: ExternalId) -> SafeString | str:
        if row.kind != ExternalKind.PRODUCT:
            return ""
        url = reverse("admin:integrations_exchangefile_about")
        return format_html('<a href="{}?product={}">{}</a>', url, row.object_id, _("Показать"))


@admin.register(ExchangeStream)
class ExchangeStreamAdmin(ReadOnly, admin.ModelAdmin):
    fields = ("node", "kind", "catalog_external_id", "formed_at", "applied_at", "usual_gap")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """When goods, prices, stock and orders of each base last came, and which of them are late."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Потоки обмена"),
            "rows": stream_rows(at=timezone.now()),
        }
        return TemplateResponse(request, "admin/integrations/exchangestream/report.html", context)
