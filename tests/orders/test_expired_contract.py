"""Orders under a contract whose last day has passed, by every way there is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counterparties.models import Contract, ExpiredContract, Organization
from counterparties.selectors import workplace_for
from finance.refusals import CreditClosed
from finance.selectors.blocks import order_decision
from finance.services.credit import Claim, credit_reserve
from finance.states import BlockAction, PaymentTerms
from orders import services
from orders.models import Order
from orders.refusals import ContractClosed, OrderBlocked
from orders.selectors.payment_choices import payment_offers
from orders.selectors.trade import TradeTerms
from orders.states import OrderState
from tests.factories import AT, TODAY, World, actor_of, make_cart, make_contract
from tests.money import make_line
from tests.orders.past import cart_send, make_order
from tests.orders.test_blocks import WAYS, by_form, several_carts

SERVICES = [way for way in WAYS if way not in {by_form, several_carts}]


def expire(world: World, mode: ExpiredContract, *, deferral_days: int = 14) -> None:
    Organization.objects.update(expired_contract=mode)
    world.organization.refresh_from_db()
    Contract.objects.filter(pk=world.contract.pk).update(
        valid_until=TODAY - timedelta(days=1), deferral_days=deferral_days
    )
    world.contract.refresh_from_db()


def decision(world: World, terms: PaymentTerms) -> Any:
    return order_decision(contract_id=world.contract.pk, need=100, terms=terms, at=AT)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mode", "terms", "action"),
    [
        (ExpiredContract.WARN, PaymentTerms.CREDIT, BlockAction.WARN),
        (ExpiredContract.WARN, PaymentTerms.PREPAID, BlockAction.WARN),
        (ExpiredContract.PREPAYMENT, PaymentTerms.CREDIT, BlockAction.PREPAYMENT),
        (ExpiredContract.PREPAYMENT, PaymentTerms.PREPAID, BlockAction.WARN),
        (ExpiredContract.BLOCK, PaymentTerms.PREPAID, BlockAction.BLOCK),
    ],
)
def test_decision_is_what_the_organization_wants(
    world: World, mode: ExpiredContract, terms: PaymentTerms, action: BlockAction
) -> None:
    expire(world, mode)

    found = decision(world, terms)

    assert (found.action, found.is_money) == (action, False)
    assert "истек 22.11.2026" in found.text


def test_last_day_is_still_one_of_the_contract(world: World) -> None:
    expire(world, ExpiredContract.BLOCK)
    Contract.objects.update(valid_until=TODAY)

    assert decision(world, PaymentTerms.CREDIT).action is None


@pytest.mark.parametrize("way", SERVICES)
def test_blocked_one_takes_no_order_by_any_way(world: World, way: Callable[[World], None]) -> None:
    expire(world, ExpiredContract.BLOCK)

    with pytest.raises((ContractClosed, OrderBlocked)):
        way(world)

    assert not Order.objects.exists()


@pytest.mark.parametrize("mode", [ExpiredContract.WARN, ExpiredContract.PREPAYMENT])
@pytest.mark.parametrize("way", SERVICES)
def test_warned_one_takes_orders_by_the_usual_terms(
    world: World, way: Callable[[World], None], mode: ExpiredContract
) -> None:
    expire(world, mode)

    way(world)

    sent = Order.objects.filter(state=OrderState.SUBMITTED).latest("pk")
    usual = PaymentTerms.CREDIT if mode == ExpiredContract.WARN else PaymentTerms.PREPAID
    assert sent.payment_terms == usual


def test_deferral_is_no_choice_and_the_buyer_reads_why(world: World) -> None:
    expire(world, ExpiredContract.PREPAYMENT)

    [offer] = payment_offers([(world.contract, TradeTerms())], on=TODAY).values()

    assert offer.choices == (PaymentTerms.PREPAID,)
    assert "Заказы принимаются только по предоплате" in offer.closed[0]


def test_credit_is_not_reserved_for_an_order_sent_before(world: World) -> None:
    expire(world, ExpiredContract.PREPAYMENT)

    decided = decision(world, PaymentTerms.CREDIT)

    assert decided.action == BlockAction.PREPAYMENT
    assert world.contract.takes_credit_on(TODAY) is False
    assert world.contract.is_open_on(TODAY) is True


def test_approval_asks_the_contract_again(world: World) -> None:
    Contract.objects.update(deferral_days=14)
    world.contract.refresh_from_db()
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 1})
    Order.objects.filter(pk=order.pk).update(state=OrderState.ON_APPROVAL, payment_terms=PaymentTerms.CREDIT)
    expire(world, ExpiredContract.PREPAYMENT)

    with pytest.raises(OrderBlocked, match="только по предоплате"):
        services.order_approve(order_id=order.pk, actor=actor_of(world.buyer), at=AT)

    order.refresh_from_db()
    assert order.state == OrderState.ON_APPROVAL


def test_contract_in_force_goes_before_one_that_has_ended(world: World) -> None:
    expire(world, ExpiredContract.WARN)
    actor = actor_of(world.buyer)

    def chosen() -> Contract | None:
        return workplace_for(actor, legal_entity_id=None, city_id=None, on=TODAY).contract

    assert chosen() == world.contract
    other = make_contract(world.entity, is_default=False)
    assert chosen() == other


def test_addendum_is_no_contract_to_order_under(world: World) -> None:
    Contract.objects.update(kind="addendum")
    world.contract.refresh_from_db()

    with pytest.raises(ContractClosed):
        cart_send(make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1}))


@pytest.mark.parametrize("address", ["orders:cart", "orders:checkout"])
def test_buyer_reads_why_in_cart_and_checkout(world: World, address: str) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    Organization.objects.update(expired_contract=ExpiredContract.WARN)
    Contract.objects.filter(pk=world.contract.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    client = Client()
    client.force_login(world.buyer)

    page = client.get(reverse(address)).content.decode()

    assert "договор пора продлить" in page


def test_refusal_names_the_contract_to_everybody(world: World) -> None:
    """Whoever may not see money still reads of the contract: it is no debt."""
    Contract.objects.update(deferral_days=14, valid_until=timezone.localdate() - timedelta(days=1))
    Organization.objects.update(expired_contract=ExpiredContract.PREPAYMENT)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    client = Client()
    client.force_login(world.buyer)

    page = client.get(reverse("orders:cart_ways", args=[cart.pk])).content.decode()

    assert "только по предоплате, пока договор не продлен" in page
    assert "есть долг" not in page


def test_credit_line_lends_nothing_under_an_ended_contract(world: World) -> None:
    claim = Claim("part:1", world.contract.pk, 50)  # type: ignore[arg-type]
    expire(world, ExpiredContract.PREPAYMENT)
    make_line(world.contract, 1000)

    with pytest.raises(CreditClosed):
        credit_reserve(claims=[claim], at=AT)

    expire(world, ExpiredContract.WARN)
    credit_reserve(claims=[claim], at=AT)
