"""Row history carries who did it, who entered in his name, and in which request."""

from collections.abc import Callable

import pytest
import structlog
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import ProgrammingError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from portal.audit.admin import TrackedAdmin
from portal.audit.middleware import AuditContextMiddleware, RequestIdMiddleware, client_ip
from portal.audit.selectors import FieldChange, history_for, history_of
from portal.lib.trace import Trace, current_trace, traced

User = get_user_model()
View = Callable[[HttpRequest], HttpResponse]


def person(email: str, full_name: str = "Анна Белова") -> "User":
    return User.objects.create(email=email, full_name=full_name)


def contexts(user: "User") -> list[dict[str, object] | None]:
    rows = User.pgh_event_model.objects.filter(pgh_obj_id=user.pk).order_by("pgh_id")
    return list(rows.values_list("pgh_context", flat=True))


def served(
    view: View, *, user: "User | None", hijackers: tuple[int, ...] = (), **headers: str
) -> HttpResponse:
    """Let a request pass both middlewares, as a signed-in person or as a visitor without a session."""
    request = RequestFactory().post("/orders/", headers=headers, REMOTE_ADDR="10.0.0.5")

    def sign_in(request: HttpRequest) -> HttpResponse:
        if user is not None:
            request.COOKIES["sessionid"] = "abc"
            request.session = {"hijack_history": [str(pk) for pk in hijackers]}
            request.user = user
        return AuditContextMiddleware(view)(request)

    return RequestIdMiddleware(sign_in)(request)


@pytest.mark.django_db
def test_bulk_update_in_a_request_names_actor_and_impersonator() -> None:
    client, manager, colleague = person("a@example.com"), person("m@example.com"), person("c@example.com")

    def view(request: HttpRequest) -> HttpResponse:
        User.objects.filter(pk__in=[client.pk, colleague.pk]).update(
            full_name=Concat(F("full_name"), Value("!"))
        )
        return HttpResponse()

    response = served(view, user=client, hijackers=(manager.pk,))

    expected = {
        "user": client.pk,
        "impersonator": manager.pk,
        "request_id": response["X-Request-ID"],
        "ip": "10.0.0.5",
        "path": "/orders/",
    }
    assert contexts(client) == [None, expected]
    assert contexts(colleague) == [None, expected]


@pytest.mark.django_db
def test_impersonator_is_the_first_of_a_chain() -> None:
    client = person("a@example.com")

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(current_trace().impersonator_id))

    assert served(view, user=client, hijackers=(7, 8)).content == b"7"


@pytest.mark.django_db
def test_visitor_without_session_leaves_only_the_request() -> None:
    client = person("a@example.com")

    def view(request: HttpRequest) -> HttpResponse:
        client.full_name = "Анна Чёрная"
        client.save()
        return HttpResponse()

    response = served(view, user=None)

    assert contexts(client)[1] == {
        "request_id": response["X-Request-ID"],
        "ip": "10.0.0.5",
        "path": "/orders/",
    }


@pytest.mark.django_db(transaction=True)
def test_context_ends_with_the_request_on_a_pooled_connection() -> None:
    """PgBouncer hands the connection to somebody else: the setting must not outlive its transaction."""
    client = person("a@example.com")

    with traced(Trace(user_id=client.pk)):
        User.objects.filter(pk=client.pk).update(full_name="Вера Белова")

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pghistory.context_metadata', true)")
        left = cursor.fetchone()
    User.objects.filter(pk=client.pk).update(full_name="Глеб Белов")
    assert left in [(None,), ("",)]
    assert contexts(client) == [None, {"user": client.pk}, None]


