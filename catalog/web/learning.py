"""What the search learns of pages: which words were asked, what was opened out of what they found."""

from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from catalog.services.queries import query_click, query_note
from catalog.web.choice import LONGEST_SEARCH, Choice
from catalog.web.typed import text_read
from counterparties.web.middleware import PortalRequest


def note_search(request: PortalRequest, choice: Choice, found: int) -> None:
    """Count a search of the whole catalogue, once for its first page; filters and orders are not new ones."""
    is_first = choice.page == 1 and not choice.is_narrowed and "HX-Request" not in request.headers
    if is_first and choice.search and request.previewed is None:
        query_note(choice.search, found, timezone.now())


def note_opened(request: PortalRequest, product_id: int) -> None:
    """Count that a product was opened out of what a search found: its page says where one came from."""
    search = _searched_before(request)
    if search and request.previewed is None:
        query_click(search, product_id, timezone.now())


def _searched_before(request: HttpRequest) -> str:
    came = urlsplit(request.META.get("HTTP_REFERER", ""))
    if came.netloc != request.get_host() or came.path != reverse("catalog:index"):
        return ""
    try:
        words = parse_qs(came.query, max_num_fields=50).get("q", [""])
    except ValueError:
        return ""
    return text_read(words[0], LONGEST_SEARCH)
