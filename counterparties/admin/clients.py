"""The seller, clients, their people and contracts for the administrator."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Permission as DjangoPermission
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.fields.related import ForeignKey
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from counterparties.models import (
    Contract,
    DeliveryAddress,
    Holding,
    HoldingUserObjectPermission,
    LegalEntity,
    LegalEntityBankAccount,
    LegalEntityKind,
    LegalEntityUserObjectPermission,
    Membership,
    Organization,
    OrganizationBankAccount,
)
from counterparties.permissions import ACT_FOR_LEGAL_ENTITY, SERVE_HOLDING
from portal.lib.requisites import (
    account_error,
    bic_error,
    correspondent_account_error,
    inn_error,
    kpp_error,
    normalise,
    ogrn_error,
    ogrnip_error,
)


# --- requisites as people type them --------------------------------------------------------------
class RequisitesForm(forms.ModelForm):
    """ИНН, КПП and ОГРН without spaces and with right check digits; data of 1C is not held to this."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("inn", "kpp", "ogrn"):
            data[name] = normalise(data.get(name) or "")
        inn, ogrn = data["inn"], data["ogrn"]
        self._fault("inn", inn_error(inn) or self._form_fault(inn))
        if data.get("kind") != LegalEntityKind.OTHER:
            self._fault("kpp", kpp_error(data["kpp"], inn))
        if ogrn:
            self._fault("ogrn", ogrnip_error(ogrn) if len(inn) == 12 else ogrn_error(ogrn))
        return data

    def _form_fault(self, inn: str) -> str | None:
        kind = self.cleaned_data.get("kind")
        if kind == LegalEntityKind.IP and len(inn) != 12:
            return _("У предпринимателя ИНН из 12 цифр.")
        if kind in {LegalEntityKind.OOO, LegalEntityKind.AO} and len(inn) != 10:
            return _("У организации ИНН из 10 цифр.")
        return None

    def _fault(self, field: str, reason: str | None) -> None:
        if reason and field not in self.errors:
            self.add_error(field, reason)


