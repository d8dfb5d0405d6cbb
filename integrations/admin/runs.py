"""Exports as a whole, and the decision about goods that did not come."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.models import ExchangeRun
from integrations.onec.refusal import ExchangeRefusal
from integrations.services.runs import run_decide
from portal.lib.readonly import ReadOnly


@admin.register(ExchangeRun)
class ExchangeRunAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("started_at", "node", "is_whole", "state", "goods", "missing", "reason", "finished_at")
    list_select_related = ("node",)
    list_filter = ("state", "node", "is_whole")
    ordering = ("-started_at", "-pk")
    actions = ("hide_missing", "leave_missing")

    @admin.action(description=gettext_lazy("Скрыть непришедшие товары"), permissions=["decide"])
    def hide_missing(self, request: HttpRequest, queryset: QuerySet[ExchangeRun]) -> None:
        self._decide(request, queryset, is_hiding=True)

    @admin.action(description=gettext_lazy("Оставить непришедшие товары"), permissions=["decide"])
    def leave_missing(self, request: HttpRequest, queryset: QuerySet[ExchangeRun]) -> None:
        self._decide(request, queryset, is_hiding=False)

    def _decide(self, request: HttpRequest, queryset: QuerySet[ExchangeRun], *, is_hiding: bool) -> None:
        for run in queryset.order_by("pk"):
            try:
                decided = run_decide(run_id=run.pk, is_hiding=is_hiding, at=timezone.now())
            except ExchangeRefusal as refusal:
                self.message_user(request, f"{run}: {refusal}", messages.WARNING)
                continue
            told = _("%(run)s: скрыто товаров %(count)s") if is_hiding else _("%(run)s: товары оставлены")
            text = told % {"run": decided, "count": decided.missing}
            self.message_user(request, text, messages.SUCCESS)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("integrations.view_exchangerun") or self.has_decide_permission(request)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("integrations.change_exchangerun")
