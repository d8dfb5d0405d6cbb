"""What to do so that an order passes: exact sums, other contracts, what fits now."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.permissions import Stage
from counterparties.permissions import ReadyRole
from finance.models import BlockException, CreditLine
from finance.selectors.payables import money_contracts, pay_groups
from finance.services.online import Chosen
from orders.selectors.cart import cart_view
from orders.web.ways import order_ways
from tests.factories import (
    AT,
    TODAY,
    World,
    actor_of,
    make_cart,
    make_contract,
    make_legal_entity,
    make_person,
    make_world,
)
from tests.finance.debts import make_debt
from tests.money import make_line, make_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = make_world()
    CreditLine.objects.create(legal_entity=world.entity, amount=1000, valid_from=date(2026, 1, 1))
    return world


def ways(world: World, need: str, **changes: Any) -> Any:
    told = {"actor": actor_of(world.head), "contract": world.contract, "need": Decimal(need), "at": AT}
    return order_ways(**(told | changes))


def test_order_that_passes_needs_nothing(world: World) -> None:
    assert not ways(world, "1000.00")


def test_fewest_documents_are_named_with_exact_sums(world: World) -> None:
    old = make_debt(world.contract, "300.00", due_date=date(2026, 12, 1))
    new = make_debt(world.contract, "400.00", due_date=date(2026, 12, 10))

    found = ways(world, "650.00")  # 300 left of 1000: 350 too little

    [payment] = found.payments
    assert payment.amount == Decimal("350.00")
    assert [(one.entry_id, one.amount) for one in payment.payables] == [
        (old.pk, Decimal("300.00")),
        (new.pk, Decimal("50.00")),
    ]
    assert f"ref=ledger%3A{old.pk}&sum%3Aledger%3A{old.pk}=300.00" in payment.address
    assert found.advance.amount == Decimal("350.00")
    assert Chosen(f"ledger:{old.pk}", Decimal(1)).amount == 1
    (group,) = pay_groups(contracts=money_contracts(actor_of(world.head)), on=TODAY)
    assert group.total == Decimal("700.00")


def test_without_debts_an_advance_is_asked_for(world: World) -> None:
    found = ways(world, "1200.00")

    [payment] = found.payments
    assert (payment.amount, payment.is_advance, found.advance) == (Decimal(200), True, None)


def test_overdue_is_paid_whatever_the_order(world: World) -> None:
    make_debt(world.contract, "100.00", due_date=date(2026, 11, 19))

    found = ways(world, "10.00")

    [payment] = found.payments
    assert (payment.amount, found.advance, found.split) == (Decimal("100.00"), None, None)


def test_sums_of_debts_are_not_for_those_who_may_not_see_them(world: World) -> None:
    make_debt(world.contract, "900.00", due_date=date(2026, 12, 1))

    found = ways(world, "500.00", actor=actor_of(world.buyer))

    assert (found.payments, found.advance) == ((), None)


def test_another_contract_and_a_part_that_fits_are_offered(world: World) -> None:
    make_debt(world.contract, "850.00", due_date=date(2026, 12, 1))
    other = make_contract(make_legal_entity(world.holding, name="ООО «Восток»"))
    buyer = make_person(world.holding, ReadyRole.HEAD, stage=Stage.AUTHORITY)
    cart = make_cart(buyer, world.contract, world.city, {world.skus[0]: 1, world.skus[1]: 1})
    view = cart_view(cart, on=TODAY)

    found = ways(world, str(view.total.gross), actor=actor_of(buyer), cart=cart, view=view)

    assert [place.contract for place in found.places] == [other]
    kept = next(line for line in view.lines if line.pk not in found.split.line_ids)
    assert (found.split.amount, kept.sku) == (Decimal("100.00"), world.skus[0])


# --- block rules beside lines ----------------------------------------------------------------------
def test_rule_without_a_line_tells_what_to_pay() -> None:
    world = make_world()
    make_rule()
    debt = make_debt(world.contract, "500.00")

    found = ways(world, "10.00")

    [payment] = found.payments
    assert [(one.entry_id, one.amount) for one in payment.payables] == [(debt.pk, Decimal("500.00"))]
    assert (found.advance, found.split, payment.payer) == (None, None, world.entity)


def test_rule_and_line_are_both_content_with_one_sum(world: World) -> None:
    CreditLine.objects.update(grace_days=100)
    make_rule()
    make_debt(world.contract, "200.00")
    make_debt(world.contract, "700.00", due_date=date(2026, 12, 10))

    [payment] = ways(world, "600.00").payments  # the rule wants 200, the line 500

    assert [one.amount for one in payment.payables] == [Decimal("200.00"), Decimal("300.00")]


def test_each_firm_pays_its_own(world: World) -> None:
    other = make_contract(make_legal_entity(world.holding, name="ООО «Восток»"))
    make_line(world.holding, 10_000)
    make_debt(other, "300.00")
    make_debt(world.contract, "500.00")
    head = make_person(world.holding, ReadyRole.HEAD, stage=Stage.AUTHORITY)

    found = ways(world, "10.00", actor=actor_of(head)).payments

    assert [(one.payer, one.amount) for one in found] == [
        (world.entity, Decimal("500.00")),
        (other.legal_entity, Decimal("300.00")),
    ]
    assert f"entity={other.legal_entity_id}&" in found[1].address


def test_debts_of_a_firm_out_of_sight_make_no_payment_alone(world: World) -> None:
    other = make_contract(make_legal_entity(world.holding, name="ООО «Восток»"))
    make_line(world.holding, 10_000)
    make_debt(other, "300.00")
    make_debt(world.contract, "500.00")
    head = make_person(world.holding, ReadyRole.HEAD, legal_entities=[world.entity])

    assert ways(world, "10.00", actor=actor_of(head)).payments == ()


def cart_of_two(world: World) -> Any:
    """Of 350,50 with what the line leaves for the first good alone."""
    CreditLine.objects.update(grace_days=100, amount=1070)
    make_debt(world.contract, "850.00", due_date=date(2026, 12, 1))
    cart = make_cart(world.head, world.contract, world.city, {world.skus[0]: 1, world.skus[1]: 1})
    return cart, cart_view(cart, on=TODAY)


def test_part_that_runs_into_the_same_wall_is_not_offered(world: World) -> None:
    cart, view = cart_of_two(world)
    asked = {"cart": cart, "view": view}
    assert ways(world, "350.50", **asked).split.amount == Decimal("100.00")

    make_rule()
    make_debt(make_contract(world.entity, is_default=False), "70.00")

    found = ways(world, "350.50", **asked)
    assert (found.split, found.places) == (None, ())
    assert found.payments[0].amount == Decimal("200.50")  # 70 of it for the rule


def test_part_passes_again_for_whom_the_rule_does_not_hold(world: World) -> None:
    cart, view = cart_of_two(world)
    rule = make_rule()
    second = make_contract(world.entity, is_default=False)
    make_debt(second, "70.00")
    BlockException.objects.create(
        rule=rule, contract=world.contract, valid_until=TODAY, reason="Акт", author=world.administrator
    )

    found = ways(world, "350.50", cart=cart, view=view)

    assert (found.split.amount, found.places) == (Decimal("100.00"), ())
    assert found.payments[0].amount == Decimal("200.50")


# --- the page ------------------------------------------------------------------------------------
def page_of(person: Any, cart: Any, **headers: str) -> str:
    client = Client(headers={name.replace("_", "-"): value for name, value in headers.items()})
    client.force_login(person)
    return client.get(reverse("orders:cart_ways", args=[cart.pk])).content.decode()


def test_page_of_a_cart_tells_reasons_and_buttons(world: World) -> None:
    make_debt(world.contract, "950.00", due_date=date(2126, 12, 1), number="УТ-9")
    cart = make_cart(world.head, world.contract, world.city, {world.skus[0]: 1})

    block = page_of(world.head, cart, HX_Request="true")

    assert "Оплатить 50,00" in block
    assert "УТ-9" in block
    assert "<html" not in block


def test_page_names_documents_of_a_reason(world: World) -> None:
    make_rule()
    make_debt(world.contract, "70.00", due_date=date(2026, 11, 1), number="УТ-7")
    for number in range(21):
        make_debt(make_contract(world.entity, is_default=False), "1.00", number=f"УТ-1{number:02}")
    cart = make_cart(world.head, world.contract, world.city, {world.skus[0]: 1})

    block = page_of(world.head, cart, HX_Request="true")

    assert "Документы: 22" in block
    assert "УТ-7 от 02.11.2026: 70,00" in block
    assert ("УТ-118 от" in block, "Все долги" in block) == (True, True)
    assert "Оплатить 91,00" in block


def test_page_of_a_cart_names_no_debts_to_a_buyer(world: World) -> None:
    make_debt(world.contract, "950.00", due_date=date(2126, 12, 1), number="УТ-9")
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})

    page = page_of(world.buyer, cart)

    assert "Сейчас заказ в кредит не пройдёт" in page
    assert "УТ-9" not in page
    assert "950,00" not in page


def test_cart_that_passes_has_no_block(world: World) -> None:
    cart = make_cart(world.head, world.contract, world.city, {world.skus[0]: 1})

    assert "не пройдёт" not in page_of(world.head, cart, HX_Request="true")
    assert "Заказ пройдёт" in page_of(world.head, cart)
