"""The board of papers per shipment."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.permissions import Permission
from counterparties.web.middleware import PortalRequest
from documents.selectors.awaited import shipment_faults
from documents.selectors.completeness import completeness_rows
from documents.web.forms import FirmForm


class CompletenessSearch(FirmForm):
    """Of which firm and days."""

    since = forms.DateField(
        label=_("С даты"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "title": _("С даты")}),
    )
    until = forms.DateField(
        label=_("По дату"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "title": _("По дату")}),
    )


@require_GET
def completeness(request: PortalRequest) -> HttpResponse:
    """Shipments that the actor may see × the papers that they must have."""
    request.actor.require(Permission.DOCUMENT_VIEW)
    form = CompletenessSearch(request.GET, actor=request.actor)
    form.is_valid()
    entity = form.cleaned_data.get("legal_entity")
    found = completeness_rows(
        actor=request.actor,
        legal_entity_id=entity.pk if entity else None,
        firm=form.cleaned_data.get("firm") or "",
        since=form.cleaned_data.get("since"),
        until=form.cleaned_data.get("until"),
        page=request.GET.get("page", 1),
        on=timezone.localdate(),
    )
    may_make = request.actor.can(Permission.CLIENT_SERVE)
    context = {
        "form": form,
        "found": found,
        "is_filtered": any(form.cleaned_data.values()),
        "may_make": may_make,
        "faults": shipment_faults([row.paper for row in found.rows]) if may_make else {},
        "area": "documents",
    }
    return render(request, "documents/completeness.html", context)
