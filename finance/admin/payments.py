"""Payments and settlements for the administrator: nothing is changed by hand."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from finance.models import CalendarFeed, OnlinePayment, OnlinePaymentItem, OverdueItem, Payment, Settlement
from portal.lib.readonly import ReadOnly


@admin.register(Payment)
class PaymentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("paid_on", "legal_entity", "reference", "document_number", "amount", "recorded_by")
    list_select_related = ("legal_entity", "recorded_by")
    list_filter = ("organization",)
    search_fields = ("document_number", "reference", "legal_entity__name", "legal_entity__inn")
    date_hierarchy = "paid_on"
    ordering = ("-paid_on", "-pk")
    show_full_result_count = False


class OverdueInline(ReadOnly, admin.TabularInline):
    model = OverdueItem
    extra = 0
    fields = ("document", "due_date", "amount")
    ordering = ("due_date", "pk")


@admin.register(Settlement)
class SettlementAdmin(ReadOnly, admin.ModelAdmin):
    """What 1C said last of each contract."""

    list_display = ("contract", "client", "debt", "prepayment", "to_pay", "limit_amount", "currency", "as_of")
    list_select_related = ("contract__legal_entity",)
    list_filter = ("is_limited", "currency", "contract__organization")
    search_fields = ("contract__number", "contract__legal_entity__name", "contract__legal_entity__inn")
    ordering = ("-as_of", "-pk")
    show_full_result_count = False
    fields = (
        "contract", "currency", "debt", "prepayment", "shipping", "to_pay", "as_of", "is_limited",
        "limit_amount", "is_overdue_forbidden",
    )  # fmt: skip
    inlines = (OverdueInline,)

    @admin.display(description=gettext_lazy("юрлицо"), ordering="contract__legal_entity__name")
    def client(self, settlement: Settlement) -> str:
        return settlement.contract.legal_entity.name


class OnlinePaymentItemInline(ReadOnly, admin.TabularInline):
    model = OnlinePaymentItem
    extra = 0
    fields = ("label", "reference", "amount")
    ordering = ("pk",)


@admin.register(OnlinePayment)
class OnlinePaymentAdmin(ReadOnly, admin.ModelAdmin):
    """How payments stand, to be compared with the provider's own lists."""

    list_display = ("created_at", "legal_entity", "amount", "currency", "state", "provider_id", "created_by")
    list_select_related = ("legal_entity", "created_by")
    list_filter = ("state", "organization")
    search_fields = ("provider_id", "legal_entity__name", "legal_entity__inn")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    inlines = (OnlinePaymentItemInline,)


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("user", "holding", "created_at")
    list_select_related = ("user", "holding")
    search_fields = ("user__email", "holding__name")
    ordering = ("-created_at", "-pk")
    exclude = ("secret_sha256",)
