"""An offer as a cart that is nowhere kept: what its goods come to, from where they would go."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from django.db.models import Prefetch

from orders.models import Cart, CartLine, Quote, QuoteOffer, QuoteOfferLine
from orders.selectors.cart_views import CartView, PricedCart, Prices, cart_agreed
from pricing.selectors import PriceQuote


def offer_newest(quote: Quote) -> QuoteOffer | None:
    """The version that may be accepted, with its lines and goods; two queries."""
    return offers_of(quote, versions=[quote.version])[0] if quote.version else None


def offers_of(quote: Quote, *, versions: Collection[int] | None = None) -> list[QuoteOffer]:
    """Versions of an offer, the newest first, with their lines and goods; two queries."""
    offers = QuoteOffer.objects.filter(quote=quote).select_related("author")
    if versions is not None:
        offers = offers.filter(version__in=versions)
    lines = (
        QuoteOfferLine.objects.select_related("line", "sku__product__unit")
        .defer("sku__product__description")
        .order_by("line__position")
    )
    return list(offers.prefetch_related(Prefetch("lines", queryset=lines)).order_by("-version"))


def offer_view(quote: Quote, lines: Sequence[QuoteOfferLine]) -> CartView:
    """What the priced lines come to today: see `offer_priced`. Five queries."""
    return offer_priced(quote, lines).view()


def offer_priced(quote: Quote, lines: Sequence[QuoteOfferLine]) -> PricedCart:
    """The priced lines at the offer's prices; all else is the cart's.

    `quote` has its party, contract and city at hand. Four queries.
    """
    cart = Cart(
        legal_entity=quote.legal_entity,
        contract=quote.contract,
        city=quote.city,
        name=quote.number,
        user_id=quote.created_by_id,
    )
    priced = [line for line in lines if line.price is not None and line.sku is not None]
    prices = {
        line.sku_id: PriceQuote(
            amount=line.price, is_vat_included=quote.is_vat_included, list_amount=line.price
        )
        for line in priced
        if line.price is not None and line.sku_id is not None
    }
    return cart_agreed(cart, [_row(line) for line in priced], Prices(prices, quote.is_vat_included))


def _row(line: QuoteOfferLine) -> CartLine:
    row = CartLine(
        pk=line.pk,
        sku=line.sku,
        quantity=line.quantity,
        price_when_added=line.price,
        comment=line.line.comment,
        desired_date=line.line.desired_date,
    )
    vars(row)["packs"] = []
    return row


def offer_total(lines: Sequence[QuoteOfferLine]) -> Decimal:
    """Sum of price by quantity as the prices are, for comparing versions."""
    return sum((line.price * line.quantity for line in lines if line.price is not None), Decimal(0))
