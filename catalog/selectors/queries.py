"""What was looked for, for those who teach the search."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Sum

from catalog.models import SearchQueryDay, SearchSynonym

PAGE_SIZE = 50
_LAST = ArrayAgg("found", filter=Q(asked__gt=0), order_by="-day")


@dataclass(frozen=True, slots=True)
class QueryRow:
    """A text over some days; `found` is what it found the last time, `meanings` its synonyms.

    A text that nobody sent off, while goods were taken out of its suggestions: asked 0 times, found None.
    """

    text: str
    asked: int
    found: int | None
    clicks: int
    carts: int
    meanings: tuple[str, ...] = ()

    @property
    def click_percent(self) -> int:
        """Clicks in a hundred askings, whole percent; one asking may have several."""
        return (200 * self.clicks + self.asked) // (2 * self.asked) if self.asked else 0


@dataclass(frozen=True, slots=True)
class QueryPage:
    """One page of texts."""

    rows: tuple[QueryRow, ...]
    page: Page[int]


def queries_asked(*, since: date, page: int | str = 1) -> QueryPage:
    """Texts asked since the day (Moscow, inclusive), the most frequent first; two queries."""
    return _page(_texts(since), page)


def queries_empty(*, since: date, page: int | str = 1) -> QueryPage:
    """The same of texts that found nothing the last time, with synonyms they got by now; three queries."""
    found = _page(_texts(since).filter(last__0=0), page)
    meanings = _meanings([row.text for row in found.rows])
    rows = [replace(row, meanings=meanings.get(row.text, ())) for row in found.rows]
    return QueryPage(tuple(rows), found.page)


def queries_frequent(*, since: date, least: int, limit: int) -> list[tuple[str, int]]:
    """Texts that found something the last time and how often they were asked, the most frequent first.

    Those asked less than `least` times are left out. One query.
    """
    texts = _texts(since).exclude(last__0=0).filter(times__gte=least)
    return [(row["text"], row["times"]) for row in texts[:limit]]


def _texts(since: date) -> QuerySet[Any, Any]:
    texts: QuerySet[Any, Any] = SearchQueryDay.objects.filter(day__gte=since).values("text")
    summed: QuerySet[Any, Any] = texts.annotate(
        times=Sum("asked"), opened=Sum("clicks"), taken=Sum("carts"), last=_LAST
    )
    return summed.order_by("-times", "text")


def _page(texts: QuerySet[Any, Any], page: int | str) -> QueryPage:
    place: Page[int] = Paginator(range(texts.count()), PAGE_SIZE).get_page(page)
    first = (place.number - 1) * PAGE_SIZE
    rows = [
        QueryRow(
            row["text"], row["times"], row["last"][0] if row["last"] else None, row["opened"], row["taken"]
        )
        for row in texts[first : first + PAGE_SIZE]
    ]
    return QueryPage(tuple(rows), place)


def _meanings(texts: Collection[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    rows = SearchSynonym.objects.filter(normal_phrase__in=texts).order_by("normal_phrase", "meaning")
    for phrase, meaning in rows.values_list("normal_phrase", "meaning"):
        found[phrase] = (*found.get(phrase, ()), meaning)
    return found
