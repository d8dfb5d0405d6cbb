"""What a person may ask of the pages of people, roles and stages."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import STAGE_OF, Permission, Scope, Stage
from counterparties.actor import Actor
from counterparties.models import LegalEntity, Membership, Role
from counterparties.selectors import memberships_valid
from counterparties.selectors.giving import holding_entity_ids, manages_whole
from counterparties.selectors.people import managed_entities
from counterparties.services.invitations import Rights


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, required=False, widget=widget, help_text=gettext_lazy("Включительно. Пусто: без срока.")
    )


class EntitiesForm(forms.Form):
    """For the whole holding or for chosen legal entities; only those that the actor manages are offered."""

    whole = forms.BooleanField(label=gettext_lazy("Все юридические лица, и те, что появятся"), required=False)
    legal_entities = forms.ModelMultipleChoiceField(
        LegalEntity.objects.none(),
        label=gettext_lazy("Юридические лица"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entities: Any = self.fields["legal_entities"]
        entities.queryset = managed_entities(actor)
        if not manages_whole(actor, holding_entity_ids(actor.holding_id or 0)):
            del self.fields["whole"]

    @property
    def legal_entity_ids(self) -> Collection[int] | None:
        """None for the whole holding."""
        if self.cleaned_data.get("whole"):
            return None
        return [entity.pk for entity in self.cleaned_data["legal_entities"]]


class MembershipChange(EntitiesForm):
    """Role, legal entities and validity of a colleague."""

    role = forms.ModelChoiceField(Role.objects.none(), label=gettext_lazy("Роль"), empty_label=None)
    valid_until = _day(gettext_lazy("Доступ по дату"))
    field_order: tuple[str, ...] = ("role", "whole", "legal_entities", "valid_until")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        roles: Any = self.fields["role"]
        roles.queryset = Role.objects.visible_to(actor).order_by("pk")


class Invite(MembershipChange):
    """Whom to call and with which rights."""

    email = forms.EmailField(label=gettext_lazy("Эл. почта"), max_length=254)
    stage = forms.TypedChoiceField(
        label=gettext_lazy("Ступень прав"),
        choices=Stage,
        coerce=lambda value: Stage(int(value)),
        initial=Stage.ORDERS.value,
        help_text=gettext_lazy("Каждая ступень включает предыдущие. Позже ее можно повысить или отозвать."),
    )
    stage_until = _day(gettext_lazy("Ступень по дату"))
    field_order = ("email", "role", "whole", "legal_entities", "stage", "stage_until", "valid_until")

    def rights(self) -> Rights:
        data = self.cleaned_data
        return Rights(
            role_id=data["role"].pk,
            legal_entity_ids=self.legal_entity_ids,
            valid_until=data["valid_until"],
            stage=data["stage"],
            stage_until=data["stage_until"],
        )


class StageArea(EntitiesForm):
    """For which legal entities and until when a stage is given."""

    valid_until = _day(gettext_lazy("По дату"))


class StageChoice(forms.Form):
    """A stage that somebody asks for, and why."""

    stage = forms.TypedChoiceField(
        choices=[(stage.value, stage.label) for stage in Stage if stage > Stage.ORDERS],
        coerce=lambda value: Stage(int(value)),
    )
    reason = forms.CharField(
        label=gettext_lazy("Зачем"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class Answer(forms.Form):
    """Why a request is declined or a stage taken away."""

    answer = forms.CharField(label=gettext_lazy("Причина"), max_length=300)


class Heir(forms.Form):
    """Who takes over the carts of a colleague whose access is closed."""

    heir = forms.ModelChoiceField(
        Membership.objects.none(), label=gettext_lazy("Кому передать корзины"), required=False
    )

    def __init__(self, *args: Any, leaving: Membership, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        heirs: Any = self.fields["heir"]
        heirs.empty_label = _("Никому: корзины останутся")
        heirs.queryset = (
            memberships_valid(on)
            .filter(holding_id=leaving.holding_id, user__is_active=True)
            .exclude(pk=leaving.pk)
            .select_related("user", "role", "holding")
            .order_by("user__full_name", "pk")
        )
        heirs.label_from_instance = lambda one: f"{one.user.get_full_name()}, {one.role.name}"


class RoleNew(forms.Form):
    """A role of one's own begins as a copy."""

    name = forms.CharField(label=gettext_lazy("Название"), max_length=60)
    sample = forms.ModelChoiceField(Role.objects.none(), label=gettext_lazy("По образцу"), empty_label=None)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        samples: Any = self.fields["sample"]
        samples.queryset = Role.objects.visible_to(actor).order_by("pk")


class RoleMatrix(forms.Form):
    """Name, proposed stage, and for each action how far it reaches. Unknown fields are not looked at."""

    name = forms.CharField(label=gettext_lazy("Название"), max_length=60)
    first_stage = forms.TypedChoiceField(
        label=gettext_lazy("Ступень при приглашении"),
        choices=Stage,
        coerce=lambda value: Stage(int(value)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for permission in STAGE_OF:
            self.fields[permission.value] = forms.ChoiceField(
                label=permission.label,
                choices=[("", _("Нет")), *Scope.choices],
                required=False,
                widget=forms.RadioSelect,
            )

    def scopes(self) -> dict[Permission, Scope]:
        chosen = {permission: self.cleaned_data[permission.value] for permission in STAGE_OF}
        return {permission: Scope(scope) for permission, scope in chosen.items() if scope}


class Acceptance(forms.Form):
    """Who comes by an invitation: name and password."""

    full_name = forms.CharField(
        label=gettext_lazy("Фамилия и имя"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    position = forms.CharField(label=gettext_lazy("Должность"), max_length=100, required=False)
    password = forms.CharField(
        label=gettext_lazy("Пароль"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Не короче 12 знаков."),
    )
    password_again = forms.CharField(
        label=gettext_lazy("Пароль еще раз"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        password = data.get("password")
        if password:
            if password != data.get("password_again"):
                self.add_error("password_again", _("Пароли не совпадают."))
            try:
                validate_password(password, User(email=self.email, full_name=data.get("full_name", "")))
            except ValidationError as faults:
                self.add_error("password", faults)
        return data
