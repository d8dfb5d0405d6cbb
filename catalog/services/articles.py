"""Articles: which HTML of theirs may stand in a page."""

import nh3

_TAGS = {
    "a", "b", "blockquote", "br", "caption", "code", "dd", "dl", "dt", "em", "h2", "h3", "h4", "hr", "i",
    "li", "ol", "p", "pre", "s", "small", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}


def article_body_clean(text: str) -> str:
    """HTML that may be put into a page as it is; all else than text, headings, lists, tables, links goes.

    Idempotent.
    """
    return nh3.clean(
        text.replace("\x00", "").strip(),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
    ).strip()
