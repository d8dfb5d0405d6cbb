"""The ledger: only shown; a person adds an opening balance, an offset, a transfer or a write-off."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from counterparties.actor import AccessDenied
from counterparties.models import Contract
from finance.models import Allocation, LedgerEntry, ThirdPartyPayment
from finance.services.entries import MANUAL_KINDS, entry_record, transfer_record
from finance.services.third_party import third_party_confirm
from finance.states import CREDIT_KINDS, DEBIT_KINDS, LedgerKind
from portal.lib.readonly import ReadOnly

_SIDES = (("debit", _("Дебет: клиент должен нам")), ("credit", _("Кредит: мы должны клиенту")))


class EntryForm(forms.ModelForm):
    """An entry by hand; a transfer names the contract that takes the debt over."""

    kind = forms.ChoiceField(label=_("операция"))
    amount = forms.DecimalField(label=_("сумма"), min_value=0.01, max_digits=18, decimal_places=2)
    side = forms.ChoiceField(
        label=_("сторона"),
        choices=(("", _("как положено операции")), *_SIDES),
        required=False,
        help_text=_("Нужна для начального остатка и взаимозачета."),
    )
    to_contract = forms.ModelChoiceField(
        Contract.objects.all(), label=_("на договор"), required=False, help_text=_("Только для переноса.")
    )

    class Meta:
        model = LedgerEntry
        fields = ("contract", "business_date", "document_number", "due_date", "comment")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            kinds = sorted({*MANUAL_KINDS, LedgerKind.TRANSFER})
            choices = [(kind.value, kind.label) for kind in kinds]
            self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField

    def clean(self) -> dict[str, Any]:
        filled: dict[str, Any] = super().clean() or {}
        kind, target = filled.get("kind"), filled.get("to_contract")
        if kind == LedgerKind.TRANSFER:
            self._check_pair(filled.get("contract"), target)
        elif kind and kind not in DEBIT_KINDS | CREDIT_KINDS and not filled.get("side"):
            self.add_error("side", _("Выберите сторону."))
        if not (filled.get("comment") or "").strip():
            self.add_error("comment", _("Напишите, на каком основании."))
        return filled

    def _check_pair(self, source: Contract | None, target: Contract | None) -> None:
        if source is None or target is None:
            self.add_error("to_contract", _("Выберите договор, на который переносится долг."))
        elif source == target or (source.organization_id, source.currency) != (
            target.organization_id,
            target.currency,
        ):
            self.add_error("to_contract", _("Нужен другой договор с той же организацией и в той же валюте."))


class SpentInline(ReadOnly, admin.TabularInline):
    model = Allocation
    fk_name = "credit"
    extra = 0
    verbose_name_plural = _("что оплачено")
    fields = ("debit", "amount", "date", "is_explicit")
    ordering = ("date", "pk")


class CoveredInline(ReadOnly, admin.TabularInline):
    model = Allocation
    fk_name = "debit"
    extra = 0
    verbose_name_plural = _("чем оплачено")
    fields = ("credit", "amount", "date", "is_explicit")
    ordering = ("date", "pk")


@admin.register(LedgerEntry)
class LedgerEntryAdmin(admin.ModelAdmin):
    form = EntryForm
    list_display = (
        "business_date", "kind", "document_number", "legal_entity", "contract", "debit", "credit",
        "due_date", "source",
    )  # fmt: skip
    list_select_related = ("legal_entity", "contract")
    list_filter = ("kind", "source", "organization", "currency")
    search_fields = ("document_number", "legal_entity__name", "legal_entity__inn", "contract__number")
    date_hierarchy = "business_date"
    ordering = ("-business_date", "-pk")
    show_full_result_count = False
    _new = (
        "contract", "kind", "amount", "side", "to_contract", "business_date", "due_date",
        "document_number", "comment",
    )  # fmt: skip
    _shown = (
        "organization", "legal_entity", "contract", "kind", "debit", "credit", "currency",
        "document_number", "document_date", "business_date", "due_date", "order_reference",
        "invoice_reference", "paid_by", "source", "reverses", "recorded_by", "comment", "created_at",
    )  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: LedgerEntry | None = None) -> tuple[str, ...]:
        return self._new if obj is None else self._shown

    def get_inlines(self, request: HttpRequest, obj: LedgerEntry | None) -> Any:
        return () if obj is None else (SpentInline, CoveredInline)

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return ("contract",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: LedgerEntry, form: Any, change: bool) -> None:
        filled, at = form.cleaned_data, timezone.now()
        actor = request.actor  # type: ignore[attr-defined]
        common: dict[str, Any] = {
            "actor": actor,
            "amount": filled["amount"],
            "business_date": filled["business_date"],
            "comment": filled["comment"],
            "at": at,
        }
        if filled["kind"] == LedgerKind.TRANSFER:
            entry, _other = transfer_record(
                from_contract_id=obj.contract_id, to_contract_id=filled["to_contract"].pk, **common
            )
        else:
            entry = entry_record(
                contract_id=obj.contract_id,
                kind=LedgerKind(filled["kind"]),
                is_debit=filled["side"] == "debit" if filled["side"] else None,
                number=filled["document_number"],
                due_date=filled["due_date"],
                **common,
            )
        obj.pk = entry.pk


@admin.register(ThirdPartyPayment)
class ThirdPartyPaymentAdmin(ReadOnly, admin.ModelAdmin):
    """What waits comes first; confirming counts it for the debtor."""

    list_display = (
        "paid_on", "payer", "contract", "debtor", "amount", "purpose", "confirmed_at", "confirmed_by",
    )  # fmt: skip
    list_select_related = ("payer", "contract__legal_entity", "confirmed_by")
    list_filter = ("confirmed_at", "organization")
    search_fields = ("payer__name", "payer__inn", "purpose", "document_number", "contract__number")
    ordering = ("-paid_on", "-pk")
    show_full_result_count = False
    actions = ("confirm",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ThirdPartyPayment]:
        payments: QuerySet[ThirdPartyPayment] = super().get_queryset(request)
        actor = request.actor  # type: ignore[attr-defined]
        return payments.filter(pk__in=ThirdPartyPayment.objects.visible_to(actor))

    @admin.display(description=_("должник"))
    def debtor(self, payment: ThirdPartyPayment) -> str:
        return payment.contract.legal_entity.name if payment.contract else ""

    @admin.action(description=_("Подтвердить: зачесть должнику"))
    def confirm(self, request: HttpRequest, payments: QuerySet[ThirdPartyPayment]) -> None:
        done, left = 0, 0
        for payment in payments.filter(entry=None).order_by("pk"):
            if payment.contract_id is None:
                left += 1
                continue
            try:
                third_party_confirm(
                    actor=request.actor,  # type: ignore[attr-defined]
                    payment_id=payment.pk,
                    at=timezone.now(),
                )
            except (ValueError, AccessDenied):  # the contract is in another currency, or not his client's
                left += 1
            else:
                done += 1
        messages.success(request, _t("Зачтено платежей: {count}.").format(count=done))
        if left:
            text = _t("Не зачтено: {count}. Проверьте договор должника, его валюту и чей он клиент.")
            messages.warning(request, text.format(count=left))
