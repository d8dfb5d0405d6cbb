"""Мой ассортимент: what a client buys, how much of it at a time, how often, and what it costs today."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef

from catalog.models import ClassifierKind, ProductSection, Section, Sku
from catalog.selectors import availability, available_total
from counterparties.actor import Actor
from counterparties.models import TaxRegime
from counterparties.selectors import Workplace
from orders.models import ErpLine, OrderLine
from orders.selectors.habits import AssortmentFilter, habits_read
from orders.selectors.purchases import orders_bought
from orders.vat import vat_rate
from portal.lib.money import format_price, format_quantity, line_amount
from pricing.selectors import PriceQuote, quotes, terms_for

__all__ = ["AssortmentFilter", "AssortmentPage", "AssortmentRow", "assortment_rows", "assortment_sections"]

PAGE_SIZE = 50
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class AssortmentRow:
    """A sku that was bought: base units, prices of one of them with VAT in RUB.

    `interval` (days) and `due_on` are None of what was bought on one day only; `price` is today's for the
    usual quantity, None where there is none or the good is no longer sold.
    """

    sku: Sku
    times: int
    last_on: date
    usual: Decimal
    interval: int | None
    due_on: date | None
    is_due: bool
    last_price: Decimal
    price: Decimal | None = None
    available: Decimal = Decimal(0)

    @property
    def is_on_sale(self) -> bool:
        return not (self.sku.is_hidden or self.sku.product.is_hidden)

    @property
    def input_quantity(self) -> str:
        """The usual quantity as the field shows it."""
        return format_quantity(self.usual)

    @property
    def last_price_text(self) -> str:
        return format_price(self.last_price)

    @property
    def price_text(self) -> str:
        return "" if self.price is None else format_price(self.price)

    @property
    def change_percent(self) -> Decimal | None:
        """How much dearer it has become (below nought: cheaper), one digit after the point."""
        if self.price is None or not self.last_price:
            return None
        change = (self.price - self.last_price) * 100 / self.last_price
        return change.quantize(_TENTH, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class AssortmentPage:
    """One page of rows; `total` and `due` are of all that the search and the section hold."""

    rows: tuple[AssortmentRow, ...]
    page: Page[int]
    total: int
    due: int


def assortment_rows(
    *, actor: Actor, workplace: Workplace, chosen: AssortmentFilter, on: date, page: int | str = 1
) -> AssortmentPage:
    """What the actor's orders hold, with today's prices and stock of the workplace; eight queries at most."""
    total, due, found = _read(actor, chosen, on, page)
    place: Page[int] = Paginator(range(due if chosen.is_due else total), PAGE_SIZE).get_page(page)
    return AssortmentPage(rows=_offered(found, workplace, on), page=place, total=total, due=due)


def assortment_sections(*, actor: Actor) -> list[Section]:
    """Sections in which goods lie that the actor's orders hold, by name; one query."""
    orders = orders_bought(actor).values("pk")
    ours = OrderLine.objects.filter(part__order__in=orders).values("sku__product")
    of_erp = ErpLine.objects.filter(part__order__in=orders, part__order__origin="erp", sku__isnull=False)
    places = ProductSection.objects.filter(section=OuterRef("pk"))
    bought = Exists(places.filter(product__in=ours)) | Exists(
        places.filter(product__in=of_erp.values("sku__product"))
    )
    sections = Section.objects.filter(bought, is_hidden=False, classifier__is_hidden=False)
    return list(
        sections.exclude(classifier__kind=ClassifierKind.BRANDS)
        .select_related("parent")
        .order_by("sort_key", "pk")
    )


def _read(
    actor: Actor, chosen: AssortmentFilter, on: date, page: int | str
) -> tuple[int, int, list[AssortmentRow]]:
    """How many skus there are, how many it is time for, and the rows of the page; two queries."""
    total, due, known = habits_read(actor=actor, chosen=chosen, on=on, page=page, size=PAGE_SIZE)
    skus = Sku.objects.select_related("product__unit").in_bulk([row[0] for row in known]) if known else {}
    return total, due, [AssortmentRow(skus[row[0]], *row[1:]) for row in known]


def _offered(found: list[AssortmentRow], workplace: Workplace, on: date) -> tuple[AssortmentRow, ...]:
    """The rows with what the goods cost today and how many there are."""
    wanted = {row.sku.pk: row.usual for row in found if row.is_on_sale}
    if not wanted:
        return tuple(found)
    contract, city = workplace.contract, workplace.city
    terms = terms_for(contract=contract, city=city, on=on, legal_entity=workplace.legal_entity)
    prices = quotes(sku_ids=wanted, terms=terms, quantities=wanted)
    stocks = availability(sku_ids=wanted, city=city)
    regime = contract.organization.tax_regime if contract else TaxRegime.GENERAL
    return tuple(
        replace(
            row,
            price=_with_vat(prices.get(row.sku.pk), row.sku, regime),
            available=available_total(stocks.get(row.sku.pk, ())),
        )
        for row in found
    )


def _with_vat(quote: PriceQuote | None, sku: Sku, regime: str) -> Decimal | None:
    if quote is None:
        return None
    rate = vat_rate(sku.product.vat_percent, regime=regime)
    if quote.is_vat_included or rate is None:
        return quote.amount
    return line_amount(quote.amount, Decimal(1), rate, price_includes_vat=False).gross
