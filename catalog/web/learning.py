"""What the search learns of pages: which words were asked, what was taken out of what they found."""

from urllib.parse import SplitResult, parse_qs, urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from catalog.services.queries import query_cart, query_click, query_note
from catalog.web.choice import LONGEST_SEARCH, Choice
from catalog.web.typed import text_read
from counterparties.web.middleware import PortalRequest

FROM = "from"
"""What the address of a product says was looked for, where it was opened out of suggestions."""


def note_search(request: PortalRequest, choice: Choice, found: int) -> None:
    """Count a search of the whole catalogue, once for its first page; filters and orders are not new ones,
    nor are pages that a browser fetches in case somebody wants them.
    """
    is_asked = request.method == "GET" and "HX-Request" not in request.headers
    is_first = choice.page == 1 and not choice.is_narrowed and "prefetch" not in _purpose(request)
    if is_asked and is_first and choice.search and request.previewed is None:
        query_note(choice.search, found, timezone.now())


def _purpose(request: HttpRequest) -> str:
    return request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")


def searched_before(request: HttpRequest) -> str:
    """What was looked for before this page: its address tells it, or the list of results one came from."""
    if told := text_read(request.GET.get(FROM), LONGEST_SEARCH):
        return told
    came = _split(request.META.get("HTTP_REFERER", ""))
    is_list = came.netloc == request.get_host() and came.path == reverse("catalog:index")
    return _told(came.query, "q") if is_list else ""


def note_opened(request: PortalRequest, product_id: int, search: str) -> None:
    """Count that a product was opened out of what the words found; one that is looked at again is not."""
    came = _split(request.META.get("HTTP_REFERER", ""))
    is_opened = came.netloc == request.get_host() and came.path != request.path
    if search and is_opened and request.previewed is None:
        query_click(search, product_id, timezone.now())


def note_carted(request: PortalRequest) -> None:
    """Count that something went into the cart out of what was found: `next` says where it stood."""
    came = _split(request.POST.get("next", ""))
    search = _told(came.query, "q" if came.path == reverse("catalog:index") else FROM)
    if search:
        query_cart(search, timezone.now())


def _split(address: str) -> SplitResult:
    """Parts of an address as strangers send it; none of what is no address."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _told(query: str, name: str) -> str:
    try:
        words = parse_qs(query, max_num_fields=50).get(name, [""])
    except ValueError:
        return ""
    return text_read(words[0], LONGEST_SEARCH)
