"""The card that an employee fills in for himself."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.zones import Zone
from counterparties.models import ManagerCard
from counterparties.services.manager_cards import CardFacts
from portal.files.sniffing import HEAD_LENGTH, sniff_mime

_PHONE = RegexValidator(
    r"^\+?[\d\s()\-]{5,30}(\s*доб\.?\s*\d{1,6})?$", _("Укажите номер цифрами, например +7 495 000-00-00.")
)
_NAME = RegexValidator(r"^@?[A-Za-z0-9_]{4,32}$", _("Укажите имя в Telegram, например @gordeeva."))
_MAX = RegexValidator(r"^https://max\.ru/[A-Za-z0-9_\-/]{1,150}$", _("Вставьте ссылку вида https://max.ru/…"))
_PHOTOS = frozenset({"image/png", "image/jpeg"})
_MOST_BYTES = 2 * 1024 * 1024


def _phone(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=40,
        validators=[_PHONE],
        widget=forms.TextInput({"type": "tel"}),
    )


def _moment(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget)


class ManagerCardForm(forms.Form):
    """Phones, messengers, hours, absence."""

    photo = forms.FileField(
        label=_("Фото"),
        required=False,
        help_text=_("PNG или JPEG до 2 МБ, лучше квадратное."),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
    )
    photo_removed = forms.BooleanField(label=_("Убрать фото"), required=False)
    direct_phone = _phone(_("Прямой телефон"))
    mobile_phone = _phone(_("Мобильный"))
    telegram = forms.CharField(label=_("Telegram"), required=False, max_length=33, validators=[_NAME])
    whatsapp = _phone(_("WhatsApp"))
    max_messenger = forms.CharField(label=_("MAX"), required=False, max_length=200, validators=[_MAX])
    work_from = _moment(_("Работаю с"))
    work_to = _moment(_("до"))
    time_zone = forms.ChoiceField(label=_("Часовой пояс"), choices=Zone.choices)
    answer_minutes = forms.IntegerField(
        label=_("Отвечаю за, минут"),
        min_value=5,
        max_value=4800,
        help_text=_("Клиент видит это обещание. Считаются только рабочие часы."),
    )
    away_from = _day(_("Меня не будет с"))
    away_until = _day(_("по"))
    substitute = forms.ModelChoiceField(
        label=_("Замещает"),
        required=False,
        queryset=User.objects.none(),
        empty_label=_("Никто"),
        help_text=_("В эти дни он видит ваших клиентов и отвечает им."),
    )

    def __init__(self, *args: Any, card: ManagerCard, user_id: int, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if hasattr(card, name) and name != "photo"]
        kwargs["initial"] = {name: getattr(card, name) for name in names}
        super().__init__(*args, **kwargs)
        colleagues = User.objects.filter(is_staff=True, is_active=True).exclude(pk=user_id)
        self.fields["substitute"].queryset = colleagues.order_by("full_name", "pk")  # type: ignore[attr-defined]

    def clean_photo(self) -> tuple[bytes, str] | None:
        file = self.cleaned_data["photo"]
        if not isinstance(file, UploadedFile):
            return None
        if (file.size or 0) > _MOST_BYTES:
            raise forms.ValidationError(_t("Картинка больше 2 МБ."))
        content = file.read()
        mime = sniff_mime(content[:HEAD_LENGTH])
        if mime not in _PHOTOS:
            raise forms.ValidationError(_t("Это не PNG и не JPEG."))
        return content, mime

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        opens, closes = told.get("work_from"), told.get("work_to")
        if opens and closes and opens >= closes:
            self.add_error("work_to", _t("Конец рабочего дня раньше начала."))
        since, until = told.get("away_from"), told.get("away_until")
        if bool(since) != bool(until):
            self.add_error("away_until", _t("Укажите обе даты отсутствия."))
        elif since and until and since > until:
            self.add_error("away_until", _t("Последний день раньше первого."))
        return told

    def facts(self) -> CardFacts:
        told = self.cleaned_data
        return CardFacts(
            direct_phone=told["direct_phone"].strip(),
            mobile_phone=told["mobile_phone"].strip(),
            telegram=told["telegram"].removeprefix("@"),
            whatsapp=told["whatsapp"].strip(),
            max_messenger=told["max_messenger"],
            work_from=told["work_from"],
            work_to=told["work_to"],
            time_zone=told["time_zone"],
            answer_minutes=told["answer_minutes"],
            away_from=told["away_from"],
            away_until=told["away_until"],
            substitute_id=told["substitute"].pk if told["substitute"] else None,
        )
