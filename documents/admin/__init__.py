"""Papers and numbers in the admin: to look at, not to change."""

from django.contrib import admin

from documents.admin import acts, edo, forms
from documents.models import (
    ArchiveRule,
    Document,
    DocumentArchive,
    DocumentDownload,
    DocumentTask,
    NumberSequence,
    NumberSeries,
    PriceListDownload,
    PriceListFile,
    PriceListProfile,
    ReceivedDocument,
    ReceivedFile,
    RequiredPaper,
    RetentionTerm,
)
from portal.lib.readonly import ReadOnly

__all__ = ["acts", "edo", "forms"]


@admin.register(Document)
class DocumentAdmin(ReadOnly, admin.ModelAdmin):
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


class ReceivedFileInline(ReadOnly, admin.TabularInline):
    model = ReceivedFile
    fields = ("version", "file", "received_at")
    ordering = ("-version",)
    extra = 0


@admin.register(ReceivedDocument)
class ReceivedDocumentAdmin(ReadOnly, admin.ModelAdmin):
    """Papers of 1C; `file_fault` tells why a file by address did not come."""

    list_display = ("number", "kind", "date", "legal_entity", "total", "file_fault", "is_deleted", "as_of")
    list_filter = ("kind", "is_deleted")
    list_select_related = ("legal_entity",)
    search_fields = ("number", "legal_entity__name", "legal_entity__inn")
    ordering = ("-received_at", "-pk")
    raw_id_fields = ("parts",)
    inlines = (ReceivedFileInline,)


@admin.register(NumberSequence)
class NumberSequenceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("organization", "kind", "year", "prefix", "subdivision", "last_number")
    list_select_related = ("organization",)
    ordering = ("-year", "organization", "kind")


@admin.register(NumberSeries)
class NumberSeriesAdmin(admin.ModelAdmin):
    """Who numbers papers of a kind; a prefix begins a counter of its own from the next paper on."""

    list_display = ("organization", "kind", "warehouse", "issuer", "prefix", "subdivision")
    list_filter = ("organization", "kind", "issuer")
    list_select_related = ("organization", "warehouse")
    ordering = ("organization", "kind", "pk")


@admin.register(RequiredPaper)
class RequiredPaperAdmin(admin.ModelAdmin):
    """Which papers make a shipment complete; a client's own rule goes before the common one of its kind."""

    list_display = ("organization", "holding", "kind", "needs_signed_copy")
    list_filter = ("organization", "kind")
    list_select_related = ("organization", "holding")
    raw_id_fields = ("holding",)
    ordering = ("organization", "pk")


@admin.register(RetentionTerm)
class RetentionTermAdmin(admin.ModelAdmin):
    """How long papers are kept; the portal deletes none, it tells the last day on the page of each."""

    list_display = ("kind", "years")
    ordering = ("kind",)


@admin.register(DocumentTask)
class DocumentTaskAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("asked_at", "kind", "reference", "state", "asked_by", "impersonator", "fault")
    list_filter = ("state", "kind")
    list_select_related = ("asked_by", "impersonator")
    ordering = ("-asked_at", "-pk")


@admin.register(DocumentArchive)
class DocumentArchiveAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        "asked_at",
        "holding",
        "period_from",
        "period_to",
        "state",
        "papers_total",
        "asked_by",
        "impersonator",
        "fault",
    )
    list_filter = ("state",)
    list_select_related = ("holding", "asked_by", "impersonator")
    ordering = ("-asked_at", "-pk")


@admin.register(ArchiveRule)
class ArchiveRuleAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("holding", "pattern", "updated_by", "updated_at")
    list_select_related = ("holding", "updated_by")
    ordering = ("holding",)


@admin.register(DocumentDownload)
class DocumentDownloadAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("at", "document", "received", "user", "impersonator")
    list_select_related = ("document", "received", "user", "impersonator")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")


class PriceListFileInline(ReadOnly, admin.TabularInline):
    model = PriceListFile
    fields = ("asked_at", "format", "state", "rows_total", "made_at", "fault")
    ordering = ("-asked_at",)
    extra = 0


@admin.register(PriceListProfile)
class PriceListProfileAdmin(ReadOnly, admin.ModelAdmin):
    """What clients have set up; a link is known by its hash only, which nobody needs to see."""

    list_display = ("name", "user", "legal_entity", "city", "weekday", "hour", "link_made_at")
    list_select_related = ("user", "legal_entity", "city")
    search_fields = ("name", "legal_entity__name", "user__email")
    ordering = ("-updated_at", "-pk")
    exclude = ("link_hash",)
    inlines = (PriceListFileInline,)


@admin.register(PriceListDownload)
class PriceListDownloadAdmin(ReadOnly, admin.ModelAdmin):
    """Without a person it was the client's system by its link."""

    list_display = ("at", "holding", "user", "impersonator", "file_uid")
    list_select_related = ("holding", "user", "impersonator")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
