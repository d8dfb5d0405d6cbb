"""Sign-in through the client's own company, against a stand-in of its server."""

from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialApp
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from accounts.models import User
from counterparties.models import CompanySignIn, Holding, Membership
from tests.accounts.oidc_server import CLIENT_ID, CLIENT_SECRET, CompanyServer
from tests.factories import make_holding, make_person, make_user

pytestmark = pytest.mark.django_db

CALLBACK = "/accounts/company/north/callback/"


@pytest.fixture
def server() -> Iterator[CompanyServer]:
    company = CompanyServer()
    yield company
    company.stop()


@pytest.fixture
def holding(server: CompanyServer) -> Holding:
    holding = make_holding("Группа «Север»")
    app = SocialApp.objects.create(
        provider="openid_connect",
        provider_id="north",
        name="«Север»",
        client_id=CLIENT_ID,
        secret=CLIENT_SECRET,
        settings={"server_url": server.address},
    )
    CompanySignIn.objects.create(holding=holding, app=app, email_domain="north.example")
    return holding


@pytest.fixture
def anna(holding: Holding) -> User:
    return make_person(holding, email="anna@north.example")


def start(client: Client) -> str:
    """Press the button; return the state that the server is given."""
    page = client.post("/accounts/company/north/").content.decode()
    address = unescape(page.partition('content="0;url=')[2].partition('"')[0])
    return parse_qs(urlsplit(address).query)["state"][0]


def come_back(client: Client, state: str) -> str:
    """Return from the server; tell where the portal sends to."""
    answer = client.get(CALLBACK, {"code": "code-1", "state": state})
    assert answer.status_code == 302
    return str(answer["Location"])


def is_signed_in(client: Client) -> bool:
    return client.get("/catalog/").status_code == 200


# --- the offer ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("mail", ["anna@north.example", "nobody@North.Example"])
def test_company_is_offered_to_its_domain_whether_or_not_the_person_is_known(mail: str, anna: User) -> None:
    page = Client().get("/accounts/company/", {"login": mail}).content.decode()

    assert page.count("Войти через «Север»") == 1


@pytest.mark.parametrize(
    "mail", ["anna@south.example", "anna@north.example.evil.example", "north.example@", ""]
)
def test_company_is_not_offered_to_other_domains(mail: str, anna: User) -> None:
    page = Client().get("/accounts/company/", {"login": mail}).content.decode()

    assert "Войти через «Север»" not in page


def test_offer_alone_is_a_fragment_for_htmx(anna: User) -> None:
    answer = Client().get("/accounts/company/", {"login": anna.email}, headers={"HX-Request": "true"})

    assert ("<html" in answer.content.decode(), "HX-Request" in answer["Vary"]) == (False, True)


# --- the way there and back --------------------------------------------------------------------------
def test_person_of_the_company_signs_in_and_is_remembered(server: CompanyServer, anna: User) -> None:
    client = Client()

    where = come_back(client, start(client))

    account = SocialAccount.objects.get()
    assert (where, is_signed_in(client)) == ("/", True)
    assert (account.user, account.provider, account.uid) == (anna, "north", "u-1")


def test_second_sign_in_uses_the_same_account(server: CompanyServer, anna: User) -> None:
    for _ in range(2):
        client = Client()
        come_back(client, start(client))

    assert (SocialAccount.objects.count(), is_signed_in(client)) == (1, True)


def test_server_is_asked_with_a_code_verifier(server: CompanyServer, anna: User) -> None:
    client = Client()

    come_back(client, start(client))

    path, sent = server.asked[0]
    assert (path, sent["code"], sent["client_id"], len(sent["code_verifier"][0]) >= 43) == (
        "/token", ["code-1"], [CLIENT_ID], True,
    )  # fmt: skip


def test_second_step_is_asked_after_the_company_too(server: CompanyServer, anna: User) -> None:
    TOTP.activate(anna, generate_totp_secret())
    client = Client()

    where = come_back(client, start(client))

    assert (where, is_signed_in(client)) == ("/accounts/2fa/authenticate/", False)


# --- who is not let in -------------------------------------------------------------------------------
def refused(server: CompanyServer) -> bool:
    client = Client()
    where = come_back(client, start(client))
    return where == "/accounts/login/" and not is_signed_in(client) and not SocialAccount.objects.exists()


