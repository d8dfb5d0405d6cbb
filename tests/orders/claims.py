"""Claims for tests, made by the services."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

from accounts.models import User
from orders.claim_states import ClaimKind, ClaimWish
from orders.models import Claim, ErpDocument
from orders.services.claim_decisions import claim_approve
from orders.services.claims import ClaimAsked, ClaimDraft, claim_submit
from tests.factories import AT, World, actor_of
from tests.orders.test_shipment_requests import confirmed, line_of, ship


def shipped(world: World, quantity: str = "4") -> ErpDocument:
    """A shipment of 1C, of an order of five."""
    return ship(line_of(confirmed(world)).part, quantity)


def make_claim(
    person: User,
    paper: ErpDocument,
    quantity: str = "2",
    *,
    kind: ClaimKind = ClaimKind.DEFECT,
    wish: ClaimWish = ClaimWish.REFUND,
    files: Sequence[tuple[str, bytes]] = (),
    note: str = "Разбита коробка",
    **told: Any,
) -> Claim:
    """So much of the first row of a shipment."""
    draft = ClaimDraft(
        kind=kind,
        wish=wish,
        rows={paper.lines.order_by("position")[0].pk: ClaimAsked(Decimal(quantity), note)},
        comment=told.pop("comment", "Бой при перевозке"),
    )
    return claim_submit(
        actor=told.pop("actor", None) or actor_of(person),
        shipment_id=paper.pk,
        draft=draft,
        files=[(name, BytesIO(content)) for name, content in files],
        **({"idempotency_key": uuid4(), "at": AT} | told),
    )


def approve(world: World, claim: Claim, approved: Mapping[int, Decimal] | None = None, **told: Any) -> Claim:
    return claim_approve(
        actor=actor_of(told.pop("manager", world.manager)),
        claim_id=claim.pk,
        approved=approved or {},
        **({"reasons": {}, "answer": "", "at": AT} | told),
    )


def returned(paper: ErpDocument, quantity: str = "2", **facts: Any) -> ErpDocument:
    """A return that 1C has made out for the part of a shipment."""
    told = {"kind": "return", "number": "ВУТ-1"} | facts
    return ship(paper.part, quantity, **told)
