"""The page of one product."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.characteristics import characteristic_matrix
from catalog.index.reading import Index, catalog_index
from catalog.models import Product, Sku
from catalog.selectors import (
    ProductCard,
    goods_rows,
    next_arrival,
    paper_rows,
    product_card,
    related_products,
    section_tree,
)
from catalog.selectors.articles import articles_for_product
from catalog.selectors.calculators import calculators_for
from catalog.web.frame import ordering, privately, trail
from catalog.web.learning import FROM, note_opened, searched_before
from catalog.web.offers import Offer, offers_for, terms_shown
from catalog.web.related import LEARNT_READ, learnt_goods, related_goods
from catalog.web.within import asked_within, within
from counterparties.web.middleware import PortalRequest
from orders.selectors import bought_before
from orders.selectors.arrivals import watched
from orders.selectors.reviews import MOST_BESIDE_A_PRODUCT, own_review, review_page
from orders.selectors.together import together_with
from pricing.selectors import LadderStep, Recommended, price_ladders, recommended_prices
from pricing.terms import PriceTerms


@dataclass(frozen=True, slots=True)
class ProductRow:
    """What of the product is ordered; `watch_id` is there where the person waits for it."""

    sku: Sku
    offer: Offer
    recommended: Recommended | None
    may_wait: bool
    watch_id: int | None


@require_safe
def product(request: PortalRequest, pk: int) -> HttpResponse:
    """One product; it opens even where it is not sold in the city, with what may be had instead."""
    try:
        card = product_card(product_id=pk)
    except Product.DoesNotExist as absent:
        raise Http404 from absent
    search = searched_before(request)
    note_opened(request, pk, search)
    place, index = request.workplace, catalog_index()
    related = related_products(pk)
    own_ids = [sku.pk for sku in card.skus]
    learnt = together_with(sku_ids=own_ids, limit=LEARNT_READ)
    beside_ids = [*(sku_id for one in related for sku_id in one.sku_ids), *learnt]
    terms = terms_shown(place, on=timezone.localdate())
    offers = offers_for(sku_ids=[*own_ids, *beside_ids], city=place.city, terms=terms)
    own = [offers[sku_id] for sku_id in own_ids]
    goods = {row.sku_id: row for row in goods_rows(beside_ids)} if beside_ids else {}
    context = {
        "area": "catalog",
        "card": card,
        "rows": _rows(request, card, own),
        "terms": terms,
        "ladder": _ladder(own_ids, terms),
        "related": related_goods(related, goods, offers),
        "learnt": learnt_goods(learnt, goods, offers, but={pk, *(one.product_id for one in related)}),
        "bought": bought_before(actor=request.actor, sku_ids=own_ids),
        "at": timezone.now(),
        **_availability(request, own),
        **_papers(request, card, index),
        **_places(request, card, index),
        **_reviews(request, pk),
        "cart_fill_url": reverse("orders:cart_fill"),
        **ordering(request),
        **_came_by(request, search),
    }
    context["matrix"] = _matrix(context["rows"])
    context["can_order"] &= card.is_on_sale
    return privately(render(request, "catalog/product.html", context))


def _came_by(request: PortalRequest, search: str) -> dict[str, str]:
    """What was looked for goes on with the forms of the page: the cart is filled out of it, too."""
    if not search:
        return {}
    query = request.GET.copy()
    query[FROM] = search
    return {"search": search, "here": f"{request.path}?{query.urlencode()}"}


def _ladder(sku_ids: list[int], terms: PriceTerms | None) -> tuple[LadderStep, ...]:
    """From which quantities it costs less, where that is the same for all characteristics."""
    ladders = price_ladders(sku_ids=sku_ids, terms=terms)
    different = {ladders.get(sku_id, ()) for sku_id in sku_ids}
    steps = different.pop() if len(different) == 1 else ()
    return steps if len(steps) > 1 else ()


def _rows(request: PortalRequest, card: ProductCard, own: list[Offer]) -> list[ProductRow]:
    """Each sku with its price and stock; what is advised to ask for it, and whether it is waited for."""
    place, sku_ids = request.workplace, [sku.pk for sku in card.skus]
    quotes = {sku_id: offer.quote for sku_id, offer in zip(sku_ids, own, strict=True)}
    advised = (
        recommended_prices(sku_ids=sku_ids, own=quotes, on=timezone.localdate()) if place.sees_prices else {}
    )
    may_wait = request.actor.is_client and card.is_on_sale and place.city is not None
    absent = {pk for pk, offer in zip(sku_ids, own, strict=True) if may_wait and not offer.available}
    waited = watched(actor=request.actor, city=place.city, sku_ids=absent)
    return [
        ProductRow(
            sku=sku,
            offer=offer,
            recommended=advised.get(sku.pk),
            may_wait=sku.pk in absent,
            watch_id=waited.get(sku.pk),
        )
        for sku, offer in zip(card.skus, own, strict=True)
    ]


def _availability(request: PortalRequest, own: list[Offer]) -> dict[str, Any]:
    stocks = [stock for offer in own for stock in offer.stocks]
    return {
        "is_in_city": any(offer.available for offer in own),
        "is_kept": bool(stocks),
        "arrival": next_arrival(stocks, on=timezone.localdate()),
    }


def _papers(request: PortalRequest, card: ProductCard, index: Index) -> dict[str, Any]:
    proofs, guides = paper_rows(card, on=timezone.localdate(), is_expired_shown=request.actor.is_employee)
    found = within(index, asked_within(request), card=card, papers=[*proofs, *guides])
    return {"proofs": proofs, "guides": guides, "within": found}


def _places(request: PortalRequest, card: ProductCard, index: Index) -> dict[str, Any]:
    tree = section_tree(index, city=request.workplace.city)
    sections = [section_id for section_id in card.section_ids if section_id in tree.nodes]
    above = {node.pk for section_id in sections for node in tree.trail(section_id)}
    return {
        "articles": articles_for_product(product_id=card.product.pk, section_ids=above, at=timezone.now()),
        "calculators": calculators_for(index, above),
        "trail": trail(tree, sections[0] if sections else None),
        "places": [trail(tree, section_id)[1:] for section_id in sections],
    }


def _reviews(request: PortalRequest, pk: int) -> dict[str, Any]:
    return {
        "reviews": review_page(product_id=pk, per_page=MOST_BESIDE_A_PRODUCT),
        "own": own_review(actor=request.actor, product_id=pk),
    }


def _matrix(rows: list[ProductRow]) -> dict[str, Any] | None:
    """The characteristics as a table of two axes, where they are one."""
    found = characteristic_matrix([row.sku.characteristic for row in rows])
    return {"columns": found.columns, "lines": found.lines(rows)} if found else None
