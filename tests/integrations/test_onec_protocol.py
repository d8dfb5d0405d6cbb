"""What 1C sees byte by byte: first words, lines, cookies, refusals."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import Settings

from integrations.models import ExchangeNode, ExchangeSession
from integrations.onec.credentials import Credentials
from tests.integrations.onec_talk import PASSWORD, URL, Talk, basic, make_node

NO_SESSION = "failure\nСессия не найдена или устарела, начните обмен заново"
WRONG = "failure\nНеверное имя пользователя или пароль обмена"


def test_checkauth_tells_cookie_in_lines_and_leaves_only_a_session(
    client: Client, node: ExchangeNode
) -> None:
    talk = Talk(client, node)

    status, text, response = talk.answer("GET", "checkauth")

    session = ExchangeSession.objects.get()
    token = session.token.hex
    assert (status, text) == (
        200,
        f"success\nonec_session\n{token}\nsessid={token}\ntimestamp={int(session.started_at.timestamp())}",
    )
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Length"] == str(len(response.content))
    assert response.cookies == {}
    assert (session.node, session.kind, session.ip) == (node, "catalog", "127.0.0.1")


@pytest.mark.parametrize(
    ("is_zip", "expected"), [(False, b"zip=no\nfile_limit=4000000"), (True, b"zip=yes\nfile_limit=4000000")]
)
def test_init_is_exactly_two_lines(client: Client, db: None, is_zip: bool, expected: bytes) -> None:
    talk = Talk(client, make_node(is_zip_accepted=is_zip)).sign_in()

    _status, _text, response = talk.answer("GET", "init", sessid="")

    assert response.content == expected


def test_alias_of_bitrix_answers_alike_and_is_not_redirected(client: Client, node: ExchangeNode) -> None:
    response = client.get(
        "/bitrix/admin/1c_exchange.php?type=catalog&mode=checkauth",
        headers={"Authorization": basic(node.username)},
    )

    assert response.status_code == 200
    assert response.content.startswith(b"success\nonec_session\n")


def test_production_does_not_redirect_the_exchange_to_https(client: Client, node: ExchangeNode) -> None:
    exempt = [r"^1c/", r"^bitrix/admin/1c_exchange\.php$"]
    with override_settings(SECURE_SSL_REDIRECT=True, SECURE_REDIRECT_EXEMPT=exempt):
        answers = [
            client.get(f"{URL}?type=catalog&mode=checkauth"),
            client.get("/bitrix/admin/1c_exchange.php"),
        ]

    assert [answer.status_code for answer in answers] == [200, 200]


def test_sessid_alone_finds_the_session(client: Client, node: ExchangeNode) -> None:
    talk = Talk(client, node).sign_in()
    token = talk.cookie.partition("=")[2]
    talk.cookie = ""

    assert talk.get("init", sessid=token).startswith("zip=")


@pytest.mark.parametrize("cookie", ["", "onec_session=", "onec_session=nonsense", f"onec_session={'0' * 32}"])
def test_unknown_session_is_refused_in_words(client: Client, node: ExchangeNode, cookie: str) -> None:
    talk = Talk(client, node, cookie=cookie)

    answers = {
        mode: talk.answer("GET", mode, sessid="")[:2] for mode in ("init", "import", "query", "nonsense")
    }

    assert set(answers.values()) == {(200, NO_SESSION)}


def test_session_of_another_base_is_refused(client: Client, node: ExchangeNode) -> None:
    talk = Talk(client, node).sign_in()
    stranger = Talk(client, make_node("erp"), cookie=talk.cookie)

    assert stranger.get("init") == WRONG


def test_idle_session_and_changed_password_end_it(client: Client, node: ExchangeNode) -> None:
    idle, changed = Talk(client, node).sign_in(), Talk(client, node).sign_in()
    ExchangeSession.objects.filter(token=idle.cookie.partition("=")[2]).update(
        seen_at=timezone.now() - timedelta(days=1, minutes=1)
    )
    assert idle.get("init") == NO_SESSION

    node.set_password("другой пароль")
    node.save()

    assert changed.get("init") == WRONG


def test_wrong_password_is_refused_and_nothing_is_left(client: Client, node: ExchangeNode) -> None:
    answers = [
        client.get(f"{URL}?type=catalog&mode=checkauth", headers={"Authorization": given})
        for given in (basic(node.username, "нет"), basic("nobody"))
    ]

    assert [(answer.status_code, answer.content.decode()) for answer in answers] == [(200, WRONG)] * 2
    assert ExchangeSession.objects.count() == 0


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, "Не переданы имя пользователя и пароль обмена"),
        ("Bearer x", "Не переданы имя пользователя и пароль обмена"),
        ("Basic %%%", "Заголовок Authorization не читается"),
    ],
)
def test_request_without_basic_is_refused(
    client: Client, node: ExchangeNode, header: str | None, reason: str
) -> None:
    response = client.get(
        f"{URL}?type=catalog&mode=checkauth", headers={"Authorization": header} if header else {}
    )

    assert (response.status_code, response.content.decode()) == (200, f"failure\n{reason}")


def test_base_that_was_switched_off_is_refused(client: Client, node: ExchangeNode) -> None:
    talk = Talk(client, node).sign_in()
    ExchangeNode.objects.update(is_active=False)

    assert talk.get("init") == NO_SESSION
    assert talk.get("checkauth") == WRONG


@pytest.fixture
def own_cache(settings: Settings) -> None:
    """Counts of this test alone: the shared cache may be cleared by a neighbour at any moment."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "guess"}
    }
    cache.clear()


