"""What a web process gets ready before its first page, so that no person waits for it.

Code and templates come once, before gunicorn forks; blocks of the catalogue index in each process, since
one may be started hours after its parent.
"""

import threading
from contextlib import suppress
from pathlib import Path

import structlog
from django.db import Error, connection
from django.template import Engine, TemplateSyntaxError
from django.template.loader import get_template
from django.urls import Resolver404, resolve, reverse

from catalog.index.reading import catalog_index
from catalog.models import City
from catalog.selectors import applications, facet_plan, section_tree
from catalog.selectors.article_search import articles_warm
from catalog.selectors.naming import brand_names
from catalog.selectors.search import search_warm, words_warm
from orders.selectors.review_search import reviews_warm
from pricing.models import PriceType

WARM_SECONDS = 1.0
"""So long a process waits for its index at most; what is not there yet comes with the pages."""

log = structlog.get_logger()


def code_warm() -> None:
    """Import all views, make the addresses ready for both ways, compile all templates, load words of Russian.

    A template that is broken speaks up on its own page.
    """
    with suppress(Resolver404):
        resolve("/looked-for-in-all-patterns")  # which compiles them
    reverse("catalog:index")
    words_warm()
    for folder in Engine.get_default().dirs:
        for path in sorted(Path(folder).rglob("*.html")):
            try:
                get_template(str(path.relative_to(folder)))
            except TemplateSyntaxError:
                log.exception("template_broken", template=path.name)


def index_warm(*, seconds: float = WARM_SECONDS) -> None:
    """Read what every page of the catalogue needs, or as much of it as comes within the time.

    Whatever happens to the database, the process starts: pages read the same by themselves.
    """
    reading = threading.Thread(target=_index_read, name="warming", daemon=True)
    reading.start()
    reading.join(seconds)


def _index_read() -> None:
    try:
        index = catalog_index()
        index.ordinals(())
        for kind in ("name", "popularity"):
            index.vector(kind)
        _ = index.brands, index.applications
        brand_names(index)
        applications(index)
        facet_plan(index, None)
        index.vectors("price", PriceType.objects.filter(is_open=True).values_list("pk", flat=True))
        search_warm(index)
        section_tree(
            index, city=City.objects.filter(is_active=True).order_by("pk").first()
        )  # goods of sections: other trees share them
        articles_warm(index)
        reviews_warm(index)
    except Error as trouble:
        log.warning("index_not_warmed", reason=str(trouble))
    finally:
        connection.close()
