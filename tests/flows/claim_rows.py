"""Addresses of claims for the access matrix, and the claim that they name."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from orders.models import Claim, ClaimFile, ErpDocument
from portal.files.services import store
from tests.factories import AT
from tests.flows.shipment_rows import SEES, SIGNED_IN

MAKES = "login 200 404 200 404 404 403 403 403 403 login"
TAKES_BACK = MAKES.replace("200", "302")
ADDS = MAKES.replace("200", "422")
ANSWERS = "login 403 403 403 403 403 302 404 302 403 login"


def make_claim_row(shipment: ErpDocument, **told: Any) -> Claim:
    """A claim of the buyer to a shipment with one line and one file, made past the services."""
    order = shipment.part.order
    facts = {
        "number": f"R{shipment.pk:07d}",
        "holding_id": order.holding_id,
        "legal_entity": order.legal_entity,
        "shipment": shipment,
        "kind": "defect",
        "wish": "refund",
        "created_by": order.created_by,
        "created_at": AT,
        "answer_due_at": AT,
        "idempotency_key": uuid4(),
    }
    claim = Claim.objects.create(**(facts | told))
    claim.lines.create(position=1, name="Болт", quantity=1, shipped=2, price=10, gross=10)
    file = store(content=b"%PDF-1.4 claim", name="фото.pdf", mime="application/pdf")
    ClaimFile.objects.create(
        claim=claim, file=file, name="фото.pdf", uploaded_by=claim.created_by, uploaded_at=AT
    )
    return claim


def _claim(it: Any) -> Claim:
    return Claim.objects.first() or make_claim_row(it.shipment)


def claim_pk(it: Any) -> dict[str, object]:
    return {"pk": _claim(it).pk}


def file_keys(it: Any) -> dict[str, object]:
    claim = _claim(it)
    return {"pk": claim.pk, "file_uid": claim.files.get().uid}


CLAIM_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "orders:claims": ("GET", lambda it: {}, SIGNED_IN),
    "orders:claim_new": ("GET", lambda it: {"pk": it.shipment.pk}, MAKES),
    "orders:claim": ("GET", claim_pk, SEES),
    "orders:claim_withdraw": ("POST", claim_pk, TAKES_BACK),
    "orders:claim_files": ("POST", claim_pk, ADDS),
    "orders:claim_file": ("GET", file_keys, SEES),
    "orders:claim_take": ("POST", claim_pk, ANSWERS),
    "orders:claim_approve": ("POST", claim_pk, ANSWERS),
    "orders:claim_reject": ("POST", claim_pk, ANSWERS),
    "orders:claim_credit": ("POST", claim_pk, ANSWERS),
    "orders:claim_complete": ("POST", claim_pk, ANSWERS),
    "documents:claim_act": ("GET", claim_pk, SEES),
}
