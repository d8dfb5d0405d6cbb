"""A blocked client cannot order by any way there is; rules, exceptions, holds and prepayment."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from catalog.models import Stock
from finance.models import BlockException, BlockRule, Reservation, Settlement
from finance.selectors.blocks import order_decision
from finance.services.credit import override_give
from finance.states import BlockAction, BlockCondition, CreditMode, PaymentTerms
from orders import services
from orders.models import Cart, CartLine, Order, OrderStep
from orders.refusals import OrderBlocked
from orders.selectors import cart_view
from orders.services import submission
from orders.services.saved import cart_choose
from orders.services.sending import Sending, orders_submit
from orders.services.upload_carts import upload_put, upload_save
from orders.states import OrderState
from tests.factories import AT, TODAY, World, actor_of, make_cart, make_contract, make_holding, make_upload
from tests.money import credit_of, make_line, make_rule, pay, ship
from tests.orders.past import cart_send, make_order


@pytest.fixture
def blocked(world: World) -> World:
    """The client owes 500 that are long overdue, and a rule stops such orders."""
    make_rule()
    ship(world.contract, 500, date(2026, 10, 1), document_key="doc:old", due_date=date(2026, 10, 20))
    return world


def decision(world: World, terms: PaymentTerms = PaymentTerms.CREDIT, need: int = 100) -> Any:
    return order_decision(contract_id=world.contract.pk, need=Decimal(need), terms=terms, at=AT)


# --- every way to order ------------------------------------------------------------------------------


def goods(world: World) -> Cart:
    return make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})


def by_form(world: World) -> None:
    cart = goods(world)
    client = Client()
    client.force_login(world.buyer)
    answer = client.post(
        reverse("orders:checkout"),
        {
            "cart": cart.pk,
            "expected_total": "200.00",
            "idempotency_key": str(uuid4()),
            "delivery": "pickup",
            "guards_seen": "",
        },
    )
    assert answer.status_code in {409, 422}
    raise OrderBlocked(decision(world))


def by_service(world: World) -> None:
    cart_send(goods(world))


def several_carts(world: World) -> None:
    cart = goods(world)
    total = cart_view(cart, on=TODAY).total.gross
    [sent] = orders_submit(
        actor=actor_of(world.buyer),
        sendings=[Sending(cart.pk, None, "", "", uuid4(), total)],
        at=AT,
    )
    assert sent.order is None
    assert sent.refusal is not None
    raise sent.refusal


def saved_cart(world: World) -> None:
    cart = Cart.objects.create(
        user=world.buyer,
        legal_entity=world.entity,
        contract=world.contract,
        city=world.city,
        name="Ремонт",
        is_current=False,
    )
    CartLine.objects.create(cart=cart, sku=world.skus[0], quantity=1)
    cart_send(cart_choose(actor=actor_of(world.buyer), cart_id=cart.pk, at=AT))


def upload_into_the_cart(world: World) -> None:
    upload = make_upload(world.buyer, goods(world), world.skus[1])
    put = upload_put(
        actor=actor_of(world.buyer), upload_uid=str(upload.uid), seen_round=upload.round,
        cart_id=None, is_replacing=False, at=AT,
    )  # fmt: skip
    cart_send(put.cart)


def upload_into_a_saved_cart(world: World) -> None:
    upload = make_upload(world.buyer, goods(world), world.skus[1])
    put = upload_save(
        actor=actor_of(world.buyer),
        upload_uid=str(upload.uid),
        seen_round=upload.round,
        name="Из файла",
        at=AT,
    )
    cart_send(put.cart)


def repeat(world: World) -> None:
    rules = list(BlockRule.objects.filter(is_active=True))
    BlockRule.objects.update(is_active=False)
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 1})
    BlockRule.objects.filter(pk__in=[rule.pk for rule in rules]).update(is_active=True)
    repeated = services.order_repeat(
        actor=actor_of(world.buyer),
        order_id=order.pk,
        contract_id=world.contract.pk,
        city_id=world.city.pk,
        at=AT,
    )
    order.state = OrderState.REJECTED
    order.save(update_fields=["state"])
    cart_send(repeated.cart)


def manager_inside_the_cabinet(world: World) -> None:
    cart = goods(world)
    services.order_submit(
        actor=actor_of(world.buyer, impersonator=world.manager),
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=cart_view(cart, on=TODAY).total.gross,
        at=AT,
    )


WAYS = [
    by_form,
    by_service,
    several_carts,
    saved_cart,
    upload_into_the_cart,
    upload_into_a_saved_cart,
    repeat,
    manager_inside_the_cabinet,
]


@pytest.mark.parametrize("way", WAYS)
def test_a_blocked_client_cannot_order(blocked: World, way: Callable[[World], None]) -> None:
    with pytest.raises(OrderBlocked) as caught:
        way(blocked)

    assert caught.value.decision.action == BlockAction.BLOCK
    assert "Просроченный долг 500,00" in str(caught.value).replace("\xa0", " ")
    assert not Order.objects.exclude(state=OrderState.REJECTED).exists()
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("way", [way for way in WAYS if way not in {by_form, several_carts}])
def test_the_same_ways_work_when_the_debt_is_paid(blocked: World, way: Callable[[World], None]) -> None:
    pay(blocked.contract, 500)

    way(blocked)

    assert Order.objects.filter(state=OrderState.SUBMITTED).count() == 1


def test_a_blocked_order_leaves_cart_and_stock_alone(blocked: World) -> None:
    cart = goods(blocked)

    with pytest.raises(OrderBlocked):
        cart_send(cart)

    assert cart.lines.count() == 1
    assert set(Stock.objects.values_list("reserved", flat=True)) == {0}


def test_a_full_line_blocks_at_sending_and_at_confirming(world: World) -> None:
    make_line(world.contract, 250)
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 2})
    services.order_confirm(order_id=order.pk, actor=actor_of(world.manager), at=AT)
    assert credit_of(world.contract).available == 50

    with pytest.raises(OrderBlocked):
        make_order(world.buyer, world.contract, world, {world.skus[0]: 1})

    assert Order.objects.count() == 1


def test_two_orders_that_fit_one_by_one_are_not_both_confirmed(world: World) -> None:
    make_line(world.contract, 250)
    first, second = (
        make_order(world.buyer, world.contract, world, {world.skus[0]: 2}) for _number in range(2)
    )
    services.order_confirm(order_id=first.pk, actor=actor_of(world.manager), at=AT)

    with pytest.raises(OrderBlocked, match="Не хватает кредитного лимита"):
        services.order_confirm(order_id=second.pk, actor=actor_of(world.manager), at=AT)

    second.refresh_from_db()
    assert second.state == OrderState.SUBMITTED
    assert Reservation.objects.get().reference == f"part:{first.parts.get().pk}"


def test_an_override_confirms_one_order_over_the_limit(world: World) -> None:
    make_line(world.contract, 250)
    first, second = (
        make_order(world.buyer, world.contract, world, {world.skus[0]: 2}) for _number in range(2)
    )
    services.order_confirm(order_id=first.pk, actor=None, at=AT)
    override_give(
        actor=actor_of(world.administrator),
        contract_id=world.contract.pk,
        reference=second.reference,
        valid_until=TODAY,
        amount=Decimal(150),
        reason="Договорились",
        at=AT,
    )

    services.order_confirm(order_id=second.pk, actor=actor_of(world.manager), at=AT)

    assert credit_of(world.contract).available == -150


def test_a_cancelled_order_frees_the_limit(world: World) -> None:
    make_line(world.contract, 250)
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 2})
    services.order_confirm(order_id=order.pk, actor=None, at=AT)
    assert credit_of(world.contract).exposure == 200

    services.order_cancel(order_id=order.pk, actor=actor_of(world.buyer), at=AT)

    assert credit_of(world.contract).exposure == 0


def test_a_rule_that_holds_leaves_the_order_to_a_manager(blocked: World) -> None:
    BlockRule.objects.update(action=BlockAction.HOLD)
    blocked.organization.confirms_orders_itself = True
    blocked.organization.save(update_fields=["confirms_orders_itself"])

    order = make_order(blocked.buyer, blocked.contract, blocked, {blocked.skus[0]: 1})

    assert order.state == OrderState.ON_HOLD
    steps = OrderStep.objects.filter(order=order).order_by("pk").values_list("state", flat=True)
    assert list(steps) == [OrderState.SUBMITTED, OrderState.ON_HOLD]


def test_what_others_order_while_this_one_waits_for_stock_counts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_rule()
    locked = submission.lock_stock

    def late(**goods: Any) -> Any:
        ship(world.contract, 500, date(2026, 10, 1), document_key="doc:old", due_date=date(2026, 10, 20))
        return locked(**goods)

    monkeypatch.setattr(submission, "lock_stock", late)

    with pytest.raises(OrderBlocked, match="Просрочка"), transaction.atomic():
        by_service(world)

    assert not Order.objects.exists()


# --- what rules say -----------------------------------------------------------------------------------


def test_a_reason_names_the_rule_the_sum_and_the_documents(blocked: World) -> None:
    found = decision(blocked)

    [reason] = found.reasons
    assert (found.action, reason.rule, reason.amount) == (BlockAction.BLOCK, "Просрочка", 500)
    assert [(row.document_key, row.open, row.overdue_days) for row in reason.documents] == [
        ("doc:old", 500, 34)
    ]


@pytest.mark.parametrize(
    ("changes", "is_stopped"),
    [
        ({"threshold": 499}, True),
        ({"threshold": 500}, False),
        ({"grace_days": 33}, True),
        ({"grace_days": 34}, False),
        ({"condition": BlockCondition.OVERDUE_DAYS, "threshold": 33}, True),
        ({"condition": BlockCondition.OVERDUE_DAYS, "threshold": 34}, False),
        ({"is_active": False}, False),
    ],
)
def test_thresholds_are_not_reached_but_passed(
    blocked: World, changes: dict[str, Any], is_stopped: bool
) -> None:
    BlockRule.objects.update(**changes)

    assert (decision(blocked).action == BlockAction.BLOCK) is is_stopped


def test_a_rule_holds_for_its_scope_alone(blocked: World) -> None:
    BlockRule.objects.update(legal_entity=blocked.other_entity)
    assert decision(blocked).action is None

    BlockRule.objects.update(legal_entity=blocked.entity)
    assert decision(blocked).action == BlockAction.BLOCK


def test_debts_of_one_contract_stop_orders_under_another(blocked: World) -> None:
    second = make_contract(blocked.entity, is_default=False)

    found = order_decision(contract_id=second.pk, need=Decimal(1), terms=PaymentTerms.CREDIT, at=AT)

    assert found.action == BlockAction.BLOCK


def test_an_exception_lets_through_until_its_date(blocked: World) -> None:
    BlockException.objects.create(
        holding=blocked.holding, valid_until=TODAY, reason="Акт на подписи", author=blocked.administrator
    )

    assert decision(blocked).action is None
    BlockException.objects.update(valid_until=TODAY - timedelta(days=1))
    assert decision(blocked).action == BlockAction.BLOCK
    BlockException.objects.update(valid_until=TODAY, holding=make_holding())
    assert decision(blocked).action == BlockAction.BLOCK


def test_the_strictest_rule_wins_and_all_are_told(blocked: World) -> None:
    make_rule(action=BlockAction.WARN, name="Напоминание")
    make_rule(BlockCondition.OVERDUE_DAYS, BlockAction.HOLD, name="Дни")

    found = decision(blocked)

    assert found.action == BlockAction.BLOCK
    assert [reason.rule for reason in found.reasons] == ["Просрочка", "Напоминание", "Дни"]


def test_a_rule_of_prepayment_is_content_with_a_prepaid_order(blocked: World) -> None:
    BlockRule.objects.update(action=BlockAction.PREPAYMENT)

    assert decision(blocked).action == BlockAction.PREPAYMENT
    assert decision(blocked, PaymentTerms.PREPAID).action is None


def test_a_line_lets_prepaid_orders_pass(world: World) -> None:
    make_line(world.contract, 10)

    assert decision(world).action == BlockAction.BLOCK
    assert decision(world, PaymentTerms.PREPAID).action is None


def test_a_warning_line_only_warns(world: World) -> None:
    make_line(world.contract, 10, mode=CreditMode.WARN)

    found = decision(world)

    assert (found.action, found.reasons[0].amount) == (BlockAction.WARN, 90)


@pytest.mark.parametrize(("hours", "action"), [(25, BlockAction.HOLD), (23, None)])
def test_stale_data_of_1c_is_a_rule(world: World, hours: int, action: BlockAction | None) -> None:
    make_rule(BlockCondition.STALE, BlockAction.HOLD, threshold=24)
    assert decision(world).action is None
    Settlement.objects.create(contract=world.contract, as_of=AT - timedelta(hours=hours))

    assert decision(world).action == action


# --- who may read why ---------------------------------------------------------------------------------
SUM_OWED = "500,00"


def test_checkout_tells_the_debt_only_to_those_who_may_see_it(blocked: World) -> None:
    pages = []
    for person in (blocked.buyer, blocked.head):
        cart = make_cart(person, blocked.contract, blocked.city, {blocked.skus[0]: 2})
        client = Client()
        client.force_login(person)
        form = {
            "cart": cart.pk,
            "expected_total": "200.00",
            "idempotency_key": str(uuid4()),
            "delivery": "pickup",
            "guards_seen": "",
        }
        pages.append(client.post(reverse("orders:checkout"), form).content.decode())

    assert [SUM_OWED in page for page in pages] == [False, True]
    assert "есть долг или исчерпан лимит" in pages[0]


def test_held_order_names_the_rule_and_no_sum(blocked: World) -> None:
    BlockRule.objects.update(action=BlockAction.HOLD)

    order = make_order(blocked.buyer, blocked.contract, blocked, {blocked.skus[0]: 1})

    step = OrderStep.objects.filter(order=order).latest("pk")
    assert (step.state, step.comment) == (OrderState.ON_HOLD, BlockRule.objects.get().name)


@pytest.mark.parametrize(
    ("action", "state"), [(BlockAction.BLOCK, "on_approval"), (BlockAction.HOLD, "on_hold")]
)
def test_colleagues_approval_asks_the_rules_again(world: World, action: str, state: str) -> None:
    """The order was sent for approval before the debt was overdue."""
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 1})
    Order.objects.filter(pk=order.pk).update(state=OrderState.ON_APPROVAL)
    make_rule(action=action)
    ship(world.contract, 500, date(2026, 10, 1), document_key="doc:old", due_date=date(2026, 10, 20))
    client = Client()
    client.force_login(world.buyer)

    answer = client.post(reverse("orders:approve", args=[order.pk]), follow=True)

    order.refresh_from_db()
    assert (answer.status_code, order.state) == (200, state)
    assert SUM_OWED not in answer.content.decode()
