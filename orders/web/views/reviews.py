"""Reviews: of a product, of all goods by words, and one's own to write."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog.index.reading import catalog_index
from catalog.models import Product
from catalog.web.choice import LONGEST_SEARCH
from catalog.web.scopes import REVIEWS, scopes
from catalog.web.typed import text_read
from counterparties.actor import AccessDenied
from counterparties.web.access import cabinet
from counterparties.web.middleware import PortalRequest
from orders.models import Review
from orders.refusals import NotBought, OrderRefused, ReviewWritten
from orders.selectors.review_search import review_hits
from orders.selectors.reviews import OwnReview, own_review, review_page, writes_reviews
from orders.services.reviews import review_write
from orders.web.forms import ReviewForm


@require_safe
def reviews(request: PortalRequest, pk: int) -> HttpResponse:
    """Published reviews of a product, with pages."""
    product = get_object_or_404(Product, pk=pk)
    context = {
        "area": "catalog",
        "product": product,
        "reviews": review_page(product_id=pk, page=request.GET.get("page", "1")),
        "own": own_review(actor=request.actor, product_id=pk),
    }
    return render(request, "orders/reviews.html", context)


@require_safe
def search(request: PortalRequest) -> HttpResponse:
    """Published reviews of all goods: the newest, or those that the words find, with pages."""
    text = text_read(request.GET.get("q"), LONGEST_SEARCH)
    is_literal = bool(text) and request.GET.get("exact") == "1"
    index = catalog_index()
    context = {
        "area": "catalog",
        "search_text": text,
        "is_literal": is_literal,
        "found": review_hits(index, text, page=request.GET.get("page", "1"), is_literal=is_literal),
        "scopes": scopes(index, text, current=REVIEWS, at=timezone.now(), is_literal=is_literal),
    }
    return render(request, "orders/review_search.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
def write(request: PortalRequest, pk: int) -> HttpResponse:
    """Write a review of what the company bought, or a rejected one anew."""
    product = get_object_or_404(Product, pk=pk)
    if not writes_reviews(request.actor):
        raise AccessDenied("Отзыв пишет сам сотрудник клиента")
    own = own_review(actor=request.actor, product_id=pk)
    if not own.may_write:
        messages.error(request, str(ReviewWritten() if own.review else NotBought()))
        return redirect("catalog:product", pk=pk)
    if request.method != "POST":
        return _page(request, product, own, ReviewForm(initial=_before(own.review)))
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, product, own, form, status=422)
    try:
        review_write(actor=request.actor, product_id=pk, at=timezone.now(), **form.cleaned_data)
    except OrderRefused as refusal:  # written or cancelled from another tab meanwhile
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Спасибо! Отзыв появится на странице товара после проверки."))
    return redirect("catalog:product", pk=pk)


def _page(
    request: PortalRequest, product: Product, own: OwnReview, form: ReviewForm, *, status: int = 200
) -> HttpResponse:
    context = {"area": "catalog", "product": product, "own": own, "form": form}
    return render(request, "orders/review_write.html", context, status=status)


def _before(review: Review | None) -> dict[str, object]:
    """What the person wrote before it was rejected."""
    names = ("rating", "text", "pros", "cons")
    return {name: getattr(review, name) for name in names} if review else {}
