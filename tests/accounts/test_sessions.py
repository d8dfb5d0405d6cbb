"""How long sessions last, what ends them, and the letter about a new device."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from accounts.models import User
from portal.outbox.models import Job
from tests.accounts.conftest import PASSWORD, sign_in, with_password
from tests.factories import make_manager, make_person, make_user

pytestmark = pytest.mark.django_db

PAGE = "/accounts/security/"


def is_signed_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("make", "alive", "over"),
    [(make_person, timedelta(minutes=179), timedelta(minutes=181)),
     (make_manager, timedelta(minutes=59), timedelta(minutes=61))],
)  # fmt: skip
def test_idle_session_ends(make: Callable[[], User], alive: timedelta, over: timedelta) -> None:
    client, began = Client(), timezone.now()
    client.force_login(make())
    states = []

    with time_machine.travel(began + alive, tick=False):
        states.append(is_signed_in(client))
    with time_machine.travel(began + alive + over, tick=False):
        states.append(is_signed_in(client))

    assert states == [True, False]


def test_busy_session_ends_after_twelve_hours() -> None:
    client, began = Client(), timezone.now()
    client.force_login(make_person())
    states = []

    for hours in (2, 4, 6, 8, 10, 11.9, 12.1):
        with time_machine.travel(began + timedelta(hours=hours), tick=False):
            states.append(is_signed_in(client))

    assert states == [True] * 6 + [False]


def test_being_there_is_written_once_a_minute() -> None:
    client, began = Client(), timezone.now()
    client.force_login(make_user())
    first = client.session["seen_at"]
    written = []

    for seconds in (50, 70):
        with time_machine.travel(began + timedelta(seconds=seconds), tick=False):
            client.get(PAGE)
            written.append(client.session["seen_at"] != first)

    assert written == [False, True]


def test_session_without_stamps_is_over(person: User) -> None:
    client = Client()
    client.force_login(person)
    session = client.session
    del session["began_at"]
    session.save()

    assert not is_signed_in(client)


# --- what ends sessions at the next request ----------------------------------------------------------
def test_new_password_ends_other_sessions(person: User) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, person.email)
    new = "quite-another-2026"

    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert (is_signed_in(here), is_signed_in(there)) == (True, False)


def test_dismissal_ends_all_sessions(person: User) -> None:
    client = Client()
    sign_in(client, person.email)

    User.objects.filter(pk=person.pk).update(is_active=False)

    assert not is_signed_in(client)


def test_one_session_is_ended_from_another(person: User) -> None:
    here, there = Client(), Client()
    for client in (there, here):
        sign_in(client, person.email)
    other = UserSession.objects.get(session_key=there.session.session_key)

    here.post(f"/accounts/sessions/{other.pk}/end/")

    assert (is_signed_in(here), is_signed_in(there)) == (True, False)


def test_all_other_sessions_are_ended_at_once(person: User) -> None:
    here, *others = [Client() for _ in range(3)]
    for client in (here, *others):
        sign_in(client, person.email)

    here.post("/accounts/sessions/end/")

    assert [is_signed_in(client) for client in (here, *others)] == [True, False, False]


def test_session_of_another_person_cannot_be_ended(person: User) -> None:
    mine, theirs = Client(), Client()
    stranger = with_password(make_user())
    sign_in(mine, person.email)
    sign_in(theirs, stranger.email)
    other = UserSession.objects.get(user=stranger)

    answer = mine.post(f"/accounts/sessions/{other.pk}/end/")

    assert (answer.status_code, is_signed_in(theirs)) == (404, True)


def test_sessions_page_names_browser_and_address(person: User) -> None:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36"})
    sign_in(client, person.email)

    page = client.get("/accounts/sessions/").content.decode()

    assert ("Chrome, Windows" in page, "127.0.0.1" in page, page.count("этот сеанс")) == (True, True, 1)


@pytest.mark.parametrize("page", ["/accounts/security/", "/accounts/sessions/"])
def test_employee_inside_a_cabinet_does_not_see_how_the_client_signs_in(page: str) -> None:
    buyer = make_person()
    manager = make_manager(buyer.memberships.get().holding)
    client = Client()
    client.force_login(manager)
    client.post("/hijack/acquire/", {"user_pk": buyer.pk})

    assert client.get(page).status_code == 403


# --- letters -----------------------------------------------------------------------------------------
def letters() -> list[str]:
    return [job.handler.rpartition(".")[2] for job in Job.objects.order_by("pk")]


def test_first_sign_in_is_no_news(person: User) -> None:
    sign_in(Client(), person.email)

    assert letters() == []


def test_new_device_is_told_once(person: User) -> None:
    sign_in(Client(), person.email)
    new = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/133.0"})

    sign_in(new, person.email)
    new.post("/accounts/logout/")
    sign_in(new, person.email)

    job = Job.objects.get()
    assert (job.handler, job.payload["browser"], job.payload["ip"], job.payload["user_id"]) == (
        "accounts.handlers.send_new_device",
        "Firefox, Linux",
        "127.0.0.1",
        person.pk,
    )


def test_change_of_password_is_told(person: User) -> None:
    client, new = Client(), "quite-another-2026"
    sign_in(client, person.email)

    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert [(job.handler, job.payload["change"]) for job in Job.objects.all()] == [
        ("accounts.handlers.send_security_change", "password_changed")
    ]
