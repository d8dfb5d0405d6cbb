"""Administration of people and of how they sign in."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Notice, NoticeSetting, QuietHours, User
from accounts.services import second_factor_reset
from counterparties.models import CompanySignIn
from portal.lib.readonly import ReadOnly

# Secrets and sessions are nobody's to read or to edit by hand; what an administrator may do to them
# is an action on the person.
for hidden in (Authenticator, SocialAccount, SocialToken, UserSession):
    admin.site.unregister(hidden)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """People without a user name: everything goes by e-mail."""

    list_display = ("email", "full_name", "position", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "full_name", "phone")
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ("groups",)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Кто это"), {"fields": ("full_name", "position", "phone")}),
        (_("Доступ"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Даты"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "full_name", "password1", "password2", "is_staff")}),)
    actions = ("reset_second_factor",)

    @admin.action(description=_("Снять второй шаг входа и завершить сеансы"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For who lost the telephone and has no codes left."""
        for pk in queryset.order_by("pk").values_list("pk", flat=True):
            second_factor_reset(user_id=pk)
        self.message_user(request, _("Второй шаг снят, сеансы завершены."), messages.SUCCESS)


@admin.register(CompanySignIn)
class CompanySignInAdmin(admin.ModelAdmin):
    """Which server vouches for people of which mail domain; the server itself is a social application."""

    list_display = ("email_domain", "holding", "app", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("holding", "app")
    search_fields = ("email_domain", "holding__name")
    autocomplete_fields = ("holding",)


@admin.register(Notice)
class NoticeAdmin(ReadOnly, admin.ModelAdmin):
    """What people were told, and whether they have read it."""

    list_display = ("created_at", "user", "kind", "title", "read_at")
    list_select_related = ("user",)
    list_filter = ("kind",)
    search_fields = ("user__email", "title", "reference")
    ordering = ("-created_at", "-pk")
    show_full_result_count = False


@admin.register(NoticeSetting)
class NoticeSettingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("user", "kind", "is_mailed")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("user", "kind")


@admin.register(QuietHours)
class QuietHoursAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("user", "start", "end")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("user",)
