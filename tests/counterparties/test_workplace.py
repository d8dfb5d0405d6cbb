"""In whose name and where a person looks at goods."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from counterparties.models import ClientGroup, Contract, ContractState, LegalEntity, Membership
from counterparties.selectors import Workplace, workplace_for
from counterparties.selectors.actors import memberships_held, memberships_valid
from portal.lib.columns import Columns
from portal.outbox.models import Job
from tests.factories import (
    TODAY,
    World,
    actor_of,
    make_address,
    make_city,
    make_contract,
    make_holding,
    make_legal_entity,
    make_person,
)

pytestmark = pytest.mark.django_db


def place_of(person: User, *, on: date = TODAY) -> Workplace:
    return workplace_for(actor_of(person), legal_entity_id=None, city_id=None, on=on)


def names(entities: Iterable[LegalEntity]) -> list[str]:
    return [entity.name for entity in entities]


def test_choice_of_legal_entities_is_what_the_person_may_see(world: World) -> None:
    second = make_legal_entity(world.holding, name="ООО «Альфа»")
    merged = make_legal_entity(world.holding, name="ООО «Бета»")
    LegalEntity.objects.filter(pk=merged.pk).update(merged_into=world.entity)
    narrow = make_person(world.holding, legal_entities=[second])

    for person in (world.head, world.buyer, narrow, world.other_buyer):
        seen = LegalEntity.objects.visible_to(actor_of(person)).order_by("name", "pk")
        assert names(place_of(person).legal_entities) == names(seen)
    assert names(place_of(world.head).legal_entities) == ["ООО «Альфа»", "ООО «Север»"]
    assert names(place_of(narrow).legal_entities) == ["ООО «Альфа»"]
    assert place_of(world.manager).legal_entities == ()


def test_contract_is_the_default_one_of_those_open_on_the_day(world: World) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(is_default=False)
    newest = make_contract(world.entity, organization=world.organization, is_default=False)
    Contract.objects.filter(pk=newest.pk).update(date=TODAY - timedelta(days=1))
    default = make_contract(world.entity, organization=world.organization)
    ended = TODAY + timedelta(days=1)
    Contract.objects.filter(pk=default.pk).update(valid_until=TODAY)

    assert place_of(world.buyer).contract == default
    assert place_of(world.buyer, on=ended).contract == newest
    Contract.objects.update(state=ContractState.CLOSED)
    assert place_of(world.buyer).contract is None


def test_workplace_is_read_in_one_query_beside_the_cities(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    group = ClientGroup.objects.create(name="Розница")
    world.holding.group = group
    world.holding.save(update_fields=["group"])
    actor = actor_of(world.buyer)

    with django_assert_num_queries(2):
        place = workplace_for(actor, legal_entity_id=None, city_id=None, on=TODAY)
        entity, contract = place.legal_entity, place.contract
        assert entity is not None
        assert contract is not None
        told = (entity.holding.name, entity.holding.group, contract.organization, contract.legal_entity)

    assert told == (world.holding.name, group, world.organization, world.entity)


def test_city_is_that_of_the_legal_entitys_default_address(world: World) -> None:
    far = make_city("Казань")
    closed = make_city("Тула", is_active=False)
    for city, is_default in ((far, False), (closed, True)):
        address = make_address(world.entity, city=city)
        type(address).objects.filter(pk=address.pk).update(is_default=is_default)
    world.address.delete()

    assert place_of(world.buyer).city == far


def test_memberships_held_are_the_valid_ones(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    elsewhere, closed = make_holding("Группа «Восток»"), make_holding("Группа «Запад»")
    for holding, until in ((elsewhere, TODAY), (closed, None)):
        Membership.objects.create(
            user=world.buyer, holding=holding, role=Membership.objects.first().role, valid_until=until
        )
    closed.is_active = False
    closed.save(update_fields=["is_active"])

    with django_assert_num_queries(1):
        held = memberships_held(world.buyer, on=TODAY)
        told = [(one.holding.name, one.role.name) for one in held]

    assert held == list(memberships_valid(TODAY).filter(user=world.buyer).order_by("pk"))
    assert [holding for holding, _role in told] == [world.holding.name, "Группа «Восток»"]
    tomorrow = TODAY + timedelta(days=1)
    assert [one.holding for one in memberships_held(world.buyer, on=tomorrow)] == [world.holding]


def test_columns_refuse_a_model_whose_fields_django_must_read() -> None:
    with pytest.raises(TypeError, match="payload"):
        Columns(Job, "job", first=0)


def test_revoked_membership_counts_at_the_next_page(client: Client, world: World) -> None:
    client.force_login(world.buyer)
    assert world.entity.name in client.get("/catalog/").content.decode()

    Membership.objects.filter(user=world.buyer).update(is_active=False)

    assert world.entity.name not in client.get("/catalog/").content.decode()
