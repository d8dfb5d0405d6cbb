"""The journal of the exchange: sessions, files and what became of them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.admin.readonly import ReadOnly
from integrations.models import ExchangeFile, ExchangeSession
from integrations.onec.loading.report import summary
from integrations.services.dropping import files_drop, sessions_drop


class FileInline(ReadOnly, admin.TabularInline):
    model = ExchangeFile
    extra = 0
    fields = ("name", "size", "state", "message", "received_at", "finished_at")
    ordering = ("pk",)
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExchangeFile]:
        """Data and archives: thousands of pictures would hide them."""
        files = super().get_queryset(request)
        return files.filter(name__iendswith=".xml") | files.filter(name__iendswith=".zip")


@admin.register(ExchangeSession)
class ExchangeSessionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("started_at", "node", "kind", "ip", "seen_at", "files_count")
    list_select_related = ("node",)
    list_filter = ("kind", "node")
    date_hierarchy = "started_at"
    ordering = ("-started_at",)
    fields = ("node", "kind", "ip", "started_at", "seen_at", "is_tidied")
    inlines = (FileInline,)
    actions = ("drop",)

    @admin.action(description=gettext_lazy("Снять застрявшие сеансы"), permissions=["drop"])
    def drop(self, request: HttpRequest, queryset: QuerySet[ExchangeSession]) -> None:
        count = sessions_drop(session_ids=list(queryset.values_list("pk", flat=True)), at=timezone.now())
        text = _("Сеансы закрыты, незагруженных файлов снято: %(count)s") % {"count": count}
        self.message_user(request, text, messages.SUCCESS)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("integrations.view_exchangesession") or self.has_drop_permission(request)

    def has_drop_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("integrations.change_exchangesession")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExchangeSession]:
        files = ExchangeFile.objects.filter(session=OuterRef("pk")).order_by().values("session")
        counted = files.annotate(total=Count("pk")).values("total")
        sessions: QuerySet[ExchangeSession] = super().get_queryset(request)
        return sessions.annotate(files_total=Coalesce(Subquery(counted), 0))

    @admin.display(description=gettext_lazy("файлов"))
    def files_count(self, session: Any) -> int:
        return int(session.files_total)


class IsDataFilter(admin.SimpleListFilter):
    """Data and archives only, unless pictures are asked for."""

    title = gettext_lazy("какие файлы")
    parameter_name = "files"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("all", _("Все, с картинками"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ExchangeFile]) -> QuerySet[ExchangeFile]:
        if self.value() == "all":
            return queryset
        return queryset.filter(name__iendswith=".xml") | queryset.filter(name__iendswith=".zip")


@admin.register(ExchangeFile)
class ExchangeFileAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("received_at", "base", "name", "size", "state", "outcome")
    list_select_related = ("session__node",)
    list_filter = (IsDataFilter, "state", "session__node")
    search_fields = ("name", "message")
    date_hierarchy = "received_at"
    ordering = ("-received_at", "-pk")
    fields = (
        "base", "session", "name", "size", "sha256", "state", "received_at", "finished_at", "job", "outcome",
        "warnings",
    )  # fmt: skip
    actions = ("drop",)

    @admin.action(description=gettext_lazy("Снять застрявшие файлы"), permissions=["drop"])
    def drop(self, request: HttpRequest, queryset: QuerySet[ExchangeFile]) -> None:
        count = files_drop(file_ids=list(queryset.values_list("pk", flat=True)), at=timezone.now())
        self.message_user(request, _("Снято файлов: %(count)s") % {"count": count}, messages.SUCCESS)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("integrations.view_exchangefile") or self.has_drop_permission(request)

    def has_drop_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("integrations.change_exchangefile")

    @admin.display(description=gettext_lazy("база 1С"), ordering="session__node__name")
    def base(self, file: ExchangeFile) -> str:
        return str(file.session.node)

    @admin.display(description=gettext_lazy("что сделано"))
    def outcome(self, file: ExchangeFile) -> str:
        return file.message or (summary(file.report) if file.report else "")

    @admin.display(description=gettext_lazy("предупреждения"))
    def warnings(self, file: ExchangeFile) -> SafeString | str:
        rows = [
            (row["text"], row["id"] or "—", row["line"] or "—") for row in file.report.get("warnings", [])
        ]
        if not rows:
            return "—"
        head = format_html(
            "<tr><th>{}</th><th>{}</th><th>{}</th></tr>", _("Что"), _("Ид в 1С"), _("Строка файла")
        )
        body = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
        total = file.report.get("warnings_total", len(rows))
        return format_html("<p>{} {}</p><table>{}{}</table>", _("Всего:"), total, head, body)
