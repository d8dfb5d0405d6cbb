"""Block rules, and for whom they do not hold."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from finance.models import BlockException, BlockRule


@admin.register(BlockRule)
class BlockRuleAdmin(admin.ModelAdmin):
    list_display = (
        "name", "condition", "threshold", "grace_days", "action", "group", "legal_entity", "contract",
        "is_active",
    )  # fmt: skip
    list_select_related = ("group", "legal_entity", "contract")
    list_filter = ("is_active", "action", "condition")
    search_fields = ("name", "legal_entity__name", "legal_entity__inn", "contract__number")
    autocomplete_fields = ("legal_entity", "contract")
    ordering = ("name", "pk")
    show_full_result_count = False


@admin.register(BlockException)
class BlockExceptionAdmin(admin.ModelAdmin):
    list_display = ("rule", "holding", "legal_entity", "contract", "valid_until", "reason", "author")
    list_select_related = ("rule", "holding", "legal_entity", "contract", "author")
    list_filter = ("valid_until",)
    search_fields = ("holding__name", "legal_entity__name", "contract__number", "reason")
    autocomplete_fields = ("rule", "holding", "legal_entity", "contract")
    ordering = ("-valid_until", "-pk")
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: BlockException, form: Any, change: bool) -> None:
        if not change:
            obj.author = request.user  # type: ignore[assignment]  # the administration is for people
        super().save_model(request, obj, form, change)
