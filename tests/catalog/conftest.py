"""Fixtures of the catalogue's tests."""

import pytest
from django.test import Client

from catalog.models import Section
from tests.catalog.samples import make_section
from tests.factories import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def buyer(client: Client, world: World) -> Client:
    """The browser of a client's buyer."""
    client.force_login(world.buyer)
    return client


@pytest.fixture
def section(world: World) -> Section:
    """A section with the three goods of the world."""
    return make_section("Крепёж", goods=list(world.skus))
