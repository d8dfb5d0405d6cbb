"""How the simulated 1C reads answers, and the order exchange; against a scripted site."""

import subprocess
import sys
from pathlib import Path

import pytest

from integrations.onec.client import OneCClient
from integrations.onec.client.dialects import DIALECTS
from integrations.onec.client.wire import FileSlice
from tests.integrations.onec_site import PASSWORD, USER, Answer, Site, running_site

ORDERS = """<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация><Документ>
<Ид>1</Ид><Номер>B2B-1</Номер><Дата>2026-03-02</Дата><Время>10:02:21</Время>
<ХозОперация>Заказ товара</ХозОперация><Роль>Продавец</Роль>
<Валюта>руб</Валюта><Курс>1</Курс><Сумма>10.00</Сумма>
<Контрагенты><Контрагент><Ид>c</Ид><Наименование>ООО Ромашка</Наименование><Роль>Покупатель</Роль>
</Контрагент></Контрагенты><Товары><Товар><Ид>g</Ид><Наименование>Болт</Наименование>
<ЦенаЗаЕдиницу>10.00</ЦенаЗаЕдиницу>
<Количество>1</Количество><Сумма>10.00</Сумма></Товар></Товары></Документ></КоммерческаяИнформация>"""


def client_of(site: Site, **options: object) -> OneCClient:
    return OneCClient(site.url, USER, PASSWORD, **options)  # type: ignore[arg-type]


def test_package_needs_no_django() -> None:
    code = "import sys, integrations.onec.client.command_line as c; sys.exit('django' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False)

    assert done.returncode == 0


def test_request_looks_like_1c() -> None:
    with running_site() as site:
        client_of(site).post_file("import_files/ба/кот 1.jpg", [b"data"])

    post = site.requests[2]
    assert (post.method, post.path) == ("POST", "/bitrix/admin/1c_exchange.php")
    assert post.params == (
        ("type", "catalog"),
        ("mode", "file"),
        ("filename", "import_files/ба/кот%201.jpg"),
        ("sessid", ""),
    )
    assert post.headers == {
        "Host": site.url.removeprefix("http://"),
        "User-Agent": "1C+Enterprise/8.3",
        "Authorization": "Basic ZXhjaGFuZ2U6c2VjcmV0",
        "Cookie": "sessionid=abc123",
        "Content-Length": "4",
    }
    assert post.body == b"data"


def test_own_script_path_is_kept() -> None:
    with running_site() as site:
        OneCClient(f"{site.url}/1c/", USER, PASSWORD).test_connection()

    assert site.requests[0].path == "/1c/"


@pytest.mark.parametrize("url", ["ftp://site.ru", "http://", "http://site.ru/1c?x=1"])
def test_address_that_1c_cannot_use_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"^(Адрес сайта|В адресе сайта)"):
        OneCClient(url, USER, PASSWORD)


def test_cookie_comes_from_the_body_and_sessid_from_line_four() -> None:
    hello = Answer(
        "success\r\nBX_SESS\r\nqwe\r\nsessid=42\r\ntimestamp=7", headers=(("Set-Cookie", "BX_SESS=other"),)
    )
    with running_site({"checkauth": [hello]}) as site:
        step = client_of(site).open_session().steps[0]

    assert site.requests[0].params == (("type", "catalog"), ("mode", "checkauth"))
    assert "Cookie" not in site.requests[0].headers
    assert site.requests[1].headers["Cookie"] == "BX_SESS=qwe"
    assert site.requests[1].params == (("type", "catalog"), ("mode", "init"), ("sessid", "42"))
    assert step.remarks == ("в ответе есть символ возврата каретки",)


def test_unf_tells_its_versions_before_the_mode() -> None:
    with running_site() as site:
        client_of(site, dialect="unf").open_session()

    assert site.requests[1].params == (
        ("type", "catalog"),
        ("sessid", ""),
        ("version", "2.09"),
        ("cmlVersion", "2.10"),
        ("mode", "init"),
    )


@pytest.mark.parametrize(
    ("answer", "ok"),
    [
        (Answer("  SUCCESS \nsessionid\nabc"), True),
        (Answer("success\nsessionid\nabc", status=500), True),
        (Answer("\ufeffsuccess\nsessionid\nabc"), False),
        (Answer("\nsuccess\nsessionid\nabc"), False),
        (Answer("success"), False),
        (Answer("success\nsessionid\n"), False),
        (Answer("ok\nsessionid\nabc"), False),
        (Answer(""), False),
        (Answer("failure\nНет прав"), False),
        (Answer("<html>success</html>", content_type="text/html"), False),
        (Answer("success\nsessionid\nabc", content_type="text/plain; charset=klingon"), False),
        (Answer("success\nsessionid\nabc", status=302, headers=(("Location", "/login/"),)), False),
    ],
)
def test_first_line_of_checkauth_decides(answer: Answer, ok: bool) -> None:
    with running_site({"checkauth": [answer]}) as site:
        session = client_of(site).open_session()

    assert session.steps[0].ok is ok
    assert site.briefs == (["checkauth", "init"] if ok else ["checkauth"])


