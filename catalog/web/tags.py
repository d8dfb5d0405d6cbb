"""What stands in a list of goods a hundred times over: cells of rows, values of filters.

A template for each of them takes longer than all the rest of the page.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString

from catalog.models import City
from catalog.search.prose import Pieces
from catalog.selectors import SectionNode, WarehouseStock
from catalog.web.choice import VIEWS
from catalog.web.facet_shapes import ClosedFacet, FacetOption
from catalog.web.listing import Row
from catalog.web.offers import Offer
from orders.selectors import LastBought
from portal.lib.addresses import address_of
from portal.lib.dates import format_date
from portal.lib.markup import markup, markup_join
from portal.lib.money import format_quantity
from portal.templatetags.icons import icon
from portal.templatetags.lists import querystring
from portal.templatetags.trade import promised, stock_told
from pricing.selectors import PriceQuote, Recommended

register = template.Library()

_STEPPER = (
    '<button class="stepper-button" type="button" data-quantity-step="{}" aria-label="{}" tabindex="-1">'
    "{}</button>"
)
_LESS, _MORE = (markup(_STEPPER, *words) for words in ((-1, "Меньше", "−"), (1, "Больше", "+")))
_OPTION = (
    '<label class="facet-option{}"><input type="checkbox" form="listing-form" id="f-{}" name="{}" value="{}"'
    ' data-submit-on-change{}><span class="facet-name">{}</span><span class="count">{}</span></label>'
)
_SOUGHT = "<mark>{}</mark>"
_SECTION = '<a class="branch-link" href="{}{}"{}><span>{}</span><span class="count">{}</span></a>'
_CITY = (
    '<button class="menu-item" type="submit" name="city" value="{}"{}>'
    '<span class="menu-item-text">{}</span>{}</button>'
)
_VIEW = '<a class="segment segment-icon" href="{}{}" title="{}"{}>{}</a>'
_VIEW_ICONS = {"table": "table", "list": "layout-list", "tile": "layout-grid"}
_ON_REQUEST = SafeString('<span class="price-absent">по запросу</span>')
_NOTHING = SafeString('<span class="stock-none">–</span>')
_NO_STOCK = SafeString('<span class="stock-none">нет</span>')


@register.simple_tag
def marked(pieces: Pieces) -> SafeString:
    """`{% marked row.title %}`: a text with the words that were looked for."""
    return SafeString("".join(markup(_SOUGHT if is_sought else "{}", text) for text, is_sought in pieces))


@register.simple_tag
def facet_options(name: str, options: Iterable[FacetOption]) -> SafeString:
    """`{% facet_options facet.name facet.shown %}`: a box for each value of a filter."""
    boxes = (
        (
            "" if option.count else " is-none",
            option.key,
            name,
            option.value,
            " checked" if option.is_chosen else "",
            option.name,
            format_quantity(Decimal(option.count)),
        )
        for option in options
    )
    return markup_join(_OPTION, boxes)


@register.simple_tag
def closed_facet(facet: ClosedFacet, path: str) -> SafeString:
    """A collapsed filter whose body comes when it is opened: by later.js, without scripts by its link."""
    return markup(
        '<details class="facet" id="facet-{}" data-keep><summary class="facet-head">'
        '<span class="facet-title">{}{}</span>{}</summary>'
        '<div class="facet-body" id="body-{}" data-later>'
        '<a class="facet-later" href="{}{}#facet-{}">Показать значения</a></div></details>',
        facet.name,
        facet.title,
        markup('<span class="facet-unit">, {}</span>', facet.unit) if facet.unit else "",
        icon("chevron-down", "icon-sm facet-mark"),
        facet.name,
        path,
        facet.later,
        facet.name,
    )


@register.simple_tag
def city_buttons(cities: Iterable[City], current: City | None) -> SafeString:
    """`{% city_buttons cities workplace.city %}`: buttons of the form that changes the city."""
    mark = icon("check", "icon-sm")
    rows = (
        (
            city.pk,
            SafeString(' aria-current="true"') if city == current else "",
            city.name,
            mark if city == current else "",
        )
        for city in cities
    )
    return markup_join(_CITY, rows) or SafeString('<div class="menu-item">Города ещё не заведены</div>')


@register.simple_tag(takes_context=True)
def view_links(context: Context, query: QueryDict, current: str) -> SafeString:
    """`{% view_links query look.view %}`: the same list as a table, lines or tiles."""
    path = context["request"].path
    rows = (
        (
            path,
            querystring(query, view=view),
            label,
            SafeString(' aria-current="true"' if view == current else ""),
            icon(_VIEW_ICONS[view], label=str(label)),
        )
        for view, label in VIEWS.items()
    )
    return markup_join(_VIEW, rows)


@register.simple_tag
def branch_links(nodes: Iterable[SectionNode], current: int | None, asked: str) -> SafeString:
    """`{% branch_links branch section.pk branch_asked %}`: sections with counts; `asked` goes with each."""
    rows = (
        (
            address_of("catalog:section", node.pk),
            asked,
            SafeString(' aria-current="page"' if node.pk == current else ""),
            node.name,
            format_quantity(Decimal(node.count)),
        )
        for node in nodes
    )
    return markup_join(_SECTION, rows)


@register.filter
def product_address(pk: int) -> str:
    return address_of("catalog:product", pk)


@register.simple_tag
def price(quote: PriceQuote | None, unit: str) -> SafeString:
    """`{% price offer.quote unit %}`: the client's price of one base unit."""
    if not quote:
        return _ON_REQUEST
    return markup(
        '<span class="price">{}&nbsp;<span class="money-unit">{}</span></span>'
        '<span class="price-unit">за {}</span>',
        quote.text,
        "₽" if quote.currency == "RUB" else quote.currency,
        unit,
    )


