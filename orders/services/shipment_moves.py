"""Moves of requests for shipment: by people, and by what 1C has shipped."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.reach import reach
from orders.events import ShipmentRequestMoved
from orders.models import OrderPart, ShipmentRequest, ShipmentRequestLine
from orders.selectors.fulfilment import line_quantities
from orders.services.shipment_checks import Asked, check_money
from orders.services.shipment_locks import orders_parts_lock
from orders.shipment_refusals import AnswerMissing
from orders.states import OPEN_REQUESTS, REQUEST_TRANSITIONS, ShipmentRequestState, WrongState
from portal.outbox import publish

_STAFF_MOVES = frozenset(
    {
        ShipmentRequestState.ACCEPTED,
        ShipmentRequestState.PICKING,
        ShipmentRequestState.READY,
        ShipmentRequestState.REJECTED,
    }
)
_LEFT = (ShipmentRequestState.PARTLY_SHIPPED, ShipmentRequestState.SHIPPED)
ZERO = Decimal(0)


@transaction.atomic
def shipment_request_move(
    *, actor: Actor, request_id: int, target: ShipmentRequestState, answer: str = "", at: datetime
) -> ShipmentRequest:
    """Accept, pick, make ready or reject as an employee; cancel as the client.

    Money is asked once more when a request is accepted. Raises AccessDenied, ShipmentRequest.DoesNotExist
    (not visible), WrongState, AnswerMissing, MoneyHolds.
    """
    if target not in _STAFF_MOVES and target != ShipmentRequestState.CANCELLED:
        raise WrongState(target.label)
    actor.require(Permission.CLIENT_SERVE if target in _STAFF_MOVES else Permission.ORDER_SUBMIT)
    if actor.is_read_only:
        raise AccessDenied(Permission.ORDER_SUBMIT.label)
    if target == ShipmentRequestState.ACCEPTED:  # two at once do not take the same money
        places = ShipmentRequestLine.objects.filter(
            request__in=ShipmentRequest.objects.visible_to(actor).filter(pk=request_id)
        ).values_list("line__part__order_id", "line__part_id")
        orders_parts_lock(order_ids={pk for pk, _part in places}, part_ids={pk for _order, pk in places})
    requests = ShipmentRequest.objects.visible_to(actor).select_for_update(of=("self",))
    if target not in _STAFF_MOVES:
        requests = requests.filter(reach(actor, Permission.ORDER_SUBMIT, author="created_by"))
    request = requests.get(pk=request_id)
    require_move(request.state, target)
    answer = answer.strip()
    if target == ShipmentRequestState.REJECTED and not answer:
        raise AnswerMissing
    if target == ShipmentRequestState.ACCEPTED:
        check_money(_asked(request), states=OPEN_REQUESTS - {ShipmentRequestState.SUBMITTED}, at=at)
    request.state, request.answer = target, answer or request.answer
    request.save(update_fields=["state", "answer"])
    publish(ShipmentRequestMoved(request_id=request.pk, state=target))
    return request


def _asked(request: ShipmentRequest) -> Asked:
    held = list(request.lines.select_related("line__part__order"))
    lines = [row.line for row in held]
    return Asked(
        orders=list({line.part.order.pk: line.part.order for line in lines}.values()),
        parts=list({line.part.pk: line.part for line in lines}.values()),
        lines=lines,
        quantities={row.line_id: row.quantity - row.shipped for row in held},
    )


@transaction.atomic
def shipment_request_refuse(*, request_id: int, reason: str) -> bool:
    """1C will not ship what was asked; tell whether the request was still open. Idempotent."""
    request = ShipmentRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if ShipmentRequestState.REJECTED not in REQUEST_TRANSITIONS[request.state]:
        return False
    request.state, request.answer = ShipmentRequestState.REJECTED, reason
    request.save(update_fields=["state", "answer"])
    publish(ShipmentRequestMoved(request_id=request.pk, state=request.state))
    return True


@contextmanager
def requests_closing(part: OrderPart) -> Iterator[None]:
    """Write a paper of 1C inside: what it changes of the shipped quantities closes requests for the part."""
    if not ShipmentRequestLine.objects.filter(line__part=part).exists():
        yield
        return
    before = _shipped(part)
    yield
    _close(before, _shipped(part))


def _shipped(part: OrderPart) -> dict[int, Decimal]:
    return {pk: known.shipped for pk, known in line_quantities([part]).items()}


def _close(before: Mapping[int, Decimal], after: Mapping[int, Decimal]) -> None:
    """Close lines of requests by what a paper of 1C changed: the oldest first; taken back from the newest.

    The part is locked. What was asked for and not shipped is free again once the request has moved on.
    """
    changes = {pk: after[pk] - before.get(pk, ZERO) for pk in after}
    moved = {pk: quantity for pk, quantity in changes.items() if quantity}
    asked = ShipmentRequestLine.objects.filter(line__in=moved)
    requests = ShipmentRequest.objects.select_for_update(of=("self",)).filter(
        pk__in=asked.values("request"), state__in=[*OPEN_REQUESTS, *_LEFT]
    )
    touched = {request.pk: request for request in requests.order_by("pk")}
    lines = list(asked.filter(request__in=touched).order_by("request__created_at", "pk"))
    ShipmentRequestLine.objects.bulk_update(list(_filled(lines, moved)), ["shipped"])
    for request in touched.values():
        _settle(request)


def require_move(current: str, target: ShipmentRequestState) -> None:
    """Raise `WrongState` unless the table allows the move."""
    if target not in REQUEST_TRANSITIONS[current]:
        raise WrongState(f"{ShipmentRequestState(current).label} → {target.label}")


def _filled(
    lines: Sequence[ShipmentRequestLine], moved: Mapping[int, Decimal]
) -> Iterator[ShipmentRequestLine]:
    """Lines that take their share of what moved, each changed."""
    for pk, quantity in moved.items():
        own = [line for line in lines if line.line_id == pk]
        for line in own if quantity > 0 else reversed(own):
            room = line.quantity - line.shipped if quantity > 0 else -line.shipped
            piece = min(quantity, room) if quantity > 0 else max(quantity, room)
            if piece:
                line.shipped += piece
                quantity -= piece
                yield line


def _settle(request: ShipmentRequest) -> None:
    """The state follows from the lines; a shipment that was taken back opens the request again."""
    lines = list(request.lines.values_list("quantity", "shipped"))
    if all(shipped == quantity for quantity, shipped in lines):
        state = ShipmentRequestState.SHIPPED
    elif any(shipped for _quantity, shipped in lines):
        state = ShipmentRequestState.PARTLY_SHIPPED
    elif request.state in _LEFT:
        state = ShipmentRequestState.ACCEPTED
    else:
        return
    if request.state != state:
        request.state = state
        request.save(update_fields=["state"])
        publish(ShipmentRequestMoved(request_id=request.pk, state=state))
