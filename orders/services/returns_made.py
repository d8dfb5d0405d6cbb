"""Returns that the portal has made out for claims and that 1C has not told of yet."""

from decimal import Decimal

from orders.erp import PaperFacts
from orders.fulfilment import Good, good_of
from orders.models import Claim, ErpDocument
from orders.states import ErpDocumentKind


def return_awaited(part_id: int, facts: PaperFacts) -> ErpDocument | None:
    """The portal's return that a new one of 1C stands for: of the same number, goods, or sum.

    The order and the part are locked. From now on the document is 1C's.
    """
    if facts.kind != ErpDocumentKind.RETURN or facts.is_deleted:
        return None
    claims = Claim.objects.select_for_update(of=("self",)).filter(
        is_credited_here=True, credit_paper__part=part_id, credit_paper__is_deleted=False
    )
    for claim in claims.select_related("credit_paper").order_by("pk"):
        paper = claim.credit_paper
        if paper is not None and _is_same(paper, facts):
            claim.is_credited_here = False
            claim.save(update_fields=["is_credited_here"])
            return paper
    return None


def _is_same(paper: ErpDocument, facts: PaperFacts) -> bool:
    if facts.number and facts.number == paper.number:
        return True
    if not facts.rows:
        return facts.total is not None and facts.total == paper.total
    told: dict[Good, Decimal] = {}
    for row in facts.rows:
        told[good_of(row)] = told.get(good_of(row), Decimal(0)) + row.quantity
    made: dict[Good, Decimal] = {}
    for line in paper.lines.all():
        made[good_of(line)] = made.get(good_of(line), Decimal(0)) + line.quantity
    return told == made
