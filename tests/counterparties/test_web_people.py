"""Pages of people, roles and stages; coming by a link; switching holdings; looking with another's eyes."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, Stage
from counterparties.models import GrantState, Holding, Invitation, Membership, Role, StageGrant
from counterparties.permissions import ReadyRole
from counterparties.services.invitations import Rights, invitation_send, invitation_token
from counterparties.services.people import membership_deactivate
from counterparties.services.roles import ready_role
from counterparties.services.stages import stage_request
from orders.models import CartLine, Order
from portal.lib.dates import MOSCOW
from tests.factories import (
    AT,
    World,
    actor_of,
    make_cart,
    make_contract,
    make_holding,
    make_legal_entity,
    make_person,
)

PEOPLE = reverse("counterparties:people")
INVITE = reverse("counterparties:invite")
ROLES = reverse("counterparties:roles")
RIGHTS = reverse("counterparties:my_rights")
HOLDING = reverse("counterparties:holding")
EMAIL = "anna@dealer.example"
PASSWORD = "длинный-пароль-2026"


def browser(person: User | None = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def member_of(user: User, holding: Holding | None = None) -> Membership:
    found = Membership.objects.filter(user=user)
    return found.get(holding=holding) if holding else found.get()


def address(name: str, *args: object) -> str:
    return reverse(f"counterparties:{name}", args=args)


def invite_fields(**changes: object) -> dict[str, object]:
    usual = {
        "email": EMAIL,
        "role": ready_role(ReadyRole.ACCOUNTANT).pk,
        "whole": "on",
        "stage": Stage.FINANCE.value,
    }
    return usual | changes


def invited(world: World, email: str = EMAIL) -> str:
    rights = Rights(ready_role(ReadyRole.BUYER).pk, None, None, Stage.DOCUMENTS, None)
    invitation = invitation_send(actor=actor_of(world.head), email=email, rights=rights, at=timezone.now())
    return address("invitation", invitation_token(invitation))


def asked(person: User, stage: Stage = Stage.FINANCE) -> StageGrant:
    return stage_request(actor=actor_of(person), stage=stage, reason="Сверка", at=AT)


# --- the list ------------------------------------------------------------------------------------
def test_list_shows_people_with_roles_and_open_carts(world: World) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    make_cart(world.head, world.contract, world.city)
    asked(world.buyer)
    invited(world)

    answer = browser(world.head).get(PEOPLE)

    page = answer.content.decode()
    rows = {row.membership.user.full_name: carts for row, carts in answer.context["people"]}
    assert rows == {"Ирина Закупкина": 1, "Олег Главный": 0}
    for text in ("Закупщик", "Ждут вашего решения", "Сверка", EMAIL, "это вы"):
        assert text in page


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(("page", "queries"), [("people", 16), ("people_log", 11), ("roles", 11)])
def test_people_pages_ask_the_database_the_same(
    world: World, size: int, page: str, queries: int, django_assert_num_queries: Any
) -> None:
    holding = make_holding(city=world.city)
    make_contract(make_legal_entity(holding))
    head = make_person(holding, ReadyRole.HEAD)
    for number in range(size):
        entity = make_legal_entity(holding)
        person = make_person(holding, legal_entities=[entity])
        make_cart(person, make_contract(entity), world.city, {world.skus[0]: 1})
        asked(person)
        Role.objects.create(holding=holding, name=f"Своя {number}")
        rights = Rights(ready_role(ReadyRole.VIEWER).pk, [entity.pk], None, Stage.ORDERS, None)
        email = f"new{number}@dealer.example"
        invitation_send(actor=actor_of(head), email=email, rights=rights, at=AT)
    client = browser(head)
    client.get(address(page))

    with django_assert_num_queries(queries):
        client.get(address(page))


@pytest.mark.parametrize("size", [1, 3])
def test_persons_card_asks_the_database_the_same(
    world: World, size: int, django_assert_num_queries: Any
) -> None:
    for _number in range(size):
        entity = make_legal_entity(world.holding)
        grant = asked(world.buyer, Stage.FINANCE)
        StageGrant.objects.filter(pk=grant.pk).update(
            state=GrantState.GRANTED, decided_at=AT, decided_by=world.head
        )
        grant.legal_entities.set([entity])
        StageGrant.objects.filter(pk=grant.pk).update(stage=Stage.DOCUMENTS)
    client = browser(world.head)
    client.get(address("person", member_of(world.buyer).pk))

    with django_assert_num_queries(23):
        client.get(address("person", member_of(world.buyer).pk))


# --- invitations ---------------------------------------------------------------------------------
def test_head_invites_by_the_form(world: World) -> None:
    answer = browser(world.head).post(INVITE, invite_fields(stage_until="2026-12-31"))

    invitation = Invitation.objects.get()
    assert answer["Location"] == PEOPLE
    assert (invitation.email, invitation.stage, invitation.stage_until) == (
        EMAIL,
        Stage.FINANCE,
        date(2026, 12, 31),
    )


@pytest.mark.parametrize(
    "change",
    [
        {"email": "не почта"},
        {"email": "a@b.example\x00"},
        {"role": "0"},
        {"role": "foreign"},
        {"whole": "", "legal_entities": ["foreign"]},
        {"whole": ""},
        {"stage": "9"},
        {"stage": "9" * 30},
        {"stage_until": "вчера"},
        {"stage_until": "2020-01-01"},
    ],
)
def test_wrong_invitation_is_refused(world: World, change: dict[str, Any]) -> None:
    foreign_role = Role.objects.create(holding=world.other_holding, name="Чужая").pk
    if change.get("role") == "foreign":
        change = {"role": foreign_role}
    if change.get("legal_entities") == ["foreign"]:
        change = change | {"legal_entities": [world.other_entity.pk]}

    answer = browser(world.head).post(INVITE, invite_fields(**change))

    assert answer.status_code == 422
    assert Invitation.objects.count() == 0


def test_extra_fields_of_the_form_raise_nobody(world: World) -> None:
    browser(world.head).post(
        INVITE,
        invite_fields(
            holding=world.other_holding.pk, is_staff="on", is_superuser="on", state="accepted", invited_by=1
        ),
    )
    token = invitation_token(Invitation.objects.get())
    browser().post(
        address("invitation", token),
        {
            "full_name": "Анна",
            "password": PASSWORD,
            "password_again": PASSWORD,
            "email": "boss@dealer.example",
            "is_staff": "on",
            "is_superuser": "on",
            "role": ready_role(ReadyRole.HEAD).pk,
        },
    )

    person = User.objects.get(email=EMAIL)
    assert (person.is_staff, person.is_superuser, person.groups.count()) == (False, False, 0)
    assert (member_of(person).holding, member_of(person).role.code) == (world.holding, "accountant")
    assert not User.objects.filter(email="boss@dealer.example").exists()


def test_new_person_comes_by_the_link_and_is_signed_in(world: World) -> None:
    link, client = invited(world), browser()

    page = client.get(link)
    fields = {"full_name": "Анна Счетова", "password": PASSWORD, "password_again": PASSWORD}
    answer = client.post(link, fields)

    person = User.objects.get(email=EMAIL)
    assert world.holding.name in page.content.decode()
    assert answer["Location"] == reverse("home")
    assert int(client.session[SESSION_KEY]) == person.pk
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    "change",
    [
        {"password": "короткий", "password_again": "короткий"},
        {"password_again": "другой-пароль-2026"},
        {"full_name": ""},
        {"full_name": "\x00"},
        {"password": EMAIL, "password_again": EMAIL},
    ],
)
def test_wrong_acceptance_is_refused(world: World, change: dict[str, str]) -> None:
    fields = {"full_name": "Анна", "password": PASSWORD, "password_again": PASSWORD} | change

    answer = browser().post(invited(world), fields)

    assert answer.status_code == 422
    assert not User.objects.filter(email=EMAIL).exists()
    assert Invitation.objects.get().state == "pending"


def test_known_person_is_asked_to_sign_in_and_joins(world: World) -> None:
    link = invited(world, world.other_buyer.email)

    unsigned = browser().get(link)
    client = browser(world.other_buyer)
    asked_first = client.get(link)
    answer = client.post(link)

    assert f"{reverse('account_login')}?next={link}" in unsigned.content.decode()
    assert "Присоединиться" in asked_first.content.decode()
    assert answer["Location"] == reverse("home")
    assert client.session["holding_id"] == world.holding.pk
    assert world.entity.name in client.get(reverse("home")).content.decode()


def test_link_of_another_person_is_not_ones_own(world: World) -> None:
    link = invited(world)

    for person in (world.buyer, world.other_buyer, world.manager):
        assert browser(person).get(link).status_code == 403
        assert browser(person).post(link).status_code == 403

    assert Invitation.objects.get().state == "pending"


def test_resent_invitation_has_another_link(world: World) -> None:
    link = invited(world)
    client = browser(world.head)

    client.post(address("invitation_resend", Invitation.objects.get().pk))

    assert browser().get(link).status_code == 410
    client.post(address("invitation_revoke", Invitation.objects.get().pk))
    assert Invitation.objects.get().state == "revoked"


# --- a person's card -----------------------------------------------------------------------------
def test_card_changes_role_and_firms(world: World) -> None:
    member = member_of(world.buyer)
    fields = {
        "role": ready_role(ReadyRole.VIEWER).pk,
        "legal_entities": [world.entity.pk],
        "valid_until": "2026-12-31",
    }

    answer = browser(world.head).post(address("person", member.pk), fields)

    member.refresh_from_db()
    assert answer["Location"] == address("person", member.pk)
    assert (member.role.code, member.is_whole_holding, member.valid_until) == (
        "viewer",
        False,
        date(2026, 12, 31),
    )


def test_card_of_oneself_offers_and_takes_no_change(world: World) -> None:
    client, member = browser(world.head), member_of(world.head)
    fields = {"role": ready_role(ReadyRole.HEAD).pk, "whole": "on", "valid_until": ""}
    Membership.objects.filter(pk=member.pk).update(valid_until=date(2027, 1, 1))

    page = client.get(address("person", member.pk)).content.decode()
    answer = client.post(address("person", member.pk), fields)

    member.refresh_from_db()
    assert "Собственные права меняет другой руководитель" in page
    assert answer.status_code == 422
    assert member.valid_until == date(2027, 1, 1)


def test_closing_access_shows_what_goes_and_tells_it(world: World) -> None:
    second = make_legal_entity(world.holding, name="ООО «Север-2»")
    heir = member_of(make_person(world.holding, full_name="Пётр Наследник", legal_entities=[second]))
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    make_cart(world.buyer, make_contract(second), world.city, {world.skus[0]: 2})
    client, link = browser(world.head), address("person_deactivate", member_of(world.buyer).pk)

    shown = client.get(link, {"heir": heir.pk}).content.decode()
    answer = client.post(link, {"heir": heir.pk}, follow=True)

    assert "останется: Пётр Наследник не заказывает на это юрлицо" in shown
    assert "перейдет: Пётр Наследник" in shown
    assert "Корзин передается: 1 из 2." in answer.content.decode()
    assert not member_of(world.buyer).is_active


def test_closed_access_is_closed_at_the_next_request(world: World) -> None:
    client = browser(world.buyer)
    before = client.get(reverse("orders:cart")).status_code
    membership_deactivate(
        actor=actor_of(world.head),
        membership_id=member_of(world.buyer).pk,
        heir_membership_id=None,
        at=AT,
    )

    assert (before, client.get(reverse("orders:cart")).status_code) == (200, 403)
    browser(world.head).post(address("person_reactivate", member_of(world.buyer).pk))
    assert client.get(reverse("orders:cart")).status_code == 200


# --- stages --------------------------------------------------------------------------------------
def test_request_is_approved_for_one_firm_until_a_date(world: World) -> None:
    second = make_legal_entity(world.holding, name="ООО «Север-2»")
    browser(world.buyer).post(
        address("stage_request"), {"stage": Stage.FINANCE.value, "reason": "Сверка с бухгалтерией"}
    )
    grant = StageGrant.objects.get(state=GrantState.REQUESTED)
    head = browser(world.head)

    shown = head.get(address("person", member_of(world.buyer).pk)).content.decode()
    head.post(
        address("stage_approve", grant.pk), {"legal_entities": [second.pk], "valid_until": "2026-12-31"}
    )

    grant.refresh_from_db()
    finance = actor_of(world.buyer).grants[Permission.FINANCE_VIEW]
    assert "Сверка с бухгалтерией" in shown
    assert (grant.state, grant.valid_until, grant.decided_by) == (
        GrantState.GRANTED,
        date(2026, 12, 31),
        world.head,
    )
    assert finance.legal_entity_ids == {second.pk}
    assert "по 31.12.2026" in browser(world.buyer).get(RIGHTS).content.decode()


def test_request_is_declined_with_a_reason(world: World) -> None:
    grant, client = asked(world.buyer), browser(world.head)

    client.post(address("stage_decline", grant.pk), {"answer": ""})
    still = StageGrant.objects.get(pk=grant.pk).state
    client.post(address("stage_decline", grant.pk), {"answer": "Не нужно"})

    grant.refresh_from_db()
    assert (still, grant.state, grant.answer) == (GrantState.REQUESTED, GrantState.DECLINED, "Не нужно")


@pytest.mark.parametrize("name", ["stage_approve", "stage_decline", "stage_revoke"])
def test_own_request_cannot_be_decided_by_oneself(world: World, name: str) -> None:
    make_legal_entity(world.holding, name="ООО «Север-2»")
    lesser = make_person(world.holding, ReadyRole.HEAD, legal_entities=[world.entity])
    grant = asked(lesser, Stage.AUTHORITY)

    browser(lesser).post(address(name, grant.pk), {"whole": "on", "answer": "да"})

    assert StageGrant.objects.get(pk=grant.pk).state == GrantState.REQUESTED


def test_revoked_stage_is_closed_at_the_next_request(world: World) -> None:
    keeper = make_person(world.holding, ReadyRole.HEAD)
    client = browser(keeper)
    before = client.get(PEOPLE).status_code

    browser(world.head).post(
        address("stage_revoke", StageGrant.objects.get(membership__user=keeper).pk), {"answer": ""}
    )

    assert (before, client.get(PEOPLE).status_code) == (200, 403)
    assert "Сотрудники</a>" not in client.get(reverse("home")).content.decode()


def test_stage_ends_with_its_date_without_any_job(world: World) -> None:
    keeper = make_person(world.holding, ReadyRole.HEAD)
    StageGrant.objects.filter(membership__user=keeper).update(valid_until=date(2026, 12, 31))
    statuses = []

    for moment in (datetime(2026, 12, 31, 23, 59, tzinfo=MOSCOW), datetime(2027, 1, 1, tzinfo=MOSCOW)):
        with time_machine.travel(moment, tick=False):
            statuses.append(browser(keeper).get(PEOPLE).status_code)

    assert statuses == [200, 403]


@pytest.mark.parametrize("stage", ["0", "1", "9", "x", "3\x00"])
def test_unknown_stage_is_not_asked_for(world: World, stage: str) -> None:
    browser(world.buyer).post(address("stage_request"), {"stage": stage, "reason": "Нужно"})

    assert StageGrant.objects.filter(state=GrantState.REQUESTED).count() == 0


# --- roles ---------------------------------------------------------------------------------------
def test_own_role_is_made_changed_and_removed(world: World) -> None:
    client = browser(world.head)

    made = client.post(address("role_new"), {"name": "Логист", "sample": ready_role(ReadyRole.RECEIVER).pk})
    role = Role.objects.get(name="Логист")
    changed = client.post(
        address("role", role.pk),
        {"name": "Логист", "first_stage": "1", "order_view": "holding", "client_serve": "holding"},
    )

    scopes = dict(role.permissions.values_list("permission", "scope"))
    assert made["Location"] == address("role", role.pk)
    assert changed["Location"] == ROLES
    assert scopes == {"order_view": "holding"}
    client.post(address("role_remove", role.pk))
    assert not Role.objects.filter(pk=role.pk).exists()


@pytest.mark.parametrize("kind", ["ready", "foreign"])
def test_ready_and_foreign_roles_have_no_page_to_change(world: World, kind: str) -> None:
    foreign = Role.objects.create(holding=world.other_holding, name="Чужая")
    role = foreign if kind == "foreign" else ready_role(ReadyRole.BUYER)
    client = browser(world.head)

    before = set(role.permissions.values_list("permission", "scope"))
    statuses = [
        client.get(address("role", role.pk)).status_code,
        client.post(address("role", role.pk), {"name": "Моя", "first_stage": "4"}).status_code,
        client.post(address("role_remove", role.pk)).status_code,
    ]

    assert statuses == [404, 404, 404]
    assert set(role.permissions.values_list("permission", "scope")) == before


# --- several holdings ----------------------------------------------------------------------------
def in_both(world: World) -> User:
    person = make_person(world.holding)
    Membership.objects.create(
        user=person,
        holding=world.other_holding,
        role=ready_role(ReadyRole.BUYER),
        is_whole_holding=True,
    )
    return person


def test_person_switches_between_holdings_without_signing_out(world: World) -> None:
    client = browser(in_both(world))
    first = client.get(reverse("home")).content.decode()

    answer = client.post(HOLDING, {"holding": world.other_holding.pk})
    second = client.get(reverse("home")).content.decode()

    assert answer["Location"] == reverse("home")
    assert [world.entity.name in page for page in (first, second)] == [True, False]
    assert world.other_entity.name in second


def test_switch_leaves_carts_alone(world: World) -> None:
    person = in_both(world)
    cart = make_cart(person, world.contract, world.city, {world.skus[0]: 2})
    client = browser(person)

    client.post(HOLDING, {"holding": world.other_holding.pk})
    foreign = client.post(reverse("orders:cart_clear", args=[cart.pk])).status_code
    client.post(HOLDING, {"holding": world.holding.pk})

    assert foreign == 404
    assert CartLine.objects.filter(cart=cart).count() == 1
    assert "Болт М8х40" in client.get(reverse("orders:cart")).content.decode()


@pytest.mark.parametrize("choice", ["foreign", "left", "abc", "", "0", "9" * 20])
def test_holding_of_others_is_not_found(world: World, choice: str) -> None:
    person = in_both(world)
    third = make_holding(city=world.city)
    Membership.objects.filter(user=person, holding=world.other_holding).update(is_active=False)
    known = {"foreign": third.pk, "left": world.other_holding.pk}
    client = browser(person)

    answer = client.post(HOLDING, {"holding": known.get(choice, choice)})

    assert answer.status_code == 404
    assert "holding_id" not in client.session


def test_left_holding_falls_back_to_the_other(world: World) -> None:
    person = in_both(world)
    client = browser(person)
    client.post(HOLDING, {"holding": world.other_holding.pk})

    Membership.objects.filter(user=person, holding=world.other_holding).update(is_active=False)

    assert world.entity.name in client.get(reverse("home")).content.decode()


# --- as this person sees it ----------------------------------------------------------------------
def looking(world: World, person: User | None = None) -> Client:
    client = browser(world.head)
    client.post(address("preview", member_of(person or world.buyer).pk))
    return client


def test_preview_shows_what_the_person_sees(world: World) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    client = looking(world)

    page = client.get(reverse("orders:cart")).content.decode()

    assert "Так портал видит <b>Ирина Закупкина</b>" in page
    assert "Болт М8х40" in page
    assert client.get(PEOPLE).status_code == 403
    client.post(address("preview_leave"))
    assert client.get(PEOPLE).status_code == 200


def test_preview_changes_nothing(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    line = cart.lines.get()
    client = looking(world)
    posts: list[tuple[str, dict[str, object]]] = [
        (reverse("orders:cart_clear", args=[cart.pk]), {}),
        (reverse("orders:cart_line", args=[line.pk]), {"quantity": "5"}),
        (reverse("orders:cart_add"), {"sku": world.skus[1].pk, "quantity": "1"}),
        (reverse("orders:checkout"), {"cart": cart.pk}),
        (address("legal_entity"), {"legal_entity": world.entity.pk}),
        (address("stage_request"), {"stage": "3", "reason": "Нужно"}),
        (address("holding"), {"holding": world.holding.pk}),
        (INVITE, invite_fields()),
        (reverse("account_logout"), {}),
    ]

    statuses = [client.post(path, fields).status_code for path, fields in posts]

    assert statuses == [403] * len(posts)
    assert [(one.sku_id, one.quantity) for one in CartLine.objects.all()] == [(world.skus[0].pk, 2)]
    assert (Order.objects.count(), Invitation.objects.count()) == (0, 0)
    assert client.put(reverse("home")).status_code == 403


@pytest.mark.parametrize("kind", ["oneself", "foreign", "above", "dismissed"])
def test_preview_of_others_is_not_found(world: World, kind: str) -> None:
    make_legal_entity(world.holding, name="ООО «Север-2»")
    lesser = make_person(world.holding, ReadyRole.HEAD, legal_entities=[world.entity])
    dismissed = make_person(world.holding, legal_entities=[world.entity])
    Membership.objects.filter(user=dismissed).update(is_active=False)
    seen = {"oneself": lesser, "foreign": world.other_buyer, "above": world.head, "dismissed": dismissed}
    client = browser(lesser)

    assert client.post(address("preview", member_of(seen[kind]).pk)).status_code == 404
    assert "preview_membership_id" not in client.session


def ends_with_the_persons_access(world: World) -> None:
    Membership.objects.filter(user=world.buyer).update(is_active=False)


def ends_with_the_heads_stage(world: World) -> None:
    StageGrant.objects.filter(membership__user=world.head).update(state=GrantState.REVOKED)


@pytest.mark.parametrize("loss", [ends_with_the_persons_access, ends_with_the_heads_stage])
def test_preview_ends_at_the_next_request_after_the_loss(world: World, loss: Callable[[World], None]) -> None:
    client = looking(world)
    before = client.get(reverse("home")).content.decode()

    loss(world)
    after = client.get(reverse("home")).content.decode()

    assert ["Так портал видит" in page for page in (before, after)] == [True, False]
    assert "preview_membership_id" not in client.session
