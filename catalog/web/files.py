"""Pictures and papers of goods."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from catalog.models import Picture, ProductPaper
from counterparties.web.middleware import PortalRequest
from portal.files.serving import FileDamaged, file_response
from portal.files.sniffing import extension

DAY_SECONDS = 86_400


@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A picture of a product, or its small copy with `?preview`; kept by the browser for a day."""
    found = get_object_or_404(Picture.objects.select_related("file", "preview"), pk=pk)
    is_preview = "preview" in request.GET and found.preview is not None
    stored = found.preview if is_preview and found.preview else found.file
    etag = quote_etag(stored.sha256)
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = file_response(stored, filename=f"{pk}-{stored.name}", inline=True)
        except FileDamaged as damaged:
            raise Http404 from damaged
    response["ETag"] = etag
    response["Cache-Control"] = f"private, max-age={DAY_SECONDS}"
    return response


@require_safe
def paper(request: PortalRequest, pk: int) -> HttpResponseBase:
    """A paper of a product to download; one that has run out is there for employees only."""
    found = get_object_or_404(ProductPaper.objects.select_related("file", "product"), pk=pk)
    if not request.actor.is_employee and not found.is_valid_on(timezone.localdate()):
        raise Http404
    named = " ".join(filter(None, [str(found), found.number, found.product.article]))
    try:
        return file_response(found.file, filename=f"{named}.{extension(found.file.mime)}")
    except FileDamaged as damaged:
        raise Http404 from damaged
