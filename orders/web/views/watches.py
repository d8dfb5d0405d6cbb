"""What a person waits for: asked for on the page of a product or a list, seen and taken back in one place."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission
from catalog.models import Section, Sku
from catalog.web.choice import Choice
from catalog.web.learning import note_carted
from catalog.web.offers import offers_for, terms_shown
from counterparties.web.access import cabinet
from counterparties.web.back import back_url
from counterparties.web.middleware import PortalRequest
from orders import services
from orders.models import ArrivalWatch, ListWatchKind, PriceWatch
from orders.refusals import ContractClosed, OrderRefused, WatchesTooMany
from orders.selectors.watch_rows import watches_seen
from orders.services.arrivals import arrival_unwatch, arrival_watch
from orders.services.list_watches import list_unwatch, list_watch
from orders.services.price_watches import price_unwatch, price_watch
from orders.services.watch_marks import watches_drop
from orders.web.forms import Watch
from orders.web.list_asked import list_asked
from orders.web.watch_forms import ListWatchForm, PriceWish, SkuWatch
from portal.lib.money import format_quantity

_MOST_MARKED = 1000


@require_safe
@cabinet
def waited(request: PortalRequest) -> HttpResponse:
    """What the person waits for, with prices and stock of now."""
    seen = watches_seen(actor=request.actor, workplace=request.workplace, on=timezone.localdate())
    context = {
        "area": "assortment",
        "seen": seen,
        "mask": request.workplace.stock_mask,
        "can_order": request.actor.can(Permission.ORDER_CREATE) and request.workplace.contract is not None,
        "here": reverse("orders:waited"),
    }
    return render(request, "orders/watches.html", context)


@require_POST
@cabinet
def watch(request: PortalRequest) -> HttpResponse:
    """Wait for any quantity of a sku in the chosen city, with one press."""
    form, city = Watch(request.POST), request.workplace.city
    if not form.is_valid() or city is None:
        raise Http404
    try:
        arrival_watch(
            actor=request.actor, city_id=city.pk, sku_id=form.cleaned_data["sku"], at=timezone.now()
        )
    except WatchesTooMany as refusal:
        messages.error(request, str(refusal))
    except ObjectDoesNotExist as error:
        raise Http404 from error
    else:
        messages.success(request, _("Сообщим письмом, когда товар поступит."))
    return redirect(back_url(request, "orders:waited"))


@require_POST
@cabinet
def unwatch(request: PortalRequest, pk: int) -> HttpResponse:
    """Wait for the goods no more."""
    try:
        arrival_unwatch(actor=request.actor, watch_id=pk)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Больше не ждём этот товар."))
    return redirect(back_url(request, "orders:waited"))


@require_POST
@cabinet
def price_unwatched(request: PortalRequest, pk: int) -> HttpResponse:
    """Wait for the price no more."""
    try:
        price_unwatch(actor=request.actor, watch_id=pk)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Больше не следим за этой ценой."))
    return redirect(back_url(request, "orders:waited"))


@require_POST
@cabinet
def list_unwatched(request: PortalRequest, pk: int) -> HttpResponse:
    """Wait for the list no more."""
    try:
        list_unwatch(actor=request.actor, watch_id=pk)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Больше не следим за этим списком."))
    return redirect(back_url(request, "orders:waited"))


@require_POST
@cabinet
def list_watched(request: PortalRequest) -> HttpResponse:
    """Wait for what comes into a list of the catalogue; the list is as its page shows it."""
    form, place = ListWatchForm(request.POST), request.workplace
    if not form.is_valid() or place.city is None or place.legal_entity is None:
        raise Http404
    told = form.cleaned_data
    section = get_object_or_404(Section, pk=told["section"]) if told["section"] else None
    choice = Choice.read(QueryDict(told["query"]))
    path = reverse("catalog:section", args=[section.pk]) if section else reverse("catalog:index")
    try:
        list_watch(
            actor=request.actor,
            legal_entity_id=place.legal_entity.pk,
            contract_id=place.contract.pk if place.contract else None,
            city_id=place.city.pk,
            kind=ListWatchKind(told["kind"]),
            name=told["name"] or choice.search or (section.name if section else _("Каталог")),
            address=path + choice.address(),
            asked=list_asked(choice, section.pk if section else None),
            at=timezone.now(),
        )
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    except ObjectDoesNotExist as error:
        raise Http404 from error
    else:
        messages.success(request, _("Следим за списком: сообщим, когда в нём появится новое."))
    return redirect(back_url(request, "orders:waited"))


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
def watch_sku(request: PortalRequest, pk: int) -> HttpResponse:
    """Stock and price of one sku: what the person wants to hear of, in one form."""
    sku = get_object_or_404(Sku.objects.on_sale().select_related("product__unit"), pk=pk)
    place = request.workplace
    if place.city is None:
        raise Http404
    options: dict[str, Any] = {
        "mask": place.stock_mask,
        "unit_code": sku.product.unit.code,
        "is_priced": place.sees_prices and place.legal_entity is not None,
        "initial": _kept(request, sku),
    }
    form = SkuWatch(request.POST, **options) if request.method == "POST" else SkuWatch(**options)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():  # all that the form says, or nothing of it
                _sku_watched(request, sku, form.cleaned_data)
        except OrderRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Запомнили. Всё, чего вы ждёте, – на странице «Слежу»."))
            return redirect(back_url(request, "orders:waited"))
    terms = terms_shown(place, on=timezone.localdate())
    context = {
        "area": "assortment",
        "sku": sku,
        "form": form,
        "offer": offers_for(sku_ids=[sku.pk], city=place.city, terms=terms)[sku.pk],
        "next": request.POST.get("next") or reverse("catalog:product", args=[sku.product_id]),
    }
    return render(request, "orders/watch_sku.html", context, status=422 if form.errors else 200)


def _kept(request: PortalRequest, sku: Sku) -> dict[str, Any]:
    """What is waited for already, as the form shows it."""
    place = request.workplace
    stock = ArrivalWatch.objects.visible_to(request.actor).filter(city=place.city, sku=sku).first()
    price = (
        PriceWatch.objects.visible_to(request.actor)
        .filter(legal_entity=place.legal_entity, contract=place.contract, city=place.city, sku=sku)
        .first()
    )
    wish = PriceWish.NOTHING
    if price is not None:
        wish = PriceWish.ANY if price.price_below is None else PriceWish.BELOW
    return {
        "stock": stock is not None,
        "quantity": format_quantity(stock.quantity) if stock and stock.quantity else None,
        "wish": wish,
        "below": price.price_below_text if price else None,
    }


def _sku_watched(request: PortalRequest, sku: Sku, told: dict[str, Any]) -> None:
    """Keep, change and drop as the form says. Raises WatchesTooMany."""
    place, at = request.workplace, timezone.now()
    if place.city is None:
        raise Http404
    dropped: list[str] = []
    stock = ArrivalWatch.objects.visible_to(request.actor).filter(city=place.city, sku=sku)
    if told["stock"]:
        arrival_watch(
            actor=request.actor, city_id=place.city.pk, sku_id=sku.pk, quantity=told.get("quantity"), at=at
        )
    else:
        dropped += [f"a{pk}" for pk in stock.values_list("pk", flat=True)]
    if place.legal_entity is not None and "wish" in told:
        prices = PriceWatch.objects.visible_to(request.actor).filter(
            legal_entity=place.legal_entity, contract=place.contract, city=place.city, sku=sku
        )
        if told["wish"] == PriceWish.NOTHING:
            dropped += [f"p{pk}" for pk in prices.values_list("pk", flat=True)]
        else:
            price_watch(
                actor=request.actor,
                legal_entity_id=place.legal_entity.pk,
                contract_id=place.contract.pk if place.contract else None,
                city_id=place.city.pk,
                sku_id=sku.pk,
                price_below=told["below"] if told["wish"] == PriceWish.BELOW else None,
                at=at,
            )
    watches_drop(actor=request.actor, marks=dropped)


@require_POST
@cabinet
def watches_move(request: PortalRequest) -> HttpResponse:
    """Put the marked goods into the cart, or wait for them no more."""
    marks = request.POST.getlist("mark")[:_MOST_MARKED]
    if request.POST.get("act") == "drop":
        count = watches_drop(actor=request.actor, marks=marks)
        messages.success(request, _("Убрано: {count}.").format(count=count))
    else:
        request.actor.require(Permission.ORDER_CREATE)
        _carted(request, marks)
    return redirect("orders:waited")


def _carted(request: PortalRequest, marks: list[str]) -> None:
    place = request.workplace
    seen = watches_seen(actor=request.actor, workplace=place, on=timezone.localdate())
    goods = {
        row.sku.pk: row.quantity or row.sku.product.order_multiple or Decimal(1)
        for row in seen.goods
        if row.key in marks and row.is_on_sale
    }
    if not goods:
        messages.error(request, _("Отметьте товары."))
        return
    try:
        if place.legal_entity is None or place.contract is None or place.city is None:
            raise ContractClosed
        filled = services.cart_fill(
            actor=request.actor,
            legal_entity_id=place.legal_entity.pk,
            contract_id=place.contract.pk,
            city_id=place.city.pk,
            quantities=goods,
            at=timezone.now(),
        )
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        return
    if filled.added:
        note_carted(request)
        messages.success(request, _("Добавлено в корзину позиций: {count}.").format(count=filled.added))
    if filled.left_out:
        messages.warning(request, _("Не добавлено: {names}.").format(names="; ".join(filled.left_out)))
