"""The first page, the choice of the legal entity, and the manager's clients."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.client_card import client_card
from counterparties.models import Contract, Holding
from counterparties.selectors import client_rows
from counterparties.selectors.registration import registrations_of
from counterparties.web.access import cabinet, permitted
from counterparties.web.back import back_url
from counterparties.web.client_tabs import TABS
from counterparties.web.forms.clients import ClientSearch, LegalEntityChoice
from counterparties.web.header import RECENT_ENTITIES_KEY, recent_with
from counterparties.web.middleware import LEGAL_ENTITY_KEY, PortalRequest
from finance.selectors.money import MoneyPage, money_page
from finance.selectors.overriding import may_override
from finance.selectors.payables import money_contracts
from orders.selectors import OrderFilter, cart_current, cart_view, order_rows

RECENT_ORDERS = 5


@require_GET
def home(request: PortalRequest) -> HttpResponse:
    """A client's overview; employees start at their morning, others learn whom to ask."""
    actor = request.actor
    if actor.is_employee:
        return redirect("counterparties:morning")
    if not actor.is_client:
        return _not_a_client(request)
    cart = cart_current(actor=actor, workplace=request.workplace)
    orders = order_rows(actor=actor, chosen=OrderFilter(), per_page=RECENT_ORDERS)
    context = {
        "cart": cart_view(cart, on=timezone.localdate()) if cart else None,
        "orders": orders,
        "area": "home",
        **_money(actor, money_contracts(actor) if actor.can(Permission.FINANCE_VIEW) else []),
    }
    return render(request, "counterparties/home.html", context)


def _money(actor: Actor, contracts: list[Contract]) -> dict[str, MoneyPage]:
    """Nothing at all without the right, and where there are no contracts."""
    if not contracts or not actor.can(Permission.FINANCE_VIEW):
        return {}
    return {"money": money_page(contracts=contracts, on=timezone.localdate())}


def _not_a_client(request: PortalRequest) -> HttpResponse:
    """What became of the person's application; without one, whom to ask."""
    mine = registrations_of(request.actor.user_id) if request.actor.user_id else []
    if not mine:
        return render(request, "counterparties/no_client.html")
    context = {"registration": mine[0], "are_prices_shown": request.workplace.sees_prices, "area": "home"}
    return render(request, "counterparties/registration/status.html", context)


@require_POST
@cabinet
def legal_entity_choose(request: PortalRequest) -> HttpResponse:
    """Act for another legal entity from now on; every cart stays as it is."""
    form = LegalEntityChoice(request.POST, actor=request.actor)
    if not form.is_valid():
        raise Http404
    chosen: int = form.cleaned_data["legal_entity"].pk
    request.session[LEGAL_ENTITY_KEY] = chosen
    request.session[RECENT_ENTITIES_KEY] = recent_with(request.session.get(RECENT_ENTITIES_KEY, []), chosen)
    return redirect(back_url(request, "home"))


@require_GET
@permitted(Permission.CLIENT_SERVE)
def client_list(request: PortalRequest) -> HttpResponse:
    """Clients that the employee serves, with a search over names, ИНН and people."""
    form = ClientSearch(request.GET)
    search = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"form": form, "search": search, "area": "clients"}
    context["clients"] = client_rows(actor=request.actor, search=search)
    return render(request, "counterparties/clients.html", context)


@require_GET
@permitted(Permission.CLIENT_SERVE)
def client_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One client: legal entities, contracts, people, latest orders; other parts by `tab`."""
    at = timezone.now()
    try:
        card = client_card(actor=request.actor, holding_id=pk, on=timezone.localdate())
    except Holding.DoesNotExist as error:
        raise Http404 from error
    wanted = request.GET.get("tab", "")
    tab = wanted if wanted in TABS else ""
    context: dict[str, Any] = {
        "card": card,
        "tabs": [(name, title) for name, (title, _part) in TABS.items()],
        "tab": tab,
        "template": f"counterparties/client/_{tab or 'overview'}.html",
        "entrance": next((person for person in card.people if person.may_be_entered), None),
        "may_limit": may_override(request.actor),
        "area": "clients",
    }
    part = TABS[tab][1]
    if part is not None:
        context |= part(request, card, at)
        return render(request, "counterparties/client.html", context)
    context["orders"] = order_rows(
        actor=request.actor, chosen=OrderFilter(holding_id=pk), per_page=RECENT_ORDERS
    )
    own = [contract for entity in card.legal_entities for contract in entity.contracts.all()]
    context |= _money(request.actor, own)
    return render(request, "counterparties/client.html", context)
