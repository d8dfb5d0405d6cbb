"""The search's dictionary: what people teach it by hand."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from catalog.models import (
    SearchPin,
    SearchRedirect,
    SearchStopWord,
    SearchSynonym,
    SearchWeights,
    SuggestedPhrase,
)
from catalog.phrases import phrase_normal


class PhraseForm(forms.ModelForm):
    """Phrases are told apart by their normal spelling, and there must be something to read in them."""

    phrases: ClassVar[tuple[str, ...]]
    together: ClassVar[tuple[str, ...]] = ()
    """What else makes the row one of its kind."""
    taken: ClassVar[Any]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in self.phrases:
            if name in data and not phrase_normal(data[name]):
                self.add_error(name, _t("Здесь нет ни одной буквы или цифры."))
        if not self.errors and self._is_taken(data):
            self.add_error(self.phrases[0], self.taken)
        return data

    def _is_taken(self, data: dict[str, Any]) -> bool:
        key = {f"normal_{name}": phrase_normal(data[name]) for name in self.phrases}
        key |= {name: data[name] for name in self.together}
        rows = self._meta.model._default_manager.filter(**key)
        return bool(rows.exclude(pk=self.instance.pk).exists())


class SynonymForm(PhraseForm):
    phrases = ("phrase", "meaning")
    taken = _("Такой синоним уже есть; регистр и ё не различаются.")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and phrase_normal(data["phrase"]) == phrase_normal(data["meaning"]):
            self.add_error("meaning", _t("Значение совпадает с самой фразой."))
        return data


class PinForm(PhraseForm):
    phrases = ("query",)
    together = ("product",)
    taken = _("Этот товар уже закреплен за этим запросом.")


class RedirectForm(PhraseForm):
    phrases = ("query",)
    taken = _("Для этого запроса переход уже есть.")


class StopWordForm(PhraseForm):
    phrases = ("word",)
    taken = _("Такое слово уже есть; регистр и ё не различаются.")

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        if " " in phrase_normal(word):
            raise forms.ValidationError(_("Нужно одно слово, без пробелов."))
        return word


class SuggestionForm(PhraseForm):
    phrases = ("text",)
    taken = _("Такая подсказка уже есть; регистр и ё не различаются.")


class DictionaryAdmin(admin.ModelAdmin):
    """Many small rows: searched rather than leafed through."""

    list_per_page = 100
    show_full_result_count = False


@admin.register(SearchSynonym)
class SearchSynonymAdmin(DictionaryAdmin):
    form = SynonymForm
    list_display = ("phrase", "meaning", "is_mutual")
    list_filter = ("is_mutual",)
    search_fields = ("phrase", "meaning", "normal_phrase", "normal_meaning")
    search_help_text = _("Фраза или значение")
    ordering = ("normal_phrase", "normal_meaning")
    fields = ("phrase", "meaning", "is_mutual")


@admin.register(SearchPin)
class SearchPinAdmin(DictionaryAdmin):
    form = PinForm
    list_display = ("query", "place", "article", "product")
    list_display_links = ("query",)
    list_select_related = ("product",)
    search_fields = ("query", "normal_query", "product__article", "product__name")
    search_help_text = _("Запрос, артикул или наименование товара")
    autocomplete_fields = ("product",)
    ordering = ("normal_query", "place", "pk")
    fields = ("query", "product", "place")

    @admin.display(description=_("артикул"), ordering="product__article")
    def article(self, pin: SearchPin) -> str:
        return pin.product.article or "–"


@admin.register(SearchRedirect)
class SearchRedirectAdmin(DictionaryAdmin):
    form = RedirectForm
    list_display = ("query", "section", "path")
    list_select_related = ("section",)
    search_fields = ("query", "normal_query", "section__name", "path")
    search_help_text = _("Запрос, раздел или адрес")
    autocomplete_fields = ("section",)
    ordering = ("normal_query",)
    fields = ("query", "section", "path")


@admin.register(SearchStopWord)
class SearchStopWordAdmin(DictionaryAdmin):
    form = StopWordForm
    list_display = ("word",)
    search_fields = ("word", "normal_word")
    ordering = ("normal_word",)
    fields = ("word",)


@admin.register(SuggestedPhrase)
class SuggestedPhraseAdmin(DictionaryAdmin):
    form = SuggestionForm
    list_display = ("text", "priority", "is_hidden")
    list_filter = ("is_hidden",)
    search_fields = ("text", "normal_text")
    ordering = ("-priority", "normal_text")
    fields = ("text", "priority", "is_hidden")


@admin.register(SearchWeights)
class SearchWeightsAdmin(admin.ModelAdmin):
    """One row: added once, never deleted."""

    list_display = ("__str__", "suggest_frequency", "suggest_margin", "suggest_priority",
                    "relevance_frequency", "relevance_margin", "relevance_priority")  # fmt: skip
    ordering = ("pk",)
    fieldsets = (
        (
            _("Порядок подсказок"),
            {
                "fields": ("suggest_frequency", "suggest_margin", "suggest_priority"),
                "description": _("Чем больше вес, тем важнее признак; 0 – признак не учитывается."),
            },
        ),
        (
            _("Порядок найденного"),
            {
                "fields": ("relevance_frequency", "relevance_margin", "relevance_priority"),
                "description": _("Действует среди товаров, которые одинаково подходят под слова запроса."),
            },
        ),
    )
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not SearchWeights.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
