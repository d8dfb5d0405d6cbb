"""Calculators and configurators: the list, one of them, keeping what it says, putting it into a cart."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Permission
from catalog.selectors.calculators import calculator_rows, calculator_sections
from catalog.web.frame import privately
from catalog.web.learning import note_carted
from catalog.web.typed import text_read, whole_read
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.refusals import ContractClosed, OrderRefused
from orders.selectors.saved import carts_listed
from orders.services.calculations import CartPlace, Wanted, calculation_keep, calculation_to_cart
from orders.web.calculating import Reckoning, query_read, reckon
from orders.web.carting import to_cart

_LONGEST_NAME = 100


@require_safe
def calculators(request: PortalRequest) -> HttpResponse:
    """What is published, of a section if one is chosen."""
    sections = calculator_sections()
    asked = whole_read(request.GET.get("section"))
    section_id = asked if asked in dict(sections) else None
    context = {"rows": calculator_rows(section_id=section_id), "sections": sections}
    return render(
        request, "orders/calculators.html", context | {"section_id": section_id, "area": "calculators"}
    )


@require_safe
@vary_on_headers("HX-Request")
def calculator(request: PortalRequest, slug: str) -> HttpResponse:
    """The form and what it comes to; htmx takes the result and the actions out of the same page."""
    reckoning = reckon(request, slug, request.GET.dict())
    return privately(render(request, "orders/calculator.html", calculator_context(request, reckoning)))


@require_POST
@cabinet
def calculator_keep(request: PortalRequest, slug: str) -> HttpResponse:
    """Keep what the page shows under a name."""
    reckoning = reckon(request, slug, query_read(request.POST.get("query", "")))
    back = f"{reverse('orders:calculator', args=[slug])}?{reckoning.query_text}"
    name = text_read(request.POST.get("name"), _LONGEST_NAME)
    entity = request.workplace.legal_entity
    if not name:
        messages.error(request, _("Назовите расчёт."))
        return redirect(back)
    if entity is None:
        raise Http404
    try:
        kept = calculation_keep(
            actor=request.actor,
            legal_entity_id=entity.pk,
            calculator_id=reckoning.calculator.pk,
            name=name,
            answers=reckoning.query,
            facts=reckoning.facts,
            goods=reckoning.wanted,
            at=timezone.now(),
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    messages.success(request, _("Расчёт «{name}» сохранён.").format(name=kept.name))
    return redirect("orders:calculation", pk=kept.pk)


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def calculator_cart(request: PortalRequest, slug: str) -> HttpResponse:
    """Put the goods that the page shows into the chosen cart."""
    reckoning = reckon(request, slug, query_read(request.POST.get("query", "")))
    back = f"{reverse('orders:calculator', args=[slug])}?{reckoning.query_text}"
    return put_into_cart(request, reckoning.wanted, title=reckoning.calculator.name, back=back)


def put_into_cart(request: PortalRequest, goods: list[Wanted], *, title: str, back: str) -> HttpResponse:
    """Do what the form of `orders/_calculation_put.html` asks; back to the page where that is refused."""
    try:
        put = calculation_to_cart(
            actor=request.actor,
            place=_place(request),
            goods=goods,
            title=title,
            key=_key(request),
            at=timezone.now(),
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    if put.added:
        note_carted(request)
        messages.success(request, _("Добавлено в корзину позиций: {count}.").format(count=put.added))
    if put.left_out:
        messages.warning(request, _("Не добавлено: {names}.").format(names="; ".join(put.left_out)))
    return to_cart(request, put.cart)


def put_context(request: PortalRequest, goods: object) -> dict[str, Any]:
    """What `orders/_calculation_put.html` needs: carts to choose from, a key of this page."""
    can_order = request.actor.can(Permission.ORDER_CREATE) and request.workplace.contract is not None
    if not (can_order and request.actor.is_client and goods):
        return {"can_order": False}
    saved = [one.cart for one in carts_listed(actor=request.actor) if not one.cart.is_current]
    return {"can_order": True, "carts": saved, "press": uuid.uuid4()}


def calculator_context(request: PortalRequest, reckoning: Reckoning) -> dict[str, Any]:
    """What orders/calculator.html needs."""
    return {
        "area": "calculators",
        "reckoning": reckoning,
        "calculator": reckoning.calculator,
        "can_keep": request.actor.is_client and bool(reckoning.goods),
    } | put_context(request, reckoning.goods)


def _place(request: PortalRequest) -> CartPlace:
    """Raises ContractClosed where nothing can be ordered."""
    workplace = request.workplace
    if workplace.legal_entity is None or workplace.contract is None or workplace.city is None:
        raise ContractClosed
    return CartPlace(
        workplace.legal_entity.pk,
        workplace.contract.pk,
        workplace.city.pk,
        whole_read(request.POST.get("cart")),
    )


def _key(request: PortalRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("press", ""))
    except ValueError as error:
        raise BadRequest("No key of the page") from error
