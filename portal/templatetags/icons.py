"""Icons of the sprite: a page has a hundred of them, hence no template for each."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, style: str = "", label: str = "") -> SafeString:
    """`{% icon "x" "icon-sm" %}`: names stand in scripts/icons.txt.

    A label is read aloud; without one the icon is decoration.
    """
    return _drawn(name, style, str(label))


@lru_cache(maxsize=256)
def _drawn(name: str, style: str, label: str) -> SafeString:
    return format_html(
        '<svg class="icon{}"{}><use href="{}#{}"></use></svg>',
        f" {style}" if style else "",
        format_html(' role="img" aria-label="{}"', label) if label else SafeString(' aria-hidden="true"'),
        static("vendor/tabler-icons.svg"),
        name,
    )
