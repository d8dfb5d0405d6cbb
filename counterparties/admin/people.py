"""Roles, stages of rights and invitations for the administrator: ready roles are changed only here."""

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
