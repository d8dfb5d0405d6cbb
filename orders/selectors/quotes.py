"""Requests of prices: the lists of both sides, and one request with all its versions side by side."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from counterparties.actor import Actor
from orders.models import Order, Quote, QuoteLine, QuoteOffer, QuoteOfferLine, QuoteStep
from orders.quote_states import QUOTE_WAITING, QuoteState
from orders.selectors.quote_offers import offers_of
from portal.lib.dates import moscow_date
from portal.lib.money import format_price, q2

PAGE_SIZE = 25
_NEAR = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class QuoteFilter:
    """Empty fields let everything through; `is_waiting` are those that want an answer."""

    state: str = ""
    search: str = ""
    is_waiting: bool = False
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """One row of a list; `total` of the newest offer is price by quantity, None while there is none."""

    pk: int
    uid: UUID
    number: str
    created_at: datetime
    legal_entity: str
    holding: str
    author: str
    taken_by: str
    state: str
    state_label: str
    lines: int
    version: int
    valid_until: date | None
    answer_due_at: datetime | None
    total: Decimal | None
    order_id: int | None
    order_number: str

    def is_late(self, at: datetime) -> bool:
        return self.answer_due_at is not None and self.answer_due_at < at


@dataclass(frozen=True, slots=True)
class QuotePage:
    """Rows of one page; `count` of all that were found."""

    rows: tuple[QuoteRow, ...]
    page: Page[int]
    count: int


def quote_rows(
    *, actor: Actor, chosen: QuoteFilter, page: int | str = 1, per_page: int = PAGE_SIZE
) -> QuotePage:
    """What the actor sees: first what waits for an answer, the most urgent first, then the newest.

    Two queries.
    """
    found = _filtered(Quote.objects.visible_to(actor), actor, chosen)
    count = found.count()
    place: Page[int] = Paginator(range(count), per_page).get_page(page)
    first = (place.number - 1) * per_page
    ranked = _told(found).order_by(
        Case(When(state__in=sorted(QUOTE_WAITING), then=0), default=1),
        F("answer_due_at").asc(nulls_last=True),
        "-created_at",
        "-pk",
    )
    rows = ranked[first : first + per_page] if count else ()
    return QuotePage(tuple(_row(quote) for quote in rows), place, count)


def _filtered(quotes: QuerySet[Quote], actor: Actor, chosen: QuoteFilter) -> QuerySet[Quote]:
    if chosen.is_waiting:
        quotes = quotes.filter(state__in=sorted(QUOTE_WAITING))
    if chosen.state:
        quotes = quotes.filter(state=chosen.state)
    if chosen.is_mine:
        quotes = quotes.filter(taken_by_id=actor.user_id)
    if chosen.search:
        text = chosen.search
        among = Quote.objects.filter(number__icontains=text).values("pk")
        named = Quote.objects.filter(legal_entity__name__icontains=text).values("pk")
        asked = QuoteLine.objects.filter(text__icontains=text).values("quote")
        quotes = quotes.filter(pk__in=among.union(named, asked))
    return quotes


def _told(quotes: QuerySet[Quote]) -> QuerySet[Quote]:
    lines = QuoteLine.objects.filter(quote=OuterRef("pk")).order_by().values("quote")
    offered = (
        QuoteOfferLine.objects.filter(
            offer__quote=OuterRef("pk"), offer__version=OuterRef("version"), price__isnull=False
        )
        .order_by()
        .values("offer__quote")
    )
    return quotes.select_related(
        "legal_entity__holding", "created_by", "acting_user", "taken_by", "order"
    ).annotate(
        line_count=Coalesce(Subquery(lines.annotate(many=Count("pk")).values("many")), 0),
        offer_total=Subquery(offered.annotate(sum=Sum(F("price") * F("quantity"))).values("sum")),
    )


def _row(quote: Quote) -> QuoteRow:
    told = vars(quote)
    return QuoteRow(
        pk=quote.pk,
        uid=quote.uid,
        number=quote.number,
        created_at=quote.created_at,
        legal_entity=quote.legal_entity.name,
        holding=quote.legal_entity.holding.name,
        author=quote.created_by.get_full_name(),
        taken_by=quote.taken_by.get_full_name() if quote.taken_by else "",
        state=quote.state,
        state_label=quote.get_state_display(),
        lines=told["line_count"],
        version=quote.version,
        valid_until=quote.valid_until,
        answer_due_at=quote.answer_due_at,
        total=None if told["offer_total"] is None else q2(told["offer_total"]),
        order_id=quote.order_id,
        order_number=quote.order.label if quote.order else "",
    )


@dataclass(frozen=True, slots=True)
class OfferCell:
    """What one version says of a line; `changed` names what is otherwise than in the version before."""

    version: int
    offered: QuoteOfferLine
    changed: tuple[str, ...]

    @property
    def price_text(self) -> str:
        return "" if self.offered.price is None else format_price(self.offered.price)

    @property
    def is_substitute(self) -> bool:
        """Another good than the one that was asked for."""
        return self.offered.sku_id is not None and self.offered.sku_id != self.offered.line.sku_id


@dataclass(frozen=True, slots=True)
class QuoteLineRow:
    """A line that was asked for with its cells, the newest version first."""

    line: QuoteLine
    cells: tuple[OfferCell, ...]

    @property
    def newest(self) -> OfferCell | None:
        return self.cells[0] if self.cells else None

    @property
    def price_then_text(self) -> str:
        return "" if self.line.price_then is None else format_price(self.line.price_then)

    @property
    def target_text(self) -> str:
        return "" if self.line.target_price is None else format_price(self.line.target_price)


@dataclass(frozen=True, slots=True)
class QuoteCard:
    """One request; `offers` and the cells of each row go from the newest version to the first."""

    quote: Quote
    rows: tuple[QuoteLineRow, ...]
    offers: tuple[QuoteOffer, ...]
    steps: tuple[QuoteStep, ...]

    @property
    def offer(self) -> QuoteOffer | None:
        return self.offers[0] if self.offers else None

    def may_be_accepted(self, at: datetime) -> bool:
        """There are prices and their days have not passed."""
        open_states = {QuoteState.OFFERED, QuoteState.IN_WORK}
        return (
            self.quote.state in open_states
            and self.quote.valid_until is not None
            and moscow_date(at) <= self.quote.valid_until
        )


def quotes_whole(quotes: QuerySet[Quote]) -> QuerySet[Quote]:
    """With the party, the place and the people at hand."""
    return quotes.select_related(
        "legal_entity__holding__group",
        "contract__organization",
        "city",
        "created_by",
        "acting_user",
        "taken_by",
        "order",
    )


def quote_card(*, actor: Actor, uid: UUID) -> QuoteCard:
    """A request as the actor may see it; five queries. Raises Quote.DoesNotExist."""
    quote = quotes_whole(Quote.objects.visible_to(actor)).get(uid=uid)
    lines = (
        QuoteLine.objects.filter(quote=quote)
        .select_related("sku__product__unit")
        .defer("sku__product__description")
        .order_by("position")
    )
    offers = offers_of(quote)
    said = {(offer.version, one.line_id): one for offer in offers for one in offer.lines.all()}
    rows = tuple(
        QuoteLineRow(line, tuple(_cells(line.pk, [offer.version for offer in offers], said)))
        for line in lines
    )
    steps = QuoteStep.objects.filter(quote=quote).select_related("user", "acting_user").order_by("pk")
    return QuoteCard(quote, rows, tuple(offers), tuple(steps))


def _cells(line_id: int, versions: list[int], said: dict[tuple[int, int], QuoteOfferLine]) -> list[OfferCell]:
    found = []
    for version in versions:
        now, before = said[version, line_id], said.get((version - 1, line_id))
        found.append(OfferCell(version, now, _changed(now, before)))
    return found


def _changed(now: QuoteOfferLine, before: QuoteOfferLine | None) -> tuple[str, ...]:
    if before is None:
        return ()
    fields = ("price", "sku_id", "quantity", "ready_date", "note")
    return tuple(name for name in fields if getattr(now, name) != getattr(before, name))


def order_quote(order: Order) -> Quote | None:
    """The request whose offer the order was made of; one query."""
    return Quote.objects.filter(order=order).first()
