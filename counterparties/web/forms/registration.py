"""What an applicant types, and what a manager or a head decides about it."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import City
from counterparties.actor import Actor
from counterparties.models import ConsentText, Holding, LegalEntity, LegalEntityKind, Organization
from counterparties.permissions import ReadyRole
from counterparties.registration_refusals import WrongRequisites
from counterparties.requisites import errors_of, requisites_faults, tidy
from counterparties.services.access_requests import PLAIN_ROLES
from counterparties.services.registration import Application
from portal.lib.requisites import inn_error, normalise


class InnForm(forms.Form):
    """The first question; spaces are forgiven, a slip is named."""

    inn = forms.CharField(
        label=_("ИНН компании"),
        max_length=30,
        help_text=_("10 цифр у организации, 12 — у предпринимателя."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )

    def clean_inn(self) -> str:
        inn = normalise(self.cleaned_data["inn"])
        reason = inn_error(inn)
        if reason:
            raise ValidationError(reason)
        return inn


class ApplicationForm(forms.Form):
    """The company and the person; `texts` are the consents in force when the page was shown."""

    kind = forms.ChoiceField(label=_("Форма"), choices=LegalEntityKind)
    name = forms.CharField(
        label=_("Краткое наименование"), max_length=160, help_text=_("Например: ООО «Север».")
    )
    full_name = forms.CharField(label=_("Полное наименование"), max_length=500, required=False)
    kpp = forms.CharField(
        label=_("КПП"), max_length=20, required=False, help_text=_("У предпринимателя КПП нет.")
    )
    ogrn = forms.CharField(label=_("ОГРН или ОГРНИП"), max_length=30, required=False)
    legal_address = forms.CharField(label=_("Юридический адрес"), max_length=500)
    head_position = forms.CharField(label=_("Должность руководителя"), max_length=100, required=False)
    head_name = forms.CharField(label=_("Руководитель"), max_length=100, required=False)
    contact_name = forms.CharField(label=_("Ваши фамилия и имя"), max_length=150)
    contact_position = forms.CharField(label=_("Ваша должность"), max_length=100, required=False)
    phone = forms.CharField(label=_("Телефон"), max_length=40, widget=forms.TextInput(attrs={"type": "tel"}))
    email = forms.EmailField(
        label=_("Рабочая почта"), max_length=254, help_text=_("По ней вы будете входить на портал.")
    )
    city = forms.ModelChoiceField(City.objects.none(), label=_("Город"), empty_label=_("Выберите город"))
    personal_data = forms.BooleanField(
        label=_("Согласен на обработку персональных данных"),
        error_messages={"required": _("Без этого согласия мы не можем рассмотреть заявку.")},
    )
    news = forms.BooleanField(label=_("Хочу получать новости и предложения"), required=False)
    seen_texts = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, inn: str, texts: list[ConsentText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inn, self.texts = inn, texts
        self.fields["seen_texts"].initial = self._seen()
        city: Any = self.fields["city"]
        city.queryset = City.objects.filter(is_active=True).order_by("position", "name")

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("seen_texts") != self._seen():
            self.add_error(
                "personal_data", _("Текст согласия обновился: прочтите его и подтвердите еще раз.")
            )
        names = [name for name in data if name in Application.__dataclass_fields__ and name != "city"]
        values = tidy({name: data[name] for name in names} | {"inn": self.inn})
        values["full_name"] = values.get("full_name") or values.get("name", "")
        for field, text in errors_of(requisites_faults(values)).items():
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, text)
        return data | values

    def application(self, lookup_note: str) -> Application:
        """What was typed, for the service."""
        names = Application.__dataclass_fields__.keys() - {"lookup_note"}
        return Application(lookup_note=lookup_note, **{name: self.cleaned_data[name] for name in names})

    def given_texts(self) -> list[ConsentText]:
        """The consents whose boxes were ticked."""
        return [text for text in self.texts if self.cleaned_data.get(text.kind)]

    def refuse(self, refusal: WrongRequisites) -> None:
        for field, text in refusal.errors.items():
            self.add_error(field if field in self.fields else None, text)

    def _seen(self) -> str:
        return ",".join(str(text.pk) for text in self.texts)


class PasswordForm(forms.Form):
    """A new person's password, typed twice."""

    password = forms.CharField(
        label=_("Пароль"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )
    again = forms.CharField(
        label=_("Пароль еще раз"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, full_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = User(email=email, full_name=full_name)

    def clean(self) -> dict[str, Any]:
        super().clean()
        password, again = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if password and again and password != again:
            self.add_error("again", _("Пароли не совпадают."))
        elif password:
            try:
                validate_password(password, self.user)
            except ValidationError as error:
                self.add_error("password", error)
        return self.cleaned_data


class ApproveForm(forms.Form):
    """What a new client begins with."""

    holding_name = forms.CharField(label=_("Название клиента"), max_length=160)
    manager = forms.ModelChoiceField(User.objects.none(), label=_("Менеджер"), empty_label=None)
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Договор с"), required=False, empty_label=_("Пока без договора")
    )
    contract_number = forms.CharField(label=_("Номер договора"), max_length=50, required=False)
    contract_date = forms.DateField(
        label=_("Дата договора"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    is_new_in_spite = forms.BooleanField(
        label=_("Нужен отдельный клиент, хотя такой ИНН уже есть"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        manager: Any = self.fields["manager"]
        manager.queryset = User.objects.filter(is_staff=True, is_active=True).order_by("full_name", "pk")
        organization: Any = self.fields["organization"]
        organization.queryset = Organization.objects.order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("organization"):
            for name in ("contract_number", "contract_date"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Заполните: вы выбрали организацию для договора."))
        return data


class AttachForm(forms.Form):
    """Which client the applicant belongs to, and as what; only the actor's own clients are known to it."""

    holding = forms.ModelChoiceField(
        Holding.objects.none(), label=_("Клиент"), empty_label=_("Выберите клиента")
    )
    role = forms.ChoiceField(label=_("Роль"), choices=ReadyRole)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holding: Any = self.fields["holding"]
        holding.queryset = Holding.objects.visible_to(actor).order_by("name", "pk")


class ReasonForm(forms.Form):
    """Why not; the client reads it."""

    reason = forms.CharField(label=_("Причина"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class AccessGrantForm(forms.Form):
    """As what a person is let in, and for which of the head's legal entities."""

    role = forms.ChoiceField(label=_("Роль"), choices=[(one.value, one.label) for one in PLAIN_ROLES])
    legal_entities = forms.ModelMultipleChoiceField(
        LegalEntity.objects.none(),
        label=_("Юридические лица"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Выберите хотя бы одно юридическое лицо.")},
    )

    def __init__(self, *args: Any, entities: list[LegalEntity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["legal_entities"]
        choice.queryset = LegalEntity.objects.filter(pk__in=[one.pk for one in entities]).order_by("name")
