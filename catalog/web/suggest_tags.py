"""Rows under the search field: drawn at every letter that is typed, hence no template for each."""

from collections.abc import Iterable
from decimal import Decimal
from urllib.parse import urlencode

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from catalog.web.learning import FROM
from catalog.web.phrase_links import PhraseLink
from catalog.web.suggested import SuggestedGoods
from catalog.web.tags import picture, price, product_address
from portal.lib.markup import markup, markup_join
from portal.lib.money import format_quantity
from portal.templatetags.icons import icon
from portal.templatetags.page_person import form_mark
from portal.templatetags.trade import stock_told

register = template.Library()

_LINK = (
    '<a class="suggest-row" href="{}" data-suggest-option>{}<span class="suggest-text">{}{}</span>'
    '<span class="count">{}</span></a>'
)
_GOOD = (
    '<div class="suggest-good">'
    '<a class="suggest-good-link" href="{}" data-suggest-option>{}'
    '<span class="suggest-good-what"><span class="suggest-good-name">{}</span>'
    '<span class="suggest-note">{}{}</span></span>'
    '<span class="suggest-good-offer"><span class="suggest-good-price">{}</span>{}</span></a>{}</div>'
)
_ORDER = (
    '<form class="suggest-good-order" method="post" action="{0}" hx-post="{0}" hx-swap="none" data-added'
    ' data-suggest-order="{1}">{2}'
    '<input type="hidden" name="sku" value="{3}"><input type="hidden" name="next" value="{4}">'
    '<span class="stepper suggest-quantity" data-quantity>'
    '<input class="stepper-input" name="quantity" value="{5}"{6} inputmode="decimal" autocomplete="off"'
    ' maxlength="12" aria-label="Количество, {7}: {1}">'
    '<span class="suggest-unit" aria-hidden="true">{7}</span></span>'
    '<button class="btn btn-primary suggest-add" type="submit" data-added-text="В корзине" title="В корзину">'
    '<span data-added-label>+</span><span class="visually-hidden"> в корзину: {1}</span></button>'
    '<span class="suggest-hint" data-suggest-hint role="alert"></span></form>'
)


@register.simple_tag
def suggested_links(links: Iterable[PhraseLink], name: str) -> SafeString:
    """`{% suggested_links suggested.sections "folder" %}`: words with the number of goods behind them."""
    drawn = icon(name, "icon-sm")
    rows = (
        (
            link.address,
            drawn,
            link.text,
            markup('<span class="suggest-note">{}</span>', link.note) if link.note else "",
            format_quantity(Decimal(link.count)),
        )
        for link in links
    )
    return markup_join(_LINK, rows)


@register.simple_tag(takes_context=True)
def suggested_goods(context: Context, rows: Iterable[SuggestedGoods]) -> SafeString:
    """Goods: what each is, what it costs, where there is any, into the cart; links tell what was typed."""
    mark = form_mark(context) if context["can_order"] else SafeString()
    came_by = f"?{urlencode({FROM: context['suggested'].typed})}"
    return markup_join(_GOOD, (_cells(context, row, mark, came_by) for row in rows))


def _cells(context: Context, row: SuggestedGoods, mark: SafeString, came_by: str) -> tuple[object, ...]:
    goods, offer = row.goods, row.offer
    return (
        f"{product_address(goods.product_id)}{came_by}",
        picture(goods.picture_id),
        goods.name,
        goods.article,
        f" · {goods.brand}" if goods.brand else "",
        price(offer.quote, goods.unit),
        _stock(context, row),
        _order(context, row, mark) if context["can_order"] and offer.available else "",
    )


def _stock(context: Context, row: SuggestedGoods) -> SafeString:
    if row.order_days:
        return markup('<span class="stock-to-order">под заказ, {}&nbsp;дн.</span>', row.order_days)
    available = row.offer.available
    return markup(
        '<span class="{}">{}</span>',
        "stock" if available else "stock-none",
        stock_told(context, available, row.goods.unit),
    )


def _order(context: Context, row: SuggestedGoods, mark: SafeString) -> SafeString:
    goods = row.goods
    multiple = goods.order_multiple
    return markup(
        _ORDER,
        context["cart_add_url"],
        goods.name,
        mark,
        goods.sku_id,
        context["here"],
        format_quantity(row.quantity),
        markup(' data-step="{}" data-multiple', f"{multiple:f}") if multiple else "",
        goods.unit,
    )
