"""The journal of the exchange: sessions, files and what became of them."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from integrations.admin.about import AboutForm
from integrations.admin.previews import preview_table, trial_told, warnings_table
from integrations.models import ExchangeFile, ExchangeSession, FileState
from integrations.onec.kept import kept_open
from integrations.onec.loading.report import summary
from integrations.reports.mentions import product_mentions
from integrations.services.decisions import files_approve, files_reject
from integrations.services.dropping import files_drop, sessions_drop
from integrations.services.keeping import kept_until
from integrations.services.replays import files_replay
from integrations.services.trials import files_try
from portal.lib.readonly import ReadOnly


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

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Without a choice not all are shown: say what is."""
        for choice in super().choices(changelist):
            is_default = choice["query_string"] == changelist.get_query_string(remove=[self.parameter_name])
            yield {**choice, "display": _("Данные и архивы")} if is_default else choice

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
        "preview", "decided_by", "replay_of", "copy", "trial_outcome", "warnings",
    )  # fmt: skip
    change_list_template = "admin/integrations/exchangefile/change_list.html"
    change_form_template = "admin/integrations/exchangefile/change_form.html"
    actions = ("approve", "reject", "try_out", "replay", "drop")

    def get_urls(self) -> list[URLPattern]:
        about = self.admin_site.admin_view(self.about_view)
        download = self.admin_site.admin_view(require_GET(self.download_view))
        return [
            path("about/", about, name="integrations_exchangefile_about"),
            path("<int:pk>/download/", download, name="integrations_exchangefile_download"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        """A held file is decided on where its preview is; one that is over may be loaded again."""
        deeds: list[tuple[str, str]] = []
        file = options.get("obj")
        if file and self.has_decide_permission(request):
            if file.state == FileState.HELD:
                deeds = [("approve", _("Применить")), ("reject", _("Отклонить"))]
            elif file.state in (FileState.DONE, FileState.FAILED):
                deeds = [("replay", _("Повторить загрузку"))]
        return super().render_change_form(request, context | {"deeds": deeds}, *args, **options)

    def about_view(self, request: HttpRequest) -> HttpResponse:
        """«Что 1С прислала про этот товар»: found by the number, the article or the Ид of the good."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = AboutForm(request.GET or None)
        product = form.cleaned_data["product"] if form.is_valid() else None
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Что прислала 1С про товар"),
            "form": form,
            "product": product,
            "search": product_mentions(product_id=product.pk) if product else None,
        }
        return TemplateResponse(request, "admin/integrations/exchangefile/about.html", context)

    def download_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """Hand out the copy as it came; never shown by the browser itself."""
        if not request.user.has_perm("integrations.download_exchangefile"):
            raise PermissionDenied
        file = get_object_or_404(ExchangeFile, pk=pk)
        if kept_until(file=file) is None:
            raise Http404
        name = file.name.rpartition("/")[2]
        return FileResponse(
            kept_open(file.sha256), as_attachment=True, filename=name, content_type="application/octet-stream"
        )

    @admin.action(description=gettext_lazy("Применить задержанные"), permissions=["decide"])
    def approve(self, request: HttpRequest, queryset: QuerySet[ExchangeFile]) -> None:
        count = files_approve(file_ids=_ids(queryset), user_id=request.user.pk)
        self.message_user(request, _("Применяется файлов: %(count)s") % {"count": count}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Отклонить задержанные"), permissions=["decide"])
    def reject(self, request: HttpRequest, queryset: QuerySet[ExchangeFile]) -> None:
        count = files_reject(file_ids=_ids(queryset), user_id=request.user.pk)
        self.message_user(request, _("Отклонено файлов: %(count)s") % {"count": count}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Пробная загрузка: что изменилось бы"), permissions=["decide"])
    def try_out(self, request: HttpRequest, queryset: QuerySet[ExchangeFile]) -> None:
        count = files_try(file_ids=_ids(queryset))
        text = _("Проверяется файлов: %(count)s. Итог появится на странице файла.") % {"count": count}
        self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Повторить загрузку"), permissions=["decide"])
    def replay(self, request: HttpRequest, queryset: QuerySet[ExchangeFile]) -> None:
        count, lost = files_replay(file_ids=_ids(queryset), at=timezone.now())
        self.message_user(request, _("Загружается снова: %(count)s") % {"count": count}, messages.SUCCESS)
        if lost:
            text = _("Нельзя повторить: %(count)s. Файл еще грузится, или копии уже нет.") % {"count": lost}
            self.message_user(request, text, messages.WARNING)

    @admin.action(description=gettext_lazy("Снять застрявшие файлы"), permissions=["drop"])
    def drop(self, request: HttpRequest, queryset: QuerySet[ExchangeFile]) -> None:
        count = files_drop(file_ids=_ids(queryset), at=timezone.now())
        self.message_user(request, _("Снято файлов: %(count)s") % {"count": count}, messages.SUCCESS)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("integrations.view_exchangefile") or self.has_drop_permission(request)

    def has_drop_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("integrations.change_exchangefile")

    has_decide_permission = has_drop_permission

    @admin.display(description=gettext_lazy("база 1С"), ordering="session__node__name")
    def base(self, file: ExchangeFile) -> str:
        return str(file.session.node)

    @admin.display(description=gettext_lazy("что сделано"))
    def outcome(self, file: ExchangeFile) -> str:
        held = file.report.get("held", {}).get("reasons", [])
        return file.message or "; ".join(held) or (summary(file.report) if file.report else "")

    @admin.display(description=gettext_lazy("копия"))
    def copy(self, file: ExchangeFile) -> SafeString | str:
        until = kept_until(file=file)
        if until is None:
            return "—"
        url = reverse("admin:integrations_exchangefile_download", args=[file.pk])
        return format_html('<a href="{}">{}</a> {} {:%d.%m.%Y}', url, _("Скачать"), _("до"), until)

    @admin.display(description=gettext_lazy("пример изменений"))
    def preview(self, file: ExchangeFile) -> SafeString | str:
        return preview_table(file.report.get("held"))

    @admin.display(description=gettext_lazy("пробная загрузка"))
    def trial_outcome(self, file: ExchangeFile) -> SafeString | str:
        return trial_told(file.trial)

    @admin.display(description=gettext_lazy("предупреждения"))
    def warnings(self, file: ExchangeFile) -> SafeString | str:
        return warnings_table(file.report)


def _ids(files: QuerySet[ExchangeFile]) -> list[int]:
    return list(files.values_list("pk", flat=True))
