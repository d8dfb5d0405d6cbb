"""Working for another of one's holdings, and looking with a colleague's eyes."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from counterparties.selectors.people import memberships_of
from counterparties.web.access import cabinet, permitted
from counterparties.web.forms.holdings import HoldingChoice
from counterparties.web.middleware import HOLDING_KEY, PortalRequest
from counterparties.web.previewing import PREVIEW_KEY, previewable


@require_POST
@cabinet
def holding_choose(request: PortalRequest) -> HttpResponse:
    """Work for another holding from now on; carts and choices of each stay as they are."""
    actor = request.actor
    form = HoldingChoice(request.POST)
    if actor.impersonator_id is not None or not form.is_valid():
        raise Http404
    chosen = form.cleaned_data["holding"]
    mine = memberships_of(actor.user_id or 0, on=timezone.localdate())
    if not mine.filter(holding_id=chosen).exists():
        raise Http404
    request.session[HOLDING_KEY] = chosen
    return redirect("home")


@require_POST
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def preview(request: PortalRequest, pk: int) -> HttpResponse:
    """Look at the cabinet as this colleague sees it."""
    if previewable(request.actor, membership_id=pk, on=timezone.localdate()) is None:
        raise Http404
    request.session[PREVIEW_KEY] = pk
    return redirect("home")


@require_POST
@cabinet
def preview_leave(request: PortalRequest) -> HttpResponse:
    """Be oneself again, on the card of the colleague."""
    pk = request.session.pop(PREVIEW_KEY, None)
    if pk is None:
        return redirect("home")
    messages.info(request, _("Вы снова видите портал сами."))
    return redirect("counterparties:person", pk)
