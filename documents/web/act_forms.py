"""What people choose and write about акты сверки."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from counterparties.models import Contract, LegalEntity, Organization
from documents.models import ActPeriod
from documents.selectors.acts import last_act_end
from documents.services.act_periods import Preset, preset_period
from documents.services.act_requests import FIRST_DAY, ActTarget
from documents.states import ActState

_ALL = "all"
_DATE = {"type": "date"}


class ContractChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.legal_entity.name}, {obj}"


class ActAsk(forms.Form):
    """Of whom, with whom, under which contract, for which period; «all firms» makes a package of acts."""

    legal_entity = forms.ChoiceField(label=_("Юрлицо"))
    organization = forms.ModelChoiceField(
        label=_("Организация"), queryset=Organization.objects.none(), empty_label=None
    )
    contract = ContractChoice(
        label=_("Договор"), queryset=Contract.objects.none(), required=False, empty_label=_("Все договоры")
    )
    preset = forms.ChoiceField(label=_("Период"), choices=Preset.choices, initial=Preset.QUARTER)
    start = forms.DateField(
        label=_("С"), required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )
    end = forms.DateField(
        label=_("По"), required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, contracts: Sequence[Contract], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._contracts, self._today = contracts, today
        payers = {(one.legal_entity.merged_into or one.legal_entity): None for one in contracts}
        self._payers: dict[str, LegalEntity] = {str(one.pk): one for one in payers}
        fields: dict[str, Any] = self.fields
        choices = [(pk, one.name) for pk, one in self._payers.items()]
        if len(choices) > 1:
            choices.append((_ALL, str(_("Все юрлица, каждому свой акт"))))
        fields["legal_entity"].choices = choices
        organizations = {one.organization_id for one in contracts}
        fields["organization"].queryset = Organization.objects.filter(pk__in=organizations).order_by("name")
        own = Contract.objects.filter(pk__in=[one.pk for one in contracts])
        fields["contract"].queryset = own.select_related("legal_entity").order_by("legal_entity__name", "pk")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("preset") == Preset.OWN and not (told.get("start") and told.get("end")):
            raise forms.ValidationError(_("Для своего периода укажите обе даты."))
        contract, organization = told.get("contract"), told.get("organization")
        if contract is None or organization is None:
            return told
        payer = contract.legal_entity.merged_into_id or contract.legal_entity_id
        if contract.organization_id != organization.pk or str(payer) != told.get("legal_entity"):
            raise forms.ValidationError(_("Это договор другого юрлица или другой организации."))
        return told

    @property
    def targets(self) -> list[ActTarget]:
        """The acts that a valid form asks for."""
        told = self.cleaned_data
        chosen = told["legal_entity"]
        firms = list(self._payers.values()) if chosen == _ALL else [self._payers[chosen]]
        organization = told["organization"]
        return [self._target(firm, organization, told) for firm in firms if self._deals(firm, organization)]

    def _deals(self, firm: LegalEntity, organization: Organization) -> bool:
        return any(
            one.organization_id == organization.pk
            and firm.pk in (one.legal_entity_id, one.legal_entity.merged_into_id)
            for one in self._contracts
        )

    def _target(self, firm: LegalEntity, organization: Organization, told: dict[str, Any]) -> ActTarget:
        contract_id = told["contract"].pk if told["contract"] else None
        since = FIRST_DAY
        if told["preset"] == Preset.SINCE:
            last = last_act_end(
                legal_entity_id=firm.pk, organization_id=organization.pk, contract_id=contract_id
            )
            since = last or FIRST_DAY
        start, end = preset_period(
            Preset(told["preset"]), today=self._today, own=(told["start"], told["end"]), last=since
        )
        return ActTarget(
            organization_id=organization.pk,
            legal_entity_id=firm.pk,
            contract_id=contract_id,
            period_from=start,
            period_to=end,
        )


class ActSearch(forms.Form):
    """Filters of the list."""

    q = forms.CharField(
        label=_("Юрлицо или ИНН"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("Юрлицо или ИНН"), "type": "search"}),
    )
    legal_entity = forms.ModelChoiceField(
        label=_("Юрлицо"), required=False, queryset=LegalEntity.objects.none(), empty_label=_("Все юрлица")
    )
    state = forms.ChoiceField(
        label=_("Состояние"), required=False, choices=[("", _("Любое состояние")), *ActState.choices]
    )

    def __init__(self, *args: Any, entities: QuerySet[LegalEntity] | None, **kwargs: Any) -> None:
        """A client chooses a firm from his own, an employee types its name."""
        super().__init__(*args, **kwargs)
        if entities is None:
            del self.fields["legal_entity"]
            return
        del self.fields["q"]
        self.fields["legal_entity"].queryset = entities  # type: ignore[attr-defined]


class ActSchedulePlan(forms.Form):
    """When acts of a pair of firms are made."""

    place = forms.ChoiceField(label=_("Юрлицо и организация"))
    period = forms.ChoiceField(label=_("Как часто"), choices=ActPeriod.choices, initial=ActPeriod.QUARTER)
    day = forms.IntegerField(label=_("На какой день после периода"), min_value=1, max_value=28, initial=5)
    is_active = forms.BooleanField(label=_("Включено"), required=False, initial=True)

    def __init__(self, *args: Any, contracts: Sequence[Contract], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = {}
        for one in contracts:
            payer = one.legal_entity.merged_into or one.legal_entity
            places[f"{payer.pk}-{one.organization_id}"] = f"{payer.name} – {one.organization.name}"
        fields: dict[str, Any] = self.fields
        fields["place"].choices = list(places.items())

    @property
    def pair(self) -> tuple[int, int]:
        """Legal entity and organization of a valid form."""
        firm, _dash, organization = self.cleaned_data["place"].partition("-")
        return int(firm), int(organization)


class ActFile(forms.Form):
    file = forms.FileField(label=_("Файл"))


class ActWord(forms.Form):
    """A remark to a line, or the answer to an act."""

    text = forms.CharField(label=_("Замечание"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
