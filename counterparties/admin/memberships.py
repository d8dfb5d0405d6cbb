"""Who works for which client, in which role and for which legal entities."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Permission as DjangoPermission
from django.db.models import QuerySet
from django.db.models.fields.related import ForeignKey
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from counterparties.models import (
    GrantState,
    LegalEntity,
    LegalEntityUserObjectPermission,
    Membership,
    Role,
    StageGrant,
)
from counterparties.permissions import ACT_FOR_LEGAL_ENTITY
from portal.audit.admin import TrackedAdmin


class MembershipForm(forms.ModelForm):
    """A person's place; legal entities are kept as object permissions."""

    legal_entities = forms.ModelMultipleChoiceField(
        LegalEntity.objects.none(),
        label=_("Юрлица, если не все"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Появятся после сохранения, если клиент только что выбран."),
    )

    class Meta:
        model = Membership
        fields = ("user", "holding", "role", "is_whole_holding", "valid_until", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            return
        own = LegalEntity.objects.in_use().filter(holding_id=self.instance.holding_id)
        self.fields["legal_entities"].queryset = own.order_by("name", "pk")  # type: ignore[attr-defined]
        named = _named(self.instance).values_list("content_object_id", flat=True)
        self.initial["legal_entities"] = list(named)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        role, holding = data.get("role"), data.get("holding") or self.instance.holding_id
        if role is not None and role.holding_id not in {None, getattr(holding, "pk", holding)}:
            self.add_error("role", _t("Это роль другого клиента."))
        return data


class StageInline(admin.TabularInline):
    """Stages of the person: the log is read, a new one may be given."""

    model = StageGrant
    fields = ("stage", "is_whole_holding", "legal_entities", "valid_until", "state", "decided_by")
    readonly_fields = ("state", "decided_by")
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[StageGrant]:
        rows: QuerySet[StageGrant] = super().get_queryset(request)
        named = ("membership__user", "membership__holding", "membership__role", "decided_by")
        return rows.select_related(*named).prefetch_related("legal_entities").order_by("-pk")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "legal_entities":
            own = _opened(request)
            entities = LegalEntity.objects.in_use().filter(holding_id=own.holding_id if own else 0)
            kwargs["queryset"] = entities.order_by("name", "pk")
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(Membership)
class MembershipAdmin(TrackedAdmin):
    """People are never deleted from a client, only closed: the log of their rights stays."""

    form = MembershipForm
    list_display = ("user", "holding", "role", "is_whole_holding", "valid_until", "is_active")
    list_select_related = ("user", "holding", "role")
    list_filter = ("is_active", "is_whole_holding", ("role", admin.RelatedOnlyFieldListFilter))
    search_fields = ("user__full_name", "user__email", "holding__name")
    autocomplete_fields = ("user", "holding")
    ordering = ("holding__name", "pk")
    inlines = (StageInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        return () if obj is None else ("user", "holding")

    def get_inlines(self, request: HttpRequest, obj: Membership | None) -> Any:
        return () if obj is None else self.inlines

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "role":
            own = _opened(request)
            roles = Role.objects.usable_in(own.holding_id) if own else Role.objects.select_related("holding")
            kwargs["queryset"] = roles.order_by("holding_id", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change:
            _name(form.instance, form.cleaned_data["legal_entities"])

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A stage given here is granted at once, by the administrator."""
        now = timezone.now()
        for grant in formset.save(commit=False):
            grant.state, grant.requested_at = GrantState.GRANTED, now
            grant.decided_by_id, grant.decided_at = request.user.pk, now
            grant.save()
        formset.save_m2m()


def _opened(request: HttpRequest) -> Membership | None:
    """The person whose page it is."""
    pk = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
    return Membership.objects.filter(pk=pk).first() if pk and str(pk).isdigit() else None


def _named(member: Membership) -> QuerySet[LegalEntityUserObjectPermission]:
    return LegalEntityUserObjectPermission.objects.filter(
        user_id=member.user_id,
        permission__codename=ACT_FOR_LEGAL_ENTITY,
        content_object__holding_id=member.holding_id,
    )


def _name(member: Membership, chosen: QuerySet[LegalEntity]) -> None:
    """Make the person's object permissions in this holding exactly the chosen."""
    _named(member).exclude(content_object__in=chosen).delete()
    held = set(_named(member).values_list("content_object_id", flat=True))
    permission = DjangoPermission.objects.get(
        content_type__app_label="counterparties", codename=ACT_FOR_LEGAL_ENTITY
    )
    LegalEntityUserObjectPermission.objects.bulk_create(
        LegalEntityUserObjectPermission(content_object=entity, user_id=member.user_id, permission=permission)
        for entity in chosen
        if entity.pk not in held
    )
