"""Claims as pages show them, and how much of a shipment they hold."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.reach import reaches
from orders.claim_states import GIVEN_UP_CLAIMS, OPEN_CLAIMS, ClaimState
from orders.fulfilment import Good, good_of
from orders.models import (
    Claim,
    ClaimFile,
    ClaimLine,
    ClaimStep,
    ErpDocument,
    ErpDocumentLine,
    Receipt,
)
from orders.states import ErpDocumentKind
from portal.lib.dates import moscow_date
from portal.lib.money import q2

PAGE_SIZE = 25
ZERO = Decimal(0)


def claims_holding(shipment_id: int) -> list[ClaimLine]:
    """Lines of claims that hold something of a shipment; one query."""
    lines = ClaimLine.objects.filter(claim__shipment=shipment_id).exclude(claim__state__in=GIVEN_UP_CLAIMS)
    return list(lines.only("row_id", "sku_id", "name", "article", "quantity", "approved", "gross"))


def claimed_quantities(lines: Iterable[ClaimLine]) -> dict[Good, Decimal]:
    """What they hold by goods: what is approved, or what is asked."""
    held: dict[Good, Decimal] = {}
    for line in lines:
        held[good_of(line)] = held.get(good_of(line), ZERO) + _held(line)
    return held


def _held(line: ClaimLine) -> Decimal:
    return line.quantity if line.approved is None else line.approved


def free_quantities(rows: Iterable[ErpDocumentLine], *, held: dict[Good, Decimal]) -> dict[int, Decimal]:
    """What may still be claimed of each row, by its key; rows of one good give way in their order."""
    left = dict(held)
    free = {}
    for row in rows:
        taken = min(row.quantity, left.get(good_of(row), ZERO))
        left[good_of(row)] = left.get(good_of(row), ZERO) - taken
        free[row.pk] = row.quantity - taken
    return free


def share(gross: Decimal, *, quantity: Decimal, whole: Decimal) -> Decimal:
    """The part of a sum that falls to a part of a quantity, in kopecks."""
    return gross if quantity == whole else q2(gross * quantity / whole)


def row_share(row: ErpDocumentLine, *, quantity: Decimal, lines: Iterable[ClaimLine]) -> Decimal:
    """The sum of so much of a row beside what the lines hold of it: all shares come to no more than the row.

    The last one takes the rest. What goes beyond the row stands for another row of the same good.
    """
    whole = share(row.gross, quantity=quantity, whole=row.quantity)
    beside = [line for line in lines if line.row_id == row.pk]
    free = row.quantity - sum(map(_held, beside), ZERO)
    if quantity > free:
        return whole
    taken = (line.gross if line.approved is None else approved_gross(line) or ZERO for line in beside)
    rest = max(row.gross - sum(taken, ZERO), ZERO)
    return rest if quantity == free else min(whole, rest)


@dataclass(frozen=True, slots=True)
class ClaimableRow:
    """A row of a shipment in the form; `came` and `note` are of the receipt, if it was counted."""

    row: ErpDocumentLine
    free: Decimal
    came: Decimal | None
    note: str

    @property
    def missing(self) -> Decimal:
        """What the receipt lacks, as far as it may still be claimed."""
        return ZERO if self.came is None else max(min(self.row.quantity - self.came, self.free), ZERO)


def claimable_rows(shipment: ErpDocument) -> list[ClaimableRow]:
    """Rows with what may still be claimed of them; three queries."""
    rows = list(ErpDocumentLine.objects.filter(document=shipment).order_by("position"))
    free = free_quantities(rows, held=claimed_quantities(claims_holding(shipment.pk)))
    receipt = Receipt.objects.filter(shipment=shipment).prefetch_related("lines").first()
    counted = {line.row_id: line for line in receipt.lines.all()} if receipt else {}
    found = []
    for row in rows:
        line = counted.get(row.pk)
        came, note = (line.quantity, line.note) if line else (None, "")
        found.append(ClaimableRow(row, free[row.pk], came, note))
    return found


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """What the person asked the list for; empty values ask for nothing."""

    state: str = ""
    kind: str = ""
    legal_entity_id: int | None = None
    search: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One row of the list; `total` is the sum claimed with VAT."""

    claim: Claim
    total: Decimal
    is_late: bool


@dataclass(frozen=True, slots=True)
class ClaimPage:
    rows: tuple[ClaimRow, ...]
    page: Page[Any]
    count: int


def claim_rows(
    *, actor: Actor, chosen: ClaimFilter, at: datetime, page: int | str = 1, per_page: int = PAGE_SIZE
) -> ClaimPage:
    """Claims visible to the actor: the newest first; to employees what waits longest. Two queries."""
    claims = _found(Claim.objects.visible_to(actor), chosen)
    named = claims.select_related("legal_entity", "shipment__part__order", "holding").annotate(
        total=Coalesce(Sum("lines__gross"), Value(ZERO))
    )
    if actor.is_client:
        ordered = named.order_by("-created_at", "-pk")
    else:
        waits = Case(When(state__in=OPEN_CLAIMS, then=0), default=1, output_field=IntegerField())
        due = Case(When(state__in=OPEN_CLAIMS, then=F("answer_due_at")), default=None)
        ordered = named.order_by(waits, due.asc(nulls_last=True), "-created_at", "-pk")
    paginator = Paginator(ordered, per_page)
    place = paginator.get_page(page)
    rows = tuple(ClaimRow(claim, claim.total, claim.is_late(at)) for claim in place.object_list)  # type: ignore[attr-defined]  # annotated above
    return ClaimPage(rows, place, paginator.count)


