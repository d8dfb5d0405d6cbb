"""What a web process gets ready before its first page."""

import gc
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from catalog.index.reading import catalog_index, forget_index
from catalog.models import Article
from catalog.selectors import applications, facet_plan, section_tree
from catalog.selectors.article_search import articles_counted
from catalog.services import index_refresh
from orders.selectors.review_search import reviews_counted
from portal import warming, web_process
from tests.factories import AT, make_city, make_sku, make_warehouse


@pytest.mark.django_db(transaction=True)
def test_pages_find_the_index_of_a_warm_process_in_memory(settings: LazySettings) -> None:
    settings.CATALOG_INDEX_INLINE, settings.CATALOG_INDEX_POLL_SECONDS = False, 60
    city = make_city()
    make_sku(stock={make_warehouse(city): 3})
    index_refresh()
    forget_index()

    warming.index_warm(seconds=60)

    with CaptureQueriesContext(connection) as captured:
        index = catalog_index()
        total = section_tree(index, city=city).total
        names, popularity = index.vector("name"), index.vector("popularity")
        plan = (applications(index), facet_plan(index, None))
    assert (total, len(names), len(popularity), plan) == (1, 1, 1, ((), ()))
    assert len(captured) == 0


@pytest.mark.django_db(transaction=True)
def test_first_search_of_a_warm_process_reads_no_texts(settings: LazySettings) -> None:
    settings.CATALOG_INDEX_INLINE, settings.CATALOG_INDEX_POLL_SECONDS = False, 60
    Article.objects.create(
        title="Болты", slug="bolts", body="<p>Текст</p>", is_published=True, published_at=AT
    )
    index_refresh()
    forget_index()

    warming.index_warm(seconds=60)

    with CaptureQueriesContext(connection) as captured:
        index = catalog_index()
        counts = articles_counted(index, "болт", at=AT), reviews_counted(index, "болт")
    assert counts == (1, 0)
    assert len(captured) == 0


def test_process_starts_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def away() -> None:
        asked.append(True)
        raise OperationalError("nobody there")

    monkeypatch.setattr(warming, "catalog_index", away)

    warming.index_warm()

    assert asked == [True]


def test_process_waits_for_a_slow_database_no_longer_than_told(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = threading.Event()

    def late() -> None:
        answer.wait(30)
        raise OperationalError("too late")

    monkeypatch.setattr(warming, "catalog_index", late)
    started = time.monotonic()

    warming.index_warm(seconds=0.05)

    waited = time.monotonic() - started
    answer.set()
    assert waited < 10


def test_broken_template_does_not_keep_the_portal_from_starting(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.html").write_text("{% if %}")
    (tmp_path / "whole.html").write_text("whole")
    compiled = []
    real = warming.get_template
    monkeypatch.setattr(warming, "get_template", lambda name: compiled.append(name) or real(name))
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    warming.code_warm()

    assert compiled == ["broken.html", "whole.html"]


def test_each_web_process_is_warmed_by_gunicorn(monkeypatch: pytest.MonkeyPatch) -> None:
    warmed = []
    monkeypatch.setattr(warming, "index_warm", lambda: warmed.append("index"))
    monkeypatch.setattr(gc, "freeze", lambda: warmed.append("freeze"))

    web_process.post_worker_init(SimpleNamespace())

    assert (warmed, web_process.preload_app) == (["index", "freeze"], True)
