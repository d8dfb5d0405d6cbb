"""Parts of the client's card; each is read only when it is opened."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from catalog.models import City, Sku
from counterparties.actor import Actor
from counterparties.client_card import ClientCard
from counterparties.models import ClientNote, Contract, Thread, Visit
from counterparties.web.forms.client_card import PriceAsked
from counterparties.web.forms.morning import NoteForm
from counterparties.web.middleware import PortalRequest
from documents.selectors import DocumentFilter, document_rows
from finance.models import LedgerEntry
from finance.states import LedgerKind
from orders.models import OrderStep
from orders.selectors import OrderFilter, order_rows
from orders.selectors.client_carts import live_carts, rhythm_rows
from portal.lib.dates import moscow_date
from portal.lib.money import format_money
from pricing.models import DiscountRule, IndividualPrice
from pricing.selectors import price_explained, terms_for
from pricing.wording import reasons_in_full

LATEST = 20


def only_client(actor: Actor, holding_id: int) -> Actor:
    """The same employee as if this were his only client: whatever is read through him is of this client."""
    return replace(actor, served_holding_ids=frozenset({holding_id}), is_administrator=False)


def orders_tab(request: PortalRequest, card: ClientCard, at: datetime) -> dict[str, Any]:
    """Carts that are gathered now, goods that it is time for, latest orders."""
    actor = only_client(request.actor, card.holding.pk)
    may_enter = {person.user_id for person in card.people if person.may_be_entered}
    return {
        "carts": [(cart, cart.person_id in may_enter) for cart in live_carts(actor=actor)],
        "rhythms": rhythm_rows(holding_id=card.holding.pk, on=moscow_date(at)),
        "orders": order_rows(
            actor=request.actor, chosen=OrderFilter(holding_id=card.holding.pk), per_page=LATEST
        ),
    }


def prices_tab(request: PortalRequest, card: ClientCard, at: datetime) -> dict[str, Any]:
    """Under which conditions the client buys, and what a good costs him and why."""
    on = moscow_date(at)
    contracts = [
        one for entity in card.legal_entities for one in entity.contracts.all() if one.is_open_on(on)
    ]
    city = card.holding.home_city
    for contract in contracts:
        contract.legal_entity = next(one for one in card.legal_entities if one.pk == contract.legal_entity_id)
    ids = [one.pk for one in contracts]
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    everybody = Q(group=None, holding=None, contract=None)
    ours = Q(holding=card.holding) | Q(contract__in=ids) | everybody
    if card.holding.group_id:
        ours |= Q(group=card.holding.group_id, holding=None, contract=None)
    discounts = DiscountRule.objects.filter(ours, lasting, begun, is_active=True)
    agreed = IndividualPrice.objects.filter(lasting, begun, contract__in=ids)
    form = PriceAsked(request.GET if "sku" in request.GET else None, contracts=contracts, city=city)
    return {
        "terms": [(one, terms_for(contract=one, city=city, on=on)) for one in contracts],
        "discounts": discounts.select_related(
            "section", "brand", "sku", "group", "contract", "city"
        ).order_by("-priority", "-percent", "pk")[:LATEST],
        "agreed_count": agreed.count(),
        "form": form,
        **_price_told(form, contracts, on),
    }


def _price_told(form: PriceAsked, contracts: list[Contract], on: Any) -> dict[str, Any]:
    if not form.is_bound or not form.is_valid():
        return {}
    told = form.cleaned_data
    found = Sku.objects.on_sale().select_related("product__unit")
    sku = found.filter(Q(article__iexact=told["sku"]) | Q(product__code__iexact=told["sku"])).first()
    if sku is None:
        form.add_error("sku", _("Такого артикула или кода нет в продаже."))
        return {}
    contract = next(one for one in contracts if one.pk == told["contract"])
    city: City = told["city"]
    explanation = price_explained(
        sku_id=sku.pk, terms=terms_for(contract=contract, city=city, on=on), quantity=told["quantity"]
    )
    return {
        "sku": sku,
        "quantity": told["quantity"],
        "is_in_full": True,
        "reasons": reasons_in_full(explanation),
    }


def documents_tab(request: PortalRequest, card: ClientCard, at: datetime) -> dict[str, Any]:
    """The latest papers."""
    if not request.actor.can(Permission.DOCUMENT_VIEW):
        return {}
    actor = only_client(request.actor, card.holding.pk)
    papers = document_rows(actor=actor, chosen=DocumentFilter(), per_page=LATEST, on=moscow_date(at))
    return {"documents": papers}


def talk_tab(request: PortalRequest, card: ClientCard, at: datetime) -> dict[str, Any]:
    """The latest talks, those that wait for an answer first."""
    mine = Thread.objects.visible_to(only_client(request.actor, card.holding.pk))
    waiting = mine.order_by("answer_due_at", "-last_message_at", "-pk")
    return {"threads": waiting.select_related("started_by", "taken_by")[:LATEST], "at": at}


def notes_tab(request: PortalRequest, card: ClientCard, at: datetime) -> dict[str, Any]:
    """What employees wrote down, a page of it, the newest first."""
    notes = ClientNote.objects.visible_to(request.actor).filter(
        Q(holding=card.holding) | Q(holding__merged_into=card.holding)
    )
    return {
        "page": Paginator(notes.select_related("author").order_by("-at", "-pk"), LATEST).get_page(
            request.GET.get("page")
        ),
        "form": NoteForm(initial={"key": uuid4()}),
    }


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened with a client."""

    at: datetime
    title: str
    text: str
    address: str = ""


