"""The one queue of a manager: what waits for an answer, by the promised moment."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from counterparties.selectors.talk import thread_row, threads_found
from counterparties.services import thread_moves
from counterparties.web.access import permitted
from counterparties.web.forms.talk import HandOver, QueueSearch
from counterparties.web.middleware import PortalRequest
from counterparties.web.views.talk import PER_PAGE, moved


@require_safe
@permitted(Permission.CLIENT_SERVE)
def thread_queue(request: PortalRequest) -> HttpResponse:
    """Those whose term comes first stand first, then talks where nobody waits, the newest first."""
    form, now = QueueSearch(request.GET), timezone.now()
    found = threads_found(actor=request.actor, chosen=form.chosen())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [thread_row(one, at=now) for one in page.object_list]
    context = {"form": form, "page": page, "rows": rows, "is_filtered": any(request.GET.values())}
    return render(request, "counterparties/talk/queue.html", {**context, "area": "messages"})


@require_POST
@permitted(Permission.CLIENT_SERVE)
def thread_take(request: PortalRequest, uid: UUID) -> HttpResponse:
    return moved(request, uid, thread_moves.thread_take, done=_("Теперь отвечаете вы."))


@require_POST
@permitted(Permission.CLIENT_SERVE)
def thread_hand_over(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Give it to a colleague. A form without one is not ours."""
    form = HandOver(request.POST)
    if not form.is_valid():
        raise Http404
    return moved(
        request,
        uid,
        thread_moves.thread_hand_over,
        done=_("Переписка передана."),
        user_id=form.cleaned_data["user"],
    )
