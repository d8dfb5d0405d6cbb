"""What the administrator only looks at. Roles: test_admin_rights.py."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import World


@pytest.fixture
def admin(world: World) -> Client:
    client = Client()
    client.force_login(world.administrator)
    return client


@pytest.mark.parametrize("model", ["stagegrant", "invitation"])
def test_decisions_are_not_made_in_the_admin(world: World, admin: Client, model: str) -> None:
    assert admin.get(reverse(f"admin:counterparties_{model}_changelist")).status_code == 200
    assert admin.get(reverse(f"admin:counterparties_{model}_add")).status_code == 403
