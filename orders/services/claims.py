"""Making a claim to a shipment, and taking it back. Locks: gate of merges, shipment, claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import BinaryIO, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.merge_gate import parties_hold
from counterparties.reach import reach
from finance.workdays import shift
from orders.claim_refusals import ClaimEmpty, ClaimRowsChanged, ClaimTooMuch, ClaimWordsMissing
from orders.claim_states import ClaimKind, ClaimState, ClaimWish, require_claim_step
from orders.events import ClaimFiled
from orders.fulfilment import Good, good_of
from orders.models import Claim, ClaimLine, ErpDocument, ErpDocumentLine
from orders.quantities import fits_unit
from orders.refusals import IdempotencyConflict
from orders.selectors.claims import ZERO, claimed_quantities, claims_holding, free_quantities, row_share
from orders.selectors.shipment_list import shipments_visible_to
from orders.services.claim_files import claim_files_insert, claim_files_read
from orders.services.claim_steps import claim_move, claim_step
from orders.services.numbers import next_claim_number
from portal.files.scans import Scan
from portal.lib.dates import MOSCOW, moscow_date
from portal.outbox import publish

ANSWER_DAYS = 3
"""Working days in which a manager answers: by the end of the last one."""
_DAY_ENDS = time(18)
_ANY_UNIT = ""
"""1C tells no code of a row's unit."""
_FIELDS = ("sku_id", "name", "article", "unit", "price", "vat_percent")


@dataclass(frozen=True, slots=True)
class ClaimAsked:
    """What is claimed of one row, in base units."""

    quantity: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """What the client says: rows of the shipment by their keys."""

    kind: ClaimKind
    wish: ClaimWish
    rows: Mapping[int, ClaimAsked]
    comment: str = ""

    @property
    def asked(self) -> dict[int, ClaimAsked]:
        """Rows that were given a quantity."""
        return {pk: one for pk, one in self.rows.items() if one.quantity}


def claim_submit(
    *,
    actor: Actor,
    shipment_id: int,
    draft: ClaimDraft,
    files: Sequence[tuple[str, BinaryIO]] = (),
    idempotency_key: UUID,
    at: datetime,
) -> Claim:
    """Make a claim to a shipment of 1C; files are looked through before anything is written.

    Whoever may count a shipment may claim. The same key with the same contents returns the same claim.
    Raises AccessDenied, ErpDocument.DoesNotExist (not visible, or cancelled in 1C), ClaimEmpty,
    ClaimWordsMissing, ClaimRowsChanged, ClaimTooMuch, ClaimFileRefused, IdempotencyConflict.
    """
    actor.require(Permission.ORDER_VIEW)
    if not actor.is_client or actor.is_read_only:
        raise AccessDenied(Permission.ORDER_VIEW.label)
    _papers(actor).get(pk=shipment_id)
    scans = claim_files_read(files)
    return _written(actor, shipment_id, draft, scans, idempotency_key, at)


@transaction.atomic
def _written(
    actor: Actor, shipment_id: int, draft: ClaimDraft, scans: Sequence[Scan], key: UUID, at: datetime
) -> Claim:
    parties_hold()
    shipment = shipment_locked(actor, shipment_id)
    sent = Claim.objects.filter(idempotency_key=key).first()
    if sent is not None:
        return _same(sent, actor, shipment_id, draft, scans)
    asked = draft.asked
    if not asked:
        raise ClaimEmpty
    if draft.kind != ClaimKind.SHORTAGE and not (draft.comment or any(one.note for one in asked.values())):
        raise ClaimWordsMissing
    rows = list(ErpDocumentLine.objects.filter(document=shipment).order_by("position"))
    holding = claims_holding(shipment.pk)
    check_claimed(rows, asked, held=claimed_quantities(holding))
    order = shipment.part.order
    claim = Claim.objects.create(
        number=next_claim_number(),
        holding_id=order.holding_id,
        legal_entity_id=order.legal_entity_id,
        shipment=shipment,
        kind=draft.kind,
        wish=draft.wish,
        comment=draft.comment,
        created_by_id=cast(int, actor.user_id),  # a permission has a person
        acting_user_id=actor.impersonator_id,
        created_at=at,
        answer_due_at=answer_due(at),
        idempotency_key=key,
    )
    ClaimLine.objects.bulk_create(
        _line(claim, row, asked[row.pk], holding) for row in rows if row.pk in asked
    )
    claim_files_insert(claim, scans, actor=actor, at=at)
    claim_step(claim, actor=actor, at=at)
    publish(ClaimFiled(claim_id=claim.pk))
    return claim