def _found(claims: QuerySet[Claim], chosen: ClaimFilter) -> QuerySet[Claim]:
    if chosen.is_open:
        claims = claims.filter(state__in=OPEN_CLAIMS)
    if chosen.state:
        claims = claims.filter(state=chosen.state)
    if chosen.kind:
        claims = claims.filter(kind=chosen.kind)
    if chosen.legal_entity_id is not None:
        claims = claims.filter(legal_entity=chosen.legal_entity_id)
    if chosen.search:
        named = Claim.objects.filter(
            Q(number__icontains=chosen.search)
            | Q(shipment__number__icontains=chosen.search)
            | Q(shipment__part__order__number__icontains=chosen.search)
            | Q(lines__article__istartswith=chosen.search)
        )
        claims = claims.filter(pk__in=named.values("pk"))
    return claims


@dataclass(frozen=True, slots=True)
class ClaimedLine:
    """A line with what of its sum is approved."""

    line: ClaimLine
    approved_gross: Decimal | None

    @property
    def is_cut(self) -> bool:
        return self.line.approved is not None and self.line.approved < self.line.quantity


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """A claim with all that its page and its act tell. Money with VAT; `credit` as FINANCE_VIEW allows."""

    claim: Claim
    lines: tuple[ClaimedLine, ...]
    files: tuple[ClaimFile, ...]
    steps: tuple[ClaimStep, ...]
    total: Decimal
    approved_total: Decimal | None
    sees_money: bool
    is_late: bool

    @property
    def order(self) -> object:
        return self.claim.shipment.part.order


def claim_card(*, actor: Actor, claim_id: int, at: datetime) -> ClaimCard:
    """Five queries. Raises Claim.DoesNotExist (not there or not visible)."""
    claim = claims_whole(Claim.objects.visible_to(actor)).get(pk=claim_id)
    lines = tuple(ClaimedLine(line, approved_gross(line)) for line in claim.lines.order_by("position"))
    known = [line.approved_gross for line in lines if line.approved_gross is not None]
    return ClaimCard(
        claim=claim,
        lines=lines,
        files=tuple(claim.files.select_related("file", "uploaded_by").order_by("pk")),
        steps=tuple(claim.steps.select_related("user", "acting_user").order_by("pk")),
        total=sum((line.line.gross for line in lines), Decimal("0.00")),
        approved_total=sum(known, Decimal("0.00")) if known else None,
        sees_money=reaches(
            actor, Permission.FINANCE_VIEW, entity=claim.legal_entity, author_id=claim.created_by_id
        ),
        is_late=claim.is_late(at),
    )


def claims_whole(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    return claims.select_related(
        "legal_entity__holding",
        "shipment__part__order__organization",
        "shipment__part__order__contract",
        "shipment__part__warehouse",
        "created_by",
        "acting_user",
        "decided_by",
        "credit_paper",
        "follow_up",
    )


def approved_gross(line: ClaimLine) -> Decimal | None:
    """The sum of what is approved; None while nothing is decided."""
    if line.approved is None:
        return None
    return share(line.gross, quantity=line.approved, whole=line.quantity)


def approved_goods(claim: Claim) -> dict[Good, Decimal]:
    """What is approved, by goods; one query."""
    goods: dict[Good, Decimal] = {}
    for line in claim.lines.exclude(approved=None).exclude(approved=0):
        goods[good_of(line)] = goods.get(good_of(line), ZERO) + (line.approved or ZERO)
    return goods


def is_left(claim: Claim, *, beside: Collection[int] = ()) -> bool:
    """Whether shipments less returns of the part still hold what is approved; three queries.

    What a paper has credited whose return has not come is gone, too. Returns `beside` are not counted: they
    may be the claim's own.
    """
    left: dict[Good, Decimal] = {}
    rows = ErpDocumentLine.objects.filter(
        document__part=claim.shipment.part_id,
        document__is_deleted=False,
        document__kind__in=(ErpDocumentKind.SHIPMENT, ErpDocumentKind.RETURN),
    )
    for row in rows.exclude(document__in=beside).select_related("document"):
        quantity = row.quantity if row.document.kind == ErpDocumentKind.SHIPMENT else -row.quantity
        left[good_of(row)] = left.get(good_of(row), ZERO) + quantity
    paid = ClaimLine.objects.filter(
        claim__shipment__part=claim.shipment.part_id,
        claim__state=ClaimState.CREDITED,
        claim__credit_paper=None,
    )
    for line in paid:
        left[good_of(line)] = left.get(good_of(line), ZERO) - (line.approved or ZERO)
    return all(quantity <= left.get(good, ZERO) for good, quantity in approved_goods(claim).items())


def returns_free(claim: Claim) -> list[ErpDocument]:
    """Returns of 1C for the same part that have credited nothing, the newest first; two queries."""
    papers = ErpDocument.objects.filter(
        part=claim.shipment.part_id,
        kind=ErpDocumentKind.RETURN,
        is_deleted=False,
        credited_claims=None,
    )
    return list(papers.prefetch_related("lines").order_by("-date", "-pk"))


def is_since(claim: Claim, paper: ErpDocument) -> bool:
    """A return that was made before the claim is of something else."""
    return paper.date is None or paper.date >= moscow_date(claim.created_at)


def return_fits(claim: Claim, paper: ErpDocument) -> bool:
    """Whether a return is what the claim was approved for: it names the claim, or takes the same goods.

    A return without rows is told by its sum.
    """
    if paper.number == claim.number:
        return True
    if not is_since(claim, paper):
        return False
    rows = list(paper.lines.all())
    if rows:
        goods: dict[Good, Decimal] = {}
        for row in rows:
            goods[good_of(row)] = goods.get(good_of(row), ZERO) + row.quantity
        return goods == approved_goods(claim)
    sums = [approved_gross(line) or ZERO for line in claim.lines.all()]
    return paper.total is not None and paper.total == sum(sums, ZERO)
