"""Requests of prices on the manager's side: the queue, and the answer line by line."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Permission
from catalog.models import Sku
from catalog.web.typed import text_read, whole_read
from counterparties.web.access import permitted
from counterparties.web.middleware import PortalRequest
from orders.models import Quote
from orders.quote_refusals import OfferMoved, OfferTooLow
from orders.quote_states import QUOTE_TRANSITIONS, QuoteState
from orders.refusals import OrderRefused
from orders.selectors.quote_margins import Margin, margins_of
from orders.selectors.quote_search import goods_to_offer
from orders.selectors.quotes import QuoteCard, QuoteFilter, QuoteLineRow, quote_rows
from orders.services.quote_answers import quote_decline, quote_offer, quote_take
from orders.states import WrongState
from orders.web.quote_forms import FIND_LENGTH, AnswerForm, OfferForm, QuoteSearch, Remark, usual_day
from orders.web.views.quotes import card_of
from portal.lib.dates import moscow_date
from portal.lib.money import format_quantity

WAITING, MINE, ALL = "waiting", "mine", "all"


@require_GET
@permitted(Permission.CLIENT_SERVE)
def quote_queue(request: PortalRequest) -> HttpResponse:
    """What waits for an answer, the most urgent first; others on request."""
    form = QuoteSearch(request.GET)
    what = request.GET.get("what", WAITING)
    told = form.cleaned_data if form.is_valid() else {"state": "", "q": ""}
    chosen = QuoteFilter(
        state=told["state"], search=told["q"], is_waiting=what == WAITING, is_mine=what == MINE
    )
    context = {
        "form": form,
        "what": what,
        "kinds": [(WAITING, _("Ждут ответа")), (MINE, _("Мои")), (ALL, _("Все"))],
        "quotes": quote_rows(actor=request.actor, chosen=chosen, page=request.GET.get("page", 1)),
        "now": timezone.now(),
        "area": "quotes",
    }
    return render(request, "orders/quote_queue.html", context)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A line with its part of the form, goods to choose from, and what each of them earns."""

    row: QuoteLineRow
    form: AnswerForm
    goods: tuple[tuple[Sku, Margin | None], ...]
    chosen_id: int | None
    margin: Margin | None

    @property
    def percent(self) -> Decimal | None:
        """What the typed price earns, or that of the newest version; None where it is not known."""
        if self.form.is_bound:
            price = self.form.cleaned_data.get("price") if self.form.is_valid() else None
        else:
            price = self.row.newest.offered.price if self.row.newest else None
        return self.margin.percent(price) if self.margin else None


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.CLIENT_SERVE)
def quote_answer(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Answer each line; `find` looks for goods to offer instead and keeps what was typed."""
    card = card_of(request, uid)
    if request.method != "POST":
        return _page(request, card, None, None)
    offer = OfferForm(request.POST)
    lines = {row.line.pk: _form(row, request.POST) for row in card.rows}
    if "find" in request.POST or "count" in request.POST:
        return _page(request, card, offer, lines)
    is_filled = sum(not form.is_valid() for form in lines.values()) == 0
    if not offer.is_valid() or not is_filled:
        return _page(request, card, offer, lines, status=422)
    filled = offer.cleaned_data
    try:
        sent = quote_offer(
            actor=request.actor,
            quote_id=card.quote.pk,
            answers=[form.answer(pk) for pk, form in lines.items()],
            valid_until=filled["valid_until"],
            comment=filled["comment"],
            base_version=filled["base_version"],
            is_low_confirmed=filled["confirm_low"],
            at=timezone.now(),
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except (OfferMoved, WrongState) as refusal:
        messages.error(request, str(refusal))
        return redirect("orders:quote_answer", uid=uid)
    except OrderRefused as refusal:
        offer.add_error("confirm_low" if isinstance(refusal, OfferTooLow) else None, str(refusal))
        return _page(request, card, offer, lines, status=422)
    messages.success(
        request,
        _("Предложение отправлено клиенту, версия {version}.").format(version=sent.version),
    )
    return redirect("orders:quote_answer", uid=uid)


@require_POST
@permitted(Permission.CLIENT_SERVE)
def quote_take_view(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Say who answers."""
    card = card_of(request, uid)
    try:
        quote_take(actor=request.actor, quote_id=card.quote.pk, at=timezone.now())
    except Quote.DoesNotExist as error:
        raise Http404 from error
    except WrongState as refusal:
        messages.error(request, _("Запрос уже изменился: {step}.").format(step=refusal))
    return redirect("orders:quote_answer", uid=uid)


@require_POST
@permitted(Permission.CLIENT_SERVE)
def quote_decline_view(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Offer nothing, and say why."""
    card = card_of(request, uid)
    form = Remark(request.POST)
    try:
        quote_decline(
            actor=request.actor,
            quote_id=card.quote.pk,
            reason=form.cleaned_data["text"] if form.is_valid() else "",
            at=timezone.now(),
        )
    except Quote.DoesNotExist as error:
        raise Http404 from error
    except WrongState as refusal:
        messages.error(request, _("Запрос уже изменился: {step}.").format(step=refusal))
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Клиенту отправлен отказ."))
    return redirect("orders:quote_answer", uid=uid)


def _form(row: QuoteLineRow, data: Any) -> AnswerForm:
    """Empty, or as the newest version has it."""
    newest = row.newest
    line = row.line
    offered = newest.offered if newest else None
    initial = {
        "sku": (offered.sku_id if offered else None) or line.sku_id,
        "price": newest.price_text if newest else "",
        "quantity": format_quantity(offered.quantity if offered else line.quantity),
        "ready_date": offered.ready_date if offered else None,
        "note": offered.note if offered else "",
    }
    return AnswerForm(data, initial=initial, prefix=f"line-{line.pk}")


def _page(
    request: PortalRequest,
    card: QuoteCard,
    offer: OfferForm | None,
    lines: dict[int, AnswerForm] | None,
    status: int = 200,
) -> HttpResponse:
    quote = card.quote
    forms = lines or {row.line.pk: _form(row, None) for row in card.rows}
    may_offer = QuoteState.OFFERED in QUOTE_TRANSITIONS[quote.state]
    finding = whole_read(request.POST.get("find"))
    rows = _rows(card, forms, finding) if may_offer else []
    context = {
        "card": card,
        "rows": rows,
        "offer": offer or OfferForm(initial={"base_version": quote.version, "valid_until": usual_day()}),
        "may_offer": may_offer,
        "may_take": quote.is_waiting and quote.taken_by_id != request.actor.user_id,
        "may_decline": QuoteState.DECLINED in QUOTE_TRANSITIONS[quote.state],
        "decline": Remark(),
        "now": timezone.now(),
        "has_bounds": any(row.margin and row.margin.bound is not None for row in rows),
        "area": "quotes",
    }
    return render(request, "orders/quote_answer.html", context, status=status)


def _rows(card: QuoteCard, forms: dict[int, AnswerForm], finding: int | None) -> list[AnswerRow]:
    """Lines with goods to choose from and their bounds; one reading of prices for all of them.

    `finding` is the line whose button was pressed: only for that one goods are searched.
    """
    chosen = {pk: whole_read(str(form["sku"].value() or "")) for pk, form in forms.items()}
    known = Sku.objects.select_related("product__unit").defer("product__description")
    goods = known.in_bulk({*chosen.values(), *(row.line.sku_id for row in card.rows)} - {None})
    offered: dict[int, list[Sku]] = {}
    quantities = {}
    for row in card.rows:
        pk = row.line.pk
        mine = [goods[one] for one in (row.line.sku_id, chosen[pk]) if one in goods]
        found = _found(card, forms[pk]) if pk == finding else []
        offered[pk] = list({one.pk: one for one in [*mine, *found]}.values())
        quantities.update({one.pk: row.line.quantity for one in offered[pk]})
    margins = margins_of(card.quote, quantities, on=moscow_date(timezone.now()))
    return [
        AnswerRow(
            row=row,
            form=forms[row.line.pk],
            goods=tuple((one, margins.get(one.pk)) for one in offered[row.line.pk]),
            chosen_id=chosen[row.line.pk],
            margin=margins.get(chosen[row.line.pk] or 0),
        )
        for row in card.rows
    ]


def _found(card: QuoteCard, form: AnswerForm) -> list[Sku]:
    text = text_read(str(form["find"].value() or ""), FIND_LENGTH)
    return goods_to_offer(text, city=card.quote.city)
