"""S2: a manager in the client's cabinet. What ends it, what is closed in it, what is written down of it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from guardian.shortcuts import remove_perm

from accounts.models import User
from counterparties.models import (
    EntryRefusal,
    Holding,
    Membership,
    Visit,
    VisitAction,
    VisitEnd,
    VisitRefusal,
)
from counterparties.permissions import SERVE_HOLDING
from counterparties.web import visiting
from counterparties.web.impersonation import OWN_SESSION_KEY, VISIT_KEY, is_denied
from orders.models import Cart, CartLine, Order
from tests.factories import World, make_cart, make_manager, make_person, make_world

pytestmark = pytest.mark.django_db

ACQUIRE = reverse("hijack:acquire")
RELEASE = reverse("hijack:release")
CART = reverse("orders:cart")
ADD = reverse("orders:cart_add")
HTMX = {"HX-Request": "true"}
BANNER = 'class="impersonation"'
PASSED_BY = {"counterparties:leave", "hijack:release", "healthz", "readyz", "metrics"}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def inside(world: World) -> Client:
    """The manager's browser in the buyer's cabinet."""
    client = Client()
    client.force_login(world.manager)
    assert client.post(ACQUIRE, {"user_pk": world.buyer.pk}).status_code == 302
    return client


def add(client: Client, world: World, **how: object) -> int:
    """Put one bolt into the cart from a page of the buyer's cabinet."""
    data = {"sku": world.skus[0].pk, "quantity": "1", "visit_person": world.buyer.pk} | how
    return client.post(ADD, data).status_code


# --- what ends a visit -----------------------------------------------------------------------------
def manager_dismissed(world: World, client: Client) -> None:
    User.objects.filter(pk=world.manager.pk).update(is_active=False)


def manager_demoted(world: World, client: Client) -> None:
    User.objects.filter(pk=world.manager.pk).update(is_staff=False)


def client_taken_away(world: World, client: Client) -> None:
    remove_perm(SERVE_HOLDING, world.manager, world.holding)


def manager_password_changed(world: World, client: Client) -> None:
    world.manager.set_password("quite-another-2026")
    world.manager.save(update_fields=["password"])


def manager_session_ended(world: World, client: Client) -> None:
    Session.objects.filter(session_key=client.session[OWN_SESSION_KEY]).delete()


def person_dismissed(world: World, client: Client) -> None:
    User.objects.filter(pk=world.buyer.pk).update(is_active=False)


def person_password_changed(world: World, client: Client) -> None:
    world.buyer.set_password("quite-another-2026")
    world.buyer.save(update_fields=["password"])


def person_made_employee(world: World, client: Client) -> None:
    User.objects.filter(pk=world.buyer.pk).update(is_staff=True)


def membership_closed(world: World, client: Client) -> None:
    Membership.objects.filter(user=world.buyer).update(is_active=False)


def membership_over(world: World, client: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user=world.buyer).update(valid_until=yesterday)


def holding_closed(world: World, client: Client) -> None:
    Holding.objects.filter(pk=world.holding.pk).update(is_active=False)


def consent_withdrawn(world: World, client: Client) -> None:
    Holding.objects.filter(pk=world.holding.pk).update(allows_visits=False)


REVOCATIONS: list[tuple[Callable[[World, Client], None], VisitEnd]] = [
    (manager_dismissed, VisitEnd.EMPLOYEE),
    (manager_demoted, VisitEnd.EMPLOYEE),
    (client_taken_away, VisitEnd.UNASSIGNED),
    (manager_password_changed, VisitEnd.SIGN_IN),
    (manager_session_ended, VisitEnd.SIGN_IN),
    (person_dismissed, VisitEnd.PERSON),
    (person_password_changed, VisitEnd.PERSON),
    (person_made_employee, VisitEnd.PERSON),
    (membership_closed, VisitEnd.PERSON),
    (membership_over, VisitEnd.PERSON),
    (holding_closed, VisitEnd.PERSON),
    (consent_withdrawn, VisitEnd.CONSENT),
]


