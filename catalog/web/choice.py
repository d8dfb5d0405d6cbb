"""What a person asks a list of goods for; all of it stands in the address.

An address is read into a `Choice` and the choice writes it back: what was not understood is left out.
`p15=Медь` is a value of a property, `p16_from` and `p16_to` a range of it; everything else has a name.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Self

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.selectors import ApplicationChoice
from catalog.web.typed import known_read, number_text, numbers_read, span_read, text_read, whole_read

VIEWS = {"table": _("Таблица"), "list": _("Список"), "tile": _("Плитка")}
RELEVANCE, BY_NAME = "relevance", "name"
SORTS: dict[str, Promise] = {
    RELEVANCE: _("по соответствию"),
    "name": _("по наименованию"),
    "popular": _("сначала популярные"),
    "price": _("сначала дешевле"),
    "-price": _("сначала дороже"),
    "-stock": _("по наличию"),
}
SIZES = (24, 50, 100)
APPLICATION_PARTS = ("kind", "make", "model", "year")
LONGEST_SEARCH, LONGEST_VALUE = 200, 1000
MOST_FACETS, MOST_VALUES = 40, 200
_FACET = re.compile(r"brand|p[1-9][0-9]{0,8}")

ANYTHING = ApplicationChoice()


@dataclass(frozen=True, slots=True)
class Span:
    """From and to, both inclusive; an open end is None. Never swapped."""

    low: Decimal | None = None
    high: Decimal | None = None

    def __bool__(self) -> bool:
        return self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True)
class Choice:
    """One look at a list. `values` and `ranges` are by property, in its order of ids.

    `view` and `size` are None where the address does not say: then the remembered ones count. `opened` names
    filters that are drawn with all their values. A literal search is done as it was typed, nothing mended.
    """

    search: str = ""
    is_literal: bool = False
    brands: tuple[int, ...] = ()
    values: tuple[tuple[int, tuple[str, ...]], ...] = ()
    ranges: tuple[tuple[int, Span], ...] = ()
    price: Span = Span()
    warehouses: tuple[int, ...] = ()
    application: ApplicationChoice = ANYTHING
    is_absent_shown: bool = False
    sort: str = BY_NAME
    view: str | None = None
    size: int | None = None
    page: int = 1
    opened: tuple[str, ...] = ()

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """Understand an address; whatever it says, there is a choice."""
        names = sorted(_properties(query))[:MOST_FACETS]
        values = ((pk, _texts(query.getlist(f"p{pk}"))) for pk in names)
        ranges = ((pk, Span(*span_read(query, f"p{pk}"))) for pk in names)
        size = whole_read(query.get("size"))
        search = text_read(query.get("q"), LONGEST_SEARCH)
        return cls(
            search=search,
            is_literal=bool(search) and query.get("exact") == "1",
            brands=numbers_read(query.getlist("brand"), MOST_VALUES),
            values=tuple((pk, texts) for pk, texts in values if texts),
            ranges=tuple((pk, span) for pk, span in ranges if span),
            price=Span(*span_read(query, "price", least=Decimal(0))),
            warehouses=numbers_read(query.getlist("warehouse"), MOST_VALUES),
            application=_application(query),
            is_absent_shown=query.get("stock") == "all",
            sort=known_read(query.get("sort"), sorts_of(search)) or _usual_sort(search),
            view=known_read(query.get("view"), VIEWS),
            size=size if size in SIZES else None,
            page=whole_read(query.get("page")) or 1,
            opened=_facets(query.getlist("open")),
        )

    @property
    def query(self) -> QueryDict:
        """The choice as an address says it, without what is usual and without the page."""
        query = QueryDict(mutable=True)
        if self.search:
            query["q"] = self.search
        if self.is_literal:
            query["exact"] = "1"
        for part in APPLICATION_PARTS:
            if value := getattr(self.application, part):
                query[f"app_{part}"] = str(value)
        query.setlist("brand", [str(pk) for pk in self.brands])
        for pk, texts in self.values:
            query.setlist(f"p{pk}", list(texts))
        for pk, span in self.ranges:
            _write_span(query, f"p{pk}", span)
        _write_span(query, "price", self.price)
        query.setlist("warehouse", [str(pk) for pk in self.warehouses])
        if self.is_absent_shown:
            query["stock"] = "all"
        self._write_look(query)
        for name in [name for name in query if not query.getlist(name)]:
            del query[name]
        return query

    def _write_look(self, query: QueryDict) -> None:
        if self.sort != _usual_sort(self.search):
            query["sort"] = self.sort
        if self.view:
            query["view"] = self.view
        if self.size:
            query["size"] = str(self.size)
        query.setlist("open", list(self.opened))

    def address(self, *, page: int = 1) -> str:
        """What stands after the path: `?p15=...&page=2`; `?` alone asks for nothing."""
        query = self.query
        if page > 1:
            query["page"] = str(page)
        return f"?{query.urlencode()}"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but search, order and looks was chosen."""
        return self.narrowings > 0

    @property
    def narrowings(self) -> int:
        """How many filters there are; a range counts once."""
        ticked = len(self.brands) + len(self.warehouses) + sum(len(texts) for _pk, texts in self.values)
        return ticked + len(self.ranges) + bool(self.price) + bool(self.application)

    def cleared(self) -> Self:
        """The same list without any filter; search, order and looks stay."""
        return replace(
            self,
            brands=(),
            values=(),
            ranges=(),
            price=Span(),
            warehouses=(),
            application=ANYTHING,
        )

    def without_search(self) -> Self:
        sort = BY_NAME if self.sort == RELEVANCE else self.sort
        return replace(self, search="", is_literal=False, sort=sort)

    def with_opened(self, name: str) -> Self:
        """The same list with one more filter drawn whole."""
        return replace(self, opened=tuple(sorted({*self.opened, name})))

    def without_value(self, property_id: int, text: str) -> Self:
        left = (
            (pk, tuple(one for one in texts if (pk, one) != (property_id, text))) for pk, texts in self.values
        )
        return replace(self, values=tuple((pk, texts) for pk, texts in left if texts))

    def without_range(self, property_id: int) -> Self:
        return replace(self, ranges=tuple(one for one in self.ranges if one[0] != property_id))

    def within(self, listed: frozenset[int], ranged: frozenset[int]) -> Self:
        """Only the filters that the section has: of values and of ranges."""
        known = {"brand", *(f"p{pk}" for pk in listed | ranged)}
        return replace(
            self,
            opened=tuple(name for name in self.opened if name in known),
            values=tuple(one for one in self.values if one[0] in listed),
            ranges=tuple(one for one in self.ranges if one[0] in ranged),
        )


