"""What people teach the search: how phrases are compared, what the database refuses, what is read."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalog.index.reading import catalog_index
from catalog.models import (
    IndexTouch,
    Product,
    SearchPin,
    SearchRedirect,
    SearchStopWord,
    SearchSynonym,
    SearchWeights,
    Section,
    SuggestedPhrase,
)
from catalog.phrases import phrase_normal
from catalog.selectors.dictionary import (
    phrases_listed,
    pins_listed,
    redirects_listed,
    search_weights,
    stop_words,
    synonyms_listed,
)
from catalog.selectors.search import redirect_for
from tests.catalog.samples import make_section
from tests.factories import World, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client, world: World) -> Client:
    client.force_login(world.administrator)
    return client


def refused(**fields: object) -> bool:
    """Whether the database takes no such redirect."""
    try:
        with transaction.atomic():
            SearchRedirect.objects.create(**fields)
    except IntegrityError:
        return True
    return False


# --- spelling -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("  Ёлка\tЗЕЛЁНАЯ ", "елка зеленая"),
        ("м²", "м2"),
        ("а\x00б\u200bв", "а б в"),
        ("\ud800", ""),
        ("e\N{COMBINING DIAERESIS}", "ë"),
        ("е\N{COMBINING DIAERESIS}", "е"),
        ("   ", ""),
    ],
)
def test_phrase_is_compared_by_its_normal_spelling(typed: str, normal: str) -> None:
    assert phrase_normal(typed) == normal
    assert phrase_normal(normal) == normal


def test_normal_spelling_is_written_by_save_and_in_bulk() -> None:
    (bulk,) = SearchStopWord.objects.bulk_create([SearchStopWord(word="Ещё")])
    one = SearchSynonym.objects.create(phrase="Шуруповёрт", meaning="Дрель-шуруповёрт")

    one.phrase = "Шурик"
    one.save()

    assert SearchStopWord.objects.get(pk=bulk.pk).normal_word == "еще"
    saved = SearchSynonym.objects.get(pk=one.pk)
    assert (saved.phrase, saved.normal_phrase, saved.normal_meaning) == (
        "Шурик", "шурик", "дрель-шуруповерт",
    )  # fmt: skip


# --- what the database refuses --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("phrase", "meaning"), [("ёж", "ЕЖ"), ("болгарка", "УШМ"), (" ", "ушм"), ("ушм", "\u200b")]
)
def test_synonym_of_itself_twice_or_of_nothing_is_refused(phrase: str, meaning: str) -> None:
    SearchSynonym.objects.create(phrase="Болгарка", meaning="ушм")

    with pytest.raises(IntegrityError), transaction.atomic():
        SearchSynonym.objects.create(phrase=phrase, meaning=meaning)

    assert SearchSynonym.objects.count() == 1


@pytest.mark.parametrize(
    "path",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "catalog/", "/a b",
     "javascript:alert(1)", "/a\nb"],
)  # fmt: skip
def test_redirect_leads_nowhere_but_here(path: str) -> None:
    assert refused(query="доставка", path=path)


@pytest.mark.parametrize("path", ["/", "/articles/", "/catalog/5/?p1=8.8&sort=price#list"])
def test_redirect_to_own_page_is_kept(path: str) -> None:
    assert not refused(query="доставка", path=path)


def test_redirect_has_exactly_one_target(world: World) -> None:
    section = make_section("Доставка")

    assert refused(query="доставка")
    assert refused(query="доставка", section=section, path="/articles/")
    assert not refused(query="доставка", section=section)
    assert refused(query="ДОСТАВКА", path="/articles/")


def test_weights_are_one_row() -> None:
    SearchWeights.objects.create(suggest_margin=0.5)

    with pytest.raises(IntegrityError), transaction.atomic():
        SearchWeights.objects.create(id=2)
    assert search_weights().suggest_margin == 0.5


def test_untouched_weights_are_the_defaults() -> None:
    weights = search_weights()

    assert (weights.suggest_frequency, weights.relevance_frequency, weights.relevance_margin) == (1, 0.7, 0.3)


# --- reads ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_dictionary_is_read_with_a_query_for_each_part(
    world: World, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    products = [make_product() for _ in range(rows)]
    for number, product in enumerate(products):
        SearchSynonym.objects.create(phrase=f"слово {number}", meaning="ушм")
        SearchStopWord.objects.create(word=f"слово{number}")
        SearchPin.objects.create(query="Трос", product=product, place=rows - number)
        SearchRedirect.objects.create(query=f"слово {number}", path="/articles/")

    with django_assert_num_queries(4):
        assert len(synonyms_listed()) == rows
        assert len(stop_words()) == rows
        assert pins_listed() == {"трос": tuple(product.pk for product in reversed(products))}
        assert redirects_listed(()) == {f"слово {number}": "/articles/" for number in range(rows)}


def test_synonyms_are_told_as_they_were_typed() -> None:
    SearchSynonym.objects.create(phrase="Шуруповёрт", meaning="дрель", is_mutual=False)

    assert synonyms_listed() == [("Шуруповёрт", "дрель", False)]


def test_suggestions_are_told_as_they_were_typed() -> None:
    SuggestedPhrase.objects.create(text="Шуруповёрт", priority=5)
    SuggestedPhrase.objects.create(text="Брак", is_hidden=True)

    assert phrases_listed() == [("Брак", 0, True), ("Шуруповёрт", 5, False)]


def test_redirect_to_section_gives_its_address_while_it_is_shown(world: World) -> None:
    section = make_section("Крепёж")
    SearchRedirect.objects.create(query="крепёж", section=section)

    assert redirect_for(catalog_index(), "КРЕПЕЖ") == reverse("catalog:section", args=[section.pk])
    section.is_hidden = True
    section.save()
    assert redirect_for(catalog_index(), "КРЕПЕЖ") is None
    assert redirect_for(catalog_index(), "другое") is None


def test_redirect_leads_into_no_section_below_a_hidden_one(world: World) -> None:
    top = make_section("Закрытое")
    SearchRedirect.objects.create(query="крепёж", section=make_section("Крепёж", parent=top))
    shown = redirect_for(catalog_index(), "крепёж")

    Section.objects.filter(pk=top.pk).update(is_hidden=True)

    assert shown is not None
    assert redirect_for(catalog_index(), "крепёж") is None


# --- the index notices ----------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["synonym", "pin", "redirect", "stop word", "phrase", "weights"])
def test_changed_dictionary_leaves_a_touch_for_the_indexer(world: World, kind: str) -> None:
    product = make_product()
    make = {
        "synonym": lambda: SearchSynonym.objects.create(phrase="болгарка", meaning="ушм"),
        "pin": lambda: SearchPin.objects.create(query="болгарка", product=product),
        "redirect": lambda: SearchRedirect.objects.create(query="болгарка", path="/articles/"),
        "stop word": lambda: SearchStopWord.objects.create(word="купить"),
        "phrase": lambda: SuggestedPhrase.objects.create(text="болгарка"),
        "weights": SearchWeights.objects.create,
    }[kind]
    IndexTouch.objects.all().delete()

    row = make()
    row.save()
    row.delete()

    assert list(IndexTouch.objects.order_by("pk").values_list("kind", "ids")) == [("search", None)] * 3


def test_changed_priority_touches_the_product(world: World) -> None:
    product = make_product()
    IndexTouch.objects.all().delete()

    Product.objects.filter(pk=product.pk).update(priority=5)

    assert list(IndexTouch.objects.values_list("kind", "ids")) == [("product", [product.pk])]


@pytest.mark.parametrize("change", [{"priority": 101}, {"margin_class": "D"}])
def test_impossible_rank_of_a_product_is_refused(world: World, change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.update(**change)


# --- the administrator's pages --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("model", "form", "fault"),
    [
        ("searchsynonym", {"phrase": "БОЛГАРКА", "meaning": "ушм"}, "Такой синоним уже есть"),
        ("searchsynonym", {"phrase": "ёж", "meaning": "еж"}, "Значение совпадает с самой фразой"),
        ("searchsynonym", {"phrase": "\u200b", "meaning": "еж"}, "нет ни одной буквы или цифры"),
        ("searchredirect", {"query": "доставка", "path": "//evil.example/"}, "Другие сайты нельзя"),
        ("searchredirect", {"query": "доставка"}, "раздел или страницу портала"),
        ("searchredirect", {"query": "Склад", "path": "/"}, "переход уже есть"),
        ("searchstopword", {"word": "в наличии"}, "Нужно одно слово"),
        ("searchstopword", {"word": "КУПИТЬ"}, "Такое слово уже есть"),
        ("suggestedphrase", {"text": "трос", "priority": 101}, "меньше либо равно 100"),
    ],
)
def test_admin_says_in_russian_why_a_row_is_refused(
    administrator: Client, model: str, form: dict[str, object], fault: str
) -> None:
    SearchSynonym.objects.create(phrase="Болгарка", meaning="УШМ")
    SearchStopWord.objects.create(word="купить")
    SearchRedirect.objects.create(query="склад", path="/articles/")

    answer = administrator.post(reverse(f"admin:catalog_{model}_add"), form)

    assert answer.status_code == 200
    assert fault in answer.content.decode()
    assert (SearchSynonym.objects.count(), SearchRedirect.objects.count()) == (1, 1)
    assert (SearchStopWord.objects.count(), SuggestedPhrase.objects.count()) == (1, 0)


def test_admin_keeps_words_as_typed_and_finds_them_by_any_spelling(administrator: Client) -> None:
    administrator.post(
        reverse("admin:catalog_searchsynonym_add"), {"phrase": "Шуруповёрт", "meaning": "Дрель"}
    )
    row = SearchSynonym.objects.get()

    found = administrator.get(reverse("admin:catalog_searchsynonym_changelist"), {"q": "шуруповерт"})
    again = administrator.post(
        reverse("admin:catalog_searchsynonym_change", args=[row.pk]),
        {"phrase": "шуруповерт", "meaning": "Дрель", "is_mutual": "on"},
    )

    assert (row.phrase, row.is_mutual) == ("Шуруповёрт", False)
    assert [one.pk for one in found.context["cl"].result_list] == [row.pk]
    assert again.status_code == 302


def test_admin_pins_a_product_once(administrator: Client, world: World) -> None:
    form = {"query": "болт", "product": world.skus[0].product_id, "place": 1}
    target = reverse("admin:catalog_searchpin_add")

    first, second = administrator.post(target, form), administrator.post(target, form | {"query": "БОЛТ"})

    assert (first.status_code, second.status_code) == (302, 200)
    assert "уже закреплен" in second.content.decode()
    assert SearchPin.objects.count() == 1


def test_weights_are_added_once_and_stay(administrator: Client, world: World) -> None:
    target = reverse("admin:catalog_searchweights_add")
    page = administrator.get(target)
    initial = page.context["adminform"].form.initial or {}
    names = page.context["adminform"].form.fields

    made = administrator.post(target, dict.fromkeys(names, 1) | initial)

    assert made.status_code == 302
    assert administrator.get(target).status_code == 403
    assert administrator.post(reverse("admin:catalog_searchweights_delete", args=[1])).status_code == 403