def end_after(revoke: Callable[[World, Client], None], world: World, client: Client) -> tuple[bool, str]:
    """Revoke and ask for a page: whether the browser still works in a visit, and how the visit ended."""
    revoke(world, client)
    client.get(CART)
    return VISIT_KEY in client.session, Visit.objects.get().end


@pytest.mark.parametrize(("revoke", "end"), REVOCATIONS, ids=[one.__name__ for one, _end in REVOCATIONS])
def test_revocation_ends_the_visit_at_the_next_request(
    world: World, inside: Client, revoke: Callable[[World, Client], None], end: VisitEnd
) -> None:
    assert inside.get(CART).status_code == 200
    revoke(world, inside)

    statuses = [add(inside, world), inside.get(CART).status_code]

    assert statuses[0] == 302
    assert statuses[1] in {302, 403}  # signed out, or the manager in his own name
    assert (VISIT_KEY in inside.session, Visit.objects.get().end) == (False, end)
    assert Cart.objects.count() == 0


@pytest.mark.parametrize(("revoke", "end"), REVOCATIONS, ids=[one.__name__ for one, _end in REVOCATIONS])
def test_without_the_check_no_revocation_would_end_the_visit(
    world: World,
    inside: Client,
    revoke: Callable[[World, Client], None],
    end: VisitEnd,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(visiting, "end_due", lambda *args, **kwargs: None)

    assert end_after(revoke, world, inside)[1] == ""


def test_revocation_sends_a_fragment_away(world: World, inside: Client) -> None:
    consent_withdrawn(world, inside)

    answer = inside.post(ADD, {"visit_person": world.buyer.pk}, headers=HTMX)

    assert answer.status_code == 403
    assert answer["HX-Redirect"] == reverse("counterparties:visit", args=[Visit.objects.get().pk])


# --- time ------------------------------------------------------------------------------------------
def test_busy_visit_ends_after_sixty_minutes(world: World) -> None:
    client, began, statuses = Client(), timezone.now(), []
    with time_machine.travel(began, tick=False):
        client.force_login(world.manager)
        client.post(ACQUIRE, {"user_pk": world.buyer.pk})

    for minutes in (10, 20, 30, 40, 50, 59.9, 60):
        with time_machine.travel(began + timedelta(minutes=minutes), tick=False):
            statuses.append(client.get(CART).status_code)
    with time_machine.travel(began + timedelta(minutes=61), tick=False):
        at_home = client.get(reverse("counterparties:clients")).status_code

    assert statuses == [200] * 6 + [302]
    assert at_home == 200
    visit = Visit.objects.get()
    assert (visit.end, visit.ended_at) == (VisitEnd.TIME, began + timedelta(minutes=60))


def test_idle_visit_ends_after_fifteen_minutes(world: World) -> None:
    client, began, statuses = Client(), timezone.now(), []
    with time_machine.travel(began, tick=False):
        client.force_login(world.manager)
        client.post(ACQUIRE, {"user_pk": world.buyer.pk})

    for minutes in (14.9, 29.8, 44.8):
        with time_machine.travel(began + timedelta(minutes=minutes), tick=False):
            statuses.append(client.get(CART).status_code)

    assert statuses == [200, 200, 302]
    visit = Visit.objects.get()
    assert (visit.end, visit.ended_at) == (VisitEnd.IDLE, began + timedelta(minutes=29.8 + 15))


# --- doors that stay closed ------------------------------------------------------------------------
def test_nobody_enters_from_another_cabinet(world: World, inside: Client) -> None:
    answer = inside.post(ACQUIRE, {"user_pk": world.head.pk, "visit_person": world.buyer.pk})

    assert answer.status_code == 403
    assert int(inside.session["_auth_user_id"]) == world.buyer.pk
    assert Visit.objects.count() == 1
    refused = VisitRefusal.objects.get()
    assert (refused.employee, refused.person, refused.reason) == (
        world.manager, world.head, EntryRefusal.NESTED,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "target", "reason"),
    [
        ("manager", "other_manager", EntryRefusal.STAFF_TARGET),
        ("manager", "administrator", EntryRefusal.STAFF_TARGET),
        ("administrator", "manager", EntryRefusal.STAFF_TARGET),
        ("manager", "other_buyer", EntryRefusal.NOT_SERVED),
        ("head", "buyer", EntryRefusal.NOT_EMPLOYEE),
    ],
)
def test_refused_entrance_is_written_down(world: World, who: str, target: str, reason: EntryRefusal) -> None:
    client = Client()
    client.force_login(getattr(world, who))

    answer = client.post(ACQUIRE, {"user_pk": getattr(world, target).pk})

    assert answer.status_code == 403
    refused = VisitRefusal.objects.get()
    assert (refused.employee, refused.person, refused.reason) == (
        getattr(world, who), getattr(world, target), reason,
    )  # fmt: skip
    assert (refused.request_id, refused.ip) == (answer["X-Request-ID"], "127.0.0.1")
    assert Visit.objects.count() == 0


