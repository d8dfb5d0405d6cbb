"""Lists of goods: the directory, a section, what a search found; how they look; the same as a file."""

from functools import partial
from typing import Any, cast

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from catalog.index.reading import Index, catalog_index
from catalog.selectors import SectionNode, SectionTree, cities_open, section_tree, sections_found
from catalog.selectors.calculators import calculators_for
from catalog.web.asked import Asked, ask
from catalog.web.choice import RELEVANCE, SIZES, Choice, sorts_of
from catalog.web.export import FORMATS, export_response
from catalog.web.facets import facet_of
from catalog.web.filters import filters_drawn
from catalog.web.forms import LookForm
from catalog.web.frame import ordering, privately, trail
from catalog.web.learning import note_search
from catalog.web.listing import Listing, listing_page
from catalog.web.looks import COLUMNS, look_for, remember
from catalog.web.numbered import numbered
from catalog.web.offers import terms_listed
from catalog.web.redirects import led_to
from catalog.web.scopes import GOODS, Scope, scopes
from counterparties.web.back import back_url
from counterparties.web.middleware import PortalRequest

SEARCH = "search"
_VARY = ["HX-Request", "HX-Target"]
_FACET_PARTS = {"body": None, "folded": "catalog/_facet_folded.html"}


class ListRequest(PortalRequest):
    """A request behind all middleware; for type checks only."""

    htmx: HtmxDetails


@require_safe
def index(request: ListRequest) -> HttpResponse:
    """The directory of sections; with a search or a filter, what was found in all of them."""
    choice, catalogue = Choice.read(request.GET), _catalogue(request)
    tree = section_tree(catalogue, city=request.workplace.city)
    if choice.search and (address := led_to(catalogue, choice)):
        return redirect(address)
    if choice.search or choice.is_narrowed:
        asked = _asked(request, catalogue, choice, None)
        found = {
            "branch": tree.sold(None),
            "search_text": choice.search,
            # Called by the whole page only.
            "scopes": partial(_scopes, catalogue, choice),
            "numbered": partial(numbered, choice.search, actor=request.actor),
        }
        note_search(request, choice, len(asked.goods))
        return _answer(request, "catalog/search.html", asked, found)
    trees = _trees(tree)
    chosen = next((one for one in trees if one["key"] == request.GET.get("by")), trees[0] if trees else None)
    context: dict[str, Any] = {"area": "catalog", "trees": trees, "chosen": chosen, "tree": tree}
    return privately(render(request, "catalog/index.html", context))


@require_safe
def section(request: ListRequest, pk: int) -> HttpResponse:
    """Goods of a section and of all below it."""
    catalogue = _catalogue(request)
    tree = section_tree(catalogue, city=request.workplace.city)
    node = _node(tree, pk)
    context = {
        "section": node,
        "above": tree.nodes[node.parent_id] if node.parent_id else None,
        "branch": tree.sold(pk) or tree.sold(node.parent_id),
        "trail": trail(tree, node.parent_id),
        "calculators": calculators_for(catalogue, [one.pk for one in tree.trail(pk)]),
    }
    asked = _asked(request, catalogue, Choice.read(request.GET), pk)
    return _answer(request, "catalog/section.html", asked, context)


@require_safe
def export(request: ListRequest) -> HttpResponseBase:
    """What a search found, as a file."""
    asked = _asked(request, _catalogue(request), Choice.read(request.GET), None)
    return _export(request, asked, title="Каталог", name=SEARCH)


@require_safe
def section_export(request: ListRequest, pk: int) -> HttpResponseBase:
    """The goods of a section that the filters leave, as a file."""
    catalogue = _catalogue(request)
    node = _node(section_tree(catalogue, city=request.workplace.city), pk)
    asked = _asked(request, catalogue, Choice.read(request.GET), pk)
    return _export(request, asked, title=node.name, name=_list_name(pk))


@require_POST
def look(request: ListRequest) -> HttpResponse:
    """Remember columns and density of a list and go back to it; what is not understood is passed over."""
    form = LookForm(request.POST)
    if form.is_valid():
        remember(request, form.cleaned_data["name"], form.look(cast(User, request.user)))
    return redirect(back_url(request, "catalog:index"))


def _scopes(catalogue: Index, choice: Choice) -> tuple[Scope, ...]:
    return scopes(catalogue, choice.search, current=GOODS, at=timezone.now(), is_literal=choice.is_literal)