def shipment_locked(actor: Actor, shipment_id: int) -> ErpDocument:
    """Nobody else claims of the shipment until the transaction ends. Raises ErpDocument.DoesNotExist."""
    return _papers(actor).select_for_update(of=("self",)).get(pk=shipment_id)


def _papers(actor: Actor) -> QuerySet[ErpDocument]:
    papers = ErpDocument.objects.select_related("part__order")
    return papers.filter(pk__in=shipments_visible_to(actor).values("pk"), is_deleted=False)


def _same(sent: Claim, actor: Actor, shipment_id: int, draft: ClaimDraft, scans: Sequence[Scan]) -> Claim:
    """The claim of this key, sent by an earlier click. Raises IdempotencyConflict (by others, or of others).

    Files may have been added since.
    """
    told = (actor.user_id, shipment_id, draft.kind, draft.wish, draft.comment)
    rows = {line.row_id: ClaimAsked(line.quantity, line.note) for line in sent.lines.all()}
    files = set(sent.files.values_list("file__sha256", flat=True))
    is_same = told == (sent.created_by_id, sent.shipment_id, sent.kind, sent.wish, sent.comment)
    if not is_same or rows != draft.asked or not {scan.sha256 for scan in scans} <= files:
        raise IdempotencyConflict
    return sent


def check_claimed(
    rows: Sequence[ErpDocumentLine], asked: Mapping[int, ClaimAsked], *, held: dict[Good, Decimal]
) -> None:
    """Raises ClaimRowsChanged and ClaimTooMuch: of a row, and of all rows of one good together."""
    known = {row.pk: row for row in rows}
    if not set(asked) <= set(known) or not all(fits_unit(one.quantity, _ANY_UNIT) for one in asked.values()):
        raise ClaimRowsChanged
    free = free_quantities(rows, held=held)
    of_good: dict[Good, Decimal] = {}
    for row in rows:
        of_good[good_of(row)] = of_good.get(good_of(row), ZERO) + free[row.pk]
    for pk, one in asked.items():
        row = known[pk]
        room = min(row.quantity, of_good[good_of(row)])
        if one.quantity > room:
            raise ClaimTooMuch(name=row.name, free=room, unit=row.unit)
        of_good[good_of(row)] -= one.quantity


def answer_due(at: datetime) -> datetime:
    """The end of the last of the working days in which an answer is promised."""
    day = shift(moscow_date(at), ANSWER_DAYS, is_working=True)
    return datetime.combine(day, _DAY_ENDS, tzinfo=MOSCOW)


def _line(claim: Claim, row: ErpDocumentLine, asked: ClaimAsked, holding: Sequence[ClaimLine]) -> ClaimLine:
    return ClaimLine(
        **{name: getattr(row, name) for name in _FIELDS},
        claim=claim,
        row=row,
        position=row.position,
        shipped=row.quantity,
        quantity=asked.quantity,
        gross=row_share(row, quantity=asked.quantity, lines=holding),
        note=asked.note,
    )


@transaction.atomic
def claim_withdraw(*, actor: Actor, claim_id: int, at: datetime) -> Claim:
    """Take an unanswered claim back: by its author, or one who may send orders of the legal entity.

    A second click changes nothing. Raises AccessDenied, Claim.DoesNotExist (not there, not visible or
    somebody else's), WrongState.
    """
    actor.require(Permission.ORDER_VIEW)
    if not actor.is_client or actor.is_read_only:
        raise AccessDenied(Permission.ORDER_VIEW.label)
    claims = Claim.objects.filter(pk__in=claims_withdrawable(actor).values("pk"))
    claim = claims.select_for_update(of=("self",)).get(pk=claim_id)
    if claim.state == ClaimState.WITHDRAWN:
        return claim
    require_claim_step(claim.state, ClaimState.WITHDRAWN)
    claim_move(claim, ClaimState.WITHDRAWN, actor=actor, at=at)
    return claim


def claims_withdrawable(actor: Actor) -> QuerySet[Claim]:
    """Visible claims that the actor may take back, whatever their state."""
    own = Q(created_by_id=actor.user_id) | reach(actor, Permission.ORDER_SUBMIT, author="created_by")
    return Claim.objects.visible_to(actor).filter(own)
