"""Files in portions: whole or not at all, under names that cannot leave their folder."""

from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.test.client import FakePayload
from pytest_django import Settings

from integrations.models import ExchangeFile, ExchangeNode
from integrations.onec.folder import SessionFolder
from tests.integrations.onec_talk import URL, Talk, basic, catalog, good

LIMIT = 100


@pytest.fixture
def talk(client: Client, node: ExchangeNode, settings: Settings) -> Talk:
    """A session that takes portions of 100 bytes."""
    settings.EXCHANGE_FILE_LIMIT = LIMIT
    return Talk(client, node).start()


def content(talk: Talk, name: str) -> bytes:
    file = talk.file(name)
    return SessionFolder(file.session.token).place(file.pk).read_bytes()


def on_disk(settings: Settings) -> list[str]:
    return sorted(path.name for path in Path(settings.EXCHANGE_ROOT).rglob("*") if path.is_file())


def test_portions_are_put_together_in_order(talk: Talk) -> None:
    whole = bytes(range(256)) * 2

    answers = [talk.post("data.txt", whole[start : start + LIMIT]) for start in range(0, len(whole), LIMIT)]

    assert answers == ["success"] * 6
    assert content(talk, "data.txt") == whole
    assert (talk.file("data.txt").size, talk.file("data.txt").is_closed) == (512, True)


def test_file_of_full_portions_stays_open_until_its_import(talk: Talk) -> None:
    talk.post("data.txt", b"a" * LIMIT)
    talk.post("data.txt", b"b" * LIMIT)

    assert content(talk, "data.txt") == b"a" * LIMIT + b"b" * LIMIT
    assert not talk.file("data.txt").is_closed


def test_portion_after_a_short_one_begins_the_file_anew(talk: Talk) -> None:
    talk.post("data.txt", b"a" * LIMIT)
    talk.post("data.txt", b"b")

    talk.post("data.txt", b"c" * LIMIT)

    assert content(talk, "data.txt") == b"c" * LIMIT


@pytest.mark.parametrize("start", [b"<?xml version='1.0'?>", b"\xef\xbb\xbf<?xml version='1.0'?>"])
def test_xml_declaration_begins_an_open_file_anew(talk: Talk, start: bytes) -> None:
    talk.post("import0_1.xml", b"x" * LIMIT)

    talk.post("import0_1.xml", start)

    assert content(talk, "import0_1.xml") == start


def test_zip_signature_in_the_middle_is_appended(talk: Talk) -> None:
    talk.post("v8_1.zip", b"x" * LIMIT)

    talk.post("v8_1.zip", b"PK\x03\x04")

    assert content(talk, "v8_1.zip") == b"x" * LIMIT + b"PK\x03\x04"


def test_second_init_begins_files_anew(talk: Talk) -> None:
    talk.post("data.txt", b"a" * LIMIT)

    talk.get("init")
    talk.post("data.txt", b"b")

    assert content(talk, "data.txt") == b"b"


def test_sessions_do_not_see_each_other(talk: Talk, client: Client, node: ExchangeNode) -> None:
    other = Talk(client, node).start()

    talk.post("import0_1.xml", b"one")
    other.post("import0_1.xml", b"two")

    assert (content(talk, "import0_1.xml"), content(other, "import0_1.xml")) == (b"one", b"two")


def test_short_body_is_refused_and_leaves_the_file_as_it_was(talk: Talk, settings: Settings) -> None:
    talk.post("data.txt", b"a" * LIMIT)
    before = on_disk(settings)

    answer = talk.client.generic(
        "POST",
        f"{URL}?type=catalog&mode=file&filename=data.txt",
        headers={"Authorization": basic(talk.node.username), "Cookie": talk.cookie},
        **{"wsgi.input": BytesIO(b"b" * 40), "CONTENT_LENGTH": "60"},
    ).content.decode()

    assert answer == "failure\ndata.txt: получено 40 из 60 байт, повторите отправку"
    assert content(talk, "data.txt") == b"a" * LIMIT
    assert on_disk(settings) == before


