"""What an order's page leaves out for those who lack a right for its legal entity."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Stage
from counterparties.models import Membership, StageGrant
from counterparties.permissions import ReadyRole
from orders.models import Order
from orders.selectors import cart_view
from orders.services import order_confirm, order_submit
from tests.factories import AT, TODAY, World, actor_of, make_cart, make_legal_entity, make_person

PAPERS, MONEY = "Документы", "Оплачено"


@pytest.fixture
def order(world: World) -> Order:
    """A confirmed order of the buyer for the first firm."""
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    order = order_submit(
        actor=actor_of(world.buyer),
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=cart_view(cart, on=TODAY).total.gross,
        at=AT,
    )
    order_confirm(order_id=order.pk, actor=actor_of(world.manager), at=AT)
    return order


def blocks(order: Order, person: User) -> list[bool]:
    """Whether the page shows documents and money."""
    client = Client()
    client.force_login(person)
    page = client.get(reverse("orders:detail", args=[order.pk])).content.decode()
    assert order.number in page
    return [f'<h2 class="section-head-title">{PAPERS}</h2>' in page, f">{MONEY}<" in page]


def test_blocks_come_with_the_stages(world: World, order: Order) -> None:
    people = {
        stage: make_person(world.holding, ReadyRole.VIEWER, stage=stage)
        for stage in (Stage.ORDERS, Stage.DOCUMENTS, Stage.FINANCE)
    }

    seen = {stage: blocks(order, person) for stage, person in people.items()}

    assert seen == {
        Stage.ORDERS: [False, False],
        Stage.DOCUMENTS: [True, False],
        Stage.FINANCE: [True, True],
    }


def test_stage_for_another_firm_shows_nothing_here(world: World, order: Order) -> None:
    second = make_legal_entity(world.holding, name="ООО «Север-2»")
    person = make_person(world.holding, ReadyRole.ACCOUNTANT)
    grant = StageGrant.objects.get(membership=Membership.objects.get(user=person))
    before = blocks(order, person)

    StageGrant.objects.filter(pk=grant.pk).update(is_whole_holding=False)
    grant.legal_entities.set([second])

    assert (before, blocks(order, person)) == ([True, True], [False, False])
