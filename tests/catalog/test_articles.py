"""Articles: cleaned when they are written, shown when it is time, beside the goods they are about."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog.models import Article, IndexTouch, Section, Sku
from catalog.selectors.articles import article_card, article_rows, articles_for_product
from catalog.services.articles import article_body_clean
from tests.catalog.samples import make_section
from tests.factories import AT, World, make_product, make_sku

pytestmark = pytest.mark.django_db


def make_article(
    title: str = "Как выбрать болт",
    *,
    at: datetime | None = AT,
    is_published: bool = True,
    sections: tuple[Section, ...] = (),
    skus: tuple[Sku, ...] = (),
) -> Article:
    article = Article.objects.create(
        title=title,
        slug=f"article-{Article.objects.count()}",
        lead=f"Вступление: {title}",
        body="<p>Текст</p>",
        is_published=is_published,
        published_at=at,
    )
    article.sections.set(sections)
    article.products.set(sku.product for sku in skus)
    return article


@pytest.fixture
def administrator(client: Client, world: World) -> Client:
    client.force_login(world.administrator)
    return client


def titles_on(client: Client, product_id: int) -> list[str]:
    page = client.get(reverse("catalog:product", args=[product_id]))
    return [row.title for row in page.context["articles"]]


# --- cleaning -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p onclick='x()'>Болт<script>alert(1)</script></p>", "<p>Болт</p>"),
        ("<a href='javascript:alert(1)'>сюда</a>", '<a rel="noopener noreferrer">сюда</a>'),
        ("<a href='/catalog/'>сюда</a>", '<a href="/catalog/" rel="noopener noreferrer">сюда</a>'),
        ("<h1>О</h1><div style='x'>т</div><img src=x onerror=y>", "От"),
        ("<table><tr><td colspan='2' class='x'>1</td></tr></table>",
         '<table><tbody><tr><td colspan="2">1</td></tr></tbody></table>'),
        ("a < b & c", "a &lt; b &amp; c"),
    ],
)  # fmt: skip
def test_body_keeps_only_what_a_page_may_show(written: str, kept: str) -> None:
    assert article_body_clean(written) == kept
    assert article_body_clean(kept) == kept


def test_admin_cleans_the_body_and_gives_a_moment(administrator: Client) -> None:
    before = timezone.now()
    form = {"title": "Трос", "slug": "tros", "body": "<p>Трос<script>x</script></p>", "is_published": "on"}

    answer = administrator.post(reverse("admin:catalog_article_add"), form)

    assert answer.status_code == 302
    article = Article.objects.get()
    assert (article.body, article.is_published) == ("<p>Трос</p>", True)
    assert article.published_at is not None
    assert article.published_at >= before.replace(microsecond=0)


def test_admin_refuses_what_is_empty_once_it_is_clean(administrator: Client) -> None:
    form = {"title": "Трос", "slug": "tros", "body": "<script>alert(1)</script>"}

    answer = administrator.post(reverse("admin:catalog_article_add"), form)

    assert "После очистки от текста ничего не осталось" in answer.content.decode()
    assert not Article.objects.exists()


def test_published_article_without_a_moment_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_article(at=None)


def test_changed_article_leaves_a_touch() -> None:
    article = make_article()
    IndexTouch.objects.all().delete()

    Article.objects.filter(pk=article.pk).update(title="Другое")

    assert list(IndexTouch.objects.values_list("kind", "ids")) == [("article", [article.pk])]


# --- reads ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_articles_are_read_with_the_same_queries(
    world: World, section: Section, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        made = make_article(f"Статья {number}", at=AT + timedelta(minutes=number), sections=(section,))
        made.products.set([make_sku().product for _ in range(rows)])
    product_id = world.skus[0].product_id

    with django_assert_num_queries(2):
        listed = article_rows(at=AT + timedelta(days=1))
    with django_assert_num_queries(1):
        beside = articles_for_product(
            product_id=product_id, section_ids=[section.pk], at=AT + timedelta(days=1)
        )
    with django_assert_num_queries(3):
        card = article_card(slug=made.slug, at=AT + timedelta(days=1), is_draft_shown=False)
        assert (len(card.products.all()), len(card.sections.all())) == (rows, 1)

    newest_first = [f"Статья {number}" for number in reversed(range(rows))]
    assert [row.title for row in listed.rows] == newest_first
    assert [row.title for row in beside] == newest_first


def test_article_of_product_and_of_its_section_is_one(world: World, section: Section) -> None:
    make_article(sections=(section,), skus=(world.skus[0],))

    found = articles_for_product(
        product_id=world.skus[0].product_id, section_ids=[section.pk], at=timezone.now()
    )

    assert len(found) == 1


# --- pages ----------------------------------------------------------------------------------------
def test_list_shows_what_is_published_by_now(buyer: Client) -> None:
    shown = make_article("Видна", at=timezone.now() - timedelta(minutes=1))
    make_article("Будущая", at=timezone.now() + timedelta(days=1))
    make_article("Черновик", is_published=False)

    page = buyer.get(reverse("articles:list"))

    assert [row.slug for row in page.context["found"].rows] == [shown.slug]
    assert shown.lead in page.content.decode()


def test_list_without_articles_and_an_odd_page_open(buyer: Client) -> None:
    page = buyer.get(reverse("articles:list"), {"page": "x"})

    assert (page.status_code, "Статей пока нет" in page.content.decode()) == (200, True)


def test_article_opens_with_its_goods_and_sections(buyer: Client, world: World, section: Section) -> None:
    hidden = make_sku(product=make_product("Скрытый", is_hidden=True))
    article = make_article(sections=(section,), skus=(world.skus[0], hidden))

    page = buyer.get(reverse("articles:article", args=[article.slug])).content.decode()

    assert "<p>Текст</p>" in page
    assert reverse("catalog:product", args=[world.skus[0].product_id]) in page
    assert reverse("catalog:section", args=[section.pk]) in page
    assert "Скрытый" not in page


@pytest.mark.parametrize("case", ["draft", "future"])
def test_unpublished_article_is_for_administrators_only(client: Client, world: World, case: str) -> None:
    later = timezone.now() + timedelta(days=1)
    article = make_article(at=later if case == "future" else None, is_published=case == "future")
    target = reverse("articles:article", args=[article.slug])
    seen = {}
    for name in ("buyer", "manager", "administrator"):
        client.force_login(getattr(world, name))
        seen[name] = client.get(target).status_code

    assert seen == {"buyer": 404, "manager": 404, "administrator": 200}
    assert "Черновик" in client.get(target).content.decode()


def test_product_page_shows_articles_of_product_and_of_sections_above(buyer: Client, world: World) -> None:
    top = make_section("Крепёж")
    make_section("Болты", parent=top, goods=[world.skus[0]])
    other = make_section("Трос", goods=[world.skus[1]])
    make_article("О крепеже", sections=(top,))
    make_article("О товаре", at=AT + timedelta(hours=1), skus=(world.skus[0],))
    make_article("О тросе", sections=(other,))

    assert titles_on(buyer, world.skus[0].product_id) == ["О товаре", "О крепеже"]
    assert titles_on(buyer, world.skus[2].product_id) == []


def test_articles_need_a_sign_in(client: Client) -> None:
    article = make_article()

    for target in (reverse("articles:list"), reverse("articles:article", args=[article.slug])):
        assert client.get(target)["Location"] == f"{reverse('account_login')}?next={target}"


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_of_articles_take_the_same_queries(
    buyer: Client,
    section: Section,
    rows: int,
    settled_index: Callable[[], None],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows):
        article = make_article(f"Статья {number}", sections=(section,))
    article.products.set([make_sku().product for _ in range(rows)])
    targets = (reverse("articles:list"), reverse("articles:article", args=[article.slug]))
    settled_index()
    for target in targets:
        buyer.get(target)

    with django_assert_num_queries(8):
        buyer.get(targets[0])
    with django_assert_num_queries(8):
        buyer.get(targets[1])


def test_section_below_a_hidden_one_is_named_nowhere(buyer: Client, world: World) -> None:
    top = make_section("Закрытое")
    make_article(sections=(make_section("Болты тайные", parent=top),))
    targets = (reverse("articles:list"), reverse("articles:article", args=["article-0"]))
    named = ["Болты тайные" in buyer.get(target).content.decode() for target in targets]

    Section.objects.filter(pk=top.pk).update(is_hidden=True)

    assert named == [True, True]
    assert ["Болты тайные" in buyer.get(target).content.decode() for target in targets] == [False, False]
