"""Which moves of an order a page offers to whom; the services decide once more."""

from dataclasses import dataclass

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.reach import reaches
from finance.selectors.overriding import may_override
from orders.models import Order
from orders.states import TRANSITIONS, OrderState


@dataclass(frozen=True, slots=True)
class Moves:
    """Buttons of the order's page."""

    confirm: bool
    release: bool
    lift: bool
    hold: bool
    reject: bool
    approve: bool
    cancel: bool

    @property
    def is_decided_here(self) -> bool:
        """Whether there is something to decide with a word why."""
        return self.hold or self.reject or self.approve


def order_moves(order: Order, *, actor: Actor, is_taken: bool) -> Moves:
    """`is_taken`: 1C has a part of the order already."""
    serves = actor.can(Permission.CLIENT_SERVE)
    sends = reaches(actor, Permission.ORDER_SUBMIT, entity=order.legal_entity, author_id=order.created_by_id)
    is_unsent = order.state == OrderState.ON_APPROVAL
    is_own_unsent = is_unsent and actor.can(Permission.ORDER_CREATE) and order.created_by_id == actor.user_id
    release = serves and order.state == OrderState.ON_HOLD
    may_go = OrderState.CANCELLED in TRANSITIONS[order.state] and not is_taken
    return Moves(
        confirm=serves and OrderState.CONFIRMED in TRANSITIONS[order.state],
        release=release,
        lift=release and not order.is_from_erp and may_override(actor),
        hold=serves and OrderState.ON_HOLD in TRANSITIONS[order.state],
        reject=serves and not is_unsent and OrderState.REJECTED in TRANSITIONS[order.state],
        approve=sends and is_unsent,
        cancel=may_go and (sends or serves or is_own_unsent) and not order.is_from_erp,
    )
