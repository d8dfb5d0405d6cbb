"""What monitoring is told, and who may hear it."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from catalog.services import index_refresh
from tests.factories import World, make_world

pytestmark = pytest.mark.django_db

TOKEN = "scraper-token-of-the-test"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def told(client: Client, token: str) -> tuple[int, dict[str, float]]:
    answer = client.get(reverse("metrics"), headers={"Authorization": f"Bearer {token}"})
    lines = [line.split(" ") for line in answer.content.decode().splitlines() if line.startswith("portal_")]
    return answer.status_code, {name: float(value) for name, value in lines} if lines else {}


def test_metrics_tell_the_index_of_the_process_and_its_lag(
    client: Client, world: World, settings: Settings
) -> None:
    settings.METRICS_TOKEN, settings.CATALOG_INDEX_INLINE = TOKEN, False
    index_refresh()
    client.force_login(world.buyer)
    client.get(reverse("catalog:index"))

    status, gauges = told(client, TOKEN)

    assert status == 200
    assert gauges["portal_catalog_index_goods"] == 3
    assert gauges["portal_catalog_index_bytes"] > 0
    assert gauges["portal_catalog_index_lag_seconds"] == 0


@pytest.mark.parametrize(("configured", "brought"), [(TOKEN, "another"), (TOKEN, ""), ("", "")])
def test_metrics_are_not_for_everybody(
    client: Client, world: World, settings: Settings, configured: str, brought: str
) -> None:
    settings.METRICS_TOKEN = configured

    assert told(client, brought) == (403, {})
