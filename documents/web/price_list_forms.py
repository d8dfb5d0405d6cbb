"""What people choose for a price list."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.index.reading import Index
from catalog.models import City
from catalog.selectors.city import goods_shown
from catalog.selectors.naming import brand_names
from catalog.selectors.sections import SectionTree
from documents.models.price_lists import WEEKDAYS
from documents.price_lists.options import ALWAYS, USUAL, Column, CsvEncoding, ListOptions
from documents.states import ListFormat
from portal.lib.spreadsheets import printable

_CHOSEN = [(column.value, column.label) for column in Column if column not in ALWAYS]
_WITH, _WITHOUT = "with", "without"


class PriceListForm(forms.Form):
    """Name and options; the sections are drawn as a tree, and checked against it."""

    name = forms.CharField(label=_("Название"), max_length=100)
    format = forms.ChoiceField(
        label=_("Вид файла"), choices=ListFormat.choices, widget=forms.RadioSelect, initial=ListFormat.XLSX
    )
    encoding = forms.ChoiceField(
        label=_("Кодировка CSV"), choices=CsvEncoding.choices, initial=CsvEncoding.UTF8
    )
    sections = forms.TypedMultipleChoiceField(label=_("Разделы"), coerce=int, required=False)
    brands = forms.TypedMultipleChoiceField(
        label=_("Бренды"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    columns = forms.MultipleChoiceField(
        label=_("Столбцы"), choices=_CHOSEN, required=False, widget=forms.CheckboxSelectMultiple
    )
    vat = forms.ChoiceField(
        label=_("Цены"),
        choices=[(_WITH, _("с НДС")), (_WITHOUT, _("без НДС"))],
        widget=forms.RadioSelect,
        initial=_WITH,
    )
    is_in_stock_only = forms.BooleanField(label=_("Только то, что есть в наличии"), required=False)
    is_grouped = forms.BooleanField(label=_("Разложить по разделам"), required=False)

    def __init__(self, *args: Any, index: Index, city: City, tree: SectionTree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Mapping[str, Any] = self.fields
        fields["sections"].choices = [(pk, node.name) for pk, node in tree.nodes.items()]
        shown, names = goods_shown(index, city), brand_names(index)
        sold = [(pk, names[pk]) for pk, goods in index.brands.items() if pk in names and goods & shown]
        fields["brands"].choices = sorted(sold, key=lambda brand: brand[1].casefold())

    def clean_name(self) -> str:
        """In one line and of printable signs: it stands in the subject of a letter and inside of the file."""
        name = printable(" ".join(self.cleaned_data["name"].split()))
        if not name:
            raise forms.ValidationError(_("Назовите прайс-лист."))
        return name

    @property
    def chosen_sections(self) -> list[int]:
        """Sections that are ticked, be it in a form that came back."""
        return [int(value) for value in self["sections"].value() or [] if str(value).isdigit()]

    @property
    def options(self) -> ListOptions:
        """What a valid form says."""
        told = self.cleaned_data
        return ListOptions(
            sections=tuple(told["sections"]),
            brands=tuple(told["brands"]),
            is_in_stock_only=told["is_in_stock_only"],
            is_vat_included=told["vat"] == _WITH,
            is_grouped=told["is_grouped"],
            columns=tuple(Column(value) for value in told["columns"]),
            format=ListFormat(told["format"]),
            encoding=CsvEncoding(told["encoding"]),
        )


def initial_of(options: ListOptions) -> dict[str, Any]:
    """Options as the form shows them."""
    return {
        "format": options.format,
        "encoding": options.encoding,
        "sections": list(options.sections),
        "brands": list(options.brands),
        "columns": [column.value for column in options.columns],
        "vat": _WITH if options.is_vat_included else _WITHOUT,
        "is_in_stock_only": options.is_in_stock_only,
        "is_grouped": options.is_grouped,
    }


def initial_of_new() -> dict[str, Any]:
    return initial_of(ListOptions(columns=USUAL)) | {"name": _("Прайс-лист")}


class ScheduleForm(forms.Form):
    """When it goes out by mail; no day means never."""

    weekday = forms.TypedChoiceField(
        label=_("День недели"),
        choices=[("", _("не отправлять")), *WEEKDAYS],
        coerce=int,
        empty_value=None,
        required=False,
    )
    hour = forms.TypedChoiceField(
        label=_("Час (МСК)"), choices=[(hour, f"{hour:02d}:00") for hour in range(24)], coerce=int, initial=8
    )