def test_client_who_forbids_visits_is_not_entered(world: World) -> None:
    consent_withdrawn(world, Client())
    client = Client()
    client.force_login(world.manager)

    assert client.post(ACQUIRE, {"user_pk": world.buyer.pk}).status_code == 403
    assert VisitRefusal.objects.get().reason == EntryRefusal.FORBIDDEN


def test_person_of_two_clients_is_entered_in_the_one_that_is_served(world: World) -> None:
    """The manager serves the second holding only: the first one stays closed, the second opens."""
    Membership.objects.create(
        user=world.buyer, holding=world.other_holding, role=Membership.objects.first().role
    )
    client = Client()
    client.force_login(world.other_manager)

    closed = client.post(ACQUIRE, {"user_pk": world.buyer.pk, "holding": world.holding.pk})
    opened = client.post(ACQUIRE, {"user_pk": world.buyer.pk, "holding": world.other_holding.pk})

    assert (closed.status_code, opened.status_code) == (403, 302)
    assert Visit.objects.get().holding == world.other_holding
    assert client.get(reverse("home")).context["actor"].holding_id == world.other_holding.pk


def addresses() -> Iterator[tuple[str, str]]:
    """Name and path of every address but Django's admin, with made-up arguments."""

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                if pattern.app_name != "admin":
                    name = f"{space}{pattern.namespace}:" if pattern.namespace else space
                    yield from walk(pattern.url_patterns, name)
                continue
            made_up = {"int": 1, "uuid": uuid4(), "str": "a1", "slug": "a1"}
            kwargs = {
                name: made_up.get(type(one).__name__.removesuffix("Converter").lower(), "a1")
                for name, one in pattern.pattern.converters.items()
            }
            if not pattern.name:
                continue
            try:
                yield f"{space}{pattern.name}", reverse(f"{space}{pattern.name}", kwargs=kwargs)
            except NoReverseMatch:  # allauth's link of a forgotten password: a regular expression
                yield f"{space}{pattern.name}", "/accounts/password/reset/key/1-abc/"

    yield from walk(get_resolver().url_patterns, "")


SENSITIVE = {
    "account_change_password", "account_set_password", "account_reset_password", "account_email",
    "account_logout", "account_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_add_webauthn", "mfa_generate_recovery_codes", "accounts:security", "accounts:sessions",
    "accounts:sessions_end", "accounts:session_end", "counterparties:people", "counterparties:person",
    "counterparties:person_deactivate", "counterparties:invite", "counterparties:invitation_resend",
    "counterparties:roles", "counterparties:role_new", "counterparties:stage_request",
    "counterparties:stage_approve", "counterparties:stage_give", "counterparties:preview",
    "counterparties:consents", "counterparties:consent_withdraw", "counterparties:holding",
    "counterparties:access_grant", "counterparties:requisites_edit", "counterparties:account_add",
    "counterparties:visits_allow", "orders:payment",
}  # fmt: skip


def test_closed_addresses_answer_403_and_every_attempt_is_written_down(world: World, inside: Client) -> None:
    closed = {name: path for name, path in addresses() if is_denied(name)}
    closed |= {"admin:index": reverse("admin:index"), "admin:users": "/admin/accounts/user/"}

    seen = {
        name: (
            inside.get(path).status_code,
            inside.post(path, {"visit_person": world.buyer.pk}).status_code,
        )
        for name, path in closed.items()
    }

    assert closed.keys() >= SENSITIVE
    assert {name: statuses for name, statuses in seen.items() if statuses != (403, 403)} == {}
    assert VisitAction.objects.filter(employee=world.manager, person=world.buyer, status=403).count() == len(
        closed
    )


