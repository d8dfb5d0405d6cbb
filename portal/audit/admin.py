"""A read-only history page for the admin of tracked models."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse

from portal.audit.selectors import history_for


class TrackedAdmin(admin.ModelAdmin):
    """Base of the admins of `@tracked` models: «История» shows every change, not only those made here."""

    object_history_template = "admin/audit/history.html"

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        lines = history_for(row) if row is not None else []
        return super().history_view(request, object_id, {**(extra_context or {}), "lines": lines})