@register.simple_tag
def cheaper(row: Row) -> SafeString:
    """From which quantity on the price is another one."""
    step = row.cheaper
    if step is None:
        return SafeString()
    quantity, quote = step
    return markup(
        '<span class="price-step">от {} {} — {}&nbsp;₽</span>',
        format_quantity(quantity),
        row.goods.unit,
        quote.text,
    )


@register.simple_tag
def packs(unit: str, packs: tuple[tuple[str, Decimal], ...]) -> SafeString:
    """Unit and what packages hold."""
    held = ((name, format_quantity(coefficient), unit) for name, coefficient in packs)
    return markup(
        '<span class="unit">{}</span>{}',
        unit,
        markup_join('<span class="pack">{} {}&nbsp;{}</span>', held),
    )


@register.simple_tag
def picture(pk: int | None) -> SafeString:
    """A small picture of a product or its place."""
    if not pk:
        return markup('<span class="thumb thumb-absent">{}</span>', icon("photo-off"))
    return markup(
        '<img class="thumb" src="{}?preview" alt="" loading="lazy" decoding="async">',
        address_of("catalog:picture", pk),
    )


@register.simple_tag(takes_context=True)
def stock(context: Context, offer: Offer, unit: str) -> SafeString:
    """Stock in the city with warehouses to unfold."""
    if not offer.available:
        return _NO_STOCK
    told = stock_told(context, offer.available, unit)
    if len(offer.stocks) == 1:
        return markup('<span class="stock" title="{}">{}</span>', offer.stocks[0].warehouse, told)
    return markup(
        '<details class="menu menu-end"><summary class="stock stock-more">{}</summary>'
        '<div class="menu-panel">{}</div></details>',
        told,
        warehouses(context, offer.stocks, unit, context.get("at")),
    )


@register.simple_tag(takes_context=True)
def stock_or_term(context: Context, row: Row) -> SafeString:
    """Stock in the city, or the term of what is ordered from the producer."""
    if row.order_days:
        return markup('<span class="stock-to-order">под заказ, {}&nbsp;дн.</span>', row.order_days)
    return stock(context, row.offer, row.goods.unit)


@register.simple_tag(takes_context=True)
def warehouses(
    context: Context, stocks: list[WarehouseStock], unit: str, at: datetime | None = None
) -> SafeString:
    """Stock by warehouse: when it arrives (with `at`, now, exactly), what is on its way."""
    rows = (
        (
            one.warehouse,
            _arrival(one, at),
            stock_told(context, one.available, unit),
            _expected(context, one, unit),
        )
        for one in stocks
    )
    return markup(
        '<table class="warehouses">{}</table>',
        markup_join(
            '<tr><td>{}<span class="warehouse-days">{}</span></td><td class="number">{}{}</td></tr>',
            rows,
        ),
    )


