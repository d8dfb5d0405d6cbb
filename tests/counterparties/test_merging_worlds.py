"""Random little worlds, merged and split at random: sums before are sums after, and nobody sees more."""

from decimal import Decimal
from random import Random

import pytest
from django.db import transaction
from guardian.shortcuts import assign_perm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.permissions import Permission
from counterparties.merging_refusals import MergeRefused
from counterparties.models import Contract, LegalEntity, Membership
from counterparties.permissions import ReadyRole
from counterparties.selectors import actor_of_membership
from counterparties.services.merging import entities_merge, holding_split, holdings_merge
from counterparties.services.relocating import Fate
from finance.models import Payment
from orders.models import Order
from tests.counterparties.merging_samples import known_in_1c, make_account, send, strays, totals
from tests.factories import (
    AT,
    TODAY,
    World,
    actor_of,
    make_address,
    make_cart,
    make_contract,
    make_legal_entity,
    make_manager,
    make_person,
    make_world,
)

pytestmark = pytest.mark.django_db


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(min_value=0, max_value=10**6))
def test_sums_stay_and_nobody_sees_more(seed: int) -> None:
    with transaction.atomic():
        chance = Random(seed)
        world = make_world()
        accountants = fill(world, chance)
        before, seen = totals(), {one: finance_of(one) for one in accountants}

        for _number in range(3):
            act(world, chance)

        assert (totals(), strays()) == (before, [])
        for person, entities in seen.items():
            assert finance_of(person) <= {survivor(pk) for pk in entities}
        transaction.set_rollback(True)


def fill(world: World, chance: Random) -> list[User]:
    """Two to three firms in each client with contracts (some alike), carts, orders, payments, ids of 1C."""
    for holding in (world.holding, world.other_holding):
        for _number in range(chance.randint(1, 2)):
            make_legal_entity(holding, inn=chance.choice(["", world.entity.inn]))
    entities = list(LegalEntity.objects.order_by("pk"))
    for number, entity in enumerate(entities):
        if not entity.contracts.exists():
            make_contract(entity, organization=world.organization, number=f"Д-{chance.randint(1, 2)}")
        if chance.random() < 0.6:
            make_address(entity, city=world.city, address=f"ул. Складская, {chance.randint(1, 2)}")
            make_account(entity)
        known_in_1c(entity, f"guid-{number}")
    for entity in entities:
        carts_and_orders(world, entity, chance)
    return [accountant(world, chance) for _number in range(3)]


def carts_and_orders(world: World, entity: LegalEntity, chance: Random) -> None:
    buyer = world.buyer if entity.holding_id == world.holding.pk else world.other_buyer
    contract = Contract.objects.filter(legal_entity=entity).earliest("pk")
    if chance.random() < 0.5:
        order = send(make_cart(buyer, contract, world.city, {world.skus[0]: 1}))
        pay(order, chance)
        order.refresh_from_db()
    if chance.random() < 0.7:
        someone = make_person(entity.holding)
        make_cart(someone, contract, world.city, {world.skus[1]: chance.randint(1, 3)})


def pay(order: Order, chance: Random) -> None:
    Payment.objects.create(
        organization_id=order.organization_id,
        legal_entity_id=order.legal_entity_id,
        contract_id=order.contract_id,
        reference=order.reference,
        amount=Decimal(chance.randint(1, 100)),
        paid_on=TODAY,
        document_number="1",
        recorded_by=make_manager(),
        recorded_at=AT,
    )


def accountant(world: World, chance: Random) -> User:
    """Named for some firms of one client; now and then a person of both."""
    holding = chance.choice([world.holding, world.other_holding])
    own = list(LegalEntity.objects.filter(holding=holding).order_by("pk"))
    person = make_person(
        holding, ReadyRole.ACCOUNTANT, legal_entities=chance.sample(own, chance.randint(1, len(own)))
    )
    if chance.random() < 0.3:
        other = world.other_holding if holding == world.holding else world.holding
        role = Membership.objects.get(user=person).role
        Membership.objects.create(user=person, holding=other, role=role)
        firm = LegalEntity.objects.filter(holding=other).earliest("pk")
        assign_perm("act_for_legal_entity", person, firm)
    return person


def finance_of(person: User) -> frozenset[int]:
    """Firms whose money the person sees, in all his clients."""
    actors = [
        actor_of_membership(member, on=TODAY)
        for member in Membership.objects.filter(user=person, is_active=True, holding__is_active=True)
    ]
    grants = [actor.grants.get(Permission.FINANCE_VIEW) for actor in actors]
    return frozenset().union(*(grant.legal_entity_ids for grant in grants if grant))


def survivor(pk: int) -> int:
    return LegalEntity.objects.get(pk=pk).merged_into_id or pk


def act(world: World, chance: Random) -> None:
    """One merge or split of whatever there is; a refusal is an answer too."""
    entities = list(LegalEntity.objects.in_use().order_by("pk"))
    source, target = chance.sample(entities, 2)
    common = {"actor": actor_of(world.administrator), "reason": "Случай", "at": AT}
    members = Membership.objects.filter(holding=source.holding, is_active=True).order_by("pk")
    # In a world where people only leave, those who are not taken along would be the fewer.
    fates = {member.pk: chance.choice([Fate.STAY, Fate.GO, Fate.BOTH]) for member in members}
    try:
        with transaction.atomic():
            kind = chance.choice(["entities", "entities", "holdings", "split"])
            if kind == "entities":
                entities_merge(
                    source_id=source.pk,
                    target_id=target.pk,
                    requisites_from_source=["phone", "email"],
                    fates=fates,
                    **common,
                )
            elif kind == "holdings":
                holdings_merge(source_id=source.holding_id, target_id=target.holding_id, **common)
            else:
                holding_split(
                    holding_id=source.holding_id,
                    entity_ids=[source.pk],
                    name="Новый",
                    fates=fates,
                    **common,
                )
    except MergeRefused:
        return
