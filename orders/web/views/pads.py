"""Быстрый заказ: a grid of codes and quantities, kept as it is typed, one press puts it into the cart."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from catalog.index.reading import catalog_index
from catalog.web.learning import note_carted
from catalog.web.typed import whole_read
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.models import CodeSource
from orders.pad import MOST_ROWS, PadElsewhere, PadRow, PadState, PadTooLong
from orders.recognition.place import Place
from orders.refusals import ContractClosed, OrderRefused
from orders.selectors.pad_lines import PadLine, pad_lines, pad_totals
from orders.selectors.pads import pad_draft
from orders.selectors.picks import place_key
from orders.services.codes import codes_remember
from orders.services.pads import PadSent, pad_clear, pad_save, pad_to_cart
from orders.web.pad_form import MOST_NAMED, PadForm, pad_form_read
from portal.lib.dates import moscow_date

LEAST_ROWS = 20
"""Rows on an empty page, and how many «ещё строки» adds."""


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_CREATE)
def pad(request: PortalRequest) -> HttpResponse:
    """The grid; POST keeps it and does what the pressed button says."""
    at = timezone.now()
    if request.method == "POST":
        return _done(request, at)
    place = Place.of_workplace(request.workplace, on=moscow_date(at))
    if place is None:
        return render(request, "orders/pad.html", {"area": "pad"})
    draft = pad_draft(actor=request.actor, workplace=request.workplace)
    lines = pad_lines(draft.rows, place=place, index=catalog_index())
    asked = min(whole_read(request.GET.get("rows")) or 0, MOST_ROWS)
    spare = range(len(lines) + 1, max(asked, LEAST_ROWS, len(lines) + 3) + 1)
    shown = lines + [PadLine(number, PadRow()) for number in spare]
    context = _context(request, lines) | {
        "lines": shown,
        "round": draft.round,
        "focus": _first_fault(lines) if "first" in request.GET else 0,
        "more": len(shown) + LEAST_ROWS,
    }
    return render(request, "orders/pad.html", context)


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def pad_rows(request: PortalRequest) -> HttpResponse:
    """Keep the rows and answer with those that were changed, as the page shows them, and the totals."""
    at = timezone.now()
    try:
        place, target = _target(request, at)
        form = _form(request)
        pad_save(**target, seen_round=form.round, rows=form.rows)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except PadTooLong as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    except OrderRefused as refusal:  # the page is stale
        messages.error(request, str(refusal))
        return HttpResponse(status=409, headers={"HX-Refresh": "true"})
    lines = pad_lines(form.rows, place=place, index=catalog_index())
    shown = [line for line in lines if line.number in form.changed]
    return render(request, "orders/_pad_rows.html", _context(request, lines) | {"lines": shown})


def _done(request: PortalRequest, at: datetime) -> HttpResponse:
    """Keep what was sent, then put it into the cart or clear it where a button asks so."""
    query = ""
    try:
        place, target = _target(request, at)
        form = _form(request)
        if "clear" in request.POST:
            pad_clear(**target)
            messages.success(request, _("Быстрый заказ очищен."))
        elif "to_cart" in request.POST:
            sent = pad_to_cart(
                actor=request.actor,
                legal_entity_id=target["legal_entity_id"],
                place=place,
                seen_round=form.round,
                rows=form.rows,
                index=catalog_index(),
                at=at,
            )
            query = _told(request, sent)
        else:
            pad_save(**target, seen_round=form.round, rows=_taught(request, form.rows, at))
            query = f"?rows={whole_read(request.POST.get('more')) or 0}" if "more" in request.POST else ""
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('orders:pad')}{query}")


def _taught(request: PortalRequest, rows: Sequence[PadRow], at: datetime) -> Sequence[PadRow]:
    """With `remember=3` the code of the third row means its good for all of the client's people."""
    number = whole_read(request.POST.get("remember"))
    row = rows[number - 1] if number and number <= len(rows) else PadRow()
    if number is None or not row.code or row.sku is None:
        return rows
    codes_remember(actor=request.actor, codes={row.code: row.sku}, source=CodeSource.PAD, at=at)
    messages.success(request, _("Код «{code}» запомнен.").format(code=row.code))
    return [*rows[: number - 1], replace(row, sku=None), *rows[number:]]


def _told(request: PortalRequest, sent: PadSent) -> str:
    """Say what went to the cart and what stays; return what the next page shall show."""
    if sent.added:
        note_carted(request)
        messages.success(request, _("Строк добавлено в корзину: {count}.").format(count=sent.added))
    if sent.left_out:
        names = "; ".join(sent.left_out)
        messages.warning(request, _("Не добавлено: {names}.").format(names=names))
    if sent.kept:
        messages.warning(request, _("Осталось строк с вопросами: {count}.").format(count=len(sent.kept)))
        return "?first=1"
    if not sent.added:
        messages.error(request, _("Сначала введите код и количество."))
    return ""


def _target(request: PortalRequest, at: datetime) -> tuple[Place, dict[str, Any]]:
    """Where rows are recognised and whose pad it is. Raises ContractClosed, PadElsewhere (a stale page)."""
    workplace = request.workplace
    place = Place.of_workplace(workplace, on=moscow_date(at))
    if place is None or workplace.legal_entity is None:
        raise ContractClosed
    if request.POST.get("place") != place_key(workplace):
        raise PadElsewhere
    return place, {
        "actor": request.actor,
        "legal_entity_id": workplace.legal_entity.pk,
        "contract_id": place.contract.pk,
        "city_id": place.city.pk,
        "at": at,
    }


def _form(request: PortalRequest) -> PadForm:
    """What was sent; rows beyond those that a page without scripts sends are the kept ones."""
    is_whole = bool(request.POST.get("rows"))
    kept = () if is_whole else pad_draft(actor=request.actor, workplace=request.workplace).rows
    return pad_form_read(request.POST, kept)


def _context(request: PortalRequest, lines: list[PadLine]) -> dict[str, Any]:
    """What the page and its rows need."""
    return {
        "area": "pad",
        "totals": pad_totals(lines),
        "place": place_key(request.workplace),
        "most_named": MOST_NAMED,
        "most_rows": MOST_ROWS,
    }


def _first_fault(lines: list[PadLine]) -> int:
    faulty = (line.number for line in lines if line.state not in (PadState.OK, PadState.EMPTY))
    return next(faulty, 0)
