"""Requisites as clients type them. What is right and wrong in them the services say, field by field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import City
from counterparties.models import ChangeRequest, LegalEntity, LegalEntityBankAccount
from counterparties.registration_refusals import WrongRequisites
from counterparties.requisites import ACCOUNT, REQUISITES
from counterparties.services.requisites import Delivery
from portal.lib.requisites import phone_error

_LONGEST_TYPED = 120  # codes are often pasted with spaces
_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Наименование и коды", ("kind", "name", "full_name", "inn", "kpp", "ogrn", "okpo", "vat_mode")),
    ("Адреса", ("legal_address", "actual_address", "post_address")),
    ("Руководитель", ("head_position", "head_name", "head_basis")),
    ("Документы и ЭДО", ("phone", "email", "edo_operator", "edo_id")),
)


class _ServiceChecked(forms.Form):
    """Fields of a model as texts: lengths are checked here, everything else by the service."""

    names: tuple[str, ...]
    model: type[LegalEntity] | type[LegalEntityBankAccount]
    comment = forms.CharField(label=_("Пояснение для менеджера"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        comment = self.fields.pop("comment")
        for name in self.names:
            self.fields[name] = _text_field(self.model, name)
        self.fields["comment"] = comment

    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.names}

    def refuse(self, refusal: WrongRequisites) -> None:
        """Show each fault beside its field."""
        for field, text in refusal.errors.items():
            self.add_error(field, text)


class RequisitesForm(_ServiceChecked):
    """Requisites of a legal entity, filled with what stands now."""

    names = REQUISITES
    model = LegalEntity

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Fields by subject, for the page."""
        return [(title, [self[name] for name in names]) for title, names in _GROUPS]


class AccountForm(_ServiceChecked):
    """A bank account."""

    names = ACCOUNT
    model = LegalEntityBankAccount


class DeliveryForm(forms.Form):
    """A delivery address."""

    city = forms.ModelChoiceField(City.objects.none(), label=_("Город"), empty_label=_("Выберите город"))
    address = forms.CharField(label=_("Адрес"), min_length=5, max_length=500)
    contact_name = forms.CharField(label=_("Контактное лицо"), max_length=100, required=False)
    contact_phone = forms.CharField(label=_("Телефон"), max_length=40, required=False)
    hours = forms.CharField(
        label=_("Часы приемки"), max_length=100, required=False, help_text=_("Например: пн–пт 9:00–17:00.")
    )
    notes = forms.CharField(label=_("Разгрузка, пропуск"), max_length=300, required=False)
    is_default = forms.BooleanField(label=_("Предлагать первым при заказе"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        city: Any = self.fields["city"]
        city.queryset = City.objects.filter(is_active=True).order_by("position", "name")

    def clean_contact_phone(self) -> str:
        phone = " ".join(self.cleaned_data["contact_phone"].split())
        reason = phone_error(phone)
        if reason:
            raise forms.ValidationError(reason)
        return phone

    def delivery(self) -> Delivery:
        return Delivery(**self.cleaned_data)


class DecisionForm(forms.Form):
    """Which fields of a request are accepted, and why not the others."""

    accepted = forms.MultipleChoiceField(required=False)
    reason = forms.CharField(
        label=_("Почему не все"), max_length=450, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, request: ChangeRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["accepted"]
        choice.choices = [(one.name, one.name) for one in request.fields.all()]


def _text_field(model: type[LegalEntity] | type[LegalEntityBankAccount], name: str) -> forms.Field:
    field: Any = model._meta.get_field(name)
    label = str(field.verbose_name)
    label = label[:1].upper() + label[1:]
    if field.choices:
        return forms.ChoiceField(label=label, choices=field.choices, required=False)
    longest = _LONGEST_TYPED if field.max_length < 61 else field.max_length
    return forms.CharField(
        label=label, max_length=longest, required=False, help_text=str(field.help_text or "")
    )
