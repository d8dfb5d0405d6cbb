"""Credit lines: the amount moves by a change with a reason, and every change stays."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counterparties.actor import Actor
from counterparties.models import Contract
from finance.models import CreditLine, CreditOverride, LimitChange, Reservation
from finance.services.credit import limit_change, override_give
from portal.lib.readonly import ReadOnly


class LineForm(forms.ModelForm):
    """The line's own fields, and beside them a change of its amount."""

    new_amount = forms.DecimalField(
        label=_("новый лимит"), min_value=0, max_digits=18, decimal_places=2, required=False
    )
    until = forms.DateField(
        label=_("только до"), required=False, help_text=_("Пусто: навсегда. Прежний лимит вернется сам.")
    )
    reason = forms.CharField(label=_("причина"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        filled: dict[str, Any] = super().clean() or {}
        if filled.get("new_amount") is not None and not filled.get("reason", "").strip():
            self.add_error("reason", _("Напишите причину: она останется в истории лимита."))
        until = filled.get("until")
        if until is not None and until < timezone.localdate():
            self.add_error("until", _("Этот день уже прошел."))
        return filled


class OverrideForm(forms.ModelForm):
    """A sum above nought, under a contract of a client whom the person serves."""

    amount = forms.DecimalField(label=_("не больше"), min_value=0.01, max_digits=18, decimal_places=2)
    actor: Actor

    def clean_contract(self) -> Contract:
        contract: Contract = self.cleaned_data["contract"]
        if not Contract.objects.visible_to(self.actor).filter(pk=contract.pk).exists():
            raise forms.ValidationError(_("Это договор не вашего клиента."))
        return contract


class ChangeInline(ReadOnly, admin.TabularInline):
    model = LimitChange
    extra = 0
    fields = ("created_at", "amount_before", "amount", "valid_from", "valid_until", "reason", "author")
    ordering = ("-created_at", "-pk")


@admin.register(CreditLine)
class CreditLineAdmin(admin.ModelAdmin):
    form = LineForm
    list_display = (
        "holding", "legal_entity", "contract", "organization", "amount", "currency", "valid_from",
        "valid_until", "mode", "state", "is_from_erp",
    )  # fmt: skip
    list_display_links = ("amount",)
    list_select_related = ("holding", "legal_entity", "contract", "organization")
    list_filter = ("state", "mode", "is_from_erp", "currency")
    search_fields = ("holding__name", "legal_entity__name", "legal_entity__inn", "contract__number")
    autocomplete_fields = ("holding", "legal_entity", "contract")
    ordering = ("-pk",)
    show_full_result_count = False
    inlines = (ChangeInline,)
    _scope = ("holding", "legal_entity", "contract", "organization", "currency")
    _terms = (
        "valid_from", "valid_until", "deferral_days", "grace_days", "overdue_tolerance", "mode", "state",
        "warn_percent",
    )  # fmt: skip

    def get_fieldsets(self, request: HttpRequest, obj: CreditLine | None = None) -> Any:
        amount = ("amount",) if obj is None else ("amount", "new_amount", "until", "reason")
        return (
            (None, {"fields": self._scope}),
            (_("Лимит"), {"fields": amount}),
            (_("Условия"), {"fields": self._terms}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: CreditLine | None = None) -> tuple[str, ...]:
        return () if obj is None else (*self._scope, "amount")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # it is suspended, or ends by date

    def save_model(self, request: HttpRequest, obj: CreditLine, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        amount = form.cleaned_data.get("new_amount")
        if change and amount is not None:
            limit_change(
                actor=request.actor,  # type: ignore[attr-defined]
                line_id=obj.pk,
                amount=amount,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
                valid_until=form.cleaned_data.get("until"),
            )


@admin.register(LimitChange)
class LimitChangeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("created_at", "line", "amount_before", "amount", "valid_until", "reason", "author")
    list_select_related = ("line__holding", "line__legal_entity", "line__contract", "author")
    search_fields = ("reason", "line__holding__name", "line__legal_entity__name", "line__contract__number")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    show_full_result_count = False


@admin.register(Reservation)
class ReservationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("reference", "legal_entity", "contract", "total", "is_active", "created_at")
    list_select_related = ("legal_entity", "contract")
    list_filter = ("is_active", "organization")
    search_fields = ("reference", "legal_entity__name", "legal_entity__inn", "contract__number")
    ordering = ("-created_at", "-pk")
    show_full_result_count = False


@admin.register(CreditOverride)
class CreditOverrideAdmin(admin.ModelAdmin):
    """Given once and used up; the right to give is «Может добавить разрешение сверх лимита»."""

    form = OverrideForm
    list_display = ("contract", "reference", "valid_until", "amount", "used", "reason", "author")
    list_select_related = ("contract", "author")
    list_filter = ("valid_until",)
    search_fields = ("reference", "reason", "contract__number", "contract__legal_entity__name")
    autocomplete_fields = ("contract",)
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    fields = ("contract", "reference", "valid_until", "amount", "reason")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        made.actor = request.actor  # type: ignore[attr-defined]
        return made

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: CreditOverride, form: Any, change: bool) -> None:
        given = override_give(
            actor=request.actor,  # type: ignore[attr-defined]
            contract_id=obj.contract_id,
            reference=obj.reference,
            valid_until=obj.valid_until,
            amount=obj.amount,
            reason=obj.reason,
            at=timezone.now(),
        )
        obj.pk = given.pk