@pytest.mark.usefixtures("own_cache")
def test_guessing_stops_after_five_passwords_and_right_one_waits_too(
    client: Client, node: ExchangeNode
) -> None:
    def attempt(password: str) -> str:
        return client.get(
            f"{URL}?type=catalog&mode=checkauth", headers={"Authorization": basic(node.username, password)}
        ).content.decode()

    answers = [attempt(f"пароль {number}") for number in range(6)]

    too_many = "failure\nСлишком много неверных паролей, повторите через несколько минут"
    assert answers == [WRONG] * 5 + [too_many]
    assert attempt(PASSWORD) == too_many


@pytest.mark.usefixtures("own_cache")
def test_right_password_clears_the_count(client: Client, node: ExchangeNode) -> None:
    def attempt(password: str) -> bool:
        header = {"Authorization": basic(node.username, password)}
        return client.get(f"{URL}?type=catalog&mode=checkauth", headers=header).content.startswith(b"success")

    tries = [attempt(password) for password in ["x"] * 4 + [PASSWORD] + ["x"] * 4 + [PASSWORD]]

    assert tries == [False] * 4 + [True] + [False] * 4 + [True]


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("reference", "init"), ("crm", "query"), ("", "")],
)
def test_unknown_request_is_refused_in_words(
    client: Client, node: ExchangeNode, kind: str, mode: str
) -> None:
    talk = Talk(client, node).sign_in()
    talk.kind = kind

    assert talk.answer("GET", mode)[:2] == (
        200,
        f"failure\nПортал не поддерживает запрос type={kind}, mode={mode}",
    )


def test_sign_in_to_something_unknown_is_refused_in_words(client: Client, node: ExchangeNode) -> None:
    talk = Talk(client, node, kind="get_catalog")

    assert talk.get("checkauth") == "failure\nПортал не поддерживает запрос type=get_catalog, mode=checkauth"
    assert "обмен" not in repr(Credentials("exchange", PASSWORD))


def test_unexpected_error_is_a_failure_with_status_200(
    client: Client, node: ExchangeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(**_told: object) -> None:
        raise RuntimeError("<html>секрет</html>")

    talk = Talk(client, node).sign_in()
    monkeypatch.setattr("integrations.web.views.session_start", break_down)

    status, text, _response = talk.answer("GET", "init")

    assert status == 200
    assert text.startswith("failure\nВнутренняя ошибка портала, сообщите администратору (запрос ")
    assert "секрет" not in text


def test_parameters_are_read_raw_in_both_encodings(talk: Talk) -> None:
    utf8 = talk.get("import", filename="import_files/Болт+гайка%20.xml")
    status, cp1251, _response = talk.answer(
        "GET", "import", filename="Болт.xml".encode("cp1251").decode("iso-8859-1")
    )

    assert utf8 == "failure\nФайл import_files/Болт+гайка .xml в этом сеансе не получен"
    assert status == 200
    assert cp1251.startswith("failure\nФайл ")
