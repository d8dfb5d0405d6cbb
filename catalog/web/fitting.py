"""The filter «для чего»: kind, make, model and year, each offered by what stands before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from catalog.index.selection import counts
from catalog.models import Application
from catalog.selectors import applications
from catalog.web.asked import Asked

OLDEST = 1950


@dataclass(frozen=True, slots=True)
class Select:
    """One of the selects; without anything to choose from it is off."""

    name: str
    label: str
    options: tuple[str, ...]
    chosen: str

    @property
    def is_off(self) -> bool:
        return not self.options


@dataclass(frozen=True, slots=True)
class SelectFacet:
    """The selects in their order."""

    name: str
    title: str
    selects: tuple[Select, ...]
    is_open: bool
    is_closed = False
    template = "catalog/_facet_select.html"

    @property
    def chosen(self) -> int:
        return 1 if self.selects[0].chosen else 0


def application_facet(asked: Asked) -> SelectFacet | None:
    """What the goods of the list fit; none where nobody has told."""
    chosen = asked.choice.application
    found = counts(asked.index.applications, asked.query.without("application"))
    rows = [row for row in applications(asked.index) if row.pk in found]
    kinds = _names((row.kind for row in rows), chosen.kind)
    if not kinds:
        return None
    of_kind = [row for row in rows if row.kind == chosen.kind]
    of_make = [row for row in of_kind if row.make == chosen.make]
    makes = _names((row.make for row in of_kind), chosen.make) if chosen.kind else ()
    models = _names((row.model for row in of_make), chosen.model) if chosen.make else ()
    fitting = [row for row in of_make if not chosen.model or row.model in {"", chosen.model}]
    year = str(chosen.year or "")
    years = _years(fitting, asked.on) if chosen.make else ()
    if year and year not in years:
        years = (year, *years)
    return SelectFacet(
        name="app",
        title="Для чего",
        selects=(
            Select("app_kind", "Вид", kinds, chosen.kind),
            Select("app_make", "Марка", makes, chosen.make),
            Select("app_model", "Модель", models, chosen.model),
            Select("app_year", "Год", years, year),
        ),
        is_open=True,
    )


def _names(names: Iterable[str], chosen: str) -> tuple[str, ...]:
    return tuple(sorted({name for name in (*names, chosen) if name}))


def _years(rows: Iterable[Application], on: date) -> tuple[str, ...]:
    """Years that any of the rows names, the newest first; an open end is today or the oldest we ask for."""
    known: set[int] = set()
    for row in rows:
        if row.year_from or row.year_to:
            first = max(row.year_from or OLDEST, OLDEST)
            last = min(row.year_to or on.year, on.year)
            known.update(range(first, last + 1))
    return tuple(str(year) for year in sorted(known, reverse=True))
