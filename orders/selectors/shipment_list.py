"""«Отгрузки»: requests for shipment and shipments of 1C in one list, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.reach import reach
from orders.models import ErpDocument, ShipmentRequest
from orders.states import ErpDocumentKind
from portal.lib.dates import MOSCOW

PAGE_SIZE = 25
REQUESTS, SHIPMENTS = "requests", "shipments"


@dataclass(frozen=True, slots=True)
class ShipmentFilter:
    """What the person asked the list for; empty values ask for nothing."""

    what: str = ""
    state: str = ""
    legal_entity_id: int | None = None
    since: date | None = None
    until: date | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class ShipmentRow:
    """A request, or a shipment of 1C (`paper`); `total` with VAT is of shipments only."""

    day: date | None
    number: str
    state: str
    state_label: str
    legal_entity: str
    orders: tuple[tuple[int, str], ...]
    warehouse: str
    request_id: int | None = None
    paper: ErpDocument | None = None
    total: Decimal | None = None
    is_received: bool = False
    has_differences: bool = False


@dataclass(frozen=True, slots=True)
class ShipmentPage:
    rows: tuple[ShipmentRow, ...]
    page: Page[int]
    count: int


def shipments_visible_to(actor: Actor) -> QuerySet[ErpDocument]:
    """Shipments of 1C for orders that the actor may see."""
    return ErpDocument.objects.filter(
        reach(
            actor, Permission.ORDER_VIEW, entity="part__order__legal_entity", author="part__order__created_by"
        ),
        kind=ErpDocumentKind.SHIPMENT,
    )


def shipment_rows(
    *, actor: Actor, chosen: ShipmentFilter, page: int | str = 1, per_page: int = PAGE_SIZE
) -> ShipmentPage:
    """Five queries whatever the number of rows."""
    found = _found(actor, chosen)
    count = found.count()
    place: Page[int] = Paginator(range(count), per_page).get_page(page)
    first = (place.number - 1) * per_page
    named = list(found.order_by("-day", "what", "-pk")[first : first + per_page])
    return ShipmentPage(tuple(_rows(named)), place, count)


def shipment_rows_all(*, actor: Actor, chosen: ShipmentFilter, most: int) -> Iterator[ShipmentRow]:
    """The newest rows in chunks, for a file."""
    found = _found(actor, chosen).order_by("-day", "what", "-pk")
    for first in range(0, most, 500):
        named = list(found[first : min(first + 500, most)])
        yield from _rows(named)
        if len(named) < 500:
            return


def _found(actor: Actor, chosen: ShipmentFilter) -> QuerySet[Any, Any]:
    requests = _requests(ShipmentRequest.objects.visible_to(actor), chosen)
    papers = _papers(shipments_visible_to(actor), chosen)
    named: list[QuerySet[Any, Any]] = [
        rows.annotate(what=Value(what, output_field=CharField())).values("what", "pk", "day")
        for what, rows in ((REQUESTS, requests), (SHIPMENTS, papers))
        if what == chosen.what or (not chosen.what and not (what == SHIPMENTS and chosen.state))
    ]
    return named[0].union(*named[1:], all=True) if len(named) > 1 else named[0]


def _requests(requests: QuerySet[ShipmentRequest], chosen: ShipmentFilter) -> QuerySet[ShipmentRequest]:
    requests = requests.annotate(day=F("desired_date"))
    if chosen.state:
        requests = requests.filter(state=chosen.state)
    if chosen.search:
        lines = Q(lines__line__part__order__number__icontains=chosen.search) | Q(
            lines__line__article__istartswith=chosen.search
        )
        among = ShipmentRequest.objects.filter(lines | Q(number__icontains=chosen.search))
        requests = requests.filter(pk__in=among.values("pk"))
    if chosen.since is not None:
        requests = requests.filter(desired_date__gte=chosen.since)
    if chosen.until is not None:
        requests = requests.filter(desired_date__lte=chosen.until)
    return _of_firm(requests, chosen, entity="legal_entity")


def _papers(papers: QuerySet[ErpDocument], chosen: ShipmentFilter) -> QuerySet[ErpDocument]:
    formed = TruncDate("formed_at", tzinfo=MOSCOW)
    papers = papers.annotate(day=Coalesce(F("date"), formed)).filter(_dated(chosen))
    if chosen.search:
        among = ErpDocument.objects.filter(
            Q(number__icontains=chosen.search)
            | Q(part__order__number__icontains=chosen.search)
            | Q(lines__article__istartswith=chosen.search)
        )
        papers = papers.filter(pk__in=among.values("pk"))
    return _of_firm(papers, chosen, entity="part__order__legal_entity")


def _dated(chosen: ShipmentFilter) -> Q:
    """By 1C's date, where there is none by when 1C told; in two, for each of them has an index."""
    if chosen.since is None and chosen.until is None:
        return Q()
    dated, undated = Q(), Q(date__isnull=True)
    if chosen.since is not None:
        dated &= Q(date__gte=chosen.since)
        undated &= Q(formed_at__gte=datetime.combine(chosen.since, time(), MOSCOW))
    if chosen.until is not None:
        dated &= Q(date__lte=chosen.until)
        undated &= Q(formed_at__lte=datetime.combine(chosen.until, time.max, MOSCOW))
    return dated | undated


def _of_firm(rows: QuerySet[Any], chosen: ShipmentFilter, *, entity: str) -> QuerySet[Any]:
    return rows if chosen.legal_entity_id is None else rows.filter(**{entity: chosen.legal_entity_id})


def _rows(named: list[dict[str, Any]]) -> Iterator[ShipmentRow]:
    """Rows again in the order in which they were named."""
    requests = (
        ShipmentRequest.objects.select_related("legal_entity", "warehouse")
        .filter(pk__in=[row["pk"] for row in named if row["what"] == REQUESTS])
        .prefetch_related("lines__line__part__order")
    )
    papers = ErpDocument.objects.select_related(
        "part__order__legal_entity", "part__warehouse", "receipt"
    ).filter(pk__in=[row["pk"] for row in named if row["what"] == SHIPMENTS])
    differing = Count(
        "receipt__lines", filter=~Q(receipt__lines__quantity=F("receipt__lines__row__quantity"))
    )
    known: dict[tuple[str, int], ShipmentRow] = {
        (REQUESTS, request.pk): _request_row(request) for request in requests
    } | {(SHIPMENTS, paper.pk): _paper_row(paper) for paper in papers.annotate(differing=differing)}
    for row in named:
        yield known[row["what"], row["pk"]]


def _request_row(request: ShipmentRequest) -> ShipmentRow:
    orders = {line.line.part.order_id: line.line.part.order.label for line in request.lines.all()}
    return ShipmentRow(
        day=request.desired_date,
        number=request.number,
        state=request.state,
        state_label=request.get_state_display(),
        legal_entity=request.legal_entity.name,
        orders=tuple(sorted(orders.items())),
        warehouse=request.warehouse.name,
        request_id=request.pk,
    )


def _paper_row(paper: ErpDocument) -> ShipmentRow:
    order = paper.part.order
    is_received = hasattr(paper, "receipt")
    state, label = ("cancelled", "Отменена в 1С") if paper.is_deleted else ("shipped", "Отгружено")
    return ShipmentRow(
        day=paper.date,
        number=paper.number,
        state=state,
        state_label=label,
        legal_entity=order.legal_entity.name,
        orders=((order.pk, order.label),),
        warehouse=paper.part.warehouse.name if paper.part.warehouse else "",
        paper=paper,
        total=paper.total,
        is_received=is_received,
        has_differences=bool(paper.differing),  # type: ignore[attr-defined]
    )
