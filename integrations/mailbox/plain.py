"""The text of a letter that has only HTML."""

from html.parser import HTMLParser

_LONGEST = 1_000_000
_LINES = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "pre"})
_SILENT = frozenset({"script", "style", "head", "title"})
_QUOTED = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix")


class _Reader(HTMLParser):
    """Collects text; what is inside of a quotation goes with `>` before each line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0
        self._is_over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in _SILENT:
            self._silent += 1
        if tag == "blockquote" or any(name in (told.get("class") or "") for name in _QUOTED):
            self._is_over = True
        if told.get("id") in {"divRplyFwdMsg", "appendonsend"}:
            self._is_over = True
        if tag in _LINES:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1
        if tag in _LINES - {"br"}:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent and not self._is_over:
            self.parts.append(" ".join(data.split()) if data.strip() else " ")


def plain_text(html: str) -> str:
    """What a person reads of the HTML before the letter that it quotes."""
    reader = _Reader()
    reader.feed(html[:_LONGEST])
    lines = "".join(reader.parts).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()
