"""The link by which a client's own system takes its price list: no session, a secret in the address."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from accounts.limiter import Entry, TooManyGuesses, guess_return, guess_take
from documents.models import PriceListProfile
from documents.services.price_list_files import (
    price_list_by_link,
    price_list_file_name,
    price_list_link_note,
)
from documents.web.price_lists import DAMAGED
from portal.audit.middleware import client_ip
from portal.files.models import StoredFile
from portal.files.serving import FileDamaged, file_response

_SOON, _LATER = 60, 300


@login_not_required
@require_safe
def price_list_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The newest file; 304 where the caller has it, 503 while the first one is made, 429 too often asked."""
    at = timezone.now()
    try:
        guess = guess_take(entry=Entry.PRICE_LIST, account=token, ip=client_ip(request), at=at)
    except TooManyGuesses:
        return _text("Слишком часто. Попробуйте через пять минут.", 429, retry_after=_LATER)
    try:
        row = price_list_by_link(token=token, at=at)
    except PriceListProfile.DoesNotExist as error:
        raise Http404 from error
    if row is None or row.file is None:
        return _text("Прайс-лист готовится. Попробуйте через минуту.", 503, retry_after=_SOON)
    if f'"{row.file.sha256}"' in request.headers.get("If-None-Match", ""):
        guess_return(guess)  # it cost nothing, and whoever asks so may ask often
        return _unchanged(row.file)
    try:
        response = file_response(row.file, filename=price_list_file_name(row))
    except FileDamaged:
        return _text(DAMAGED, 503, retry_after=_LATER)
    if row.made_at:
        response["Last-Modified"] = http_date(row.made_at.timestamp())
    if request.method == "GET":
        price_list_link_note(row=row, at=at)
    return response


def _unchanged(file: StoredFile) -> HttpResponse:
    return HttpResponse(
        status=304, headers={"ETag": f'"{file.sha256}"', "Cache-Control": "private, no-cache"}
    )


def _text(told: str, status: int, *, retry_after: int) -> HttpResponse:
    return HttpResponse(
        told,
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": str(retry_after)},
    )
