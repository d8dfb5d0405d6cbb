"""Kept reckonings: the list, one of them, its link for others, its paper."""

import uuid

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from catalog.web.frame import privately
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from documents.pdf import PdfFailed, html_to_pdf
from orders.models import Calculation, CalculationSharing
from orders.refusals import OrderRefused
from orders.selectors.calculations import (
    Kept,
    calculation_by_link,
    calculation_kept,
    calculation_open,
    calculation_rows,
)
from orders.services.calculations import (
    Wanted,
    calculation_copy,
    calculation_remove,
    calculation_share,
)
from orders.web.views.calculators import put_context, put_into_cart


@require_safe
@cabinet
def calculations(request: PortalRequest) -> HttpResponse:
    """One's own and those of colleagues."""
    found = calculation_rows(actor=request.actor, page=request.GET.get("page", "1"))
    return render(request, "orders/calculations.html", {"found": found, "area": "calculators"})


@require_safe
@cabinet
def calculation(request: PortalRequest, pk: int) -> HttpResponse:
    """One with its goods at today's prices."""
    kept = _kept(request, _visible(request, pk))
    one = kept.calculation
    query = QueryDict(mutable=True)
    query.update(one.answers)
    link = reverse("orders:calculation_shared", args=[one.token]) if one.token else ""
    context = {
        "kept": kept,
        "is_own": one.user_id == request.actor.user_id,
        "again": f"{reverse('orders:calculator', args=[one.calculator.slug])}?{query.urlencode()}",
        "link": request.build_absolute_uri(link) if link else "",
        "put_url": reverse("orders:calculation_cart", args=[one.pk]),
        "area": "calculators",
    }
    return privately(render(request, "orders/calculation.html", context | put_context(request, kept.goods)))


@require_safe
@cabinet
def calculation_pdf(request: PortalRequest, pk: int) -> HttpResponse:
    """The same as a paper."""
    kept = _kept(request, _visible(request, pk))
    context = {"kept": kept, "workplace": request.workplace, "today": timezone.localdate()}
    try:
        pdf = html_to_pdf(render_to_string("documents/calculation_print.html", context))
    except PdfFailed:
        messages.error(request, _("Не удалось подготовить PDF. Попробуйте ещё раз."))
        return redirect("orders:calculation", pk=pk)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="calculation-{pk}.pdf"'
    return privately(response)


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def calculation_cart(request: PortalRequest, pk: int) -> HttpResponse:
    """Put its goods into the chosen cart, named after it."""
    kept = _kept(request, _visible(request, pk))
    back = reverse("orders:calculation", args=[pk])
    return put_into_cart(request, _wanted(kept), title=kept.calculation.name, back=back)


@require_POST
@cabinet
def calculation_sharing(request: PortalRequest, pk: int) -> HttpResponse:
    """Show it to colleagues or by a link, or no longer."""
    is_shown = "colleagues" in request.POST
    try:
        calculation_share(
            actor=request.actor,
            calculation_id=pk,
            sharing=CalculationSharing.HOLDING if is_shown else CalculationSharing.OWN,
            is_linked="link" in request.POST,
            at=timezone.now(),
        )
    except Calculation.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Доступ к расчёту изменён."))
    return redirect("orders:calculation", pk=pk)


@require_POST
@cabinet
def calculation_delete(request: PortalRequest, pk: int) -> HttpResponse:
    """Forget it."""
    try:
        calculation_remove(actor=request.actor, calculation_id=pk)
    except Calculation.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Расчёт удалён."))
    return redirect("orders:calculations")


@require_safe
@cabinet
def calculation_shared(request: PortalRequest, token: uuid.UUID) -> HttpResponse:
    """What somebody gave a link to: goods and quantities, at the reader's own prices."""
    kept = _kept(request, _linked(token))
    context = {
        "kept": kept,
        "token": token,
        "put_url": reverse("orders:calculation_shared_cart", args=[token]),
        "area": "calculators",
    }
    return privately(
        render(request, "orders/calculation_shared.html", context | put_context(request, kept.goods))
    )


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def calculation_shared_cart(request: PortalRequest, token: uuid.UUID) -> HttpResponse:
    """Put its goods into one's own cart."""
    kept = _kept(request, _linked(token))
    back = reverse("orders:calculation_shared", args=[token])
    return put_into_cart(request, _wanted(kept), title=kept.calculation.name, back=back)


@require_POST
@cabinet
def calculation_shared_keep(request: PortalRequest, token: uuid.UUID) -> HttpResponse:
    """Keep it as one's own."""
    entity = request.workplace.legal_entity
    if entity is None:
        raise Http404
    try:
        kept = calculation_copy(
            actor=request.actor, token=token, legal_entity_id=entity.pk, at=timezone.now()
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("orders:calculation_shared", token=token)
    messages.success(request, _("Расчёт «{name}» сохранён.").format(name=kept.name))
    return redirect("orders:calculation", pk=kept.pk)


def _visible(request: PortalRequest, pk: int) -> Calculation:
    try:
        return calculation_open(actor=request.actor, calculation_id=pk)
    except Calculation.DoesNotExist as error:
        raise Http404 from error


def _linked(token: uuid.UUID) -> Calculation:
    try:
        return calculation_by_link(token=token)
    except Calculation.DoesNotExist as error:
        raise Http404 from error


def _kept(request: PortalRequest, found: Calculation) -> Kept:
    return calculation_kept(found, workplace=request.workplace, on=timezone.localdate())


def _wanted(kept: Kept) -> list[Wanted]:
    return [Wanted(label, one.sku_id, one.quantity) for label, one in kept.goods]
