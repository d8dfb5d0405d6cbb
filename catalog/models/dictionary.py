"""What people teach the search: synonyms, pinned goods, shortcuts, words without meaning, suggestions."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches
from catalog.models.goods import Product
from catalog.models.normal import NormalField
from catalog.models.sections import Section

PHRASE_LENGTH = 100
OWN_PATH = r"^/([^/\\\s][^\\\s]*)?$"
"""A path of this site: one slash at its head, as two would name another host."""

# NFKC may make several letters of one.
_NORMAL_LENGTH = 4 * PHRASE_LENGTH


class SearchSynonym(models.Model):
    """Who looks for the phrase finds what the meaning finds; if mutual, also the other way round."""

    phrase = models.CharField(
        _("слово или фраза"), max_length=PHRASE_LENGTH, help_text=_("Как ищут, например «болгарка».")
    )
    normal_phrase = NormalField(max_length=_NORMAL_LENGTH, of="phrase")
    meaning = models.CharField(
        _("значение"),
        max_length=PHRASE_LENGTH,
        help_text=_("Как это названо в каталоге, например «угловая шлифмашина»."),
    )
    normal_meaning = NormalField(max_length=_NORMAL_LENGTH, of="meaning")
    is_mutual = models.BooleanField(
        _("в обе стороны"), default=True, help_text=_("И по значению найдется то, что названо фразой.")
    )

    class Meta:
        verbose_name = _("синоним")
        verbose_name_plural = _("поиск: синонимы")
        triggers = touches("search")
        constraints = [
            models.UniqueConstraint(fields=["normal_phrase", "normal_meaning"], name="search_synonym_unique"),
            models.CheckConstraint(
                condition=~Q(normal_phrase=F("normal_meaning")), name="search_synonym_differs"
            ),
            models.CheckConstraint(
                condition=~Q(normal_phrase="") & ~Q(normal_meaning=""), name="search_synonym_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phrase} {'↔' if self.is_mutual else '→'} {self.meaning}"


class SearchPin(models.Model):
    """A product that comes before all others for a query; the lower the place, the earlier."""

    query = models.CharField(
        _("запрос"), max_length=PHRASE_LENGTH, help_text=_("Целиком, как его вводят; регистр и ё не важны.")
    )
    normal_query = NormalField(max_length=_NORMAL_LENGTH, of="query")
    product = models.ForeignKey(
        Product, verbose_name=_("товар"), on_delete=models.CASCADE, related_name="search_pins"
    )
    place = models.PositiveSmallIntegerField(
        _("место"), default=1, validators=[MinValueValidator(1)], help_text=_("Первый – 1.")
    )

    class Meta:
        verbose_name = _("закрепленный товар")
        verbose_name_plural = _("поиск: закрепленные товары")
        triggers = touches("search")
        constraints = [
            models.UniqueConstraint(fields=["normal_query", "product"], name="search_pin_unique"),
            models.CheckConstraint(condition=~Q(normal_query=""), name="search_pin_not_empty"),
            models.CheckConstraint(condition=Q(place__gte=1), name="search_pin_place_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.query}: {self.place}"


class SearchRedirect(models.Model):
    """Who looks for exactly this is led to a section or a page of the portal."""

    query = models.CharField(
        _("запрос"), max_length=PHRASE_LENGTH, help_text=_("Целиком, как его вводят; регистр и ё не важны.")
    )
    normal_query = NormalField(max_length=_NORMAL_LENGTH, of="query", unique=True)
    section = models.ForeignKey(
        Section, verbose_name=_("раздел"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    path = models.CharField(
        _("страница портала"),
        max_length=300,
        blank=True,
        validators=[
            RegexValidator(
                OWN_PATH.replace("$", r"\Z"),
                _("Укажите адрес страницы портала от корня, например /articles/. Другие сайты нельзя."),
            )
        ],
        help_text=_("Вместо раздела: адрес от корня, например /articles/."),
    )

    class Meta:
        verbose_name = _("переход по запросу")
        verbose_name_plural = _("поиск: переходы по запросу")
        triggers = touches("search")
        constraints = [
            models.CheckConstraint(condition=~Q(normal_query=""), name="search_redirect_not_empty"),
            models.CheckConstraint(
                condition=Q(section__isnull=False, path="") | (Q(section__isnull=True) & ~Q(path="")),
                name="search_redirect_one_target",
                violation_error_message=_("Укажите что-то одно: раздел или страницу портала."),
            ),
            models.CheckConstraint(
                condition=Q(path="") | Q(path__regex=OWN_PATH), name="search_redirect_own_path"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.query} → {self.path or self.section_id}"


class SearchStopWord(models.Model):
    """A word that says nothing about goods and is left out of queries."""

    word = models.CharField(_("слово"), max_length=40, help_text=_("Одно слово, например «купить»."))
    normal_word = NormalField(max_length=160, of="word", unique=True)

    class Meta:
        verbose_name = _("стоп-слово")
        verbose_name_plural = _("поиск: стоп-слова")
        triggers = touches("search")
        constraints = [
            models.CheckConstraint(
                condition=~Q(normal_word="") & ~Q(normal_word__contains=" "), name="search_stop_word_is_one"
            )
        ]

    def __str__(self) -> str:
        return self.word


class SuggestedPhrase(models.Model):
    """A query that is suggested while one types, with a priority set by hand; or one never suggested."""

    text = models.CharField(_("подсказка"), max_length=PHRASE_LENGTH)
    normal_text = NormalField(max_length=_NORMAL_LENGTH, of="text", unique=True)
    priority = models.SmallIntegerField(
        _("приоритет"),
        default=0,
        validators=[MinValueValidator(-100), MaxValueValidator(100)],
        help_text=_("От −100 до 100: чем больше, тем выше подсказка."),
    )
    is_hidden = models.BooleanField(_("не подсказывать"), default=False)

    class Meta:
        verbose_name = _("подсказка поиска")
        verbose_name_plural = _("поиск: подсказки")
        triggers = touches("search")
        constraints = [
            models.CheckConstraint(condition=~Q(normal_text=""), name="suggested_phrase_not_empty"),
            models.CheckConstraint(
                condition=Q(priority__gte=-100, priority__lte=100), name="suggested_phrase_priority_sane"
            ),
        ]

    def __str__(self) -> str:
        return self.text
