"""Invitations for the administrator: read only. Roles, people and stages have modules of their own beside."""

from django.contrib import admin

from counterparties.admin.registration import ReadOnlyAdmin
from counterparties.models import Invitation


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("email", "holding", "role", "state", "invited_by", "invited_at", "expires_at")
    list_select_related = ("holding", "role", "invited_by")
    list_filter = ("state",)
    search_fields = ("email", "holding__name")
    ordering = ("-invited_at", "-pk")
