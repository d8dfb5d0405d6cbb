"""Rights in the administrator's hands: roles with their matrix, people, stages, managers, logs."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.permissions import Permission, Scope, Stage
from counterparties.models import (
    GrantState,
    HoldingUserObjectPermission,
    Membership,
    Role,
    StageGrant,
)
from counterparties.permissions import ReadyRole
from counterparties.selectors import served_holding_ids
from counterparties.services.merging import holdings_merge
from portal.outbox.models import Job
from tests.factories import (
    AT,
    TODAY,
    World,
    actor_of,
    make_holding,
    make_legal_entity,
    make_manager,
    make_person,
)

MODELS = ("role", "membership", "stagegrant", "holdinguserobjectpermission", "mergerecord")


@pytest.fixture
def browser(world: World) -> Client:
    client = Client()
    client.force_login(world.administrator)
    return client


def url(model: str, page: str, *args: object) -> str:
    return reverse(f"admin:counterparties_{model}_{page}", args=args)


def form_of(client: Client, address: str) -> dict[str, Any]:
    """The form as the browser would send it back unchanged, inlines included."""
    context = client.get(address).context
    data: dict[str, Any] = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if isinstance(value, bool):
                data |= {field.html_name: "on"} if value else {}
            elif isinstance(value, list):
                data[field.html_name] = [str(one) for one in value]
            else:
                data[field.html_name] = "" if value is None else str(value)
    return data


def matrix_of(role: Role) -> dict[str, str]:
    return dict(role.permissions.values_list("permission", "scope"))


# --- roles ---------------------------------------------------------------------------------------
def test_role_page_shows_the_whole_matrix(world: World, browser: Client) -> None:
    role = Role.objects.get(code=ReadyRole.BUYER)

    data = form_of(browser, url("role", "change", role.pk))

    cells = {name.removeprefix("scope_"): value for name, value in data.items() if name.startswith("scope_")}
    assert cells == {
        "order_create": "entities",
        "order_submit": "entities",
        "order_view": "own",
        "document_view": "own",
        "finance_view": "",
        "requisites_edit": "",
        "document_sign": "",
        "people_manage": "",
    }


def test_changed_matrix_works_at_the_next_request(world: World, browser: Client) -> None:
    role = Role.objects.get(code=ReadyRole.BUYER)
    address = url("role", "change", role.pk)
    changes = {"scope_order_view": "holding", "scope_order_submit": "", "scope_document_view": "entities"}

    answer = browser.post(address, form_of(browser, address) | changes)

    assert answer.status_code == 302
    assert matrix_of(role) == {
        "order_create": "entities",
        "order_view": "holding",
        "document_view": "entities",
    }
    actor = actor_of(world.buyer)
    assert not actor.can(Permission.ORDER_SUBMIT)
    assert actor.grants[Permission.ORDER_VIEW].scope == Scope.HOLDING


def test_role_of_a_client_is_made_with_its_matrix(world: World, browser: Client) -> None:
    data = form_of(browser, url("role", "add"))
    data |= {"name": "Кладовщик", "holding": str(world.holding.pk), "scope_order_view": "entities"}

    answer = browser.post(url("role", "add"), data)

    assert answer.status_code == 302
    role = Role.objects.get(name="Кладовщик")
    assert (role.holding, role.code, matrix_of(role)) == (world.holding, "", {"order_view": "entities"})


@pytest.mark.parametrize("scope", ["everything", "OWN", "1"])
def test_unknown_scope_is_refused(world: World, browser: Client, scope: str) -> None:
    role = Role.objects.get(code=ReadyRole.BUYER)
    address, before = url("role", "change", role.pk), matrix_of(role)

    answer = browser.post(address, form_of(browser, address) | {"scope_order_view": scope})

    assert answer.status_code == 200
    assert matrix_of(role) == before


def test_ready_role_is_not_deleted(world: World, browser: Client) -> None:
    role = Role.objects.get(code=ReadyRole.BUYER)

    answer = browser.post(url("role", "delete", role.pk), {"post": "yes"})

    assert answer.status_code == 403
    assert Role.objects.filter(pk=role.pk).exists()


# --- people and stages ---------------------------------------------------------------------------
def test_membership_keeps_legal_entities_as_object_permissions(world: World, browser: Client) -> None:
    second = make_legal_entity(world.holding)
    person = make_person(world.holding, legal_entities=[world.entity])
    address = url("membership", "change", Membership.objects.get(user=person).pk)

    answer = browser.post(address, form_of(browser, address) | {"legal_entities": [str(second.pk)]})

    assert answer.status_code == 302
    assert actor_of(person).legal_entity_ids == {second.pk}


def test_membership_offers_only_the_clients_own(world: World, browser: Client) -> None:
    foreign = Role.objects.create(holding=world.other_holding, name="Чужая")
    address = url("membership", "change", Membership.objects.get(user=world.buyer).pk)
    form = browser.get(address).context["adminform"].form

    answers = [
        browser.post(address, form_of(browser, address) | changes)
        for changes in ({"role": str(foreign.pk)}, {"legal_entities": [str(world.other_entity.pk)]})
    ]

    assert list(form.fields["legal_entities"].queryset) == [world.entity]
    assert foreign not in form.fields["role"].queryset
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Membership.objects.get(user=world.buyer).role.code == ReadyRole.BUYER


def test_stage_given_by_the_administrator_is_granted_at_once(world: World, browser: Client) -> None:
    person = make_person(world.holding, ReadyRole.VIEWER, legal_entities=[world.entity])
    member = Membership.objects.get(user=person)
    address = url("membership", "change", member.pk)
    data = form_of(browser, address) | {
        "stages-TOTAL_FORMS": "1",
        "stages-0-id": "",
        "stages-0-membership": str(member.pk),
        "stages-0-stage": str(int(Stage.FINANCE)),
        "stages-0-legal_entities": [str(world.entity.pk)],
        "stages-0-valid_until": "",
    }

    answer = browser.post(address, data)

    assert answer.status_code == 302
    grant = StageGrant.objects.get(membership=member)
    assert (grant.state, grant.decided_by) == (GrantState.GRANTED, world.administrator)
    assert actor_of(person).grants[Permission.FINANCE_VIEW].legal_entity_ids == {world.entity.pk}


def test_person_is_not_deleted_from_a_client(world: World, browser: Client) -> None:
    member = Membership.objects.get(user=world.buyer)

    answer = browser.post(url("membership", "delete", member.pk), {"post": "yes"})

    assert answer.status_code == 403
    assert Membership.objects.filter(pk=member.pk).exists()


def test_administrator_takes_stages_away_and_the_person_is_told(world: World, browser: Client) -> None:
    grant = StageGrant.objects.get(membership__user=world.head)
    ended = StageGrant.objects.get(membership__user=world.buyer)
    StageGrant.objects.filter(pk=ended.pk).update(state=GrantState.EXPIRED)

    answer = browser.post(
        url("stagegrant", "changelist"),
        {"action": "take_away", "_selected_action": [str(grant.pk), str(ended.pk)]},
        follow=True,
    )

    grant.refresh_from_db()
    ended.refresh_from_db()
    assert (grant.state, ended.state) == (GrantState.REVOKED, GrantState.EXPIRED)
    assert "Отозвано ступеней: 1" in answer.content.decode()
    assert not actor_of(world.head).can(Permission.PEOPLE_MANAGE)
    assert Job.objects.filter(handler__endswith="send_stage_decision").count() == 1


# --- managers ------------------------------------------------------------------------------------
def test_assignment_is_made_and_ended(world: World, browser: Client) -> None:
    newcomer = make_manager()
    data = {"user": str(newcomer.pk), "content_object": str(world.holding.pk)}

    made = browser.post(url("holdinguserobjectpermission", "add"), data)
    twice = browser.post(url("holdinguserobjectpermission", "add"), data)
    served = served_holding_ids(newcomer, on=TODAY)
    row = HoldingUserObjectPermission.objects.get(user=newcomer)
    browser.post(url("holdinguserobjectpermission", "delete", row.pk), {"post": "yes"})

    assert (made.status_code, twice.status_code) == (302, 200)
    assert "уже обслуживает" in twice.content.decode()
    assert served == {world.holding.pk}
    assert served_holding_ids(newcomer, on=TODAY) == frozenset()


def test_assignments_are_listed_by_manager(world: World, browser: Client) -> None:
    answer = browser.get(url("holdinguserobjectpermission", "changelist"), {"manager": str(world.manager.pk)})

    rows = [(row.user, row.content_object) for row in answer.context["cl"].result_list]
    assert rows == [(world.manager, world.holding)]


@pytest.mark.parametrize("person", ["buyer", "administrator_of_nothing"])
def test_only_employees_are_assigned(world: World, browser: Client, person: str) -> None:
    chosen = world.buyer if person == "buyer" else make_person(world.other_holding)

    answer = browser.post(
        url("holdinguserobjectpermission", "add"),
        {"user": str(chosen.pk), "content_object": str(world.holding.pk)},
    )

    assert answer.status_code == 200
    assert not HoldingUserObjectPermission.objects.filter(user=chosen).exists()


# --- lists ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("model", MODELS)
def test_lists_open_for_the_administrator_only(world: World, browser: Client, model: str) -> None:
    people = (browser, *(signed_in(one) for one in (world.manager, world.head)))

    answers = [client.get(url(model, "changelist")).status_code for client in people]

    assert answers == [200, 403, 302]


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("model", ["stagegrant", "mergerecord"])
def test_logs_are_read_only(world: World, browser: Client, model: str) -> None:
    assert browser.get(url(model, "add")).status_code == 403


def queries(client: Client, address: str, assertion: Any) -> int:
    client.get(address)
    with assertion(60) as context:
        assert client.get(address).status_code == 200
    return len(context)


@pytest.mark.parametrize("model", MODELS)
def test_lists_ask_the_database_the_same_however_long(
    world: World, browser: Client, model: str, django_assert_max_num_queries: Any
) -> None:
    address = url(model, "changelist")
    grow(world)
    few = queries(browser, address, django_assert_max_num_queries)
    for _number in range(3):
        grow(world)

    many = queries(browser, address, django_assert_max_num_queries)

    assert many == few


def grow(world: World) -> None:
    """One more of everything that the lists show."""
    holding = make_holding(city=world.city)
    make_legal_entity(holding)
    make_person(holding, ReadyRole.HEAD)
    make_manager(holding)
    Role.objects.create(holding=holding, name="Своя")
    gone = make_holding(city=world.city)
    make_legal_entity(gone)
    holdings_merge(
        actor=actor_of(world.administrator),
        source_id=gone.pk,
        target_id=holding.pk,
        reason="Дубль",
        at=AT,
    )


def test_person_page_asks_the_database_the_same(
    world: World, browser: Client, django_assert_max_num_queries: Any
) -> None:
    member = Membership.objects.get(user=world.head)
    address = url("membership", "change", member.pk)
    few = queries(browser, address, django_assert_max_num_queries)
    for _number in range(3):
        grant = StageGrant.objects.create(
            membership=member,
            stage=Stage.FINANCE,
            state=GrantState.GRANTED,
            requested_at=AT,
            decided_at=AT,
            decided_by=world.administrator,
        )
        grant.legal_entities.set([world.entity])

    many = queries(browser, address, django_assert_max_num_queries)

    assert many == few
