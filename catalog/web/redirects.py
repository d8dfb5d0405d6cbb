"""Where a query as a whole leads, in the place of what its words find."""

from urllib.parse import unquote, urlsplit

from django.http import QueryDict
from django.urls import reverse

from catalog.index.reading import Index
from catalog.selectors.search import redirect_for
from catalog.web.choice import Choice


def led_to(index: Index, choice: Choice) -> str | None:
    """The page that the words lead to; None where there is none, or it is a search that leads on itself.

    Such ones might lead round and round.
    """
    address = None if choice.is_narrowed else redirect_for(index, choice.search)
    if address is None:
        return None
    parts = urlsplit(address)
    if unquote(parts.path).rstrip("/") != reverse("catalog:index").rstrip("/"):
        return address
    aim = Choice.read(QueryDict(parts.query))
    leads_on = not aim.is_narrowed and redirect_for(index, aim.search) is not None
    return None if leads_on else address