def timeline_tab(request: PortalRequest, card: ClientCard, at: datetime) -> dict[str, Any]:
    """What happened lately, of all kinds, the newest first; four queries."""
    holding, actor = card.holding, request.actor
    told: list[Moment] = []
    if actor.can(Permission.ORDER_VIEW):
        steps = OrderStep.objects.filter(order__holding=holding).select_related("order", "user")
        told += [
            Moment(
                step.at,
                _("Заказ {number}: {state}").format(
                    number=step.order.label, state=step.get_state_display().lower()
                ),
                step.comment,
                reverse("orders:detail", args=[step.order_id]),
            )
            for step in steps.order_by("-at", "-pk")[:LATEST]
        ]
    visits = Visit.objects.visible_to(actor).filter(holding=holding).select_related("employee", "person")
    told += [
        Moment(
            visit.started_at,
            _("{employee} в кабинете как {person}").format(
                employee=visit.employee.get_full_name(), person=visit.person.get_full_name()
            ),
            visit.reason,
            reverse("counterparties:visit", args=[visit.pk]),
        )
        for visit in visits.order_by("-started_at", "-pk")[:LATEST]
    ]
    notes = ClientNote.objects.visible_to(actor).filter(holding=holding).select_related("author")
    told += [
        Moment(note.at, _("Заметка: {author}").format(author=note.author.get_full_name()), note.text)
        for note in notes.order_by("-at", "-pk")[:LATEST]
    ]
    if actor.can(Permission.FINANCE_VIEW):
        paid = LedgerEntry.objects.filter(
            legal_entity__holding=holding, kind=LedgerKind.PAYMENT, credit__gt=0
        ).select_related("legal_entity")
        told += [
            Moment(
                entry.created_at,
                _("Оплата {sum} ₽").format(sum=format_money(entry.credit)),
                f"{entry.legal_entity.name}, {entry}",
            )
            for entry in paid.order_by("-created_at", "-pk")[:LATEST]
        ]
    told.sort(key=lambda moment: moment.at, reverse=True)
    return {"moments": told[: 2 * LATEST]}


Tab = Callable[[PortalRequest, ClientCard, datetime], dict[str, Any]]

TABS: dict[str, tuple[Any, Tab | None]] = {
    "": (gettext_lazy("Обзор"), None),
    "orders": (gettext_lazy("Корзины и заказы"), orders_tab),
    "prices": (gettext_lazy("Цены и договоры"), prices_tab),
    "documents": (gettext_lazy("Документы"), documents_tab),
    "talk": (gettext_lazy("Переписка"), talk_tab),
    "timeline": (gettext_lazy("События"), timeline_tab),
    "notes": (gettext_lazy("Заметки"), notes_tab),
}
"""By the word in the address; the first one is what the card opens with."""