def test_redirect_is_named_and_not_followed() -> None:
    away = Answer("", status=301, headers=(("Location", "https://site.ru/1c/"),))
    with running_site({"checkauth": [away]}) as site:
        step = client_of(site).test_connection()

    assert step.error == "Сайт перенаправляет (301) на https://site.ru/1c/, 1С туда не пойдёт"
    assert step.remarks == ("код HTTP 301",)
    assert site.briefs == ["checkauth"]


def test_wrong_password_is_shown_with_the_words_of_the_site() -> None:
    with running_site() as site:
        step = OneCClient(site.url, USER, "wrong").test_connection()

    assert step.status == 401
    assert step.error == "Авторизация не выполнена, проверьте имя и пароль: failure Неверный пароль"


@pytest.mark.parametrize(
    ("answer", "dialect", "ok"),
    [
        ("zip=no\nfile_limit=10", "ut", True),
        ("zip=no\nfile_limit=10\n", "ut", False),
        ("zip=no\nfile_limit=10\nsessid=1\nversion=2.08", "ut", False),
        ("zip=no", "ut", False),
        ("file_limit=10\nzip=no", "ut", False),
        ("", "ut", False),
        ("failure\nОбмен выключен", "ut", False),
        ("zip=no\nfile_limit=10\nsessid=1\nversion=2.08", "unf", True),
        ("file_limit=10", "unf", True),
        ("failure\nОбмен выключен", "unf", False),
        ("<html></html>", "unf", False),
    ],
)
def test_lines_of_init_are_counted(answer: str, dialect: str, ok: bool) -> None:
    with running_site({"init": [answer]}) as site:
        session = client_of(site, dialect=dialect).open_session()

    assert session.steps[1].ok is ok
    assert session.limits.file_limit == (10 if ok else -1)


def test_answer_is_decoded_by_its_charset() -> None:
    refusal = Answer("failure\nНет файла".encode("cp1251"), content_type="text/html; charset=windows-1251")
    with running_site({"import": [refusal]}) as site:
        step = client_of(site).import_file("import0_1.xml")

    assert step.error == "Сайт не загрузил файл: failure Нет файла"


def test_only_unf_guesses_another_charset() -> None:
    refusal = Answer("failure\nНет файла".encode("cp1251"))
    with running_site({"import": [refusal]}) as site:
        strict = client_of(site).import_file("import0_1.xml")
        patient = client_of(site, dialect="unf").import_file("import0_1.xml")

    assert strict.error == "Сайт не загрузил файл: failure \ufffd\ufffd\ufffd \ufffd\ufffd\ufffd\ufffd\ufffd"
    assert patient.error == "Сайт не загрузил файл: failure Нет файла"


def test_ut_asks_again_at_once_while_the_site_makes_progress() -> None:
    script = {"import": ["progress\n10", "progress\n50", "PROGRESS", "success"]}
    with running_site(script) as site:
        step = client_of(site).import_file("import0_1.xml")

    assert (step.ok, step.polls, step.requests) == (True, 3, 4)
    assert site.briefs[2:] == ["import import0_1.xml"] * 4
    assert DIALECTS["ut"].poll_pause == 0


def test_unf_waits_between_polls() -> None:
    with running_site({"import": ["progress", "progress", "success"]}) as site:
        step = client_of(site, dialect="unf", poll_pause=0.1).import_file("import0_1.xml")

    assert (step.ok, step.polls) == (True, 2)
    assert step.milliseconds >= 200 > step.slowest_ms
    assert DIALECTS["unf"].poll_pause == 5


def test_endless_progress_is_given_up_when_asked_to() -> None:
    with running_site({"import": ["progress"]}) as site:
        step = client_of(site, give_up_after=0.05).import_file("import0_1.xml")

    assert step.error == "Сайт отвечает progress дольше 0.05 с"
    assert step.polls == step.requests == len(site.requests) - 2


@pytest.mark.parametrize("answer", ["failure\nнет", "", "ok", "<html>", "\ufeffsuccess"])
def test_import_knows_three_words_only(answer: str) -> None:
    with running_site({"import": [answer]}) as site:
        step = client_of(site).import_file("import0_1.xml")

    assert not step.ok
    assert site.briefs[2:] == ["import import0_1.xml"]


def test_silence_ends_with_the_timeout() -> None:
    with running_site({"checkauth": [Answer("success\na\nb", delay=0.5)]}) as site:
        step = client_of(site, timeout=0.1).test_connection()

    assert (step.error, step.status) == ("сайт не ответил за 0.1 с", 0)
    assert (DIALECTS["ut"].timeout, DIALECTS["unf"].timeout) == (180, 1800)


