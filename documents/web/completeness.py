"""The board of papers per shipment."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import LegalEntity
from counterparties.web.middleware import PortalRequest
from documents.selectors.awaited import shipment_faults
from documents.selectors.completeness import completeness_rows


class CompletenessSearch(forms.Form):
    """Of which firm and days."""

    legal_entity = forms.ModelChoiceField(
        label=_("Юрлицо"),
        required=False,
        queryset=LegalEntity.objects.none(),
        empty_label=_("Все юрлица"),
    )
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

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entities = LegalEntity.objects.visible_to(actor).in_use().order_by("name", "pk")
        self.fields["legal_entity"].queryset = entities  # type: ignore[attr-defined]


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
