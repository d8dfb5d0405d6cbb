"""Requests of prices on the client's side: asked, looked at, sent back, accepted."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Permission
from catalog.models import Sku
from catalog.web.typed import numbers_read, whole_read
from counterparties.reach import reaches
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.models import Cart, Quote
from orders.refusals import OrderRefused
from orders.selectors.quotes import QuoteCard, QuoteFilter, quote_card, quote_rows
from orders.services.quotes import MOST_LINES, quote_ask, quote_remark, quote_withdraw
from orders.states import WrongState
from orders.web.quote_forms import (
    QuoteForm,
    QuoteLines,
    QuoteSearch,
    Remark,
    wishes_of,
)
from portal.lib.money import format_quantity

_EMPTY_LINES = 3
_MOST_PROPOSED = MOST_LINES - 10
"""Room for what is added in words."""


@require_GET
@cabinet
@permitted(Permission.ORDER_VIEW)
def quote_list(request: PortalRequest) -> HttpResponse:
    """The client's requests, those under way first."""
    form = QuoteSearch(request.GET)
    chosen = QuoteFilter(form.cleaned_data["state"], form.cleaned_data["q"]) if form.is_valid() else None
    context = {
        "form": form,
        "quotes": quote_rows(
            actor=request.actor, chosen=chosen or QuoteFilter(), page=request.GET.get("page", 1)
        ),
        "is_filtered": bool(chosen and (chosen.state or chosen.search)),
        "may_ask": request.actor.can(Permission.ORDER_CREATE),
        "area": "quotes",
    }
    return render(request, "orders/quotes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_CREATE)
def quote_new(request: PortalRequest) -> HttpResponse:
    """Fill in what is asked for: from a cart, of named goods, or anew; on POST send it."""
    if "cart" in request.POST:  # lines were ticked in a cart: the form comes first
        told = {
            "cart": numbers_read(request.POST.getlist("cart"), 1),
            "line": numbers_read(request.POST.getlist("line"), MOST_LINES),
        }
        return redirect(f"{reverse('orders:quote_new')}?{urlencode(told, doseq=True)}")
    if request.method == "POST":
        return _asked(request)
    place = request.workplace
    if place.legal_entity is None or place.contract is None or place.city is None:
        return render(request, "orders/quote_new.html", {"area": "quotes"})
    lines = _proposed(request)
    form = QuoteForm(
        initial={
            "idempotency_key": uuid4(),
            "contract": place.contract.pk,
            "legal_entity": place.legal_entity.pk,
            "city": place.city.pk,
        }
    )
    return _new_page(request, form, QuoteLines(prefix="line", initial=lines + [{}] * _EMPTY_LINES))


def _proposed(request: PortalRequest) -> list[dict[str, Any]]:
    """Lines of the cart that is named, or the named goods."""
    cart_ids = numbers_read(request.GET.getlist("cart"), 1)
    if cart_ids:
        cart = Cart.objects.visible_to(request.actor).filter(pk=cart_ids[0]).first()
        if cart is None:
            raise Http404
        rows = cart.lines.order_by("added_at", "pk")
        chosen = numbers_read(request.GET.getlist("line"), MOST_LINES)
        if chosen:
            rows = rows.filter(pk__in=chosen)
        left = rows.count() - _MOST_PROPOSED
        if left > 0:
            messages.warning(
                request,
                _("В запрос помещается строк корзины: {most}. Не вошло: {left}.").format(
                    most=_MOST_PROPOSED, left=left
                ),
            )
        return [
            {
                "sku": row.sku_id,
                "quantity": format_quantity(row.quantity),
                "desired_date": row.desired_date,
                "comment": row.comment,
            }
            for row in rows[:_MOST_PROPOSED]
        ]
    return [{"sku": pk, "quantity": "1"} for pk in numbers_read(request.GET.getlist("sku"), _MOST_PROPOSED)]


def _asked(request: PortalRequest) -> HttpResponse:
    form, lines = QuoteForm(request.POST), QuoteLines(request.POST, prefix="line")
    if not (form.is_valid() & lines.is_valid()):
        return _new_page(request, form, lines, status=422)
    filled = form.cleaned_data
    try:
        quote = quote_ask(
            actor=request.actor,
            legal_entity_id=filled["legal_entity"],
            contract_id=filled["contract"],
            city_id=filled["city"],
            wishes=wishes_of(lines.forms),
            comment=filled["comment"],
            idempotency_key=filled["idempotency_key"],
            at=timezone.now(),
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        form.add_error(None, str(refusal))
        return _new_page(request, form, lines, status=422)
    messages.success(request, _("Запрос {number} отправлен менеджеру.").format(number=quote.number))
    return redirect("orders:quote", uid=quote.uid)


def _new_page(request: PortalRequest, form: QuoteForm, lines: Any, status: int = 200) -> HttpResponse:
    known = [whole_read(str(one["sku"].value() or "")) for one in lines.forms]
    goods = (
        Sku.objects.select_related("product__unit")
        .defer("product__description")
        .in_bulk([pk for pk in known if pk])
    )
    context = {
        "form": form,
        "lines": lines,
        "rows": [(one, goods.get(pk or 0)) for one, pk in zip(lines.forms, known, strict=True)],
        "area": "quotes",
    }
    return render(request, "orders/quote_new.html", context, status=status)


@require_GET
def quote_detail(request: PortalRequest, uid: UUID) -> HttpResponse:
    """One request with the versions of its offer side by side.

    Talks and CRM systems tell both sides this one address: an employee goes on to where he answers.
    """
    if not request.actor.is_client:
        request.actor.require(Permission.CLIENT_SERVE)
        if not Quote.objects.visible_to(request.actor).filter(uid=uid).exists():
            raise Http404
        return redirect("orders:quote_answer", uid=uid)
    return _page(request, _card(request, uid), Remark())


@require_POST
@cabinet
def quote_remark_view(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Send an offer back with a few words."""
    card = _card(request, uid)
    form = Remark(request.POST)
    if not form.is_valid():
        return _page(request, card, form, status=422)
    try:
        quote_remark(
            actor=request.actor, quote_id=card.quote.pk, text=form.cleaned_data["text"], at=timezone.now()
        )
    except Quote.DoesNotExist as error:
        raise Http404 from error
    except (OrderRefused, WrongState) as refusal:
        messages.error(request, _("Не отправлено: {why}").format(why=refusal))
    else:
        messages.success(request, _("Замечание отправлено менеджеру."))
    return redirect("orders:quote", uid=uid)


@require_POST
@cabinet
def quote_withdraw_view(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Ask no longer."""
    card = _card(request, uid)
    try:
        quote_withdraw(actor=request.actor, quote_id=card.quote.pk, at=timezone.now())
    except Quote.DoesNotExist as error:
        raise Http404 from error
    except WrongState as refusal:
        messages.error(request, _("Запрос уже изменился: {step}.").format(step=refusal))
    else:
        messages.success(request, _("Запрос {number} отозван.").format(number=card.quote.number))
    return redirect("orders:quote", uid=uid)


def card_of(request: PortalRequest, uid: UUID) -> QuoteCard:
    """A request that the actor may see, or 404."""
    try:
        return quote_card(actor=request.actor, uid=uid)
    except Quote.DoesNotExist as error:
        raise Http404 from error


_card = card_of


def _page(request: PortalRequest, card: QuoteCard, remark: Remark, status: int = 200) -> HttpResponse:
    quote, at = card.quote, timezone.now()
    may_move = not request.actor.is_read_only and reaches(
        request.actor,
        Permission.ORDER_CREATE,
        entity=quote.legal_entity,
        author_id=quote.created_by_id,
    )
    open_states = ("submitted", "in_work", "offered", "expired")
    context = {
        "card": card,
        "remark": remark,
        "may_accept": may_move and card.may_be_accepted(at),
        "may_remark": may_move and quote.state in ("offered", "expired"),
        "may_withdraw": may_move and quote.state in open_states,
        "area": "quotes",
    }
    return render(request, "orders/quote.html", context, status=status)
