"""Applications, consents and change requests for the administrator; decisions are made on the staff pages."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counterparties.models import (
    AccessRequest,
    ChangeField,
    ChangeRequest,
    Consent,
    ConsentText,
    Registration,
)
from counterparties.services.consents import consent_text_publish, text_sha256


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that services write: looked at, never changed by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    """Rows of the one above, shown only."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ConsentInline(ReadOnlyInline):
    model = Consent
    fields = ("text", "given_at", "ip", "withdrawn_at")


class AccessRequestInline(ReadOnlyInline):
    model = AccessRequest
    fields = ("holding", "legal_entity", "state", "decided_by", "decided_at", "reason")


@admin.register(Registration)
class RegistrationAdmin(ReadOnlyAdmin):
    list_display = ("name", "inn", "state", "contact_name", "email", "city", "created_at", "decided_by")
    list_select_related = ("city", "decided_by")
    list_filter = ("state", "city")
    search_fields = ("name", "inn", "email", "phone", "contact_name")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    inlines = (AccessRequestInline, ConsentInline)


@admin.register(ConsentText)
class ConsentTextAdmin(admin.ModelAdmin):
    """Editions of consents: written as drafts, published by an action, unchangeable afterwards."""

    list_display = ("title", "kind", "version", "published_at", "sha256")
    list_filter = ("kind",)
    ordering = ("kind", "-version")
    fields = ("kind", "version", "title", "text", "sha256", "published_at")
    readonly_fields = ("sha256", "published_at")
    actions = ("publish",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_published = obj is not None and obj.published_at is not None
        return not is_published and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_published = obj is not None and obj.published_at is not None
        return not is_published and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without deletion of many: published editions stay."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request: HttpRequest, obj: ConsentText, form: Any, change: bool) -> None:
        obj.sha256 = text_sha256(obj.title, obj.text)
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Опубликовать: после этого текст не меняется"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[ConsentText]) -> None:
        for text in queryset.order_by("pk"):
            consent_text_publish(text_id=text.pk, at=timezone.now())
        self.message_user(request, _("Опубликовано."))


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ("email", "text", "given_at", "ip", "withdrawn_at")
    list_select_related = ("text",)
    list_filter = ("text__kind",)
    search_fields = ("email",)
    ordering = ("-given_at", "-pk")


class ChangeFieldInline(ReadOnlyInline):
    model = ChangeField
    fields = ("name", "old", "new", "outcome")


@admin.register(ChangeRequest)
class ChangeRequestAdmin(ReadOnlyAdmin):
    list_display = ("legal_entity", "subject", "state", "created_by", "created_at", "decided_by")
    list_select_related = ("legal_entity", "created_by", "decided_by")
    list_filter = ("state", "subject")
    search_fields = ("legal_entity__name", "legal_entity__inn")
    ordering = ("-created_at", "-pk")
    inlines = (ChangeFieldInline,)
