"""Claims on their way to 1C: told when approved; what 1C answers by a paper of its own credits them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from documents.models import ReceivedDocument
from integrations.models import ErpRequest, ExchangeNode, RequestKind, RequestState
from integrations.models.requests import OPEN
from orders.claim_states import APPROVED_CLAIMS, ClaimState
from orders.models import Claim, ClaimLine
from orders.selectors.claims import approved_gross
from orders.services.claim_credits import claim_credit_received

_DONE = frozenset({ClaimState.CREDITED, ClaimState.COMPLETED})


@transaction.atomic
def claim_tell(*, claim_id: int) -> bool:
    """Bring the queue of the base into line with a claim; tell whether anything changed.

    An approved claim is put where 1C fetches what clients ask. Once 1C's own return has credited it, or
    the goods were replaced, nothing is asked any more; a return that the portal has made out stays
    asked for: 1C has to learn of it. A base that answers no requests is told nothing. Idempotent.
    """
    claim = Claim.objects.select_related("shipment__part__order").get(pk=claim_id)
    known = ErpRequest.objects.select_for_update(of=("self",)).filter(claim=claim)
    if claim.state in APPROVED_CLAIMS:
        return not known.exists() and _asked(claim)
    if claim.state in _DONE and not claim.is_credited_here:
        return bool(known.filter(state__in=OPEN).update(state=RequestState.ANSWERED))
    return False


def _asked(claim: Claim) -> bool:
    order = claim.shipment.part.order
    nodes = ExchangeNode.objects.filter(
        organizations=order.organization_id, is_active=True, answers_requests=True
    )
    node = nodes.order_by("pk").first()
    if node is None:
        return False
    ErpRequest.objects.create(
        node=node,
        kind=RequestKind.CLAIM,
        legal_entity_id=claim.legal_entity_id,
        contract_id=order.contract_id,
        part_id=claim.shipment.part_id,
        claim=claim,
        created_by_id=claim.created_by_id,
        impersonator_id=claim.acting_user_id,
        created_at=claim.decided_at or claim.created_at,
    )
    return True


def claim_offer(claim: Claim, *, papers: Mapping[int, str], skus: Mapping[int, str]) -> dict[str, Any]:
    """What 1C needs to make a return: the shipment and what is approved of its rows; ids of the base."""
    shipment = claim.shipment
    lines = sorted(claim.lines.all(), key=lambda line: line.position)
    return {
        "number": claim.number,
        "kind": claim.kind,
        "wish": claim.wish,
        "comment": claim.comment,
        "answer": claim.answer,
        "shipment": {
            "ref": papers.get(shipment.pk, ""),
            "number": shipment.number,
            "date": shipment.date.isoformat() if shipment.date else None,
        },
        "lines": [_line(line, skus) for line in lines if line.approved],
    }


def _line(line: ClaimLine, skus: Mapping[int, str]) -> dict[str, Any]:
    return {
        "row": line.position,
        "sku_ref": skus.get(line.sku_id, "") if line.sku_id else "",
        "article": line.article,
        "name": line.name,
        "unit": line.unit,
        "quantity": str(line.approved),
        "price": str(line.price),
        "vat_percent": None if line.vat_percent is None else str(line.vat_percent),
        "sum": str(approved_gross(line)),
        "note": line.note,
    }


@transaction.atomic
def claim_paper_follow(*, document_id: int, at: datetime) -> None:
    """A paper that answers a claim credits it, by its sum whatever the sign; a deleted one no longer."""
    document = ReceivedDocument.objects.get(pk=document_id)
    requests = ErpRequest.objects.filter(answer=document, kind=RequestKind.CLAIM)
    for claim_id in requests.order_by("pk").values_list("claim_id", flat=True):
        claim_credit_received(
            claim_id=claim_id,
            reference=f"received:{document.pk}",
            title=f"{document.get_kind_display()} {document.number}".strip(),
            total=abs(document.total or Decimal(0)),
            is_deleted=document.is_deleted,
            at=at,
        )
