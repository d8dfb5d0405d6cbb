"""Fixtures of the catalogue's tests."""

from collections.abc import Iterator

import pytest
from django.test import Client

from catalog.models import Section
from catalog.selectors import forget_section_trees
from tests.catalog.samples import make_section
from tests.factories import World, make_world


@pytest.fixture(autouse=True)
def fresh_section_trees() -> Iterator[None]:
    """A process keeps the trees of cities for half a minute: longer than a test."""
    forget_section_trees()
    yield
    forget_section_trees()


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
