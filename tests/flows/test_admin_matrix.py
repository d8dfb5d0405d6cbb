"""Every page of the Django admin × every kind of person: only administrators get in."""

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from accounts.models import User
from counterparties.permissions import ReadyRole
from tests.factories import World, make_person, make_user, make_world

pytestmark = pytest.mark.django_db

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def _client(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def _address(model: type[models.Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def _pages(model: type[models.Model]) -> list[str]:
    """The list, a new row, and one row: the first there is, or a number that no row has."""
    row = model._base_manager.order_by("pk").first()
    change = _address(model, "change", row.pk if row else 1)
    return [_address(model, "changelist"), _address(model, "add"), change]


def _refused(world: World) -> dict[str, User | None]:
    return {
        "anonymous": None,
        "buyer": world.buyer,
        "head": world.head,
        "accountant": make_person(world.holding, ReadyRole.ACCOUNTANT),
        "nobody": make_user(),
    }


def test_clients_and_strangers_are_sent_to_sign_in() -> None:
    world = make_world()

    for persona, user in _refused(world).items():
        client = _client(user)
        seen = {page: client.get(page) for model in MODELS for page in _pages(model)}

        assert {answer.status_code for answer in seen.values()} == {302}, persona
        assert {answer["Location"].split("?")[0] for answer in seen.values()} <= {
            reverse("account_login"),
            reverse("admin:login"),
        }, persona


def test_managers_have_no_pages_in_the_admin() -> None:
    world = make_world()
    client = _client(world.manager)

    seen = {page: client.get(page).status_code for model in MODELS for page in _pages(model)}

    assert set(seen.values()) == {403}


def test_administrators_see_every_list_and_row() -> None:
    world = make_world()
    client = _client(world.administrator)

    lists = {model._meta.label: client.get(_address(model, "changelist")).status_code for model in MODELS}
    rows = {
        model._meta.label: client.get(_address(model, "change", row.pk)).status_code
        for model in MODELS
        if (row := model._base_manager.order_by("pk").first()) is not None
    }

    assert set(lists.values()) == {200}, lists
    assert set(rows.values()) == {200}, rows


def test_administrators_add_only_what_may_be_added_by_hand() -> None:
    world = make_world()
    client = _client(world.administrator)
    request = client.get(reverse("admin:index")).wsgi_request

    for model, page in admin.site._registry.items():
        may_add = page.has_add_permission(request)

        assert client.get(_address(model, "add")).status_code == (200 if may_add else 403), model
