"""The matrix: goods of a cart down, recipients across; each recipient gets a saved cart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.quantities import check_quantity, parse_quantity
from orders.refusals import CartChanged, OrderRefused, WrongQuantity
from orders.selectors import CartLineView, CartView, cart_view
from orders.selectors.recipients import Recipient, recipients, taken_last_time
from orders.services.distribution import Destination, cart_distribute
from orders.web.carting import own_cart_or_404
from orders.web.moments import moment_read
from portal.lib.money import format_quantity

MOST_CELLS = 900
"""Fields of one form; the portal takes no more than a thousand."""
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One field: what a recipient gets of a good."""

    name: str
    label: str
    text: str
    fault: str


@dataclass(frozen=True, slots=True)
class Row:
    """A good of the cart with its cells, in the order of the recipients."""

    line: CartLineView
    cells: tuple[Cell, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_CREATE)
def distribute(request: PortalRequest, pk: int) -> HttpResponse:
    """Show the matrix, empty or as the recipients had it last time; on POST make the carts."""
    cart = own_cart_or_404(request, pk)
    view = cart_view(cart, on=timezone.localdate())
    if not view.lines:
        return redirect("orders:cart")
    everybody = recipients(workplace=request.workplace, city=cart.city)
    if request.method == "POST":
        return _share_out(request, view, everybody)
    chosen = _chosen(request.GET, everybody)
    typed = _last_time(request, view, chosen) if request.GET.get("fill") == "last" else {}
    return _page(request, view, everybody, chosen, typed)


def _share_out(request: PortalRequest, view: CartView, everybody: Sequence[Recipient]) -> HttpResponse:
    chosen = _chosen(request.POST, everybody)
    typed, faults, shares = _read(request.POST, view, chosen)
    if faults:
        return _page(request, view, everybody, chosen, typed, faults, status=422)
    try:
        made = cart_distribute(
            actor=request.actor,
            cart_id=view.cart.pk,
            shares=shares,
            seen_at=moment_read(request.POST.get("seen", "")),
            at=timezone.now(),
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        status = 409 if isinstance(refusal, CartChanged) else 422
        return _page(request, view, everybody, chosen, typed, status=status)
    messages.success(request, _("Готово: корзин для получателей – {count}.").format(count=len(made)))
    return redirect("orders:carts")


def _chosen(form: QueryDict, everybody: Sequence[Recipient]) -> list[Recipient]:
    """Recipients ticked in the form, else all."""
    keys = set(form.getlist("to"))
    return [one for one in everybody if one.key in keys] or list(everybody)


def _read(
    form: QueryDict, view: CartView, chosen: Sequence[Recipient]
) -> tuple[dict[str, str], dict[str, str], dict[Destination, dict[int, Decimal]]]:
    """What was typed by field, what of it is wrong, and the shares; an empty field is nought."""
    typed: dict[str, str] = {}
    faults: dict[str, str] = {}
    shares: dict[Destination, dict[int, Decimal]] = {}
    for one in chosen:
        share = shares.setdefault(_destination(one), {})
        for line in view.lines:
            name = _field(line, one)
            typed[name] = text = form.get(name, "").strip()[:_LONGEST]
            try:
                quantity = parse_quantity(text) if text else Decimal(0)
                if quantity:
                    check_quantity(quantity, line.sku.product)
                    share[line.sku.pk] = quantity
            except WrongQuantity as refusal:
                faults[name] = str(refusal)
    return typed, faults, shares


def _last_time(request: PortalRequest, view: CartView, chosen: Sequence[Recipient]) -> dict[str, str]:
    taken = taken_last_time(actor=request.actor, to=chosen, sku_ids=[line.sku.pk for line in view.lines])
    return {
        _field(line, one): format_quantity(taken[one.key][line.sku.pk])
        for one in chosen
        for line in view.lines
        if line.sku.pk in taken.get(one.key, {})
    }


def _page(
    request: PortalRequest,
    view: CartView,
    everybody: Sequence[Recipient],
    chosen: Sequence[Recipient],
    typed: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    is_too_wide = len(view.lines) * len(chosen) > MOST_CELLS
    context: dict[str, Any] = {
        "view": view,
        "everybody": everybody,
        "chosen": chosen,
        "chosen_keys": {one.key for one in chosen},
        "is_too_wide": is_too_wide,
        "most": MOST_CELLS // len(view.lines),
        "rows": [] if is_too_wide else _rows(view, chosen, typed, faults or {}),
        "faults": len(faults or {}),
        "seen": view.cart.updated_at.isoformat(),
        "area": "cart",
    }
    return render(request, "orders/distribution.html", context, status=status)


def _rows(
    view: CartView, chosen: Sequence[Recipient], typed: Mapping[str, str], faults: Mapping[str, str]
) -> list[Row]:
    return [
        Row(
            line,
            tuple(
                Cell(name, f"{line.sku.name}: {one.place}", typed.get(name, ""), faults.get(name, ""))
                for one, name in ((one, _field(line, one)) for one in chosen)
            ),
        )
        for line in view.lines
    ]


def _field(line: CartLineView, recipient: Recipient) -> str:
    return f"q-{line.sku.pk}-{recipient.key}"


def _destination(one: Recipient) -> Destination:
    return Destination(
        legal_entity_id=one.legal_entity.pk,
        contract_id=one.contract.pk,
        city_id=one.city.pk,
        delivery_address_id=one.address.pk if one.address else None,
    )
