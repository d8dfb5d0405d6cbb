"""Claims for the administrator: to look at only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from orders.admin.shipments import SeenOnly
from orders.models import Claim, ClaimFile, ClaimLine, ClaimStep
from portal.lib.readonly import ReadOnly


class _Rows(ReadOnly, admin.TabularInline):
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).order_by("pk")


class ClaimLineInline(_Rows):
    model = ClaimLine
    fields = ("position", "name", "quantity", "gross", "approved", "note", "reason")


class ClaimFileInline(_Rows):
    model = ClaimFile
    fields = ("name", "uploaded_by", "uploaded_at")


class ClaimStepInline(_Rows):
    model = ClaimStep
    fields = ("at", "state", "comment", "source", "user", "acting_user")


@admin.register(Claim)
class ClaimAdmin(SeenOnly):
    list_display = (
        "number",
        "state",
        "kind",
        "wish",
        "legal_entity",
        "shipment",
        "created_at",
        "answer_due_at",
    )
    list_select_related = ("legal_entity", "shipment")
    list_filter = ("state", "kind", "wish")
    search_fields = ("number", "legal_entity__name", "legal_entity__inn", "shipment__number")
    inlines = (ClaimLineInline, ClaimFileInline, ClaimStepInline)
