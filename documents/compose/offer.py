"""Gather what a commercial offer says on paper."""

from documents.compose.parties import client_party, seller_party
from documents.payloads.offer import OfferLine, OfferPayload
from documents.payloads.parts import rate_totals, total_of
from orders.models import Quote, QuoteOffer, QuoteOfferLine
from orders.vat import vat_rate
from portal.lib.dates import moscow_date
from portal.lib.money import Amount, line_amount


def offer_payload(*, quote: Quote, offer: QuoteOffer) -> OfferPayload:
    """A version of an offer; both have their relations at hand (`quotes_whole`, `offers_of`)."""
    lines = tuple(_line(quote, line) for line in offer.lines.all())
    priced = [line for line in lines if line.price is not None]
    return OfferPayload(
        number=quote.number,
        version=offer.version,
        day=moscow_date(offer.created_at),
        valid_until=offer.valid_until,
        seller=seller_party(quote.contract.organization, None),
        buyer=client_party(quote.legal_entity),
        contract=f"{quote.contract.get_kind_display()} {quote.contract}",
        lines=lines,
        prices_include_vat=quote.is_vat_included,
        total=total_of(priced),
        rates=rate_totals(priced),
        comment=offer.comment,
        author=offer.author.get_full_name(),
    )


def _line(quote: Quote, offered: QuoteOfferLine) -> OfferLine:
    asked, sku = offered.line, offered.sku
    if sku is None or offered.price is None:
        return OfferLine(
            article="",
            name=asked.text,
            instead="",
            quantity=offered.quantity,
            unit=asked.unit_name,
            price=None,
            rate=None,
            amount=Amount.zero(),
            ready=offered.ready_date,
            note=offered.note,
        )
    rate = vat_rate(sku.product.vat_percent, regime=quote.contract.organization.tax_regime)
    return OfferLine(
        article=sku.article or sku.product.article,
        name=sku.name,
        instead=asked.text if sku.pk != asked.sku_id else "",
        quantity=offered.quantity,
        unit=sku.product.unit.name,
        price=offered.price,
        rate=rate,
        amount=line_amount(offered.price, offered.quantity, rate, quote.is_vat_included),
        ready=offered.ready_date,
        note=offered.note,
    )
