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
from counterparties.admin.pictures import PictureField, PicturesForm, SignerForm
from counterparties.models import (
    Contract,
    ContractTerms,
    DeliveryAddress,
    Holding,
    HoldingUserObjectPermission,
    LegalEntity,
    LegalEntityBankAccount,
    LegalEntityUserObjectPermission,
    Membership,
    Organization,
    OrganizationBankAccount,
    OrganizationSigner,
)
from counterparties.permissions import ACT_FOR_LEGAL_ENTITY, SERVE_HOLDING
from counterparties.requisites import (
    ACCOUNT,
    ACCOUNT_CODES,
    CODES,
    REQUISITES,
    account_faults,
    errors_of,
    requisites_faults,
    tidy,
)


# --- requisites as people type them --------------------------------------------------------------
class RequisitesForm(forms.ModelForm):
    """ИНН, КПП and ОГРН without spaces and with right check digits; data of 1C is not held to this."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        typed = {name: str(data.get(name) or "") for name in REQUISITES if name in self.fields}
        values = tidy(typed)
        for field, reason in errors_of(requisites_faults(values)).items():
            if field in self.fields and field not in self.errors:
                self.add_error(field, reason)
        return data | {name: values[name] for name in CODES if name in values}


class BankForm(forms.ModelForm):
    """БИК and accounts that fit one another by the key of the Bank of Russia."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        values = tidy({name: data.get(name) or "" for name in ACCOUNT}, ACCOUNT_CODES)
        for field, reason in errors_of(account_faults(values, inn="")).items():
            if field not in self.errors:
                self.add_error(field, reason)
        return data | {name: values[name] for name in ACCOUNT_CODES}


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


class OrganizationSignerInline(admin.StackedInline):
    """Who signs for the organization and since when; a signature is a picture."""

    model = OrganizationSigner
    form = SignerForm
    exclude = ("facsimile",)
    extra = 0


class OrganizationForm(PicturesForm, RequisitesForm):
    """Requisites of the seller, and what is printed on its papers."""

    pictures = ("logo", "stamp")
    logo_file = PictureField(
        label=gettext_lazy("логотип"), required=False, help_text=gettext_lazy("PNG или JPEG до 2 МБ.")
    )
    logo_removed = forms.BooleanField(label=gettext_lazy("убрать логотип"), required=False)
    stamp_file = PictureField(
        label=gettext_lazy("оттиск печати"),
        required=False,
        help_text=gettext_lazy(
            "PNG или JPEG до 2 МБ. Печатается в счете и заявке; в первичных документах место пустое."
        ),
    )
    stamp_removed = forms.BooleanField(label=gettext_lazy("убрать оттиск печати"), required=False)


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    form = OrganizationForm
    exclude = ("logo", "stamp")
    list_display = ("name", "inn", "kpp", "tax_regime", "confirms_orders_itself")
    search_fields = ("name", "inn")
    ordering = ("name",)
    inlines = (OrganizationBankAccountInline, OrganizationSignerInline)


class LegalEntityRowInline(admin.TabularInline):
    """Legal entities of a holding at a glance; they are edited on their own page."""

    model = LegalEntity
    fk_name = "holding"
    fields = ("name", "kind", "inn", "kpp", "merged_into")
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
    can_delete = False  # closed, never deleted: the log of rights hangs on it
    show_change_link = True


@admin.register(Holding)
class HoldingAdmin(admin.ModelAdmin):
    list_display = ("name", "home_city", "group", "is_active", "entities", "people")
    list_select_related = ("home_city", "group")
    list_filter = ("is_active", "group", "home_city")
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
            kwargs["queryset"] = LegalEntity.objects.in_use().filter(holding=holding_id).order_by("name")
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
    list_display = ("name", "holding", "kind", "inn", "kpp", "is_stopped_by_erp", "merged_into")
    list_select_related = ("holding", "merged_into")
    list_filter = ("kind", "is_stopped_by_erp", ("merged_into", admin.EmptyFieldListFilter))
    readonly_fields = ("is_stopped_by_erp",)
    search_fields = ("name", "full_name", "inn", "holding__name")
    autocomplete_fields = ("holding",)
    ordering = ("name",)
    inlines = (LegalEntityBankAccountInline, DeliveryAddressInline, RepresentativeInline)


class ContractTermsInline(admin.TabularInline):
    """Terms by dates; an accepted addendum adds its row by itself."""

    model = ContractTerms
    fk_name = "contract"
    fields = ("valid_from", "deferral_days", "prepayment_percent", "addendum", "comment")
    raw_id_fields = ("addendum",)
    ordering = ("-valid_from",)
    extra = 0


@admin.register(Contract)
class ContractAdmin(admin.ModelAdmin):
    list_display = (
        "number", "date", "kind", "legal_entity", "organization", "state", "valid_until", "is_default",
    )  # fmt: skip
    list_select_related = ("legal_entity", "organization")
    list_filter = ("state", "kind", "organization")
    search_fields = ("number", "legal_entity__name", "legal_entity__inn")
    autocomplete_fields = ("legal_entity", "parent")
    readonly_fields = ("prolonged_times",)
    ordering = ("-date", "-pk")
    inlines = (ContractTermsInline,)
