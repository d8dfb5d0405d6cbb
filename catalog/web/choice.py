"""How a person looks at a list of goods: view, order, page; all of it stands in the address."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Self

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

VIEWS = {"table": _("Таблица"), "tile": _("Плитка")}
SORTS = {
    "name": _("по наименованию"),
    "price": _("сначала дешевле"),
    "-price": _("сначала дороже"),
    "-stock": _("по наличию"),
}
SIZES = (25, 50, 100)
LONGEST_SEARCH = 200
VIEW_KEY, SIZE_KEY = "catalog_view", "catalog_size"


@dataclass(frozen=True, slots=True)
class Choice:
    """One person's look at a list; what was not understood became the usual."""

    view: str
    sort: str
    size: int
    page: int
    search: str
    is_absent_shown: bool

    @classmethod
    def read(cls, query: Mapping[str, Any], session: MutableMapping[str, Any]) -> Self:
        """Take the choice from the address; view and page size are remembered in the session."""
        view = _remembered(session, VIEW_KEY, query.get("view"), list(VIEWS), "table")
        size = _remembered(session, SIZE_KEY, _number(query.get("size")), list(SIZES), SIZES[0])
        return cls(
            view=view,
            sort=query["sort"] if query.get("sort") in SORTS else "name",
            size=size,
            page=_number(query.get("page")) or 1,
            search=str(query.get("q", "")).replace("\0", "").strip()[:LONGEST_SEARCH],
            is_absent_shown=query.get("stock") == "all",
        )

    @property
    def query(self) -> QueryDict:
        """The choice as an address says it, without the page and without what is usual."""
        query = QueryDict(mutable=True)
        if self.search:
            query["q"] = self.search
        if self.sort != "name":
            query["sort"] = self.sort
        if self.is_absent_shown:
            query["stock"] = "all"
        if self.view != "table":
            query["view"] = self.view
        if self.size != SIZES[0]:
            query["size"] = str(self.size)
        return query


def _number(text: object) -> int | None:
    """A whole number of at most nine digits, else nothing: longer ones are no page."""
    written = str(text)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def _remembered(
    session: MutableMapping[str, Any], key: str, given: Any, allowed: list[Any], usual: Any
) -> Any:
    """The given value where it is allowed, else the remembered one; writes the session on change only."""
    known = session.get(key)
    if given in allowed:
        if given != known:
            session[key] = given
        return given
    return known if known in allowed else usual