def test_connection_lost_on_the_way_is_refused(
    talk: Talk, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: FakePayload, *_size: int) -> bytes:
        raise OSError("connection reset")

    monkeypatch.setattr(FakePayload, "read", fail)

    answer = talk.post("data.txt", b"b" * 40)

    assert answer == "failure\ndata.txt: файл не принят, повторите отправку (connection reset)"
    assert ExchangeFile.objects.count() == 0
    assert on_disk(settings) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../import0_1.xml", "Недопустимый путь в имени файла: ../import0_1.xml"),
        ("a/../../x.xml", "Недопустимый путь в имени файла: a/../../x.xml"),
        ("a//x.xml", "Недопустимый путь в имени файла: a//x.xml"),
        ("./x.xml", "Недопустимый путь в имени файла: ./x.xml"),
        ("a/.. /x.xml", "Недопустимый путь в имени файла: a/.. /x.xml"),
        ("/etc/passwd.txt", "Имя файла должно быть относительным: /etc/passwd.txt"),
        ("C:/x.xml", "Имя файла должно быть относительным: C:/x.xml"),
        ("a\\x.xml", "Недопустимые знаки в имени файла: a\\x.xml"),
        ("x%00.xml", "Недопустимые знаки в имени файла: x�.xml"),
        ("a/b/c/d/e/f/g/h/i.xml", "Слишком длинное или глубокое имя файла: a/b/c/d/e/f/g/h/i.xml"),
        ("shell.php", "Файлы такого вида не принимаются: shell.php"),
        ("page.html", "Файлы такого вида не принимаются: page.html"),
        ("import0_1", "Файлы такого вида не принимаются: import0_1"),
        ("", "Не указано имя файла (параметр filename)"),
    ],
)
def test_name_that_could_do_harm_is_refused(talk: Talk, settings: Settings, name: str, reason: str) -> None:
    answer = talk.post(name, b"x")

    assert answer == f"failure\n{reason}"
    assert ExchangeFile.objects.count() == 0
    assert on_disk(settings) == []


@pytest.mark.parametrize(
    "name",
    [
        "import0_1.xml",
        "import_files/bd/bd8c4e1518f911e780c20cc47ab29cd1_0e01fd9e204611e8b2a794de807044d1.jpeg",
        "goods/1/import_files/ab/Болт М8 (оц.).JPG",
    ],
)
def test_name_that_1c_uses_is_taken(talk: Talk, name: str) -> None:
    assert talk.post(name, b"x") == "success"
    assert ExchangeFile.objects.get().name == name


def test_session_has_a_size_limit(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.services.uploads.SESSION_BYTES", 150)
    talk.post("one.txt", b"a" * LIMIT)

    answer = talk.post("two.txt", b"b" * 51)

    assert answer == "failure\ntwo.txt: слишком много данных в одном сеансе обмена"
    assert list(ExchangeFile.objects.values_list("name", flat=True)) == ["one.txt"]


def test_import_of_a_file_that_never_came_is_refused(talk: Talk) -> None:
    assert (
        talk.get("import", filename="import0_1.xml") == "failure\nФайл import0_1.xml в этом сеансе не получен"
    )


def test_import_of_a_file_that_was_lost_from_disk_is_refused(talk: Talk) -> None:
    talk.post("import0_1.xml", b"<x/>")
    file = talk.file("import0_1.xml")
    SessionFolder(file.session.token).place(file.pk).unlink()

    answer = talk.get("import", filename="import0_1.xml")

    assert answer == "failure\nimport0_1.xml: файл принят не полностью, отправьте его ещё раз"


def test_get_does_not_upload(talk: Talk) -> None:
    assert talk.get("file", filename="import0_1.xml") == (
        "failure\nФайл передаётся методом POST с длиной в Content-Length"
    )


def test_loaded_file_sent_again_begins_anew_and_same_content_is_not_loaded_twice(
    talk: Talk, settings: Settings
) -> None:
    settings.EXCHANGE_FILE_LIMIT = 10**6
    body = catalog(good())
    first = talk.load("import0_1.xml", body)
    job = talk.file("import0_1.xml").job_id

    again = talk.get("import", filename="import0_1.xml")
    sent_again = talk.load("import0_1.xml", body)

    assert first.startswith("success\nimport0_1.xml: ")
    assert again == first
    assert sent_again == first
    assert talk.file("import0_1.xml").job_id == job