def _arrival(one: WarehouseStock, at: datetime | None) -> str:
    if at and one.available:
        return promised(one, at)
    return f"доставка {one.delivery_days} дн." if one.delivery_days else "доставка сегодня"


def _expected(context: Context, one: WarehouseStock, unit: str) -> SafeString:
    if not one.expected:
        return SafeString()
    day = f" к {one.expected_date:%d.%m}" if one.expected_date else ""
    told = stock_told(context, one.expected, unit)
    return markup('<span class="warehouse-days">ожидается {}{}</span>', told, day)


@register.simple_tag
def pick(row: Row) -> SafeString:
    """The quantity of one sku, kept as it is typed; its form is #picks-form."""
    known, is_short = row.known_available, row.is_short
    return markup(
        '<span class="stepper pick{}" data-quantity>{}'
        '<input class="stepper-input" form="picks-form" name="q-{}" id="q-{}" value="{}" placeholder=" "'
        ' data-pick{} data-step="{}"{} data-min="0" inputmode="decimal" autocomplete="off" maxlength="12"'
        ' aria-label="Количество: {}">{}</span>'
        '<span class="pick-hint" data-pick-hint role="status">{}</span>',
        " is-short" if is_short else "",
        _LESS,
        row.goods.sku_id,
        row.goods.sku_id,
        format_quantity(row.typed) if row.typed else "",
        SafeString("") if known is None else markup(' data-most="{}"', f"{known:f}"),
        f"{row.step:f}",
        SafeString(" data-multiple") if row.goods.order_multiple else "",
        row.goods.name,
        _MORE,
        f"в наличии {format_quantity(known)}" if is_short and known is not None else "",
    )


def _advised(recommended: Recommended | None) -> SafeString:
    if recommended is None:
        return _NOTHING
    earned = recommended.markup_percent
    told = "" if earned is None else f"+{format_quantity(earned)}%"
    return markup('{}&nbsp;₽<span class="price-unit">{}</span>', recommended.quote.text, told)


def _ask(row: Row) -> SafeString:
    """The way to a price where there is none."""
    if row.offer.quote is not None:
        return SafeString()
    return markup(
        '<a class="order-ask" href="{}?sku={}">Запросить цену</a>',
        reverse("orders:quote_new"),
        row.goods.sku_id,
    )


def _bought(last: LastBought | None) -> SafeString:
    if last is None:
        return _NOTHING
    return markup(
        '<a href="{}">{}</a><span class="price-unit">{}&nbsp;{}</span>',
        address_of("orders:detail", last.order_id),
        format_date(last.on),
        format_quantity(last.quantity),
        last.unit,
    )


@register.simple_tag(takes_context=True)
def goods_row(context: Context, row: Row) -> SafeString:
    """One sku of the table; the columns are those of its head."""
    columns, warehouses, goods = context["look"].columns, context["listing"].warehouses, row.goods
    cells: list[tuple[str, str]] = []
    if "photo" in columns:
        cells.append(("goods-picture", picture(goods.picture_id)))
    if "article" in columns:
        cells.append(("goods-article", goods.article))
    name = markup('<a href="{}">{}</a>', product_address(goods.product_id), goods.name)
    cells.append(("goods-name", name))
    if "brand" in columns:
        cells.append(("goods-brand", goods.brand))
    if "pack" in columns:
        cells.append(("goods-pack", packs(goods.unit, goods.packs)))
    cells.append(("goods-price table-numbers", price(row.offer.quote, goods.unit) + cheaper(row)))
    if "recommended" in columns:
        cells.append(
            ("goods-advised table-numbers", _advised(context["listing"].recommended.get(goods.sku_id)))
        )
    cells.append(("goods-stock table-numbers", stock_or_term(context, row)))
    if "warehouses" in columns and len(warehouses) > 1:
        told = (stock_told(context, lies, goods.unit) if lies else _NOTHING for lies in row.by_warehouse)
        cells += (("table-numbers goods-warehouse", text) for text in told)
    if "bought" in columns:
        cells.append(("goods-bought table-numbers", _bought(context["listing"].bought.get(goods.sku_id))))
    if context["can_order"]:
        picked = pick(row) if row.offer.available or row.picked else SafeString()
        cells.append(("goods-order", picked + _ask(row)))
    return markup('<tr class="goods-row">{}</tr>', markup_join('<td class="{}">{}</td>', cells))
