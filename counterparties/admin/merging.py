"""Merges and splits, read only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from counterparties.admin.registration import ReadOnlyAdmin
from counterparties.models import MergeRecord


@admin.register(MergeRecord)
class MergeRecordAdmin(ReadOnlyAdmin):
    """Who joined what to what and why; `moved` names every row."""

    list_display = ("at", "kind", "from_whom", "to_whom", "decided_by", "reason")
    list_select_related = (
        "source_holding", "target_holding", "source_entity", "target_entity", "decided_by",
    )  # fmt: skip
    list_filter = ("kind",)
    search_fields = ("reason", "source_holding__name", "target_holding__name", "source_entity__inn")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    show_full_result_count = False

    @admin.display(description=_("что"))
    def from_whom(self, record: MergeRecord) -> str:
        return str(record.source_entity or record.source_holding)

    @admin.display(description=_("куда"))
    def to_whom(self, record: MergeRecord) -> str:
        return str(record.target_entity or record.target_holding)
