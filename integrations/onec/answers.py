"""What 1C reads: plain text by lines, the first word decides, and the status is always 200."""

from django.http import HttpResponse


class OneCResponse(HttpResponse):
    """Lines in UTF-8 without BOM and without a trailing newline, which UT would count as one line more."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines).encode("utf-8"), content_type="text/plain; charset=utf-8")
        # Content-Length by hand: whatever middleware is left out, 1C wants it.
        self["Content-Length"] = str(len(self.content))


class OrdersResponse(HttpResponse):
    """An XML document; header, declaration and bytes agree on the encoding."""

    def __init__(self, document: bytes, *, encoding: str = "utf-8") -> None:
        super().__init__(document, content_type=f"application/xml; charset={encoding}")
        self["Content-Length"] = str(len(document))


def success(*lines: str) -> OneCResponse:
    """Let 1C go on."""
    return OneCResponse("success", *lines)


def progress(text: str) -> OneCResponse:
    """Have 1C ask again."""
    return OneCResponse("progress", text)


def failure(reason: str) -> OneCResponse:
    """Tell the operator of 1C, in Russian, why it does not go on."""
    return OneCResponse("failure", reason.replace("\r", " "))
