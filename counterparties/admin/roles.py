"""Roles with their matrix: what each allows and how far."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import STAGE_OF, Permission, Scope, Stage
from counterparties.models import Membership, Role, RolePermission
from portal.audit.admin import TrackedAdmin

_CHOICES = [("", _("нет")), *Scope.choices]


def _cell(permission: Permission) -> str:
    return f"scope_{permission.value}"


class RoleForm(forms.ModelForm):
    """The role and one line of choices for each permission of a client's people."""

    class Meta:
        model = Role
        fields = ("name", "holding", "first_stage")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {}
        if self.instance.pk:
            known = dict(self.instance.permissions.values_list("permission", "scope"))
        for permission in STAGE_OF:
            self.initial.setdefault(_cell(permission), known.get(permission, ""))

    def scopes(self) -> dict[Permission, Scope]:
        chosen = {permission: self.cleaned_data.get(_cell(permission)) for permission in STAGE_OF}
        return {permission: Scope(scope) for permission, scope in chosen.items() if scope}


def _cell_field(permission: Permission, stage: Stage) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=permission.label,
        choices=_CHOICES,
        required=False,
        widget=forms.RadioSelect,
        help_text=stage.label,
    )


CELLS = {_cell(permission): _cell_field(permission, stage) for permission, stage in STAGE_OF.items()}
# As if they were written one by one in the class: the admin asks for declared fields.
RoleForm.declared_fields.update(CELLS)
RoleForm.base_fields.update(CELLS)


@admin.register(Role)
class RoleAdmin(TrackedAdmin):
    """Ready roles are for all clients, own ones for one; a change works at the next request."""

    form = RoleForm
    list_display = ("name", "holding", "first_stage", "rights", "people")
    list_select_related = ("holding",)
    list_filter = (("holding", admin.EmptyFieldListFilter), "first_stage")
    search_fields = ("name", "holding__name")
    autocomplete_fields = ("holding",)
    ordering = ("holding_id", "pk")
    fieldsets = (
        (None, {"fields": ("name", "holding", "first_stage")}),
        (
            _("Матрица прав"),
            {
                "fields": tuple(CELLS),
                "description": _(
                    "Права выше первой ступени действуют, только пока ступень открыта человеку."
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Role]:
        roles: QuerySet[Role] = super().get_queryset(request)
        active = Membership.objects.filter(role=OuterRef("pk"), is_active=True)
        return roles.annotate(
            people=_counted(active),
            rights=_counted(RolePermission.objects.filter(role=OuterRef("pk"))),
        )

    @admin.display(description=_("прав"))
    def rights(self, role: Role) -> int:
        return int(vars(role)["rights"])

    @admin.display(description=_("сотрудников"))
    def people(self, role: Role) -> int:
        return int(vars(role)["people"])

    def get_readonly_fields(self, request: HttpRequest, obj: Role | None = None) -> tuple[str, ...]:
        """A role does not change hands: its people would have another client's role."""
        return () if obj is None else ("holding",)

    def has_delete_permission(self, request: HttpRequest, obj: Role | None = None) -> bool:
        """Ready roles are needed by invitations and registration."""
        return obj is not None and not obj.code and super().has_delete_permission(request, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        role: Role = form.instance
        wanted = form.scopes()
        known = {one.permission: one for one in role.permissions.all()}
        role.permissions.exclude(permission__in=wanted).delete()
        for permission, scope in wanted.items():
            if permission not in known:
                role.permissions.create(permission=permission, scope=scope)
            elif known[permission].scope != scope:
                role.permissions.filter(permission=permission).update(scope=scope)


def _counted(rows: QuerySet[Any]) -> Coalesce:
    """Count rows of a role without a JOIN, which would multiply the other count."""
    counted = rows.order_by().values("role").annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted), 0)
