"""The act of a claim as PDF."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from counterparties.web.middleware import PortalRequest
from documents.layout.claim_act import claim_act_pdf
from documents.pdf import PdfFailed
from orders.models import Claim
from orders.selectors.claims import claim_card


@require_GET
def claim_act(request: PortalRequest, pk: int) -> HttpResponse:
    """Laid out at once: the commission fills it in by hand. As the claim stands now."""
    try:
        card = claim_card(actor=request.actor, claim_id=pk, at=timezone.now())
    except Claim.DoesNotExist as error:
        raise Http404 from error
    try:
        paper = claim_act_pdf(card)
    except (PdfFailed, ValueError):
        messages.error(request, _("Акт не получился. Попробуйте ещё раз или напишите менеджеру."))
        return redirect("orders:claim", pk=pk)
    response = HttpResponse(paper, content_type="application/pdf")
    name = _("Акт о расхождениях {number}.pdf").format(number=card.claim.number)
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or ""
    response["Cache-Control"] = "private, no-cache"
    return response
