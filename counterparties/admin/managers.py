"""Which manager serves which client, as one list; a client's own page shows the same rows."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Permission as DjangoPermission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from counterparties.models import Holding, HoldingUserObjectPermission
from counterparties.permissions import SERVE_HOLDING


class AssignmentForm(forms.ModelForm):
    """One manager, one client; the permission is always the same."""

    user = forms.ModelChoiceField(
        User.objects.filter(is_staff=True, is_active=True).order_by("full_name"), label=_("Менеджер")
    )
    content_object = forms.ModelChoiceField(
        Holding.objects.filter(merged_into__isnull=True).order_by("name"), label=_("Клиент")
    )

    class Meta:
        model = HoldingUserObjectPermission
        fields = ("user", "content_object")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        held = HoldingUserObjectPermission.objects.filter(
            user=data.get("user"),
            content_object=data.get("content_object"),
            permission__codename=SERVE_HOLDING,
        )
        if held.exists():
            raise forms.ValidationError(_t("Этот менеджер уже обслуживает клиента."))
        return data


class ManagerFilter(admin.SimpleListFilter):
    """One manager's clients."""

    title = _("менеджер")
    parameter_name = "manager"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        held = HoldingUserObjectPermission.objects.filter(permission__codename=SERVE_HOLDING)
        people = User.objects.filter(pk__in=held.values("user")).order_by("full_name", "pk")
        return [(str(one.pk), one.get_full_name()) for one in people]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(user_id=int(chosen)) if chosen and chosen.isdigit() else queryset


@admin.register(HoldingUserObjectPermission)
class AssignmentAdmin(admin.ModelAdmin):
    """An assignment is made or ended; the manager sees and loses the client at the next request."""

    form = AssignmentForm
    list_display = ("manager", "client", "city", "is_working")
    list_display_links = None
    list_select_related = ("user", "permission", "content_object__home_city")
    list_filter = (ManagerFilter,)
    search_fields = ("user__full_name", "user__email", "content_object__name")
    ordering = ("user__full_name", "content_object__name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(permission__codename=SERVE_HOLDING)

    @admin.display(description=_("менеджер"), ordering="user__full_name")
    def manager(self, row: Any) -> str:
        return str(row.user.get_full_name())

    @admin.display(description=_("клиент"), ordering="content_object__name")
    def client(self, row: Any) -> str:
        return str(row.content_object.name)

    @admin.display(description=_("город"))
    def city(self, row: Any) -> str:
        return str(row.content_object.home_city.name)

    @admin.display(description=_("работает"), boolean=True)
    def is_working(self, row: Any) -> bool:
        return bool(row.user.is_active and row.user.is_staff)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.permission = DjangoPermission.objects.get(
            content_type__app_label="counterparties", codename=SERVE_HOLDING
        )
        super().save_model(request, obj, form, change)
