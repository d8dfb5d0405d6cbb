"""Codes of clients, for those who look why a row of theirs was taken for this good."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from orders.models import ClientCode
from portal.lib.readonly import ReadOnly


@admin.register(ClientCode)
class ClientCodeAdmin(ReadOnly, admin.ModelAdmin):
    """Looked at only: clients keep their codes themselves, nothing is deleted."""

    list_display = ("code", "holding", "sku", "source", "author", "created_at", "removed_at")
    list_select_related = ("holding", "sku__product", "author")
    list_filter = ("source", ("removed_at", admin.EmptyFieldListFilter))
    list_per_page = 50
    search_fields = ("code", "key", "holding__name", "sku__product__name", "sku__product__article")
    search_help_text = _("Код, клиент, товар или артикул")
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    fields = (
        "holding", "code", "sku", "source", "upload", "author", "acting_user", "created_at", "removed_at",
        "removed_by",
    )  # fmt: skip