@pytest.mark.django_db(transaction=True)
def test_hand_made_sql_in_the_same_transaction_is_recorded_too() -> None:
    client = person("a@example.com")

    with traced(Trace(user_id=client.pk)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET full_name = %s WHERE id = %s", ["Вера Белова", client.pk])

    assert contexts(client) == [None, {"user": client.pk}]


@pytest.mark.django_db
def test_inner_trace_holds_inside_its_block_only() -> None:
    client = person("a@example.com")

    with traced(Trace(request_id="r-1", ip="10.0.0.5")):
        with traced(Trace(request_id="r-1", user_id=41)):
            User.objects.filter(pk=client.pk).update(full_name="1")
            inner_log = structlog.contextvars.get_contextvars()
        User.objects.filter(pk=client.pk).update(full_name="2")
        outer_log = structlog.contextvars.get_contextvars()

    assert contexts(client)[1:] == [
        {"request_id": "r-1", "user": 41},
        {"request_id": "r-1", "ip": "10.0.0.5"},
    ]
    assert inner_log == {"request_id": "r-1", "user": 41}
    assert outer_log == {"request_id": "r-1"}
    assert structlog.contextvars.get_contextvars() == {}
    assert current_trace() == Trace()


@pytest.mark.django_db
def test_history_refuses_to_be_changed() -> None:
    client = person("a@example.com")
    history = User.pgh_event_model.objects.filter(pgh_obj_id=client.pk)

    with pytest.raises(ProgrammingError), transaction.atomic():
        history.update(full_name="Никто")
    with pytest.raises(ProgrammingError), transaction.atomic():
        history.delete()

    assert list(history.values_list("full_name", flat=True)) == ["Анна Белова"]


@pytest.mark.django_db(transaction=True)
def test_history_tells_who_changed_what() -> None:
    manager = person("m@example.com", "Мария Котова")
    with traced(
        Trace(user_id=manager.pk, impersonator_id=manager.pk, request_id="r-1", job="catalog.handlers.x#1")
    ):
        client = person("a@example.com")
    User.objects.filter(pk=client.pk).update(full_name="Анна Чёрная", is_staff=True)
    pk = client.pk
    client.delete()

    lines = history_of(User, pk)

    assert [(line.action, line.user, line.impersonator, line.request_id, line.job) for line in lines] == [
        ("удалено", "", "", "", ""),
        ("изменено", "", "", "", ""),
        ("создано", str(manager), str(manager), "r-1", "catalog.handlers.x#1"),
    ]
    assert [line.changes for line in lines[:2]] == [
        (),
        (
            FieldChange(field="Имя", before="Анна Белова", after="Анна Чёрная"),
            FieldChange(field="Сотрудник поставщика", before="нет", after="да"),
        ),
    ]
    assert FieldChange(field="Эл. почта", before="", after="a@example.com") in lines[2].changes


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [1, 3])
def test_history_takes_two_queries(django_assert_num_queries: Callable[..., object], changes: int) -> None:
    client = person("a@example.com")
    with traced(Trace(user_id=client.pk)):
        for number in range(changes):
            User.objects.filter(pk=client.pk).update(full_name=str(number))

    with django_assert_num_queries(2):
        lines = history_for(client)

    assert len(lines) == changes + 1


@pytest.mark.django_db
def test_history_with_a_limit_still_compares_the_oldest_line() -> None:
    client = person("a@example.com")
    User.objects.filter(pk=client.pk).update(full_name="Анна Чёрная")

    (line,) = history_for(client, limit=1)

    assert line.changes == (FieldChange(field="Имя", before="Анна Белова", after="Анна Чёрная"),)


@pytest.mark.django_db
def test_admin_shows_the_history_of_a_row(rf: RequestFactory) -> None:
    boss = User.objects.create(email="boss@example.com", full_name="Борис", is_staff=True, is_superuser=True)
    with traced(Trace(user_id=boss.pk, request_id="r-77")):
        client = person("a@example.com")
    request = rf.get("/admin/")
    request.user = boss

    response = TrackedAdmin(User, admin.site).history_view(request, str(client.pk))

    assert response.template_name == "admin/audit/history.html"
    assert [line.request_id for line in response.context_data["lines"]] == ["r-77"]


@pytest.mark.parametrize(
    ("proxies", "given", "is_kept"),
    [
        (0, "3f2504e04f8911d3", False),
        (1, "3f2504e04f8911d3", True),
        (1, "short", False),
        (1, "two words, one line", False),
        (1, "x" * 65, False),
    ],
)
def test_request_id_is_taken_from_our_proxy_only(
    settings: Settings, proxies: int, given: str, is_kept: bool
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    response = served(lambda request: HttpResponse(), user=None, **{"X-Request-ID": given})

    assert (response["X-Request-ID"] == given) is is_kept
    assert len(response["X-Request-ID"]) >= 16


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.2.3.4", "10.0.0.5"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (1, "", "10.0.0.5"),
    ],
)
def test_address_is_what_our_proxy_saw(
    settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.0.0.5")

    assert client_ip(request) == address
