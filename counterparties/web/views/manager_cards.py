"""The personal manager in the client's cabinet, and the card that he fills in himself."""

from typing import cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import User
from accounts.permissions import Permission
from counterparties.models import ManagerCard
from counterparties.selectors.managers import managers_of_holding
from counterparties.services.manager_cards import manager_card_save
from counterparties.talk_refusals import TalkRefused
from counterparties.web.access import cabinet, permitted
from counterparties.web.forms.manager_cards import ManagerCardForm
from counterparties.web.manager_words import card_view
from counterparties.web.middleware import PortalRequest
from counterparties.web.subjects import reference_of_page
from counterparties.web.views.talk import calendar, require_side
from portal.files.serving import FileDamaged, file_response


@require_safe
@cabinet
@vary_on_headers("HX-Request")
def manager_card(request: PortalRequest) -> HttpResponse:
    """Who answers the client today; htmx fetches it into the menu when it is opened first."""
    now = timezone.now()
    managers = managers_of_holding(request.actor.holding_id or 0, on=timezone.localdate())
    about = reference_of_page(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    is_working = calendar(now)
    zone = ZoneInfo(cast(User, request.user).time_zone)
    views = [card_view(one, zone=zone, at=now, is_working=is_working) for one in managers]
    context = {"managers": views[:1], "colleagues": views[1:3], "about": about, "area": "messages"}
    name = "_manager" if request.headers.get("HX-Request") else "manager"
    return render(request, f"counterparties/talk/{name}.html", context)


@require_safe
def manager_photo(request: PortalRequest, pk: int) -> HttpResponseBase:
    """Seen by colleagues and by the clients whom he serves or stands in for."""
    require_side(request.actor)
    if request.actor.is_client:
        managers = managers_of_holding(request.actor.holding_id or 0, on=timezone.localdate())
        if pk not in {user.pk for one in managers for user in (one.user, one.answering)}:
            raise Http404
    card = ManagerCard.objects.select_related("photo").filter(user_id=pk, photo__isnull=False).first()
    if card is None or card.photo is None:
        raise Http404
    try:
        return file_response(card.photo, filename="photo", inline=True)
    except FileDamaged as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.CLIENT_SERVE)
def own_card(request: PortalRequest) -> HttpResponse:
    """Phones, messengers, hours, absence and who stands in."""
    user = cast(User, request.user)
    card = ManagerCard.objects.select_related("substitute").filter(user=user).first() or ManagerCard()
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ManagerCardForm(*data, card=card, user_id=user.pk)
    if request.method == "POST" and form.is_valid():
        try:
            manager_card_save(
                actor=request.actor,
                facts=form.facts(),
                photo=form.cleaned_data["photo"],
                is_photo_removed=form.cleaned_data["photo_removed"],
                at=timezone.now(),
            )
        except TalkRefused as refusal:
            form.add_error("substitute", str(refusal))
        else:
            messages.success(request, _("Карточка сохранена, клиенты видят её сразу."))
            return redirect("counterparties:own_card")
    context = {"form": form, "card": card, "area": "card"}
    return render(request, "counterparties/talk/own_card.html", context, status=422 if form.errors else 200)