def sorts_of(search: str) -> dict[str, Promise]:
    """Orders that a list may have; relevance is told of a search only."""
    return {name: label for name, label in SORTS.items() if search or name != RELEVANCE}


def _usual_sort(search: str) -> str:
    return RELEVANCE if search else BY_NAME


def _properties(query: QueryDict) -> set[int]:
    """Ids of properties that the address names."""
    found = set()
    for name in query:
        pk = whole_read(name.removeprefix("p").removesuffix("_from").removesuffix("_to"))
        if name.startswith("p") and pk:
            found.add(pk)
    return found


def _facets(names: list[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if _FACET.fullmatch(name)})[:MOST_FACETS])


def _texts(written: list[str]) -> tuple[str, ...]:
    texts = {text for text in written if text and len(text) <= LONGEST_VALUE and "\0" not in text}
    return tuple(sorted(texts)[:MOST_VALUES])


def _application(query: QueryDict) -> ApplicationChoice:
    kind, make, model = (text_read(query.get(f"app_{part}"), 100) for part in APPLICATION_PARTS[:3])
    year = whole_read(query.get("app_year"))
    if not kind:
        return ANYTHING
    model = model if make else ""
    return ApplicationChoice(
        kind=kind, make=make, model=model, year=year if year and 1800 <= year <= 2200 else None
    )


def _write_span(query: QueryDict, name: str, span: Span) -> None:
    if span.low is not None:
        query[f"{name}_from"] = number_text(span.low)
    if span.high is not None:
        query[f"{name}_to"] = number_text(span.high)
