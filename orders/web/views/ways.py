"""What to do so that a cart passes: the block of the cart's page, and a page of its own without scripts."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from counterparties.reach import reaches
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from finance.selectors.blocks import order_decision
from finance.states import BlockAction, PaymentTerms
from orders.selectors.cart import cart_view
from orders.web.carting import cart_or_404
from orders.web.ways import Ways, order_ways


@require_safe
@cabinet
@permitted(Permission.ORDER_CREATE)
def cart_ways(request: PortalRequest, pk: int) -> HttpResponse:
    """Why the cart would not be taken on credit now, and the ways out; nothing where it would.

    Reasons name debts: whoever may not see the money reads only that he should ask.
    """
    cart, at = cart_or_404(request, pk), timezone.now()
    view = cart_view(cart, on=timezone.localdate())
    decision = order_decision(
        contract_id=cart.contract_id, need=view.total.gross, terms=PaymentTerms.CREDIT, at=at
    )
    is_open = not view.lines or decision.action in {None, BlockAction.WARN}
    ways = (
        Ways()
        if is_open
        else order_ways(
            actor=request.actor, contract=cart.contract, need=view.total.gross, at=at, cart=cart, view=view
        )
    )
    context = {
        "cart": cart,
        "decision": None if is_open else decision,
        "ways": ways,
        "sees_money": reaches(
            request.actor, Permission.FINANCE_VIEW, entity=cart.legal_entity, author_id=None
        ),
        "area": "cart",
    }
    template = "orders/_ways_out.html" if request.headers.get("HX-Request") else "orders/ways.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
