"""First page, choice of the legal entity, the manager's clients, entering as a client."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from counterparties.models import Holding, Membership, Visit
from counterparties.permissions import ReadyRole
from counterparties.services.roles import ready_role
from orders.models import Order
from tests.factories import (
    World,
    make_cart,
    make_contract,
    make_holding,
    make_legal_entity,
    make_manager,
    make_person,
    make_user,
)

HOME = reverse("home")
SWITCH = reverse("counterparties:legal_entity")
CLIENTS = reverse("counterparties:clients")
ACQUIRE = reverse("hijack:acquire")
RELEASE = reverse("hijack:release")


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def client_url(holding: Holding) -> str:
    return reverse("counterparties:client", args=[holding.pk])


# --- home ----------------------------------------------------------------------------------------
def test_home_shows_a_client_his_cart_and_contract(world: World) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})

    page = browser(world.buyer).get(HOME).content.decode()

    assert world.entity.name in page
    assert f"№ {world.contract.number}" in page
    assert "200,00" in page


@pytest.mark.parametrize("person", ["manager", "administrator"])
def test_home_leads_employees_to_their_morning(world: World, person: str) -> None:
    assert browser(getattr(world, person)).get(HOME)["Location"] == reverse("counterparties:morning")


def test_home_tells_a_person_without_a_client_whom_to_ask(world: World) -> None:
    page = browser(make_user()).get(HOME)

    assert page.status_code == 200
    assert "не связаны ни с одним клиентом" in page.content.decode()


def test_home_asks_strangers_to_sign_in() -> None:
    assert Client().get(HOME)["Location"].split("?")[0] == reverse("account_login")


def test_home_of_a_client_without_a_contract_opens(world: World) -> None:
    holding = make_holding(city=world.city)
    make_legal_entity(holding)

    page = browser(make_person(holding)).get(HOME)

    assert page.status_code == 200
    assert "обратитесь к менеджеру" in page.content.decode()


# --- choice of the legal entity ------------------------------------------------------------------
def test_legal_entity_choice_is_kept_for_the_session(world: World) -> None:
    second = make_legal_entity(world.holding, name="ООО «Север-2»")
    make_contract(second)
    client = browser(world.buyer)

    answer = client.post(SWITCH, {"legal_entity": second.pk, "next": reverse("orders:cart")})

    assert answer["Location"] == reverse("orders:cart")
    assert second.name in client.get(HOME).content.decode().split("<h1")[1].split("</h1>")[0]


@pytest.mark.parametrize("choice", ["foreign", "unassigned", "abc", "", "0", "1" + "0" * 20])
def test_legal_entity_of_others_is_not_found(world: World, choice: str) -> None:
    second = make_legal_entity(world.holding, name="ООО «Север-2»")
    person = make_person(world.holding, legal_entities=[world.entity])
    known = {"foreign": world.other_entity.pk, "unassigned": second.pk}
    client = browser(person)

    answer = client.post(SWITCH, {"legal_entity": known.get(choice, choice)})

    assert answer.status_code == 404
    assert "legal_entity_id" not in client.session


def test_legal_entity_choice_is_for_clients(world: World) -> None:
    assert browser(world.manager).post(SWITCH, {"legal_entity": world.entity.pk}).status_code == 403
    assert browser(world.buyer).get(SWITCH).status_code == 405


@pytest.mark.parametrize("name", ["home", "orders:cart", "orders:list", "orders:checkout"])
def test_pages_of_a_client_are_kept_by_nobody(world: World, name: str) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})

    answer = browser(world.buyer).get(reverse(name))

    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")


# --- the manager's clients -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("manager", {"Группа «Север»"}),
        ("other_manager", {"Группа «Юг»"}),
        ("administrator", {"Группа «Север»", "Группа «Юг»"}),
    ],
)
def test_client_list_shows_exactly_those_one_serves(world: World, person: str, seen: set[str]) -> None:
    answer = browser(getattr(world, person)).get(CLIENTS)

    assert {row.name for row in answer.context["clients"]} == seen


@pytest.mark.parametrize(
    ("search", "expected"),
    [("север", 1), ("закупкина", 1), ("inn", 1), ("нет такого", 0), ("\x00", 2), ("я" * 300, 2)],
)
def test_client_list_searches_names_inn_and_people(world: World, search: str, expected: int) -> None:
    wanted = world.entity.inn if search == "inn" else search

    answer = browser(world.administrator).get(CLIENTS, {"q": wanted})

    assert answer.status_code == 200
    assert len(answer.context["clients"]) == expected


@pytest.mark.parametrize(
    ("person", "status"),
    [("manager", 200), ("administrator", 200), ("other_manager", 404), ("buyer", 403), ("head", 403)],
)
def test_client_card_is_shown_to_those_who_serve(world: World, person: str, status: int) -> None:
    assert browser(getattr(world, person)).get(client_url(world.holding)).status_code == status


@pytest.mark.parametrize("person", ["buyer", "head", "other_buyer"])
def test_client_list_is_forbidden_to_clients(world: World, person: str) -> None:
    assert browser(getattr(world, person)).get(CLIENTS).status_code == 403


def test_client_card_shows_requisites_contracts_and_people(world: World) -> None:
    page = browser(world.manager).get(client_url(world.holding)).content.decode()

    for text in (world.entity.inn, world.entity.legal_address, world.contract.number, "Ирина Закупкина"):
        assert text in page


def test_client_card_offers_no_entrance_to_those_who_left(world: World) -> None:
    Membership.objects.filter(user=world.buyer).update(is_active=False)

    answer = browser(world.manager).get(client_url(world.holding))

    may = {person.name: person.may_be_entered for person in answer.context["card"].people}
    assert may == {"Ирина Закупкина": False, "Олег Главный": True}


def test_client_card_leads_into_this_client_also_for_a_person_of_two(world: World) -> None:
    Membership.objects.create(
        user=world.buyer,
        holding=world.other_holding,
        role=ready_role(ReadyRole.HEAD),
        is_whole_holding=True,
    )

    answer = browser(world.administrator).get(client_url(world.other_holding))

    may = {person.user_id: person.may_be_entered for person in answer.context["card"].people}
    start = reverse("counterparties:visit_start", args=[world.other_holding.pk, world.buyer.pk])
    assert may == {world.other_buyer.pk: True, world.buyer.pk: True}
    assert start in answer.content.decode()


@pytest.mark.parametrize("size", [1, 3])
def test_client_card_asks_the_database_the_same(
    world: World, size: int, django_assert_num_queries: Any
) -> None:
    holding = make_holding(city=world.city)
    for _number in range(size):
        make_contract(make_legal_entity(holding))
        make_person(holding, ReadyRole.BUYER)
    client = browser(make_manager(holding))
    client.get(client_url(holding))

    with django_assert_num_queries(19):
        client.get(client_url(holding))


# --- entering as the client ----------------------------------------------------------------------
def enter(client: Client, person: User) -> int:
    return client.post(ACQUIRE, {"user_pk": person.pk, "next": HOME}).status_code


def test_manager_enters_the_cabinet_and_returns(world: World) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    client = browser(world.manager)

    entered = client.post(ACQUIRE, {"user_pk": world.buyer.pk, "next": HOME})
    page = client.get(reverse("orders:cart")).content.decode()
    left = client.post(RELEASE)

    assert entered["Location"] == HOME
    assert "Вы работаете как" in page
    assert "Болт М8х40" in page
    assert left["Location"] == reverse("counterparties:visit", args=[Visit.objects.get().pk])
    assert client.get(left["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("person", "target", "status"),
    [
        ("manager", "buyer", 302),
        ("administrator", "buyer", 302),
        ("other_manager", "buyer", 403),
        ("manager", "other_buyer", 403),
        ("manager", "administrator", 403),
        ("manager", "other_manager", 403),
        ("administrator", "manager", 403),
        ("head", "buyer", 403),
        ("buyer", "manager", 403),
    ],
)
def test_only_those_who_serve_a_client_enter(world: World, person: str, target: str, status: int) -> None:
    client = browser(getattr(world, person))

    assert enter(client, getattr(world, target)) == status
    expected = target if status == 302 else person
    assert int(client.session["_auth_user_id"]) == getattr(world, expected).pk


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_entered_cabinet_closes_when_the_manager_is_dismissed(world: World, change: dict[str, bool]) -> None:
    client = browser(world.manager)
    enter(client, world.buyer)
    User.objects.filter(pk=world.manager.pk).update(**change)

    answer = client.get(reverse("orders:cart"))

    assert (answer.status_code, answer["Location"]) == (302, reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_entered_cabinet_closes_when_the_managers_password_changes(world: World) -> None:
    client = browser(world.manager)
    enter(client, world.buyer)
    world.manager.set_password("another-secret-of-his")
    world.manager.save(update_fields=["password"])

    answer = client.post(RELEASE)

    assert (answer.status_code, answer["Location"]) == (302, reverse("account_login"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "name",
    [
        "account_set_password",
        "account_change_password",
        "account_email",
        "account_reauthenticate",
        "account_reset_password",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_entered_cabinet_has_no_way_to_the_clients_sign_in(world: World, name: str, method: str) -> None:
    client = browser(world.manager)
    enter(client, world.buyer)
    passwords = {"password1": "chosen-by-the-manager", "password2": "chosen-by-the-manager"}
    passwords["visit_person"] = str(world.buyer.pk)

    answer = getattr(client, method)(reverse(name), passwords)

    world.buyer.refresh_from_db()
    assert answer.status_code == 403
    assert not world.buyer.has_usable_password()


def test_entered_cabinet_is_left_and_not_signed_out_of(world: World) -> None:
    """Signing out would leave the manager's own session behind without its browser."""
    client = browser(world.manager)
    enter(client, world.buyer)

    answer = client.post(reverse("account_logout"), {"visit_person": world.buyer.pk})

    assert answer.status_code == 403
    assert int(client.session["_auth_user_id"]) == world.buyer.pk


def test_entering_needs_post(world: World) -> None:
    client = browser(world.manager)

    assert client.get(ACQUIRE, {"user_pk": world.buyer.pk}).status_code == 400
    assert int(client.session["_auth_user_id"]) == world.manager.pk


@pytest.mark.parametrize("user_pk", ["abc", "", "0", "999999999", "1" + "0" * 20, "1\x00"])
def test_entering_as_nobody_is_not_found(world: World, user_pk: str) -> None:
    assert browser(world.manager).post(ACQUIRE, {"user_pk": user_pk}).status_code == 404


def test_leaving_without_having_entered_is_forbidden(world: World) -> None:
    assert browser(world.manager).post(RELEASE).status_code == 403


def test_what_is_done_as_the_client_names_the_manager(world: World) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    client = browser(world.manager)
    enter(client, world.buyer)
    page = client.get(reverse("orders:checkout")).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))

    client.post(
        reverse("orders:checkout"),
        {name: hidden[name] for name in ("cart", "expected_total", "idempotency_key", "visit_person")}
        | {"delivery": "pickup"},
    )

    order = Order.objects.get()
    assert (order.created_by, order.acting_user) == (world.buyer, world.manager)
