"""What the administrator sees of the jobs, and the button that runs a dead one again."""

import json

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.outbox.models import Job
from portal.outbox.selectors import queue_rows
from portal.outbox.services import jobs_rerun


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    list_display = ("handler", "key", "queue", "state", "attempts", "due_at", "created_at", "reason")
    list_filter = ("state", "queue", "handler")
    search_fields = ("key", "handler", "request_id")
    ordering = ("-pk",)
    actions = ("run_again",)
    show_full_result_count = False
    exclude = ("payload", "last_error")
    readonly_fields = ("data", "error")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return bool(request.user.has_perm("outbox.view_job") or request.user.has_perm("outbox.change_job"))

    def has_rerun_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("outbox.change_job"))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Tell the state of the queues above the list."""
        queues = "; ".join(
            _("%(queue)s: ждут %(waiting)s, выполняются %(running)s, остановлены %(dead)s")
            % {"queue": row.queue, "waiting": row.waiting, "running": row.running, "dead": row.dead}
            for row in queue_rows()
        )
        return super().changelist_view(request, {**(extra_context or {}), "subtitle": queues})

    @admin.display(description=gettext_lazy("причина"))
    def reason(self, job: Job) -> str:
        return job.last_error.partition("\n")[0][:120]

    @admin.display(description=gettext_lazy("данные"))
    def data(self, job: Job) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(job.payload, indent=2, ensure_ascii=False))

    @admin.display(description=gettext_lazy("последняя ошибка"))
    def error(self, job: Job) -> SafeString:
        return format_html("<pre>{}</pre>", job.last_error)

    @admin.action(description=gettext_lazy("Выполнить снова"), permissions=["rerun"])
    def run_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        count = jobs_rerun(list(queryset.values_list("pk", flat=True)))
        if not count:
            self.message_user(request, _("Среди выбранных нет остановленных заданий."), messages.WARNING)
            return
        text = ngettext("Задание отправлено снова: %s.", "Заданий отправлено снова: %s.", count) % count
        self.message_user(request, text, messages.SUCCESS)
