"""Fixtures of the tests of price lists."""

import pytest

from counterparties.actor import Actor
from documents.models import PriceListProfile
from documents.price_lists.options import ListOptions
from documents.services.price_lists import ListPlace, price_list_create
from tests.documents.price_lists.lists import make_sections
from tests.factories import AT, World, actor_of, make_world


@pytest.fixture
def world(db: None) -> World:
    """The usual world with its goods in sections."""
    made = make_world()
    make_sections(made)
    return made


@pytest.fixture
def buyer(world: World) -> Actor:
    return actor_of(world.buyer)


@pytest.fixture
def profile(world: World, buyer: Actor) -> PriceListProfile:
    place = ListPlace(contract_id=world.contract.pk, city_id=world.city.pk)
    return price_list_create(actor=buyer, place=place, name="Крепёж", options=ListOptions(), at=AT)
