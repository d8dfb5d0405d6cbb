"""Descriptions: somebody else's HTML, or plain text."""

import html

import nh3

LENGTH = 100_000

_TAGS = {
    "a", "b", "blockquote", "br", "caption", "code", "dd", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5",
    "h6", "hr", "i", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}


def safe_description(text: str) -> str:
    """Make HTML that may be put into a page as it is; lines of plain text keep their ends."""
    text = text.strip()
    if not text:
        return ""
    if "<" not in text:
        return "<br>".join(html.escape(text[:LENGTH], quote=False).splitlines())
    return nh3.clean(
        text[:LENGTH], tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"}
    )
