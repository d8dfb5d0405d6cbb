"""The exchange for the administrator: bases and their passwords, the journal, the queue of orders."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.models import (
    ExchangeFile,
    ExchangeNode,
    ExchangeSession,
    ExchangeStream,
    ExternalId,
    OrderExport,
    PendingOffer,
)
from integrations.onec.loading.report import summary
from integrations.services.orders import export_requeue

_PASSWORD_LENGTH = 12


class ReadOnly:
    """Rows that only the exchange writes."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NodeForm(ModelForm):
    """A base of 1C; its password is written, never shown."""

    new_password = forms.CharField(
        label=gettext_lazy("Новый пароль"),
        required=False,
        min_length=_PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "Латинские буквы и цифры. Пусто: прежний пароль. Новый обрывает идущий обмен."
        ),
    )

    class Meta:
        model = ExchangeNode
        fields = [
            "code",
            "name",
            "username",
            "currency_name",
            "is_zip_accepted",
            "is_active",
            "organizations",
        ]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.instance.pk and not told.get("new_password"):
            self.add_error("new_password", _("Задайте пароль, с которым 1С будет входить."))
        return told

    def save(self, commit: bool = True) -> Any:
        if password := self.cleaned_data.get("new_password"):
            self.instance.set_password(password)
        return super().save(commit=commit)


@admin.register(ExchangeNode)
class ExchangeNodeAdmin(admin.ModelAdmin):
    form = NodeForm
    list_display = ("name", "code", "username", "is_active", "last_session")
    list_filter = ("is_active",)
    search_fields = ("name", "code", "username")
    filter_horizontal = ("organizations",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExchangeNode]:
        latest = ExchangeSession.objects.filter(node=OuterRef("pk")).order_by("-started_at")
        nodes: QuerySet[ExchangeNode] = super().get_queryset(request)
        return nodes.annotate(latest=Subquery(latest.values("started_at")[:1]))

    @admin.display(description=gettext_lazy("последний сеанс"), ordering="latest")
    def last_session(self, node: Any) -> Any:
        return node.latest


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


@admin.register(OrderExport)
class OrderExportAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("part", "order", "node", "state", "queued_at", "error")
    list_select_related = ("part__order", "node")
    list_filter = ("state", "node")
    search_fields = ("part__number", "part__order__number", "error")
    ordering = ("-queued_at", "-pk")
    actions = ("requeue",)
    fields = (
        "part", "order", "node", "state", "error", "version", "accepted_version", "offered_in", "queued_at",
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
    list_display = ("external_id", "kind", "object_id", "node")
    list_select_related = ("node",)
    list_filter = ("kind", "node")
    search_fields = ("external_id", "=object_id")
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(ExchangeStream)
class ExchangeStreamAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("node", "kind", "catalog_external_id", "formed_at")
    list_select_related = ("node",)
    list_filter = ("node",)
    ordering = ("-formed_at",)
