"""Which files are kept; they are only looked at here."""

from django.contrib import admin
from django.http import HttpRequest

from portal.files.models import StoredFile


@admin.register(StoredFile)
class StoredFileAdmin(admin.ModelAdmin):
    list_display = ("name", "mime", "size", "source", "created_at", "created_by")
    list_select_related = ("created_by",)
    list_filter = ("mime", "source")
    search_fields = ("name", "sha256")
    ordering = ("-created_at",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: StoredFile | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: StoredFile | None = None) -> bool:
        return False
