"""Where a suggested phrase leads: a query, a section of the city's tree, a brand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse

from catalog.index.kinds import NAMES, TREE
from catalog.index.reading import Index
from catalog.models import City
from catalog.phrases import phrase_normal
from catalog.search.goods_text import section_term
from catalog.search.phrases import BRAND, PHRASE, SECTION
from catalog.search.suggesting import Suggestion
from catalog.selectors import SectionTree, branches, goods_shown, section_tree
from catalog.selectors.naming import brand_names
from catalog.web.choice import Choice
from portal.lib.addresses import address_of


@dataclass(frozen=True, slots=True)
class PhraseLink:
    """A link with the number of goods behind it; `kind` is phrase, section or brand, `note` where it lies."""

    kind: str
    text: str
    count: int
    address: str
    note: str = ""


def search_address(text: str, *, is_literal: bool = False) -> str:
    """The page of what the words find; a literal search mends nothing."""
    # As `Choice` would write it: relevance is the usual order of a search.
    asked = {"q": text, "exact": "1"} if is_literal else {"q": text}
    return f"{_catalogue()}?{urlencode(asked)}"


@lru_cache(1)
def _catalogue() -> str:
    return reverse("catalog:index")


def phrase_links(
    index: Index, suggestions: Iterable[Suggestion], *, city: City | None, ending: str
) -> list[PhraseLink]:
    """Links of suggestions in their order; `ending` is how much was asked for, and goes with queries."""
    found: list[PhraseLink] = []
    for one in suggestions:
        if one.kind == SECTION:
            found += _sections(index, one.text, city)
        elif one.kind == BRAND:
            found += _brands(index, one, city)
        else:
            found.append(_query(PHRASE, one, ending))
    return found


def _query(kind: str, one: Suggestion, ending: str) -> PhraseLink:
    return PhraseLink(kind, one.text, one.count, search_address(f"{one.text}{ending}"))


def _sections(index: Index, name: str, city: City | None) -> Iterator[PhraseLink]:
    """Sections of that name from which the city is sold something; those of several say what they lie in."""
    tree = section_tree(index, city=city)
    nodes = [tree.nodes[pk] for pk in _sections_named(index).get(section_term(name), ())]
    sold = [node for node in nodes if node.count]
    for node in sold:
        note = _note(tree, node.parent_id, node.classifier) if len(sold) > 1 else ""
        yield PhraseLink(SECTION, node.name, node.count, address_of("catalog:section", node.pk), note)


def _note(tree: SectionTree, parent_id: int | None, classifier: str) -> str:
    return classifier if parent_id is None else tree.nodes[parent_id].name


def _brands(index: Index, one: Suggestion, city: City | None) -> Iterator[PhraseLink]:
    """Brands of that name; a query where there is none, as while a new name waits for the next vocabulary."""
    shown, names = goods_shown(index, city), brand_names(index)
    known = _brands_named(index).get(phrase_normal(one.text), ())
    if not known:
        yield _query(BRAND, one, "")
    for pk in known:
        count = index.brands[pk].intersection_cardinality(shown) if pk in index.brands else 0
        if count:
            address = f"{reverse('catalog:index')}{Choice(brands=(pk,)).address()}"
            yield PhraseLink(BRAND, names[pk], count, address)


def _sections_named(index: Index) -> Mapping[str, tuple[int, ...]]:
    """Sections that may be shown, by the term of their name."""

    def make() -> dict[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {}
        for pk, (_parent_id, name, _classifier) in branches(index).rows.items():
            term = section_term(name)
            found[term] = (*found.get(term, ()), pk)
        return found

    return index.derived("sections_named", make, depends_on=(TREE,))


def _brands_named(index: Index) -> Mapping[str, tuple[int, ...]]:
    def make() -> dict[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {}
        for pk, name in brand_names(index).items():
            normal = phrase_normal(name)
            found[normal] = (*found.get(normal, ()), pk)
        return found

    return index.derived("brands_named", make, depends_on=(NAMES,))
