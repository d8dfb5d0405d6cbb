"""Who must have a second step reaches nothing before it is set up."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.services import second_factor_reset
from counterparties.permissions import ReadyRole
from portal.environment import Environment
from tests.accounts.conftest import with_password
from tests.factories import make_holding, make_manager, make_person, make_user

pytestmark = pytest.mark.django_db

SECURITY = "/accounts/security/"
STAFF_PAGES = ("/", "/staff/clients/", "/orders/", "/catalog/", "/admin/", "/admin/accounts/user/")
ALL = frozenset({"managers", "administrators", "heads"})


@pytest.fixture(autouse=True)
def policy(settings: Settings) -> None:
    settings.MFA_REQUIRED_FOR = ALL


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def administrator(db: None) -> User:
    return make_user("Администратор", is_staff=True, is_superuser=True)


@pytest.mark.parametrize("page", STAFF_PAGES)
def test_staff_without_second_step_reach_no_page(page: str, administrator: User) -> None:
    for user in (make_manager(make_holding()), administrator):
        answer = browser_of(user).get(page)

        assert (answer.status_code, answer["Location"]) == (302, SECURITY)


def test_head_without_second_step_is_sent_to_set_up_and_a_buyer_is_not() -> None:
    holding = make_holding()

    answers = [
        browser_of(make_person(holding, role)).get("/catalog/") for role in (ReadyRole.HEAD, ReadyRole.BUYER)
    ]

    assert [answer.status_code for answer in answers] == [302, 200]


def test_post_without_second_step_changes_nothing(administrator: User) -> None:
    answer = browser_of(administrator).post(
        reverse("admin:accounts_user_add"), {"email": "new@dealer.example", "full_name": "Новый"}
    )

    assert (answer.status_code, User.objects.filter(email="new@dealer.example").exists()) == (302, False)


def test_fragment_without_second_step_tells_the_browser_to_go(administrator: User) -> None:
    answer = browser_of(administrator).get("/catalog/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (403, SECURITY)


def test_second_step_opens_the_pages(administrator: User) -> None:
    TOTP.activate(administrator, generate_totp_secret())

    assert browser_of(administrator).get("/admin/").status_code == 200


def test_recovery_codes_alone_are_no_second_step(administrator: User) -> None:
    RecoveryCodes.activate(administrator)

    assert browser_of(administrator).get("/admin/").status_code == 302


def test_set_up_pages_stay_open(administrator: User) -> None:
    with_password(administrator)
    client = browser_of(administrator)

    seen = {address: client.get(address).status_code for address in (SECURITY, "/accounts/reauthenticate/")}
    client.post("/accounts/reauthenticate/", {"password": "right-password-2026"})

    assert seen == {SECURITY: 200, "/accounts/reauthenticate/": 200}
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


@pytest.mark.parametrize(("asked", "status"), [(frozenset(), 200), (frozenset({"heads"}), 200), (ALL, 302)])
def test_policy_names_whom_it_asks(
    asked: frozenset[str], status: int, settings: Settings, administrator: User
) -> None:
    settings.MFA_REQUIRED_FOR = asked

    assert browser_of(administrator).get("/admin/").status_code == status


def test_last_second_step_cannot_be_taken_off_by_who_must_have_it(administrator: User) -> None:
    TOTP.activate(with_password(administrator), generate_totp_secret())
    client = browser_of(administrator)
    client.post("/accounts/reauthenticate/", {"password": "right-password-2026"})

    client.post("/accounts/2fa/totp/deactivate/")

    assert Authenticator.objects.filter(user=administrator, type="totp").count() == 1


def test_employee_inside_a_cabinet_is_asked_instead_of_the_client() -> None:
    holding = make_holding()
    head, manager = make_person(holding, ReadyRole.HEAD), make_manager(holding)
    TOTP.activate(manager, generate_totp_secret())
    client = browser_of(manager)
    client.post("/hijack/acquire/", {"user_pk": head.pk})
    inside = client.get("/catalog/").status_code

    second_factor_reset(user_id=manager.pk)

    assert (inside, client.get("/catalog/").status_code) == (200, 302)


@pytest.mark.parametrize(
    ("values", "roles"),
    [
        ({"environment": "production"}, ALL),
        ({"environment": "demo"}, frozenset()),
        ({"environment": "production", "mfa_required_for": ""}, frozenset()),
        ({"environment": "demo", "mfa_required_for": "heads, managers"}, {"heads", "managers"}),
    ],
)
def test_environment_asks_everybody_in_production_and_nobody_elsewhere(
    values: dict[str, str], roles: frozenset[str]
) -> None:
    addresses = {"database_url": "postgresql://localhost/x", "redis_url": "redis://localhost/0"}
    secrets = {"secret_key": "x" * 50, "email_url": "smtp://localhost"}

    env = Environment(_env_file=None, **addresses, **secrets, **values)

    assert env.second_factor_roles == roles


def test_environment_refuses_a_misspelt_role() -> None:
    with pytest.raises(ValueError, match="MFA_REQUIRED_FOR knows no bosses"):
        Environment(
            _env_file=None,
            database_url="postgresql://localhost/x",
            redis_url="redis://localhost/0",
            mfa_required_for="heads,bosses",
        )
