"""A manager who may lets an order through in spite of block rules, with a reason that is kept."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission as DjangoPermission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from counterparties.actor import AccessDenied
from finance.models import BlockRule, CreditOverride
from finance.selectors.ways_out import ways_out
from finance.services.credit import override_give
from finance.states import BlockAction, PaymentTerms
from orders import services
from orders.models import Order, OrderStep
from orders.refusals import OrderBlocked
from orders.states import OrderState
from tests.factories import AT, TODAY, World, actor_of
from tests.finance.debts import make_debt
from tests.money import make_line, make_rule, pay
from tests.orders.past import make_order

pytestmark = pytest.mark.django_db

WHY = "Оплата придёт завтра"


@pytest.fixture
def ruled(world: World) -> World:
    """The client owes 500 that are long overdue, and a rule stops such orders."""
    make_rule()
    make_debt(world.contract, "500.00", document_key="doc:old")
    return world


def permit(world: World, amount: int) -> CreditOverride:
    return override_give(
        actor=actor_of(world.administrator), contract_id=world.contract.pk, reference="",
        valid_until=TODAY, amount=Decimal(amount), reason=WHY, at=AT,
    )  # fmt: skip


def send(world: World) -> Order:
    """An order of 100."""
    return make_order(world.buyer, world.contract, world, {world.skus[0]: 1})


def allowed(person: User) -> User:
    person.user_permissions.add(DjangoPermission.objects.get(codename="add_creditoverride"))
    return User.objects.get(pk=person.pk)


def test_permission_lifts_a_rule_up_to_its_sum(ruled: World) -> None:
    permission = permit(ruled, 150)

    order = send(ruled)

    permission.refresh_from_db()
    assert (order.state, permission.used) == (OrderState.SUBMITTED, 100)
    with pytest.raises(OrderBlocked, match="Просрочка"):
        send(ruled)
    permission.refresh_from_db()
    assert (Order.objects.count(), permission.used) == (1, 100)


def test_rule_and_line_take_of_a_permission_once(ruled: World) -> None:
    make_line(ruled.contract, 10_000)
    ruled.contract.deferral_days = 14
    ruled.contract.save(update_fields=["deferral_days"])
    permission = permit(ruled, 100)

    order = send(ruled)
    services.order_confirm(order_id=order.pk, actor=actor_of(ruled.manager), at=AT)

    permission.refresh_from_db()
    assert (order.payment_terms, permission.used) == (PaymentTerms.CREDIT, 100)


def test_order_takes_of_a_permission_when_it_is_approved(ruled: World) -> None:
    permission = permit(ruled, 100)
    order = send(ruled)
    CreditOverride.objects.update(used=0)
    Order.objects.filter(pk=order.pk).update(state=OrderState.ON_APPROVAL)

    services.order_approve(order_id=order.pk, actor=actor_of(ruled.head), at=AT)

    permission.refresh_from_db()
    assert permission.used == 100


def test_nothing_is_to_be_paid_for_what_a_permission_lifts(ruled: World) -> None:
    assert ways_out(contract_id=ruled.contract.pk, need=Decimal(100), at=AT).payables

    permit(ruled, 100)

    assert ways_out(contract_id=ruled.contract.pk, need=Decimal(100), at=AT).payables == ()
    assert ways_out(contract_id=ruled.contract.pk, need=Decimal(101), at=AT).payables


# --- an order that a rule has put on hold ---------------------------------------------------------------
@pytest.fixture
def held(ruled: World) -> Order:
    BlockRule.objects.update(action=BlockAction.HOLD)
    return send(ruled)


MOVES = [services.order_confirm, services.order_release]


@pytest.mark.parametrize("move", MOVES)
def test_held_order_does_not_go_on_without_a_reason(ruled: World, held: Order, move: object) -> None:
    with pytest.raises(OrderBlocked, match="Просроченный долг"):
        move(order_id=held.pk, actor=actor_of(allowed(ruled.manager)), at=AT, reason=" ")  # type: ignore[operator]

    held.refresh_from_db()
    assert (held.state, CreditOverride.objects.count()) == (OrderState.ON_HOLD, 0)


@pytest.mark.parametrize("move", MOVES)
def test_held_order_does_not_go_on_by_whoever_may_not(ruled: World, held: Order, move: object) -> None:
    with pytest.raises(AccessDenied):
        move(order_id=held.pk, actor=actor_of(ruled.manager), at=AT, reason=WHY)  # type: ignore[operator]

    held.refresh_from_db()
    assert (held.state, CreditOverride.objects.count()) == (OrderState.ON_HOLD, 0)


@pytest.mark.parametrize(
    ("move", "state"),
    [(services.order_confirm, OrderState.CONFIRMED), (services.order_release, OrderState.SUBMITTED)],
)
def test_held_order_goes_on_by_a_reason_that_is_kept(
    ruled: World, held: Order, move: object, state: OrderState
) -> None:
    manager = allowed(ruled.manager)

    move(order_id=held.pk, actor=actor_of(manager), at=AT, reason=WHY)  # type: ignore[operator]

    held.refresh_from_db()
    step, permission = OrderStep.objects.filter(order=held).latest("pk"), CreditOverride.objects.get()
    assert (held.state, step.comment) == (state, WHY)
    assert (permission.author, permission.reason, permission.reference) == (manager, WHY, held.reference)
    assert (permission.amount, permission.used) == (held.total, held.total)


def test_held_order_whose_debt_is_paid_needs_no_reason(ruled: World, held: Order) -> None:
    pay(ruled.contract, 500, settles=("doc:old",))

    services.order_confirm(order_id=held.pk, actor=actor_of(ruled.manager), at=AT)

    held.refresh_from_db()
    assert held.state == OrderState.CONFIRMED


def test_order_that_a_person_put_aside_goes_on_by_the_permission_that_let_it_through(ruled: World) -> None:
    permission = permit(ruled, 100)
    order = send(ruled)
    manager = actor_of(ruled.manager)
    services.order_hold(order_id=order.pk, actor=manager, reason="Позвоню клиенту", at=AT)

    services.order_confirm(order_id=order.pk, actor=manager, at=AT)

    order.refresh_from_db()
    permission.refresh_from_db()
    assert (order.state, permission.used) == (OrderState.CONFIRMED, 100)


def test_page_offers_it_to_whoever_may(ruled: World, held: Order) -> None:
    client, pages = Client(), []
    client.force_login(ruled.manager)
    for _time in range(2):
        pages.append(client.get(reverse("orders:detail", args=[held.pk])).content.decode())
        allowed(ruled.manager)

    assert ["несмотря на блокировку" in page for page in pages] == [False, True]
    client.post(reverse("orders:confirm", args=[held.pk]), {"reason": WHY})
    held.refresh_from_db()
    assert held.state == OrderState.CONFIRMED
