"""Pieces that stand on every list: addresses with one thing changed, options, what the page loads."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.safestring import SafeString

from portal.lib.markup import markup_join

register = template.Library()

_STYLES = [
    "tokens",
    "page",
    "topbar",
    "suggest",
    "menu",
    "field",
    "table",
    "listing",
    "goods",
    "filters",
    "picks",
    "product",
    "words",
    "entrance",
    "freshness",
    "talk",
]
"""Own styles: tokens first, then one file per component."""
_SCRIPTS = [
    "menus",
    "menu_search",
    "submit_on_change",
    "quantity",
    "added",
    "gallery",
    "failures",
    "confirm",
    "timer",
    "sheet",
    "kept",
    "facet_search",
    "later",
    "pick_keys",
    "picks",
    "once",
    "suggest",
]
"""One behaviour a module, bound by data-*; every page works without them."""
_OPTION = '<option value="{}"{}>{}</option>'


@register.simple_tag
def querystring(query: QueryDict, **changes: object) -> str:
    """`{% querystring query page=2 %}`: the address with these parameters changed, None takes one away.

    Django's tag of that name copies the whole QueryDict for each of a dozen links.
    """
    kept = [(name, value) for name, values in query.lists() if name not in changes for value in values]
    changed = [(name, value) for name, value in changes.items() if value is not None]
    return f"?{urlencode([*kept, *changed])}"


@register.filter
def at(mapping: Mapping[Any, Any], key: object) -> Any:
    """`{{ originals|at:paper.pk }}`: what stands under a key, empty where nothing does."""
    return mapping.get(key, "") if mapping else ""


@register.simple_tag
def options(choices: Iterable[tuple[object, object]], chosen: object) -> SafeString:
    """`{% options sorts.items choice.sort %}`: value and label of each."""
    rows = ((value, SafeString(" selected" if value == chosen else ""), label) for value, label in choices)
    return markup_join(_OPTION, rows)


@register.simple_tag
def styles() -> SafeString:
    return _loaded('<link rel="stylesheet" href="{}">', "css/{}.css", tuple(_STYLES))


@register.simple_tag
def scripts() -> SafeString:
    return _loaded('<script type="module" src="{}"></script>', "js/{}.js", tuple(_SCRIPTS))


@lru_cache(maxsize=2)
def _loaded(pattern: str, path: str, names: tuple[str, ...]) -> SafeString:
    return markup_join(pattern, ((static(path.format(name)),) for name in names))
