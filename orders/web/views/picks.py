"""Quantities typed beside goods: kept as they are typed, put into the cart with one press."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Permission
from catalog.web.learning import note_carted
from counterparties.web.access import cabinet, permitted
from counterparties.web.back import back_url
from counterparties.web.middleware import PortalRequest
from orders.refusals import ContractClosed, OrderRefused, PicksElsewhere, PicksWentAlready
from orders.selectors.picks import pick_desk, picks_total, place_key
from orders.services.picks import picks_clear, picks_set, picks_to_cart
from orders.web.typed import Typed, typed_read
from portal.lib.dates import moscow_date
from pricing.selectors import quotes, terms_for


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
@vary_on_headers("HX-Request")
def picks(request: PortalRequest) -> HttpResponse:
    """Keep what was typed; with `to_cart` put all into the cart, with `clear` take all away.

    htmx: the bar of the sheet anew, with what could not be kept.
    """
    typed = typed_read(request.POST)
    try:
        wrong = _kept(request, typed)
        if not wrong and ("to_cart" in request.POST or "clear" in request.POST):
            _finished(request, typed)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        return _refused(request, refusal)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "orders/_picks_bar.html", picks_context(request) | {"wrong": wrong})
    for reason in wrong.values():
        messages.error(request, reason)
    return redirect(back_url(request, "catalog:index"))


def picks_context(request: PortalRequest) -> dict[str, Any]:
    """What the bar needs: the sheet and its sum at the client's prices of this moment."""
    place = request.workplace
    desk = pick_desk(actor=request.actor, workplace=place)
    terms = terms_for(
        contract=place.contract,
        city=place.city,
        on=moscow_date(timezone.now()),
        legal_entity=place.legal_entity,
    )
    prices = quotes(sku_ids=desk.lines, terms=terms, quantities=desk.quantities)
    return {"desk": desk, "picks": picks_total(desk, prices), "here": back_url(request, "catalog:index")}


def _place(request: PortalRequest) -> dict[str, Any]:
    """Whose sheet it is. Raises ContractClosed where nothing can be ordered, PicksElsewhere."""
    place = request.workplace
    if place.legal_entity is None or place.contract is None or place.city is None:
        raise ContractClosed
    if request.POST.get("place") != place_key(place):
        raise PicksElsewhere
    return {
        "actor": request.actor,
        "legal_entity_id": place.legal_entity.pk,
        "contract_id": place.contract.pk,
        "city_id": place.city.pk,
        "at": timezone.now(),
    }


def _kept(request: PortalRequest, typed: Typed) -> dict[int, str]:
    """Write what was typed; return what was not understood or cannot be ordered, by sku."""
    if not typed.quantities:
        return typed.wrong
    wrong = picks_set(**_place(request), seen_round=typed.round, quantities=typed.quantities)
    return typed.wrong | wrong


def _finished(request: PortalRequest, typed: Typed) -> None:
    """Put all into the cart, or take all away, and say so."""
    if "clear" in request.POST:
        picks_clear(**_place(request))
        messages.success(request, _("Подбор очищен."))
        return
    filled = picks_to_cart(**_place(request), seen_round=typed.round)
    if filled.added:
        note_carted(request)
        messages.success(request, _("Добавлено в корзину позиций: {count}.").format(count=filled.added))
    if filled.left_out:
        names = "; ".join(filled.left_out)
        messages.warning(request, _("Не добавлено: {names}.").format(names=names))


def _refused(request: PortalRequest, refusal: OrderRefused) -> HttpResponse:
    """A page that shows what has gone already is asked for anew; other reasons are told."""
    messages.error(request, str(refusal))
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(back_url(request, "catalog:index"))
    if isinstance(refusal, PicksWentAlready | PicksElsewhere):
        return HttpResponse(status=409, headers={"HX-Refresh": "true"})
    return render(request, "orders/_refused.html", status=422)
