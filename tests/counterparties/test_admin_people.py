"""Roles in the administrator's hands."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.permissions import Permission
from counterparties.models import Role, RolePermission
from counterparties.permissions import ReadyRole
from counterparties.services.roles import ready_role
from tests.factories import World, actor_of


def role_url(role: Role) -> str:
    return reverse("admin:counterparties_role_change", args=[role.pk])


@pytest.fixture
def admin(world: World) -> Client:
    client = Client()
    client.force_login(world.administrator)
    return client


def test_administrator_changes_a_ready_role_for_all(world: World, admin: Client) -> None:
    role = ready_role(ReadyRole.BUYER)
    cells = list(RolePermission.objects.filter(role=role).order_by("pk"))
    fields: dict[str, object] = {
        "name": "Закупщик",
        "first_stage": 1,
        "permissions-TOTAL_FORMS": len(cells),
        "permissions-INITIAL_FORMS": len(cells),
    }
    for number, cell in enumerate(cells):
        fields |= {
            f"permissions-{number}-id": cell.pk,
            f"permissions-{number}-role": role.pk,
            f"permissions-{number}-permission": cell.permission,
            f"permissions-{number}-scope": "holding",
        }

    answer = admin.post(role_url(role), fields)

    assert answer.status_code == 302
    assert {grant.scope for grant in actor_of(world.buyer).grants.values()} == {"holding"}


def test_own_role_of_a_client_is_only_looked_at(world: World, admin: Client) -> None:
    role = Role.objects.create(holding=world.holding, name="Логист")
    RolePermission.objects.create(role=role, permission=Permission.ORDER_VIEW, scope="own")

    page = admin.get(role_url(role))
    answer = admin.post(role_url(role), {"name": "Другая", "first_stage": 4})

    role.refresh_from_db()
    assert (page.status_code, answer.status_code) == (200, 403)
    assert (role.name, role.permissions.get().scope) == ("Логист", "own")


@pytest.mark.parametrize("model", ["stagegrant", "invitation"])
def test_decisions_are_not_made_in_the_admin(world: World, admin: Client, model: str) -> None:
    assert admin.get(reverse(f"admin:counterparties_{model}_changelist")).status_code == 200
    assert admin.get(reverse(f"admin:counterparties_{model}_add")).status_code == 403