def test_company_vouches_for_no_other_domain(server: CompanyServer, holding: Holding) -> None:
    make_person(holding, email="boss@south.example")
    server.person["email"] = "boss@south.example"

    assert refused(server)


def test_company_vouches_for_no_person_of_another_client(server: CompanyServer, holding: Holding) -> None:
    make_person(make_holding(), email="anna@north.example")

    assert refused(server)


def test_company_vouches_for_no_employee_of_the_distributor(server: CompanyServer, anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(is_staff=True)

    assert refused(server)


def test_unknown_person_is_not_made(server: CompanyServer, holding: Holding) -> None:
    before = User.objects.count()

    assert (refused(server), User.objects.count()) == (True, before)


@pytest.mark.parametrize(
    "change", [{"email_verified": False}, {"email": None}, {"email": 17}, {"email": "anna"}]
)
def test_mail_that_is_not_sure_is_refused(
    change: dict[str, object], server: CompanyServer, anna: User
) -> None:
    server.changes["/userinfo"] = change

    assert refused(server)


@pytest.mark.parametrize("what", ["membership", "person", "domain"])
def test_right_that_ended_ends_the_next_sign_in(what: str, server: CompanyServer, anna: User) -> None:
    client = Client()
    come_back(client, start(client))
    {
        "membership": Membership.objects.filter(user=anna),
        "person": User.objects.filter(pk=anna.pk),
        "domain": CompanySignIn.objects.all(),
    }[what].update(is_active=False)

    client = Client()
    come_back(client, start(client))

    assert not is_signed_in(client)


def test_known_account_with_another_mail_is_refused(
    server: CompanyServer, anna: User, holding: Holding
) -> None:
    come_back(first := Client(), start(first))
    make_person(holding, email="boss@north.example")
    server.person["email"] = "boss@north.example"

    client = Client()
    come_back(client, start(client))

    assert not is_signed_in(client)


# --- servers that are wrong --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"sub": "u-2"},
        {"sub": None},
    ],
    ids=str,
)
def test_wrong_id_token_is_refused(claims: dict[str, object], server: CompanyServer, anna: User) -> None:
    server.changes["id_token"] = claims

    assert refused(server)


def test_id_token_of_another_key_is_refused(server: CompanyServer, anna: User) -> None:
    server.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    assert refused(server)


@pytest.mark.parametrize("path", ["/token", "/userinfo", "/jwks"])
@pytest.mark.parametrize("answer", [(500, b"{}"), (200, b"<html>"), (200, b"[]"), (200, b"{}")], ids=str)
def test_broken_answer_is_refused_without_a_crash(
    path: str, answer: tuple[int, bytes], server: CompanyServer, anna: User
) -> None:
    server.raw[path] = answer

    assert refused(server)


@pytest.mark.parametrize(
    "fault", [{"issuer": "https://evil.example"}, {"token_endpoint": None}, {"jwks_uri": 1}]
)
def test_wrong_discovery_leads_back_to_the_sign_in_page(
    fault: dict[str, object], server: CompanyServer, anna: User
) -> None:
    server.changes["/.well-known/openid-configuration"] = fault

    answer = Client().post("/accounts/company/north/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")


def test_server_that_is_away_leads_back_to_the_sign_in_page(server: CompanyServer, anna: User) -> None:
    SocialApp.objects.update(settings={"server_url": "http://127.0.0.1:1"})

    answer = Client().post("/accounts/company/north/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")


def test_answer_that_was_not_asked_for_is_refused(server: CompanyServer, anna: User) -> None:
    client = Client()

    where = come_back(client, "made-up")

    assert (where, is_signed_in(client), server.asked) == ("/accounts/login/", False, [])


def test_state_of_another_browser_is_refused(server: CompanyServer, anna: User) -> None:
    theirs, mine = Client(), Client()
    state = start(theirs)

    come_back(mine, state)

    assert not is_signed_in(mine)


@pytest.mark.parametrize("error", ["access_denied", "server_error"])
def test_refusal_of_the_server_leads_back_to_the_sign_in_page(
    error: str, server: CompanyServer, anna: User
) -> None:
    client = Client()

    answer = client.get(CALLBACK, {"error": error, "state": start(client)})

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")


@pytest.mark.parametrize(("method", "address"), [("post", "/accounts/company/none/"), ("get", CALLBACK)])
def test_unknown_company_is_not_found(method: str, address: str) -> None:
    make_user()

    assert getattr(Client(), method)(address).status_code == 404
