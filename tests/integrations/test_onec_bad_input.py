"""Bad input: the right first word, a Russian reason, and nothing half-applied."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

from integrations.models import ExchangeFile, ExchangeSession
from integrations.onec.folder import SessionFolder
from portal.outbox.models import Job
from tests.integrations.onec_talk import (
    GOOD,
    OTHER,
    Talk,
    catalog,
    good,
    offer,
    package,
    root,
    run_jobs,
)

JOURNAL = {ExchangeFile, ExchangeSession, Job}


def everything() -> dict[str, list[dict[str, object]]]:
    """All rows of goods, prices and exchange, the journal of files left out."""
    tables: Iterator[type[Model]] = (
        model
        for app in ("catalog", "pricing", "orders", "integrations", "files")
        for model in apps.get_app_config(app).get_models()
        if model not in JOURNAL
    )
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in tables}


@pytest.fixture
def loaded(talk: Talk) -> Talk:
    """A base whose goods and offers are there already."""
    assert talk.load("import0_1.xml", catalog(good())).startswith("success")
    assert talk.load("offers0_1.xml", package(offer())).startswith("success")
    return talk


def archive(**entries: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, body in entries.items():
            opened.writestr(name.replace("__", "/"), body)
    return packed.getvalue()


def lines(text: str) -> int:
    return text.count("\n") + 1


WHOLE = catalog(*(good(f"bd8c4e15-18f9-11e7-80c2-{number:012}", f"Гайка {number}") for number in range(700)))
ENTITY = '?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
TOO_DEEP = catalog("<Товар>" * 300 + "</Товар>" * 300)
CUT = WHOLE[: len(WHOLE) * 9 // 10]


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("import0_2.xml", CUT, f"import0_2.xml: файл обрезан или повреждён, строка {lines(CUT)} ("),
        (
            "import0_2.xml",
            WHOLE.replace("</Каталог>", ""),
            f"import0_2.xml: файл обрезан или повреждён, строка {lines(WHOLE)} (",
        ),
        ("import0_2.xml", "", "import0_2.xml: файл пуст или это не XML"),
        ("import0_2.xml", "не XML", "import0_2.xml: файл пуст или это не XML"),
        (
            "import0_2.xml",
            "<html><body>Товар</body></html>",
            "import0_2.xml: в файле нет элемента КоммерческаяИнформация",
        ),
        (
            "import0_2.xml",
            catalog(good()).replace("?>", "?><!DOCTYPE x>", 1),
            "import0_2.xml: в файле есть DOCTYPE, такие файлы не принимаются",
        ),
        (
            "import0_2.xml",
            catalog(good(name="&e;")).replace("?>", ENTITY, 1),
            "import0_2.xml: в файле есть DOCTYPE, такие файлы не принимаются",
        ),
        (
            "import0_2.xml",
            catalog(good()).replace("UTF-8", "KOI8-R", 1),
            "import0_2.xml: кодировка koi8-r не поддерживается, нужна UTF-8 или windows-1251",
        ),
        (
            "import0_2.xml",
            catalog(good()).encode("utf-16"),
            "import0_2.xml: кодировка UTF-16 не поддерживается, нужна UTF-8 или windows-1251",
        ),
        ("import0_2.xml", TOO_DEEP, "import0_2.xml: файл обрезан или повреждён"),
    ],
    ids=[
        "cut", "unbalanced", "empty", "text", "html", "doctype", "entity", "koi8", "utf16", "deep",
    ],
)  # fmt: skip
def test_file_that_cannot_be_taken_is_refused_whole(
    loaded: Talk, name: str, body: str | bytes, reason: str
) -> None:
    before = everything()

    answer = loaded.load(name, body)

    assert answer.startswith(f"failure\n{reason}")
    assert everything() == before
    assert (loaded.file(name).state, loaded.file(name).report) == ("failed", {})
    assert loaded.get("import", filename=name) == answer


def test_file_broken_in_the_last_portion_takes_the_first_ones_back(loaded: Talk) -> None:
    many = [offer(f"bd8c4e15-18f9-11e7-80c2-{number:012}") for number in range(1200)]
    before = everything()

    answer = loaded.load("offers0_2.xml", package(*many, offer(OTHER)).replace("</Предложения>", ""))

    assert answer.startswith("failure\noffers0_2.xml: файл обрезан или повреждён")
    assert everything() == before


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"PK\x03\x04 broken", "v8_1.zip: архив неполный или повреждён, выгрузите ещё раз"),
        (archive(**{"import0_2.xml": WHOLE.encode()})[:-30], "v8_1.zip: архив неполный или повреждён"),
        (
            archive(**{"import0_2.xml": WHOLE.encode()}).replace(b"PK\x03\x04", b"PK\x03\x05", 1),
            "v8_1.zip: архив неполный или повреждён",
        ),
        (
            archive(**{"import0_2.xml": b"<x/>", "..__..__evil.xml": b"x"}),
            "Недопустимый путь в имени файла: ../../evil.xml",
        ),
        (archive(**{"__etc__x.xml": b"x"}), "Имя файла должно быть относительным: /etc/x.xml"),
        (archive(**{"import0_2.xml": b"<x/>", "run.exe": b"x"}), "Файлы такого вида не принимаются: run.exe"),
        (archive(**{"import0_2.xml": b" " * 30_000_000}), "v8_1.zip: подозрительно большой файл в архиве"),
    ],
    ids=["garbage", "cut", "header", "traversal", "absolute", "extension", "bomb"],
)
def test_archive_that_cannot_be_taken_is_refused_whole(loaded: Talk, body: bytes, reason: str) -> None:
    before, files = everything(), set(ExchangeFile.objects.values_list("name", flat=True))
    loaded.post("v8_1.zip", body)

    answer = loaded.finish("import0_2.xml")

    assert answer.startswith(f"failure\n{reason}")
    assert everything() == before
    assert set(ExchangeFile.objects.values_list("name", flat=True)) == files | {"v8_1.zip"}
    assert leftovers(loaded) == []


def leftovers(talk: Talk) -> list[str]:
    folder = SessionFolder(talk.file("v8_1.zip").session.token).path
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_archive_with_too_much_in_it_is_refused(loaded: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.onec.archives.ENTRY_LIMIT", 2)
    loaded.post("v8_1.zip", archive(**{f"{number}.txt": b"x" for number in range(3)}))

    answer = loaded.finish("import0_2.xml")

    assert answer == "failure\nv8_1.zip: в архиве больше 2 файлов"


def test_error_of_the_portal_itself_is_told_once_and_not_repeated(
    loaded: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_told: object) -> None:
        raise ZeroDivisionError("секрет")

    monkeypatch.setattr("integrations.services.incoming.routing.load_file", break_down)
    before = everything()

    answer = loaded.load("import0_2.xml", catalog(good(OTHER)))

    file = loaded.file("import0_2.xml")
    assert answer == (
        f"failure\nimport0_2.xml: внутренняя ошибка портала, сообщите администратору (файл № {file.pk})"
    )
    assert everything() == before
    assert (file.job.state, file.job.last_error.partition("\n")[0]) == ("dead", "ZeroDivisionError: секрет")


def test_file_refused_once_may_be_sent_again_mended(loaded: Talk) -> None:
    assert loaded.load("import0_2.xml", WHOLE[:5000]).startswith("failure")

    answer = loaded.load("import0_2.xml", catalog(good(OTHER, "Гайка")))

    assert answer.startswith("success\nimport0_2.xml: ")


def test_upload_during_the_load_of_the_same_name_is_refused(talk: Talk) -> None:
    talk.post("import0_1.xml", catalog(good()).encode())
    assert talk.get("import", filename="import0_1.xml") == "progress\nimport0_1.xml: ждёт очереди"

    answer = talk.post("import0_1.xml", b"<x/>")

    assert answer == "failure\nimport0_1.xml: файл сейчас загружается"
    run_jobs()
    assert talk.get("import", filename="import0_1.xml").startswith("success")


def test_control_characters_and_garbage_before_the_xml_are_passed_over(talk: Talk) -> None:
    body = b"undefinedundefined" + catalog(good(name="Болт\x0b М8\x01х40")).encode()

    answer = talk.load("import0_1.xml", body)

    assert answer.startswith("success")
    assert [row["name"] for row in everything()["catalog.Product"]] == ["Болт М8х40"]


def test_windows_1251_and_a_bom_that_contradicts_the_declaration_are_read(talk: Talk) -> None:
    declared = catalog(good(GOOD, "Болт")).replace("UTF-8", "windows-1251", 1)

    first = talk.load("import0_1.xml", declared.encode("cp1251"))
    second = talk.load("import0_2.xml", b"\xef\xbb\xbf" + declared.replace("Болт", "Болтик").encode("utf-8"))

    assert (first.partition("\n")[0], second.partition("\n")[0]) == ("success", "success")
    assert [row["name"] for row in everything()["catalog.Product"]] == ["Болтик"]


def test_file_without_goods_is_taken(talk: Talk) -> None:
    assert talk.load("import0_1.xml", root("")) == "success\nimport0_1.xml: изменений нет"


def test_etc_passwd_is_not_on_disk(loaded: Talk, tmp_path: Path) -> None:
    loaded.post("v8_1.zip", archive(**{"..__..__..__evil.xml": b"x"}))

    loaded.finish("import0_2.xml")

    assert [path.name for path in tmp_path.rglob("evil*")] == []