def test_closed_port_is_an_error_of_the_step() -> None:
    with running_site() as site:
        pass

    step = client_of(site).test_connection()

    assert step.error.startswith("нет связи с сайтом: ")


def test_torn_answer_is_repeated_once_by_unf_only() -> None:
    script = {"file": [Answer("success", declared=20), Answer("success")]}
    with running_site(script) as site:
        (strict,) = client_of(site).post_file("import0_1.xml", [b"x"])
    with running_site(script) as patient_site:
        (patient,) = client_of(patient_site, dialect="unf").post_file("import0_1.xml", [b"x"])

    assert (strict.error, site.briefs.count("file import0_1.xml")) == (
        "ответ сайта оборван (Transferred a partial file)",
        1,
    )
    assert (patient.ok, patient_site.briefs.count("file import0_1.xml")) == (True, 2)


def test_hostile_name_goes_out_as_it_is() -> None:
    with running_site({"file": ["failure\nНедопустимое имя"]}) as site:
        (step,) = client_of(site).post_file("../../etc/passwd\x00.xml", [b"x"])

    assert site.requests[2].file == "../../etc/passwd%00.xml"
    assert step.error == "Сайт не принял файл: failure Недопустимое имя"


def test_slice_reads_only_its_part(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"0123456789")

    assert b"".join(FileSlice(tmp_path / "f", 3, 4).blocks()) == b"3456"


def test_ut_fetches_and_confirms_orders_in_one_session_without_init() -> None:
    with running_site({"checkauth": ["success\ns\n1", "success\ns\n2"], "query": [ORDERS]}) as site:
        client = client_of(site)
        answer = client.fetch_orders()
        confirmation = client.confirm_orders()

    assert site.briefs == ["checkauth", "checkauth", "query", "success"]
    assert {dict(request.params)["type"] for request in site.requests} == {"sale"}
    assert [request.headers.get("Cookie") for request in site.requests] == [None, None, "s=2", "s=2"]
    assert [order.number for order in answer.orders] == ["B2B-1"]
    assert (answer.acceptable, answer.body, confirmation.ok) == (True, ORDERS.encode(), True)


def test_unf_says_init_before_query() -> None:
    with running_site() as site:
        answer = client_of(site, dialect="unf").fetch_orders()

    assert site.briefs == ["checkauth", "checkauth", "init", "query"]
    assert (answer.acceptable, answer.orders) == (True, ())


def test_windows_1251_orders_are_read_by_header_and_declaration() -> None:
    body = ORDERS.replace("UTF-8", "windows-1251").encode("cp1251")
    served = Answer(body, content_type="application/xml; charset=windows-1251")
    with running_site({"query": [served]}) as site:
        answer = client_of(site).fetch_orders()

    assert (answer.violations, answer.orders[0].counterparty) == ((), "ООО Ромашка")


@pytest.mark.parametrize(
    "body", ["\ufeff" + ORDERS, " " + ORDERS, "", "failure\nнет", "<html>", "PK\x03\x04"]
)
def test_orders_that_do_not_begin_with_xml_are_not_read(body: str) -> None:
    with running_site({"query": [body]}) as site:
        answer = client_of(site).fetch_orders()

    assert (answer.ok, answer.orders) == (False, ())
    assert answer.steps[-1].error.startswith("Не удалось прочитать данные, загруженные с сервера: ")


def test_unf_takes_orders_without_a_declaration() -> None:
    bare = ORDERS.partition("?>")[2]
    with running_site({"query": [bare]}) as site:
        patient = client_of(site, dialect="unf").fetch_orders()
        strict = client_of(site).fetch_orders()

    assert [order.number for order in patient.orders] == ["B2B-1"]
    assert strict.ok is False


def test_broken_rule_makes_the_answer_unacceptable() -> None:
    with running_site({"query": [ORDERS.replace("B2B-1", "B2B-12345678")]}) as site:
        answer = client_of(site).fetch_orders()

    assert (answer.ok, answer.acceptable) == (True, False)
    assert [(found.rule, found.order) for found in answer.violations] == [("number-length", "B2B-12345678")]


@pytest.mark.parametrize(
    ("body", "ok"), [("ok", True), ("<html>", True), ("", False), ("failure\nнет", False)]
)
def test_confirmation_takes_any_words_but_failure(body: str, ok: bool) -> None:
    with running_site({"success": [body]}) as site:
        client = client_of(site)
        client.fetch_orders()
        step = client.confirm_orders()

    assert step.ok is ok


def test_confirmation_needs_a_query_before() -> None:
    with pytest.raises(RuntimeError, match="before fetch_orders"):
        OneCClient("http://localhost:1", USER, PASSWORD).confirm_orders()
