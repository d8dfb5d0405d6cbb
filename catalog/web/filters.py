"""The column of filters as HTML: worked out and drawn once for all who look at the same list."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from catalog.index import kinds
from catalog.web.asked import Asked
from catalog.web.facets import Facet, facets_of, price_facet

_DEPENDS = (
    *(kind.name for kind in (kinds.GOODS, kinds.SECTIONS, kinds.BRANDS, kinds.APPLICATIONS)),
    *(kind.name for kind in (kinds.COVERAGE, kinds.VALUES, kinds.NUMBERS, kinds.STOCK)),
    kinds.TREE,
    kinds.NAMES,
    kinds.CITIES,
)


def filters_drawn(asked: Asked, *, path: str) -> SafeString:
    """Filters of the list at `path`.

    The price is each person's own and is drawn for him. The others hang on the city, the list and what is
    chosen in it; they are kept with the index until a good, a name or the stock changes. What was found by
    words or narrowed by the own price is drawn anew.
    """
    price = price_facet(asked)
    own = _drawn([price], path) if price else SafeString("")
    if asked.choice.search or asked.choice.price:
        return own + _drawn(facets_of(asked), path)
    city = asked.city.pk if asked.city else 0
    kept = asked.index.derived(
        ("filters", path, city, asked.address, asked.on),
        lambda: _drawn(facets_of(asked), path),
        depends_on=_DEPENDS,
    )
    return own + kept


def _drawn(facets: Sequence[Facet], path: str) -> SafeString:
    return render_to_string("catalog/_facets.html", {"facets": facets, "path": path})