def _catalogue(request: ListRequest) -> Index:
    """The index, which knows the cities, too: the workplace need not read them."""
    catalogue = catalog_index()
    request.cities = cities_open(catalogue)
    return catalogue


def _node(tree: SectionTree, pk: int) -> Any:
    """The section in the city's tree. Raises Http404 for one that is absent or hidden."""
    if pk not in tree.nodes:
        raise Http404
    return tree.nodes[pk]


def _asked(request: ListRequest, catalogue: Index, choice: Choice, section_id: int | None) -> Asked:
    on, place = timezone.localdate(), request.workplace
    terms = terms_listed(catalogue, place, on=on)
    return ask(
        catalogue,
        city=place.city,
        on=on,
        choice=choice,
        section_id=section_id,
        terms=terms,
        stock_mask=place.stock_mask,
    )


def _answer(request: ListRequest, template: str, asked: Asked, context: dict[str, Any]) -> HttpResponse:
    """The whole page, or for htmx only the list with its filters, which is the same template."""
    is_fragment = bool(request.htmx) and not request.htmx.history_restore_request
    if is_fragment and (opened := _opened(request, asked)) is not None:
        return opened
    node = context.get("section")
    name = _list_name(node.pk if node else None)
    look = look_for(request, name, asked.choice)
    found = listing_page(asked=asked, actor=request.actor, workplace=request.workplace, look=look)
    address = asked.choice.address(page=found.page.number)
    here = request.path + ("" if address == "?" else address)
    context |= _list_context(asked, found, name) | ordering(request) | {"here": here}
    context |= _branch(asked, node.pk if node else None, context["branch"])
    context["filters"] = filters_drawn(asked, path=request.path)
    context["export_url"] = (
        reverse("catalog:section_export", args=[node.pk]) if node else reverse("catalog:export")
    )
    response = render(request, "catalog/_shelf.html" if is_fragment else template, context)
    if is_fragment:
        response["HX-Push-Url"] = here
    patch_vary_headers(response, _VARY)
    return privately(response)


def _opened(request: ListRequest, asked: Asked) -> HttpResponse | None:
    """A filter that a person has opened, for htmx: its body or what was folded of it; None for all else."""
    part, _dash, name = (request.htmx.target or "").partition("-")
    if part not in _FACET_PARTS:
        return None
    facet = facet_of(asked, name)
    if facet is None:  # gone from the list meanwhile
        return HttpResponse(status=204)
    response = render(request, _FACET_PARTS[part] or facet.template, {"facet": facet, "path": request.path})
    patch_vary_headers(response, _VARY)
    return privately(response)


def _branch(asked: Asked, section_id: int | None, menu: list[SectionNode]) -> dict[str, Any]:
    """Sections beside the list: those of the menu, or those in which a search has found something."""
    if not asked.choice.search:
        return {"branch": menu, "branch_asked": ""}
    found = sections_found(asked.index, asked.goods, parent_id=section_id)
    words = Choice(search=asked.choice.search, is_literal=asked.choice.is_literal, sort=RELEVANCE)
    return {"branch": found or menu, "branch_asked": words.address() if found else ""}


def _list_context(asked: Asked, found: Listing, name: str) -> dict[str, Any]:
    return {
        "area": "catalog",
        "choice": asked.choice,
        "query": asked.choice.query,
        "cleared": asked.choice.cleared().address(),
        "listing": found,
        "look": found.look,
        "list_name": name,
        "sorts": sorts_of(asked.choice.search),
        "searched": asked.searched,
        "sizes": [(size, size) for size in SIZES],
        "columns": COLUMNS,
        "formats": FORMATS,
        "cart_lines": found.desk.cart_lines,
    }


def _export(request: ListRequest, asked: Asked, *, title: str, name: str) -> HttpResponseBase:
    kind = request.GET.get("format", "xlsx")
    if kind not in FORMATS:
        raise Http404
    look = look_for(request, name, asked.choice)
    response = export_response(asked=asked, workplace=request.workplace, look=look, title=title, kind=kind)
    return privately(response)


def _list_name(section_id: int | None) -> str:
    """How a list is called in what a person is remembered by."""
    return SEARCH if section_id is None else f"section:{section_id}"


def _trees(tree: SectionTree) -> list[dict[str, Any]]:
    """Classifiers from which something is sold, each with its top sections and what is below them."""
    found: dict[str, list[Any]] = {}
    for node in tree.sold(None):
        found.setdefault(node.classifier, []).append((node, tree.sold(node.pk)))
    return [{"key": name, "name": name, "branches": branches} for name, branches in found.items()]
