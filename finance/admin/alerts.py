"""Who is told of money, as heads have chosen."""

from django.contrib import admin

from finance.models import MoneyAlert
from portal.lib.readonly import ReadOnly


@admin.register(MoneyAlert)
class MoneyAlertAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("legal_entity", "mails_documents_address", "changed_by", "changed_at")
    list_select_related = ("legal_entity", "changed_by")
    search_fields = ("legal_entity__name", "legal_entity__inn")
    ordering = ("-changed_at", "pk")
