"""What was looked for: counted without a trace of who it was, reported, forgotten after half a year."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog.handlers import purge_queries
from catalog.models import ProductClickDay, SearchQueryDay, SearchSynonym
from catalog.privacy import is_personal
from catalog.selectors.queries import QueryRow, queries_asked, queries_empty, queries_frequent
from catalog.services.dictionary import SynonymRefused, synonym_add
from catalog.services.queries import KEPT_DAYS, queries_purge, query_cart, query_click, query_note
from portal.outbox import PeriodStart
from tests.factories import AT, TODAY, World

pytestmark = pytest.mark.django_db

FIELDS = ("day", "text", "asked", "found", "clicks", "carts")


def noted() -> list[tuple[object, ...]]:
    return list(SearchQueryDay.objects.order_by("day", "text").values_list(*FIELDS))


def asked_on(day: date, text: str, *, asked: int = 1, found: int = 0, clicks: int = 0) -> None:
    SearchQueryDay.objects.create(day=day, text=text, asked=asked, found=found, clicks=clicks)


@pytest.fixture
def administrator(client: Client, world: World) -> Client:
    client.force_login(world.administrator)
    return client


# --- counting -------------------------------------------------------------------------------------
def test_same_words_of_a_day_are_one_row_with_the_last_number(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    query_note("Шуруповёрт", 0, AT)

    with django_assert_num_queries(1):
        assert query_note(" шуруповерт ", 7, AT)

    query_note("шуруповерт", 8, AT + timedelta(days=1))
    assert noted() == [
        (TODAY, "шуруповерт", 2, 7, 0, 0),
        (TODAY + timedelta(days=1), "шуруповерт", 1, 8, 0, 0),
    ]


def test_click_and_cart_belong_to_the_text_of_today_or_yesterday(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    product_id = world.skus[0].product_id
    query_note("болт", 3, AT)

    with django_assert_num_queries(2):
        assert query_click("БОЛТ", product_id, AT + timedelta(days=1))
        query_cart("болт", AT)
    query_click("болт", product_id, AT + timedelta(days=1))
    query_click("болт", product_id, AT + timedelta(days=2))

    assert noted() == [
        (TODAY, "болт", 1, 3, 2, 1),
        (TODAY + timedelta(days=2), "болт", 0, 0, 1, 0),
    ]
    clicks = ProductClickDay.objects.order_by("day").values_list("day", "product_id", "clicks")
    assert list(clicks) == [
        (TODAY + timedelta(days=1), product_id, 2),
        (TODAY + timedelta(days=2), product_id, 1),
    ]


def test_words_that_nobody_sent_off_are_told_apart_in_the_report(world: World) -> None:
    query_note("трос", 7, AT)
    query_cart("трос", AT + timedelta(days=5))
    query_click("анк", world.skus[0].product_id, AT)
    query_cart("анк", AT)

    assert queries_asked(since=TODAY).rows == (QueryRow("трос", 1, 7, 0, 1), QueryRow("анк", 0, None, 1, 1))
    assert queries_empty(since=TODAY).rows == ()
    assert queries_frequent(since=TODAY, least=1, limit=9) == [("трос", 1)]


def test_click_on_no_product_counts_for_nothing(world: World) -> None:
    assert not query_click("болт", 987_654_321, AT)
    assert not ProductClickDay.objects.exists()


@pytest.mark.parametrize("text", ["", "  ", "\x00\u200b", "ivan@dealer.example", "звонить +7 916 123-45-67"])
def test_empty_and_personal_texts_are_not_kept(world: World, text: str) -> None:
    assert not query_note(text, 1, AT)
    query_click(text, world.skus[0].product_id, AT)
    query_cart(text, AT)

    assert noted() == []


def test_long_text_is_cut_and_large_number_kept_in_bounds() -> None:
    query_note("а" * 5_000, 10**12, AT)
    query_note("б", -1, AT)

    assert [(len(str(text)), found) for _day, text, _asked, found, *_rest in noted()] == [
        (100, 2**31 - 1),
        (1, 0),
    ]


@pytest.mark.parametrize(
    "text",
    ["i.ivanov@mail.example", "почта a@b.ru срочно", "89161234567", "9161234567", "8 (916) 123-45-67",
     "+7 916 123 45 67", "+375291234567", "7707083893", "500100732259", "4276 1234 5678 9012"],
)  # fmt: skip
def test_mail_telephones_and_numbers_of_people_are_personal(text: str) -> None:
    assert is_personal(text)


@pytest.mark.parametrize(
    "text",
    ["болт м8х40 200 шт", "4601234567893", "46012345", "460123456789", "14601234567890", "1@", "тм-510",
     "ART-00017", "din 933 8.8", "80[80[4"],
)  # fmt: skip
def test_goods_articles_and_barcodes_are_not_personal(text: str) -> None:
    assert not is_personal(text)


# --- forgetting -----------------------------------------------------------------------------------
def test_days_beyond_half_a_year_are_forgotten(world: World) -> None:
    for days in (KEPT_DAYS, KEPT_DAYS + 1):
        asked_on(TODAY - timedelta(days=days), "болт")
        ProductClickDay.objects.create(
            day=TODAY - timedelta(days=days), product=world.skus[0].product, clicks=1
        )

    purge_queries(PeriodStart(start=AT))

    kept = [TODAY - timedelta(days=KEPT_DAYS)]
    assert list(SearchQueryDay.objects.values_list("day", flat=True)) == kept
    assert list(ProductClickDay.objects.values_list("day", flat=True)) == kept
    assert queries_purge(on=TODAY) == 0


# --- reports --------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_reports_add_days_up_and_take_the_same_queries(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        asked_on(TODAY - timedelta(days=8), f"старый {number}", asked=9)
        asked_on(TODAY - timedelta(days=1), f"запрос {number}", asked=3 + number, found=5, clicks=1)
        asked_on(TODAY, f"запрос {number}", asked=1, found=0, clicks=1)
        asked_on(TODAY, f"найден {number}", asked=1, found=2)
        SearchSynonym.objects.create(phrase=f"Запрос {number}", meaning="товар")
    since = TODAY - timedelta(days=6)

    with django_assert_num_queries(2):
        asked = queries_asked(since=since)
    with django_assert_num_queries(3):
        empty = queries_empty(since=since)

    top = rows - 1
    assert asked.rows[0] == QueryRow(f"запрос {top}", 4 + top, 0, 2, 0)
    assert len(asked.rows) == 2 * rows
    assert empty.rows[0] == QueryRow(f"запрос {top}", 4 + top, 0, 2, 0, ("товар",))
    assert len(empty.rows) == rows


def test_frequent_texts_are_those_that_found_something(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    asked_on(TODAY - timedelta(days=1), "трос", asked=2, found=0)
    asked_on(TODAY, "трос", asked=3, found=1)
    asked_on(TODAY - timedelta(days=1), "болгарка", asked=9, found=4)
    asked_on(TODAY, "болгарка", asked=9, found=0)
    asked_on(TODAY, "редкость", asked=1, found=4)
    asked_on(TODAY, "болт", asked=7, found=4)

    with django_assert_num_queries(1):
        found = queries_frequent(since=TODAY - timedelta(days=6), least=2, limit=10)

    assert found == [("болт", 7), ("трос", 5)]


@pytest.mark.parametrize(("asked", "clicks", "percent"), [(0, 1, 0), (3, 1, 33), (8, 1, 13), (1, 3, 300)])
def test_share_of_clicks_is_rounded_half_up(asked: int, clicks: int, percent: int) -> None:
    assert QueryRow("болт", asked, 1, clicks, 0).click_percent == percent


# --- the administrator's pages --------------------------------------------------------------------
def test_report_shows_the_chosen_period(administrator: Client) -> None:
    today = timezone.localdate()
    asked_on(today, "трос", asked=4, found=2, clicks=3)
    asked_on(today - timedelta(days=20), "лебедка")
    target = reverse("admin:catalog_searchqueryday_changelist")

    week = administrator.get(target, {"days": "7"})
    month = administrator.get(target, {"days": "вчера"})

    assert week.context["found"].rows == (QueryRow("трос", 4, 2, 3, 0),)
    assert [row.text for row in month.context["found"].rows] == ["трос", "лебедка"]
    assert month.context["days"] == 30


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999"])
def test_report_of_an_odd_page_opens(administrator: Client, page: str) -> None:
    target = reverse("admin:catalog_searchqueryday_empty")

    assert administrator.get(target, {"page": page}).status_code == 200


def test_synonym_is_made_beside_the_query_and_the_list_comes_back(administrator: Client) -> None:
    asked_on(timezone.localdate(), "болгарка")
    target = reverse("admin:catalog_searchqueryday_synonym")

    answer = administrator.post(
        target, {"phrase": "болгарка", "meaning": " Угловая  шлифмашина ", "days": "7", "page": "1"}
    )

    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("admin:catalog_searchqueryday_empty") + "?days=7&page=1",
    )
    synonym = SearchSynonym.objects.get()
    assert (synonym.phrase, synonym.meaning, synonym.is_mutual) == ("болгарка", "Угловая шлифмашина", True)
    page = administrator.get(answer["Location"]).content.decode()
    assert "Синоним добавлен" in page
    assert "Уже есть: Угловая шлифмашина" in page


def test_bad_meaning_is_refused_with_a_message(administrator: Client) -> None:
    target = reverse("admin:catalog_searchqueryday_synonym")

    answer = administrator.post(target, {"phrase": "ёж", "meaning": "еж"}, follow=True)

    assert "Значение совпадает с самой фразой" in answer.content.decode()
    assert not SearchSynonym.objects.exists()


def test_synonym_is_not_made_by_looking_nor_by_strangers(administrator: Client, world: World) -> None:
    target = reverse("admin:catalog_searchqueryday_synonym")
    form = {"phrase": "болгарка", "meaning": "ушм"}
    manager = Client()
    manager.force_login(world.manager)

    assert administrator.get(target, form).status_code == 405
    assert manager.post(target, form).status_code == 403
    assert manager.get(reverse("admin:catalog_searchqueryday_empty")).status_code == 403
    assert not SearchSynonym.objects.exists()


@pytest.mark.parametrize(
    ("phrase", "meaning"), [("", "ушм"), ("болгарка", " "), ("ё", "е"), ("б", "в" * 101)]
)
def test_impossible_synonym_is_refused(phrase: str, meaning: str) -> None:
    with pytest.raises(SynonymRefused):
        synonym_add(phrase=phrase, meaning=meaning)

    assert not SearchSynonym.objects.exists()


def test_synonym_that_is_there_is_given_back() -> None:
    first = synonym_add(phrase="Болгарка", meaning="УШМ", is_mutual=False)

    assert synonym_add(phrase="болгарка", meaning="ушм") == first
    assert SearchSynonym.objects.get().is_mutual is False
