"""A version of an offer as a file, for both sides."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import Permission
from counterparties.web.access import permitted
from counterparties.web.middleware import PortalRequest
from documents.compose.offer import offer_payload
from documents.layout.offer import offer_pdf
from documents.pdf import PdfFailed
from orders.web.views.quotes import card_of


@require_GET
@permitted(Permission.ORDER_VIEW)
def quote_print(request: PortalRequest, uid: UUID, version: int) -> HttpResponse:
    """The commercial offer as PDF."""
    card = card_of(request, uid)
    offer = next((one for one in card.offers if one.version == version), None)
    if offer is None:
        raise Http404
    try:
        content = offer_pdf(offer_payload(quote=card.quote, offer=offer))
    except PdfFailed:
        messages.error(request, _("Не удалось подготовить PDF. Попробуйте ещё раз."))
        return redirect("orders:quote", uid=uid)
    name = f"offer-{card.quote.number}-{version}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
