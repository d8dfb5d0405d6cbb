"""The JSON channel for the administrator: keys, the journal of batches, what waits."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.models import ExchangeKey, PushBatch, PushRef
from integrations.services.push.keys import key_issue, key_revoke
from portal.lib.readonly import ReadOnly


@admin.register(ExchangeKey)
class ExchangeKeyAdmin(admin.ModelAdmin):
    """A key is made here and shown once; afterwards it can only be revoked."""

    list_display = ("name", "prefix", "node", "created_at", "last_used_at", "revoked_at")
    list_select_related = ("node",)
    list_filter = ("node",)
    search_fields = ("name", "prefix")
    ordering = ("-created_at", "-pk")
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("node", "name") if obj is None else ("node", "name", "prefix", *self._moments)

    _moments = ("created_at", "last_used_at", "revoked_at")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("integrations.change_exchangekey")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        key, obj.told = key_issue(node_id=obj.node_id, name=obj.name, at=timezone.now())
        obj.pk, obj.prefix = key.pk, key.prefix

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The key itself, here and never again: no message keeps it, no cache."""
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Ключ создан"),
            "told": obj.told,
        }
        answer = TemplateResponse(request, "admin/integrations/exchangekey/issued.html", context)
        patch_cache_control(answer, private=True, no_store=True)
        return answer

    @admin.action(description=gettext_lazy("Отозвать"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ExchangeKey]) -> None:
        pks = list(queryset.order_by("pk").values_list("pk", flat=True))
        for pk in pks:
            key_revoke(key_id=pk, at=timezone.now())
        text = _("Отозвано ключей: %(count)s") % {"count": len(pks)}
        self.message_user(request, text, messages.SUCCESS)


@admin.register(PushBatch)
class PushBatchAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("received_at", "node", "stream", "mode", "seq", "accepted", "rejected_count", "status")
    list_select_related = ("node",)
    list_filter = ("stream", "mode", "node", "status")
    search_fields = ("=batch_id",)
    date_hierarchy = "received_at"
    ordering = ("-received_at", "-pk")
    show_full_result_count = False
    fields = (
        "node", "stream", "batch_id", "seq", "mode", "is_finish", "generated_at", "received_at", "status",
        "accepted", "answer", "refused",
    )  # fmt: skip

    @admin.display(description=gettext_lazy("не принято"))
    def rejected_count(self, batch: PushBatch) -> int:
        return len(batch.rejected)

    @admin.display(description=gettext_lazy("не принято"))
    def refused(self, batch: PushBatch) -> str:
        rows = [(row["ref"] or "–", row["error"]) for row in batch.rejected]
        return format_html_join("", "<div><b>{}</b>: {}</div>", rows) or "–"


@admin.register(PushRef)
class PushRefAdmin(ReadOnly, admin.ModelAdmin):
    """How each thing stands that 1C named; what waits says for what, and may hold a whole file."""

    list_display = ("ref", "stream", "state", "reason", "node", "seq", "formed_at", "changed_at")
    list_select_related = ("node",)
    list_filter = ("state", "stream", "node")
    search_fields = ("ref", "wants_ref")
    ordering = ("-changed_at", "-pk")
    show_full_result_count = False
    fields = (
        "node",
        "stream",
        "ref",
        "state",
        "reason",
        "wants_ref",
        "payload",
        "seq",
        "formed_at",
        "changed_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PushRef]:
        return super().get_queryset(request).defer("payload")