@pytest.mark.parametrize(
    "name",
    ["finance:pay", "finance:payment_start", "documents:sign", "documents:act_sign", "accounts:token_create",
     "counterparties:api_tokens", "people:list", "counterparties:role_copy", "mfa_new_thing"],
)  # fmt: skip
def test_addresses_to_come_are_closed_by_their_words(name: str) -> None:
    assert is_denied(name)


def test_rights_that_do_not_pass_to_the_manager_are_taken_away(world: World) -> None:
    client = Client()
    client.force_login(world.manager)
    client.post(ACQUIRE, {"user_pk": world.head.pk})

    actor = client.get(reverse("home")).context["actor"]

    assert (actor.user_id, actor.impersonator_id) == (world.head.pk, world.manager.pk)
    assert sorted(actor.grants) == [
        "document_view", "finance_view", "order_create", "order_submit", "order_view", "requisites_edit",
    ]  # fmt: skip


# --- what is written down ----------------------------------------------------------------------------
def test_every_changing_request_is_written_down_with_both_ids(world: World, inside: Client) -> None:
    open_ones = {name: path for name, path in addresses() if not is_denied(name) and name not in PASSED_BY}
    sent = 0

    for path in open_ones.values():
        for method in ("post", "put", "patch", "delete"):
            getattr(inside, method)(path, headers={"X-Visit-Person": str(world.buyer.pk)})
            sent += 1

    assert sent > 100
    written = VisitAction.objects.filter(employee=world.manager, person=world.buyer).exclude(request_id="")
    assert (VisitAction.objects.count(), written.count()) == (sent, sent)


def test_what_is_done_names_the_goods(world: World, inside: Client) -> None:
    answer = inside.post(
        ADD, {"sku": world.skus[0].pk, "quantity": "2", "visit_person": world.buyer.pk}, headers=HTMX
    )

    action = VisitAction.objects.get()
    assert (action.what, action.label) == ("Добавлен товар в корзину", "Болт М8х40 × 2")
    assert (action.status, action.url_name) == (200, "orders:cart_add")
    assert action.request_id == answer["X-Request-ID"]


