"""HTML put together in Python where a page has hundreds of pieces of it.

What django.utils.html.format_html does, in a quarter of its time: that one looks at every part for
translations that are still to be made and for foreign kinds of safe text; here is neither.
"""

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString


def markup(pattern: str, *parts: object) -> SafeString:
    """Fill the places `{}` of trusted HTML; whatever is no SafeString is escaped."""
    return SafeString(pattern.format(*[_safe(part) for part in parts]))


def markup_join(pattern: str, rows: Iterable[tuple[object, ...]]) -> SafeString:
    """The pattern once for each row, one after another."""
    return SafeString("".join([pattern.format(*[_safe(part) for part in row]) for row in rows]))


def _safe(part: object) -> str:
    return part if isinstance(part, SafeString) else escape(str(part))
