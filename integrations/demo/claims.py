"""Claims of the invented company: one waits for its manager, one is credited by the portal."""

from contextlib import suppress
from decimal import Decimal
from io import BytesIO
from typing import Final
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from documents.services.claim_credits import claim_credit_issue
from integrations.demo.buyers import buyer_of, demo_actor
from integrations.demo.gathering import BUYER
from integrations.demo.papers import MANAGER
from orders.claim_refusals import NotCreditedHere
from orders.claim_states import ClaimKind, ClaimWish
from orders.models import Claim, ErpDocument
from orders.selectors.shipment_list import shipments_visible_to
from orders.services.claim_decisions import claim_approve
from orders.services.claims import ClaimAsked, ClaimDraft, claim_submit

_ONE: Final = Decimal(1)


@transaction.atomic
def claims_fill() -> None:
    """To the two newest shipments that the buyer has; nothing where there are claims already."""
    now = timezone.now()
    buyer = buyer_of(BUYER, now)
    shipments = list(shipments_visible_to(buyer.actor).filter(is_deleted=False).order_by("-pk")[:2])
    if Claim.objects.exists() or len(shipments) < 2:
        return
    manager = demo_actor(MANAGER, now)
    credited = claim_submit(
        actor=buyer.actor,
        shipment_id=shipments[0].pk,
        draft=_draft(shipments[0], ClaimKind.SHORTAGE, "В коробке на одну единицу меньше."),
        idempotency_key=uuid4(),
        at=now,
    )
    claim_approve(
        actor=manager,
        claim_id=credited.pk,
        approved={},
        reasons={},
        answer="Недовложение подтвердил склад, вернём деньги.",
        at=now,
    )
    with suppress(NotCreditedHere):  # a company that was filled in before the portal numbered corrections
        claim_credit_issue(actor=manager, claim_id=credited.pk, at=now)
    claim_submit(
        actor=buyer.actor,
        shipment_id=shipments[1].pk,
        draft=_draft(shipments[1], ClaimKind.DEFECT, "Упаковка цела, внутри трещина."),
        files=[("трещина.jpg", BytesIO(_photo()))],
        idempotency_key=uuid4(),
        at=now,
    )


def _draft(shipment: ErpDocument, kind: ClaimKind, comment: str) -> ClaimDraft:
    row = shipment.lines.order_by("position")[0]
    asked = ClaimAsked(min(_ONE, row.quantity))
    return ClaimDraft(kind=kind, wish=ClaimWish.REFUND, rows={row.pk: asked}, comment=comment)


def _photo() -> bytes:
    """A drawing of a cracked thing."""
    picture = Image.new("RGB", (640, 480), "#d9d4c8")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((140, 90, 500, 400), fill="#b9c4cc", outline="#5c666e", width=4)
    pen.line((200, 90, 260, 190, 240, 260, 320, 330, 300, 400), fill="#2b2f33", width=6)
    file = BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()
