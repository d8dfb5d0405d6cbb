"""What people fill in on the pages of contracts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from counterparties.actor import Actor
from counterparties.models import Contract, ContractKind, ContractState, LegalEntity, Organization, SigningWay
from documents.selectors.contracts import ContractFilter, ContractTerm, contracts_visible
from documents.services.contract_accepting import Rivals, Signatures
from documents.services.contract_versions import OF_A_CONTRACT, ContractFacts, VersionFacts
from documents.states import ContractFileRole
from portal.files.scans import ENDINGS

_DAY = {"type": "date"}


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY), required=False, **kwargs)


class ContractSearch(forms.Form):
    """Filters of the list."""

    q = forms.CharField(
        label=_("Номер, юрлицо или ИНН"),
        required=False,
        max_length=50,
        widget=forms.TextInput(attrs={"placeholder": _("Номер, юрлицо или ИНН"), "type": "search"}),
    )
    term = forms.ChoiceField(
        label=_("Срок"),
        required=False,
        choices=[
            ("", _("Все сроки")),
            (ContractTerm.EXPIRING.value, _("Истекают за 30 дней")),
            (ContractTerm.EXPIRED.value, _("Истекли")),
        ],
    )
    waits = forms.BooleanField(label=_("Ждут проверки"), required=False)

    def chosen(self) -> ContractFilter:
        """What is asked; a value that the list does not know asks nothing."""
        self.is_valid()
        told = self.cleaned_data
        return ContractFilter(
            text=(told.get("q") or "").strip(), term=told.get("term") or "", waits=bool(told.get("waits"))
        )


class VersionForm(forms.Form):
    """What a new text changes."""

    summary = forms.CharField(
        label=_("Что изменилось"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    valid_from = _day(label=_("Условия действуют с"))
    valid_until = _day(label=_("Договор действует до"), help_text=_("Пусто: срок не меняется."))
    deferral_days = forms.IntegerField(
        label=_("Отсрочка, дней"),
        required=False,
        min_value=0,
        max_value=365,
        help_text=_("Пусто: не меняется."),
    )
    prepayment_percent = forms.DecimalField(
        label=_("Предоплата, %"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=_("Пусто: не меняется."),
    )

    def version_facts(self) -> VersionFacts:
        told = self.cleaned_data
        return VersionFacts(
            summary=told["summary"],
            valid_from=told["valid_from"],
            valid_until=told["valid_until"],
            deferral_days=told["deferral_days"],
            prepayment_percent=told["prepayment_percent"],
        )


class _ContractChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.legal_entity.name}, договор {obj}"


class ContractForm(VersionForm):
    """A new contract or addendum with its first version."""

    kind = forms.ChoiceField(label=_("Вид"), choices=ContractKind.choices)
    organization = forms.ModelChoiceField(
        label=_("Наша организация"), queryset=Organization.objects.order_by("name", "pk"), required=False
    )
    legal_entity = forms.ModelChoiceField(
        label=_("Юрлицо клиента"), queryset=LegalEntity.objects.none(), required=False
    )
    parent = _ContractChoice(
        label=_("К договору"),
        queryset=Contract.objects.none(),
        required=False,
        help_text=_("Для соглашения, спецификации и протокола; стороны берутся из него."),
    )
    number = forms.CharField(label=_("Номер"), max_length=50)
    date = forms.DateField(label=_("Дата"), widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY))
    subject = forms.CharField(label=_("Предмет"), max_length=300, required=False)
    signing = forms.ChoiceField(label=_("Как подписывается"), choices=SigningWay.choices)
    prolongs_months = forms.IntegerField(
        label=_("Продлевается сам на месяцев"), required=False, min_value=1, max_value=120
    )
    prolongs_most = forms.IntegerField(label=_("Не больше раз"), required=False, min_value=1, max_value=100)
    prolongs_notice_days = forms.IntegerField(
        label=_("Уведомить об отказе за дней"), required=False, min_value=0, max_value=365, initial=30
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entities = LegalEntity.objects.visible_to(actor).in_use().order_by("name", "pk")
        parents = contracts_visible(actor).filter(parent__isnull=True, state=ContractState.ACTIVE)
        parents = parents.select_related("legal_entity").order_by("legal_entity__name", "-date", "pk")
        self.fields["legal_entity"].queryset = entities  # type: ignore[attr-defined]
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        parent = told.get("parent") if told.get("kind") in OF_A_CONTRACT else None
        told["parent"] = parent
        if parent is not None:
            told["organization"], told["legal_entity"] = parent.organization, parent.legal_entity
            return told
        for name in ("organization", "legal_entity"):
            if not told.get(name) and name not in self.errors:
                self.add_error(name, _("Выберите из списка."))
        return told

    def facts(self) -> ContractFacts:
        told = self.cleaned_data
        notice = told["prolongs_notice_days"]
        return ContractFacts(
            organization_id=told["organization"].pk,
            legal_entity_id=told["legal_entity"].pk,
            kind=ContractKind(told["kind"]),
            number=told["number"].strip(),
            date=told["date"],
            parent_id=told["parent"].pk if told["parent"] else None,
            subject=told["subject"],
            signing=SigningWay(told["signing"]),
            prolongs_months=told["prolongs_months"],
            prolongs_most=told["prolongs_most"],
            prolongs_notice_days=30 if notice is None else notice,
        )


class _Files(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        told: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not told:
            raise forms.ValidationError(_("Выберите файлы."))
        return [super(_FilesField, self).clean(one, initial) for one in told]


class ScansForm(forms.Form):
    """Scans of a signed contract, as many files as there are."""

    scans = _FilesField(
        label=_("Скан подписанного договора"),
        allow_empty_file=True,  # the service says which one is empty
        max_length=None,
        help_text=_("PDF, JPG, PNG или TIFF: до 10 файлов, каждый до 20 МБ и 200 страниц."),
        widget=_Files(attrs={"accept": ENDINGS}),
    )


class FileForm(forms.Form):
    """A file that an employee adds."""

    role = forms.ChoiceField(
        label=_("Что это"),
        choices=[
            (role.value, role.label)
            for role in (ContractFileRole.DRAFT, ContractFileRole.OUR_SIGNED, ContractFileRole.BOTH_SIGNED)
        ],
    )
    file = forms.FileField(
        label=_("Файл"),
        allow_empty_file=True,
        help_text=_("Текст: PDF или DOCX. Подписанные копии: PDF, JPG, PNG, TIFF."),
        widget=forms.FileInput(attrs={"accept": f"{ENDINGS},.docx"}),
    )

    def offer(self, roles: Sequence[ContractFileRole]) -> "FileForm":
        """Show only what the version takes now; another tab may still send what it took before."""
        self.fields["role"].widget.choices = [(role.value, role.label) for role in roles]
        return self


class AcceptForm(forms.Form):
    """How both signatures are known, and what becomes of other contracts of the kind."""

    scan_has_both = forms.BooleanField(label=_("На скане клиента обе подписи"), required=False)
    original_received_on = _day(label=_("Оригинал получен"))
    rivals = forms.ChoiceField(label=_("Другие договоры этого вида"), choices=Rivals.choices, required=False)

    def signatures(self) -> Signatures:
        return Signatures(
            scan_has_both=self.cleaned_data["scan_has_both"],
            original_received_on=self.cleaned_data["original_received_on"],
        )

    def chosen_rivals(self) -> Rivals:
        return Rivals(self.cleaned_data["rivals"] or Rivals.NONE)


class ReasonForm(forms.Form):
    """Why scans are returned or a text is withdrawn."""

    reason = forms.CharField(label=_("Причина"), max_length=1000, required=False)
