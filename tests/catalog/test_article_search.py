"""Search among articles: what is found, what of it is shown, how soon after a change."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog.index.reading import catalog_index
from catalog.models import Article, Section
from catalog.selectors.article_search import article_hits, articles_counted
from tests.catalog.samples import make_section
from tests.factories import AT, World

pytestmark = pytest.mark.django_db

ADDRESS = reverse("articles:list")


def make(
    title: str, body: str, *, days: int = 0, lead: str = "", sections: tuple[Section, ...] = ()
) -> Article:
    made = Article.objects.create(
        title=title,
        slug=f"article-{Article.objects.count()}",
        body=body,
        is_published=True,
        published_at=AT + timedelta(days=days),
    )
    made.sections.set(sections)
    return made


@pytest.fixture
def articles(world: World) -> list[Article]:
    return [
        make("Как выбрать кабель", "<p>Сечение <b>3&nbsp;&times; 2,5</b> мм для розеток.</p>"),
        make("Уход за перфоратором", "<h2>Смазка</h2><p>Раз в полгода.</p><p>1 &lt; 2 &amp; 3</p>"),
    ]


def titles(page: str) -> list[str]:
    found = re.findall(r'article-row-title"><a [^>]*>(.*?)</a>', page)
    return [re.sub(r"</?mark>", "", title) for title in found]


def ask(client: Client, **query: str) -> str:
    answer = client.get(ADDRESS, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("кабелей", "Как выбрать кабель"),
        ("кобель", "Как выбрать кабель"),
        ("rf,tkm", "Как выбрать кабель"),
        ("3x2.5", "Как выбрать кабель"),
        ("смазки", "Уход за перфоратором"),
        ("перфоратр", "Уход за перфоратором"),
    ],
)
def test_article_is_found_by_any_form_slip_and_layout(
    buyer: Client, articles: list[Article], query: str, title: str
) -> None:
    assert titles(ask(buyer, q=query)) == [title]


def test_words_are_marked_and_the_text_stays_safe(buyer: Client, articles: list[Article]) -> None:
    page = ask(buyer, q="кабель 3х2,5")
    other = ask(buyer, q="перфоратор")

    assert "Как выбрать <mark>кабель</mark>" in page
    assert re.search(r"Сечение\s+<mark>3.× 2,5", page)
    assert "1 &lt; 2 &amp; 3" in other
    assert "<h2>Смазка" not in other


def test_mended_query_says_so_and_leads_back(buyer: Client, articles: list[Article]) -> None:
    page = ask(buyer, q="кобель")
    literal = ask(buyer, q="кобель", exact="1")

    assert "Показаны результаты по запросу <b>«кабель»</b>" in page
    assert "exact=1" in page
    assert titles(literal) == []
    assert "Ничего не нашли" in literal
    assert "Исправлять опечатки" in literal


def test_section_narrows_the_list_and_the_search(buyer: Client, world: World) -> None:
    cables, tools = make_section("Кабели"), make_section("Инструмент")
    make_section("Пусто")
    make("О кабеле", "<p>.</p>", sections=(cables,))
    make("Кабель для перфоратора", "<p>.</p>", days=1, sections=(tools,))

    page = ask(buyer, section=str(cables.pk))

    assert titles(page) == ["О кабеле"]
    assert re.findall(r'<option value="\d+"[^>]*>([^<]*)', page) == ["Инструмент", "Кабели"]
    assert titles(ask(buyer, q="кабель", section=str(tools.pk))) == ["Кабель для перфоратора"]
    assert titles(ask(buyer, section="987654")) == ["Кабель для перфоратора", "О кабеле"]


def test_changed_article_is_found_at_once_and_future_one_in_time(
    articles: list[Article], world: World
) -> None:
    assert articles_counted(catalog_index(), "герметик", at=AT) == 0

    Article.objects.filter(pk=articles[0].pk).update(body="<p>Герметик</p>")
    make("Герметик завтра", "<p>.</p>", days=1)

    assert articles_counted(catalog_index(), "герметика", at=AT) == 1
    assert articles_counted(catalog_index(), "герметика", at=AT + timedelta(days=1)) == 2
    Article.objects.filter(pk=articles[0].pk).update(is_published=False)
    assert articles_counted(catalog_index(), "герметика", at=AT) == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_search_takes_the_same_queries(
    world: World, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        make(f"Кабель {number}", "<p>.</p>")
    index = catalog_index()
    articles_counted(index, "кабель", at=AT)

    with django_assert_num_queries(0):
        assert articles_counted(index, "кабели", at=AT) == rows
    with django_assert_num_queries(1):
        assert len(article_hits(index, "кабели", at=AT).rows) == rows


@pytest.mark.parametrize("text", ["\x00", "а" * 5_000, "<script>alert(1)</script>", "(a+)+$" * 300, "'%_\\"])
def test_hostile_text_is_answered(buyer: Client, articles: list[Article], text: str) -> None:
    assert "<script>alert" not in ask(buyer, q=text, section="x", page="-1")


def test_article_of_the_future_is_not_listed(buyer: Client, articles: list[Article]) -> None:
    Article.objects.update(published_at=timezone.now() + timedelta(days=1))

    assert titles(ask(buyer, q="кабель")) == []
