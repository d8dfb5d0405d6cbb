"""The queue of orders on their way to 1C."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.models import ExportState, OrderExport
from integrations.services.orders import export_requeue
from portal.lib.readonly import ReadOnly


class UnconfirmedFilter(admin.SimpleListFilter):
    """Orders that 1C fetched and did not confirm."""

    title = gettext_lazy("подтверждение")
    parameter_name = "unconfirmed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("1С забирает и не подтверждает"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OrderExport]) -> QuerySet[OrderExport]:
        if self.value() == "yes":
            return queryset.filter(state=ExportState.QUEUED, unacked__gt=0)
        return queryset


@admin.register(OrderExport)
class OrderExportAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("part", "order", "node", "state", "queued_at", "unacked", "error")
    list_select_related = ("part__order", "node")
    list_filter = ("state", UnconfirmedFilter, "node")
    search_fields = ("part__number", "part__order__number", "error")
    ordering = ("-queued_at", "-pk")
    actions = ("requeue",)
    fields = (
        "part", "order", "node", "state", "error", "unacked", "alone", "version", "accepted_version",
        "offered_in", "queued_at",
    )  # fmt: skip

    @admin.display(description=gettext_lazy("заказ"), ordering="part__order__number")
    def order(self, export: OrderExport) -> str:
        return str(export.part.order)

    @admin.action(description=gettext_lazy("Выгрузить снова"), permissions=["requeue"])
    def requeue(self, request: HttpRequest, queryset: QuerySet[OrderExport]) -> None:
        count = export_requeue(export_ids=list(queryset.values_list("pk", flat=True)))
        self.message_user(request, _("Возвращено в очередь: %(count)s") % {"count": count}, messages.SUCCESS)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("integrations.view_orderexport")

    def has_requeue_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("integrations.change_orderexport")
