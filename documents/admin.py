"""Papers and numbers in the admin: to look at, not to change."""

from django.contrib import admin
from django.http import HttpRequest

from documents.models import Document, DocumentDownload, NumberSequence


class _ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that services write and nobody edits."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Document)
class DocumentAdmin(_ReadOnlyAdmin):
    list_display = (
        "number_print",
        "kind",
        "date",
        "organization",
        "legal_entity",
        "total",
        "pay_until",
        "state",
    )
    list_filter = ("kind", "state", "organization")
    list_select_related = ("organization", "legal_entity")
    search_fields = ("number_print", "reference", "legal_entity__name", "legal_entity__inn")
    date_hierarchy = "date"
    ordering = ("-issued_at", "-pk")


@admin.register(NumberSequence)
class NumberSequenceAdmin(_ReadOnlyAdmin):
    list_display = ("organization", "kind", "year", "prefix", "last_number")
    list_select_related = ("organization",)
    ordering = ("-year", "organization", "kind")


@admin.register(DocumentDownload)
class DocumentDownloadAdmin(_ReadOnlyAdmin):
    list_display = ("at", "document", "user", "impersonator")
    list_select_related = ("document", "user", "impersonator")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
