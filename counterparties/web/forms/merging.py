"""What a manager may choose when he merges or splits clients."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from counterparties.models import Holding, LegalEntity
from counterparties.selectors.merging import Difference, PersonMoving
from counterparties.services.relocating import Fate

SOURCE, TARGET = "source", "target"
FATES = (
    (Fate.STAY, _("остается у прежнего клиента")),
    (Fate.GO, _("переходит")),
    (Fate.BOTH, _("работает у обоих")),
)


class MergeSearch(forms.Form):
    """One line: whom to merge with."""

    q = forms.CharField(
        label=_("Клиент или юрлицо"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("Название или ИНН"), "type": "search"}),
    )


class _EntityField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, ИНН {obj.inn} ({obj.holding.name})"


class _EntitiesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, ИНН {obj.inn}"


class EntitiesChoice(forms.Form):
    """Which legal entity goes into which."""

    source = _EntityField(
        LegalEntity.objects.none(), label=_("Какое юрлицо присоединить"), empty_label=_("Выберите")
    )
    target = _EntityField(LegalEntity.objects.none(), label=_("К какому"), empty_label=_("Выберите"))

    def __init__(self, *args: Any, known: list[LegalEntity], holding: Holding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = LegalEntity.objects.select_related("holding").order_by("name", "pk")
        _offer(self, "target", rows.filter(pk__in=[one.pk for one in known]))
        _offer(self, "source", rows.in_use().filter(holding=holding))


class HoldingsChoice(forms.Form):
    """Into which client this one goes."""

    target = forms.ModelChoiceField(
        Holding.objects.none(), label=_("К какому клиенту присоединить"), empty_label=_("Выберите")
    )

    def __init__(self, *args: Any, known: list[Holding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "target", Holding.objects.filter(pk__in=[one.pk for one in known]).order_by("name"))


class SplitChoice(forms.Form):
    """Which legal entities leave the client."""

    entities = _EntitiesField(
        LegalEntity.objects.none(), label=_("Юрлица"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, holding: Holding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = LegalEntity.objects.in_use().filter(holding=holding)
        _offer(self, "entities", own.order_by("name", "pk"))


class MergeConfirm(forms.Form):
    """Why, which requisites win, and what becomes of each person; shown with the preview."""

    reason = forms.CharField(
        label=_("Причина"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Останется в истории клиента."),
    )

    def __init__(
        self,
        *args: Any,
        differences: tuple[Difference, ...] = (),
        people: tuple[PersonMoving, ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for one in differences:
            self.fields[f"take_{one.name}"] = forms.ChoiceField(
                label=capfirst(one.label),
                choices=((TARGET, one.target or "–"), (SOURCE, one.source or "–")),
                initial=SOURCE if one.source and not one.target else TARGET,
                widget=forms.RadioSelect,
            )
        for person in people:
            by_name = person.is_named and not person.membership.is_whole_holding
            self.fields[f"person_{person.membership.pk}"] = forms.ChoiceField(
                label=f"{person.membership.user.get_full_name()}, {person.membership.role.name}",
                choices=FATES,
                initial=Fate.BOTH if by_name else Fate.STAY,
            )

    @property
    def requisites(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("take_")]

    @property
    def people(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("person_")]

    def requisites_from_source(self) -> list[str]:
        chosen = self.cleaned_data
        return [name.removeprefix("take_") for name in self.fields if chosen.get(name) == SOURCE]

    def fates(self) -> dict[int, Fate]:
        """Membership -> what becomes of the person."""
        return {
            int(name.removeprefix("person_")): Fate(self.cleaned_data[name])
            for name in self.fields
            if name.startswith("person_")
        }


class SplitConfirm(MergeConfirm):
    """The same, with a name for the new client."""

    name = forms.CharField(label=_("Название нового клиента"), max_length=160)
    field_order = ("name", "reason")


def _offer(form: forms.Form, name: str, rows: Any) -> None:
    form.fields[name].queryset = rows  # type: ignore[attr-defined]
