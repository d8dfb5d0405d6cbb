"""An order's hold on the credit limit, and what block rules say of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from counterparties.actor import Actor
from finance.models import Reservation
from finance.refusals import CreditRefused
from finance.selectors.blocks import Decision, Reason, order_decision
from finance.services.credit import Claim, credit_note, credit_release, credit_reserve, credit_shrink
from finance.services.locking import settlements_lock
from finance.services.overrides import override_give, override_use
from finance.states import BlockAction, PaymentTerms
from orders.models import Order, OrderPart
from orders.refusals import OrderBlocked
from orders.selectors.confirmed import confirmed_sums
from orders.states import IN_WORK, OrderState
from portal.lib.dates import moscow_date

_REFUSING = frozenset({BlockAction.BLOCK, BlockAction.PREPAYMENT})
_STOPPING = _REFUSING | {BlockAction.HOLD}
_REASON_LENGTH = 300
_PERMITTED = timedelta(days=7)
"""For so long the limit may be taken by an order that was let through."""
_OVER = frozenset({OrderState.SHIPPED, OrderState.COMPLETED})
"""Nothing is left to ship: what has been shipped is debt."""


def order_credit_reserve(order: Order, *, at: datetime, is_hopeful: bool = False) -> None:
    """Hold the limit for all parts of an order on credit; a prepaid one holds nothing.

    `is_hopeful` says that `order_check` has let it through a moment ago: see `credit_reserve`.
    Raises OrderBlocked, whose cause is CreditRefused.
    """
    if order.payment_terms != PaymentTerms.CREDIT:
        return
    try:
        credit_reserve(
            claims=_claims(order, order.parts.order_by("pk")),
            at=at,
            order_reference=order.reference,
            is_hopeful=is_hopeful,
        )
    except CreditRefused as refusal:
        reason = Reason(_("Кредитная линия"), str(refusal), refusal.need - refusal.available)
        raise OrderBlocked(Decision(BlockAction.BLOCK, (reason,))) from refusal


def order_credit_release(order: Order, *, at: datetime) -> None:
    """Hold nothing for the order any more. Idempotent."""
    credit_release(references=[part.reference for part in order.parts.all()], at=at)


@transaction.atomic
def order_credit_follow(*, order_id: int, at: datetime) -> None:
    """Hold for an order what it comes to now, without a check: 1C has decided already. Idempotent.

    Given up and wholly shipped parts hold nothing.
    """
    order = Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order_id)
    is_held = order.state in IN_WORK - _OVER and order.payment_terms == PaymentTerms.CREDIT
    held: list[OrderPart] = []
    free: list[OrderPart] = []
    for part in order.parts.order_by("pk"):
        (held if is_held and not part.is_cancelled and not part.is_shipped else free).append(part)
    credit_release(references=[part.reference for part in free], at=at)
    credit_note(claims=_claims(order, held), at=at)


def parts_credit_shrink(parts: Sequence[OrderPart], *, at: datetime) -> None:
    """Lines of parts have become smaller: hold no more than is left, or than 1C holds where that is less."""
    held = Reservation.objects.filter(reference__in=[part.reference for part in parts], is_active=True)
    totals = dict(held.values_list("reference", "total"))
    for part in parts:
        left = min(part.total, part.sum_now)
        if left < totals.get(part.reference, left):
            credit_shrink(reference=part.reference, total=left, at=at)


def order_check(order: Order, *, at: datetime) -> Decision:
    """What block rules and credit lines say of an order that is to be sent. Raises OrderBlocked.

    What a rule says of a limit holds until the end of the transaction: the lines are locked.
    """
    return decision_heed(_decision(order, at))


def order_hold_lift(order: Order, *, actor: Actor, reason: str, at: datetime) -> None:
    """Let an order on hold go on: no rule stops it any more, or a manager who may lifts those that do.

    With a reason he gives a permission for this order. What a person has put aside, rules have let through
    before. Raises OrderBlocked, AccessDenied.
    """
    held = order.steps.filter(state=OrderState.ON_HOLD).order_by("pk").last()
    if held is not None and held.user_id is not None:
        return
    decision = _decision(order, at)
    if decision.by_rules in _STOPPING and reason.strip():
        override_give(
            actor=actor,
            contract_id=order.contract_id,
            reference=order.reference,
            valid_until=moscow_date(at) + _PERMITTED,
            amount=order.total,
            reason=reason.strip()[:_REASON_LENGTH],
            at=at,
        )
        decision = _decision(order, at)
    if decision.by_rules in _STOPPING:
        raise OrderBlocked(decision)
    order_permission_use(order, decision, at=at)


def order_permission_use(order: Order, decision: Decision, *, at: datetime) -> None:
    """Take of a manager's permission what has lifted rules for the order. Raises OrderBlocked."""
    if not decision.let_through:
        return
    settlements_lock([order.contract_id])
    taken = override_use(
        contract_id=order.contract_id,
        references=[order.reference],
        amount=decision.let_through,
        on=moscow_date(at),
    )
    if not taken:  # another order has taken it meanwhile
        text = _("Разрешения менеджера на этот заказ уже не хватает.")
        raise OrderBlocked(
            Decision(BlockAction.BLOCK, (Reason(_("Блокировка"), text, decision.let_through),))
        )


def _decision(order: Order, at: datetime) -> Decision:
    """Of rules that look at a limit under the lock of its lines."""
    decide = partial(
        order_decision,
        contract_id=order.contract_id,
        need=order.total,
        terms=PaymentTerms(order.payment_terms),
        at=at,
        references=[order.reference],
    )
    decision = decide()
    if decision.is_limit_asked:
        settlements_lock([order.contract_id])
        decision = decide()
    return decision


def decision_heed(decision: Decision) -> Decision:
    """Let through what is not refused. Raises OrderBlocked."""
    if decision.action in _REFUSING:
        raise OrderBlocked(decision)
    return decision


def _claims(order: Order, parts: Iterable[OrderPart]) -> list[Claim]:
    rows = list(parts)
    sums = confirmed_sums(rows)
    return [Claim(part.reference, order.contract_id, sums[part.pk]) for part in rows]
