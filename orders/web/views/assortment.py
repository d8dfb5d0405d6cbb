"""Мой ассортимент: what the client buys, and the usual quantities back into the cart."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from catalog.models import Section
from catalog.web.choice import LONGEST_SEARCH
from catalog.web.learning import note_carted
from catalog.web.typed import known_read, numbers_read, text_read, whole_read
from counterparties.web.access import cabinet
from counterparties.web.middleware import PortalRequest
from orders import services
from orders.refusals import ContractClosed, OrderRefused
from orders.selectors.assortment import (
    PAGE_SIZE,
    AssortmentFilter,
    assortment_rows,
    assortment_sections,
)
from orders.selectors.habits import USUAL_SORT
from orders.web.typed import PREFIX, typed_read

_SORTS = {
    "due": gettext_lazy("сначала что пора заказать"),
    "last": gettext_lazy("сначала недавние"),
    "times": gettext_lazy("сначала частые"),
    "name": gettext_lazy("по названию"),
}


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a refused form held: ticked skus, texts of quantities and their faults by sku."""

    taken: frozenset[int] = frozenset()
    texts: dict[int, str] = field(default_factory=dict)
    wrong: dict[int, str] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
def assortment(request: PortalRequest) -> HttpResponse:
    """The list with its filters; POST puts the ticked rows into the cart."""
    if request.method == "POST":
        request.actor.require(Permission.ORDER_CREATE)
        return _taken(request)
    return _page(request, _Sent())


def _taken(request: PortalRequest) -> HttpResponse:
    """Put the ticked quantities into the cart; what is no number refuses all and is shown in its row."""
    taken = frozenset(numbers_read(request.POST.getlist("take"), PAGE_SIZE))
    typed = typed_read(request.POST)
    asked = {
        sku_id: quantity for sku_id, quantity in typed.quantities.items() if quantity and sku_id in taken
    }
    wrong = {sku_id: reason for sku_id, reason in typed.wrong.items() if sku_id in taken}
    texts = {sku_id: request.POST.get(f"{PREFIX}{sku_id}", "") for sku_id in taken}
    sent = _Sent(taken, texts, wrong)
    if wrong or not asked:
        reason = next(iter(wrong.values()), _("Отметьте товары и укажите количество."))
        return _refused(request, sent, reason)
    try:
        _filled(request, asked)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        return _refused(request, sent, str(refusal))
    return redirect(request.get_full_path())


def _refused(request: PortalRequest, sent: _Sent, reason: str) -> HttpResponse:
    messages.error(request, reason)
    return _page(request, sent, status=422)


def _filled(request: PortalRequest, quantities: dict[int, Decimal]) -> None:
    place = request.workplace
    if place.legal_entity is None or place.contract is None or place.city is None:
        raise ContractClosed
    filled = services.cart_fill(
        actor=request.actor,
        legal_entity_id=place.legal_entity.pk,
        contract_id=place.contract.pk,
        city_id=place.city.pk,
        quantities=quantities,
        at=timezone.now(),
    )
    if filled.added:
        note_carted(request)
        messages.success(request, _("Добавлено в корзину позиций: {count}.").format(count=filled.added))
    if filled.left_out:
        names = "; ".join(filled.left_out)
        messages.warning(request, _("Не добавлено: {names}.").format(names=names))


def _page(request: PortalRequest, sent: _Sent, *, status: int = 200) -> HttpResponse:
    chosen = AssortmentFilter(
        is_due=request.GET.get("due") == "1",
        section_id=whole_read(request.GET.get("section")),
        search=text_read(request.GET.get("q"), LONGEST_SEARCH),
        sort=known_read(request.GET.get("sort"), _SORTS) or USUAL_SORT,
    )
    goods = assortment_rows(
        actor=request.actor,
        workplace=request.workplace,
        chosen=chosen,
        on=timezone.localdate(),
        page=request.GET.get("page", 1),
    )
    context = {
        "area": "assortment",
        "chosen": chosen,
        "goods": goods,
        "sections": [(section.pk, _named(section)) for section in assortment_sections(actor=request.actor)],
        "sorts": _SORTS.items(),
        "sent": sent,
        "can_order": request.actor.can(Permission.ORDER_CREATE) and request.workplace.contract is not None,
        "is_filtered": chosen != AssortmentFilter(sort=chosen.sort),
        "query": request.GET,
    }
    return render(request, "orders/assortment.html", context, status=status)


def _named(section: Section) -> str:
    """A section with the one above it: names repeat."""
    return f"{section.parent.name} / {section.name}" if section.parent else section.name