class BankForm(forms.ModelForm):
    """БИК and accounts that fit one another by the key of the Bank of Russia."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("bic", "account", "correspondent_account"):
            data[name] = normalise(data.get(name) or "")
        reasons = {
            "bic": bic_error(data["bic"]),
            "account": account_error(data["account"], data["bic"]),
            "correspondent_account": correspondent_account_error(data["correspondent_account"], data["bic"]),
        }
        for field, reason in reasons.items():
            if reason and field not in self.errors:
                self.add_error(field, reason)
        return data


class OneDefault(forms.BaseInlineFormSet):
    """Of the accounts only one may be the default."""

    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.is_valid() and form.cleaned_data]
        chosen = [data for data in kept if data.get("is_default") and not data.get("DELETE")]
        if len(chosen) > 1:
            raise forms.ValidationError(_("Основным может быть только один счет."))


# --- who serves, who acts: object permissions ------------------------------------------------------
class GrantFormSet(forms.BaseInlineFormSet):
    """Grants of one permission: the person is chosen, the permission is always the same."""

    codename: str

    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.is_valid() and form.cleaned_data]
        people = [data.get("user") for data in kept if not data.get("DELETE")]
        if len(people) != len(set(people)):
            raise forms.ValidationError(_("Один и тот же человек указан дважды."))

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Any:
        form.instance.permission = DjangoPermission.objects.get(
            content_type__app_label="counterparties", codename=self.codename
        )
        return super().save_new(form, commit)


class ServeHoldingFormSet(GrantFormSet):
    codename = SERVE_HOLDING


class ActForLegalEntityFormSet(GrantFormSet):
    codename = ACT_FOR_LEGAL_ENTITY


class GrantInline(admin.TabularInline):
    """People who hold one object permission (django-guardian) for the row above."""

    codename: str
    fields = ("user",)
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(permission__codename=self.codename)


class ManagerInline(GrantInline):
    model = HoldingUserObjectPermission
    formset = ServeHoldingFormSet
    codename = SERVE_HOLDING
    verbose_name = gettext_lazy("менеджер клиента")
    verbose_name_plural = gettext_lazy("менеджеры клиента")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_staff=True, is_active=True).order_by("full_name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class RepresentativeInline(GrantInline):
    model = LegalEntityUserObjectPermission
    formset = ActForLegalEntityFormSet
    codename = ACT_FOR_LEGAL_ENTITY
    verbose_name = gettext_lazy("сотрудник, который действует от имени юрлица")
    verbose_name_plural = gettext_lazy(
        "кто действует от имени юрлица (кроме сотрудников с доступом ко всем юрлицам)"
    )

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "user":
            entity_id = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
            kwargs["queryset"] = (
                User.objects.filter(memberships__holding__legal_entities=entity_id)
                .distinct()
                .order_by("full_name")
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


# --- pages -----------------------------------------------------------------------------------------
class OrganizationBankAccountInline(admin.TabularInline):
    model = OrganizationBankAccount
    form = BankForm
    formset = OneDefault
    extra = 0


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    form = RequisitesForm
    list_display = ("name", "inn", "kpp", "tax_regime", "confirms_orders_itself")
    search_fields = ("name", "inn")
    ordering = ("name",)
    inlines = (OrganizationBankAccountInline,)


class LegalEntityRowInline(admin.TabularInline):
    """Legal entities of a holding at a glance; they are edited on their own page."""

    model = LegalEntity
    fields = ("name", "kind", "inn", "kpp")
    readonly_fields = fields
    extra = 0
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MembershipInline(admin.TabularInline):
    model = Membership
    fields = ("user", "role", "is_whole_holding", "valid_until", "is_active")
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(Holding)
class HoldingAdmin(admin.ModelAdmin):
    list_display = ("name", "home_city", "is_active", "entities", "people")
    list_select_related = ("home_city",)
    list_filter = ("is_active", "home_city")
    search_fields = ("name", "legal_entities__name", "legal_entities__inn")
    ordering = ("name",)
    inlines = (LegalEntityRowInline, MembershipInline, ManagerInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Holding]:
        holdings: QuerySet[Holding] = super().get_queryset(request)
        return holdings.annotate(entities=_counted(LegalEntity), people=_counted(Membership))

    @admin.display(description=gettext_lazy("юрлиц"))
    def entities(self, holding: Holding) -> int:
        return int(vars(holding)["entities"])

    @admin.display(description=gettext_lazy("сотрудников"))
    def people(self, holding: Holding) -> int:
        return int(vars(holding)["people"])

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "main_entity":
            holding_id = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
            kwargs["queryset"] = LegalEntity.objects.filter(holding=holding_id).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _counted(model: type[LegalEntity] | type[Membership]) -> Coalesce:
    """Count rows of a holding without a JOIN, which would multiply the other count."""
    rows = (
        model._default_manager.filter(holding=OuterRef("pk"))
        .order_by()
        .values("holding")
        .annotate(rows=Count("pk"))
        .values("rows")
    )
    return Coalesce(Subquery(rows), 0)


class LegalEntityBankAccountInline(admin.TabularInline):
    model = LegalEntityBankAccount
    form = BankForm
    formset = OneDefault
    extra = 0


class DeliveryAddressInline(admin.StackedInline):
    model = DeliveryAddress
    extra = 0


@admin.register(LegalEntity)
class LegalEntityAdmin(admin.ModelAdmin):
    form = RequisitesForm
    list_display = ("name", "holding", "kind", "inn", "kpp")
    list_select_related = ("holding",)
    list_filter = ("kind",)
    search_fields = ("name", "full_name", "inn", "holding__name")
    autocomplete_fields = ("holding",)
    ordering = ("name",)
    inlines = (LegalEntityBankAccountInline, DeliveryAddressInline, RepresentativeInline)


@admin.register(Contract)
class ContractAdmin(admin.ModelAdmin):
    list_display = ("number", "date", "legal_entity", "organization", "state", "valid_until", "is_default")
    list_select_related = ("legal_entity", "organization")
    list_filter = ("state", "organization")
    search_fields = ("number", "legal_entity__name", "legal_entity__inn")
    autocomplete_fields = ("legal_entity",)
    ordering = ("-date", "-pk")