def test_what_cannot_be_written_down_does_not_happen(
    world: World, inside: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(visiting, "visit_action_record", fail)
    inside.raise_request_exception = False

    assert add(inside, world) == 500
    assert CartLine.objects.count() == 0


def test_history_of_an_order_names_both(world: World, inside: Client) -> None:
    add(inside, world)
    page = inside.get(reverse("orders:checkout"))
    form = page.context["form"].initial
    sent = {name: form[name] for name in ("cart", "expected_total", "idempotency_key")}

    inside.post(reverse("orders:checkout"), sent | {"delivery": "pickup", "visit_person": world.buyer.pk})

    order = Order.objects.get()
    history = Order.pgh_event_model.objects.get(pgh_obj=order)
    assert (order.created_by, order.acting_user) == (world.buyer, world.manager)
    assert (history.pgh_context["user"], history.pgh_context["impersonator"]) == (
        world.buyer.pk, world.manager.pk,
    )  # fmt: skip
    assert VisitAction.objects.get(url_name="orders:checkout").label == order.number


# --- the bar, the tabs, the session --------------------------------------------------------------------
def test_bar_stands_on_every_page(world: World, inside: Client) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    product = reverse("catalog:product", args=[world.skus[0].product_id])
    pages, bare = 0, []

    for path in [*dict(addresses()).values(), product, "/nowhere/"]:
        answer = inside.get(path)
        content = answer.getvalue()  # to the end, which closes a file; close() would close the database, too
        is_page = "html" in answer["Content-Type"] and not answer.streaming and content
        is_page = is_page and not path.startswith("/api/")  # for programs: «405» in words at most
        if is_page and answer.status_code != 400:
            pages += 1
            bare += [] if BANNER in content.decode() else [path]

    assert pages > 60
    assert bare == []


def test_bar_tells_client_legal_entity_cart_and_time(world: World, inside: Client) -> None:
    page = inside.get(CART).content.decode()

    bar = page.split(BANNER)[1].split("</form>")[0]
    for text in ("Ирина Закупкина", "ООО «Север»", "Группа «Север»", "Корзина клиента", "data-timer="):
        assert text in bar


@pytest.mark.parametrize("sent", [{}, {"visit_person": ""}, {"visit_person": "other"}])
def test_page_of_another_client_changes_nothing(world: World, inside: Client, sent: dict[str, str]) -> None:
    sent = {name: str(world.other_buyer.pk) if value else "" for name, value in sent.items()}

    answer = inside.post(ADD, {"sku": world.skus[0].pk, "quantity": "1"} | sent)

    assert answer.status_code == 409
    assert Cart.objects.count() == 0
    assert VisitAction.objects.get().status == 409


def test_page_of_a_visit_that_is_over_changes_nothing(world: World, inside: Client) -> None:
    inside.post(RELEASE)

    answer = inside.post(reverse("catalog:city"), {"city": world.city.pk, "visit_person": world.buyer.pk})

    assert answer.status_code == 409
    assert "city_id" not in inside.session


def test_every_form_of_a_page_says_whose_it_is(world: World, inside: Client) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})

    page = inside.get(CART).content.decode()

    forms = [form.split("</form>")[0] for form in page.split("<form")[1:]]
    posts = [form for form in forms if 'method="post"' in form]
    mark = f'name="visit_person" value="{world.buyer.pk}"'
    assert len(posts) >= 4
    assert [form for form in posts if mark not in form] == []
    assert f'"X-Visit-Person": "{world.buyer.pk}"' in page


def test_visit_has_a_session_of_its_own_and_gives_the_managers_back(world: World) -> None:
    client = Client()
    client.force_login(world.manager)
    client.post(reverse("catalog:city"), {"city": world.city.pk})
    own = client.session.session_key

    client.post(ACQUIRE, {"user_pk": world.buyer.pk})
    visiting_key, shares = client.session.session_key, "city_id" in client.session
    left = client.post(RELEASE)

    assert (visiting_key != own, shares) == (True, False)
    assert client.session.session_key == own
    assert client.session["city_id"] == world.city.pk
    assert not Session.objects.filter(session_key=visiting_key).exists()
    assert left["Location"] == reverse("counterparties:visit", args=[Visit.objects.get().pk])
    assert Visit.objects.get().end == VisitEnd.LEFT


def test_session_entered_past_our_door_is_dropped(world: World) -> None:
    client = Client()
    client.force_login(world.buyer)
    session = client.session
    session["hijack_history"] = [str(world.manager.pk)]
    session.save()

    assert client.get(CART)["Location"] == reverse("account_login")
    assert "_auth_user_id" not in client.session


def test_two_visits_of_one_manager_do_not_mix(world: World) -> None:
    manager = make_manager(world.holding, world.other_holding)
    here, there = Client(), Client()
    for client, person in ((here, world.buyer), (there, world.other_buyer)):
        client.force_login(manager)
        client.post(ACQUIRE, {"user_pk": person.pk})

    here.post(RELEASE)

    assert there.get(CART).status_code == 200
    assert sorted(Visit.objects.filter(end="").values_list("person_id", flat=True)) == [world.other_buyer.pk]


def test_colleague_without_the_right_sees_no_visits_of_others(world: World, inside: Client) -> None:
    add(inside, world)
    seen = {}

    for name, person in (
        ("buyer", world.buyer),
        ("head", world.head),
        ("colleague", make_person(world.holding)),
        ("other", world.other_buyer),
    ):
        client = Client()
        client.force_login(person)
        rows = client.get(reverse("counterparties:visits")).context["rows"]
        seen[name] = [action.label for row in rows for action in row.done]

    goods = ["Болт М8х40 × 1"]
    assert seen == {"buyer": goods, "head": goods, "colleague": [], "other": []}
