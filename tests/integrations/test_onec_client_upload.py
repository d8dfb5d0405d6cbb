"""Sessions, chunks, archives and the courage to go on after a failure; the commands on top of them."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from integrations.onec.client import Faults, OneCClient
from integrations.onec.client.command_line import main
from tests.integrations.onec_site import PASSWORD, USER, Script, Site, running_site

PICTURE = "import_files/a1/a1_b2.jpg"
LEAFLET = "import_files/a1/лист.pdf"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two portions of goods, one of offers, a picture and a leaflet of the second portion, strangers."""
    export = tmp_path / "webdata"
    (export / "import_files/a1").mkdir(parents=True)
    (export / "import0_1.xml").write_text("<a>1</a>", encoding="utf-8")
    (export / "import0_2.xml").write_bytes(
        f'<?xml version="1.0" encoding="windows-1251"?><a><Картинка>{PICTURE}</Картинка><ЗначениеРеквизита>'
        f"<Наименование>ОписаниеФайла</Наименование>\n<Значение>{LEAFLET}#Лист</Значение></a>".encode(
            "cp1251"
        )
    )
    (export / "offers0_1.xml").write_text("<b>1</b>", encoding="utf-8")
    (export / PICTURE).write_bytes(b"jpeg")
    (export / LEAFLET).write_bytes(b"pdf")
    (export / "import_files/a1/lonely.jpg").write_bytes(b"nobody names it")
    (export / "import0_1_old.xml").write_text("<c/>", encoding="utf-8")
    return export


def client_of(site: Site, **options: object) -> OneCClient:
    return OneCClient(site.url, USER, PASSWORD, **options)  # type: ignore[arg-type]


def session(*files: str, imports: tuple[str, ...] = ()) -> list[str]:
    names = imports or files[:1]
    return ["checkauth", "init", *[f"file {name}" for name in files], *[f"import {name}" for name in names]]


def one_file(tmp_path: Path, content: bytes) -> Path:
    (tmp_path / "import0_1.xml").write_bytes(content)
    return tmp_path


def test_upload_holds_a_session_per_portion(folder: Path) -> None:
    with running_site({"checkauth": [f"success\ns\n{number}" for number in range(4)]}) as site:
        report = client_of(site).upload_folder(folder)

    assert site.briefs == [
        "checkauth",
        *session("import0_1.xml"),
        *session("import0_2.xml", PICTURE, LEAFLET),
        *session("offers0_1.xml"),
    ]
    assert [request.headers.get("Cookie") for request in site.requests if request.mode == "import"] == [
        "s=1",
        "s=2",
        "s=3",
    ]
    assert (report.ok, report.stopped, report.errors) == (True, "", [])
    assert [portion.imported for portion in report.portions] == [
        ["import0_1.xml"],
        ["import0_2.xml"],
        ["offers0_1.xml"],
    ]
    assert report.skipped == ("import0_1_old.xml", "import_files/a1/lonely.jpg")
    assert report.seconds > 0


@pytest.mark.parametrize(
    ("options", "imports"),
    [
        ({"order": "offers-first"}, ["offers0_1.xml", "import0_1.xml", "import0_2.xml"]),
        ({"sessions": "portion"}, ["import0_1.xml", "offers0_1.xml", "import0_2.xml"]),
        ({"catalog_index": 3}, ["import3_1.xml", "import3_2.xml", "offers3_1.xml"]),
    ],
)
def test_order_and_names_of_imports_follow_the_options(
    folder: Path, options: dict[str, str], imports: list[str]
) -> None:
    with running_site() as site:
        client_of(site).upload_folder(folder, **options)  # type: ignore[arg-type]

    assert [request.file for request in site.requests if request.mode == "import"] == imports


def test_portion_session_carries_goods_and_offers_together(folder: Path) -> None:
    with running_site() as site:
        client_of(site).upload_folder(folder, sessions="portion")

    pair = ("import0_1.xml", "offers0_1.xml")
    assert site.briefs == [
        "checkauth",
        *session(*pair, imports=pair),
        *session("import0_2.xml", PICTURE, LEAFLET),
    ]


def test_xml_in_a_subfolder_travels_by_its_bare_name(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    one_file(tmp_path / "deep", b"<a/>")
    with running_site() as site:
        client_of(site).upload_folder(tmp_path)

    assert site.briefs == ["checkauth", *session("import0_1.xml")]


def test_folder_without_an_exchange_is_refused(tmp_path: Path, folder: Path) -> None:
    client = OneCClient("http://localhost:1", USER, PASSWORD)

    with pytest.raises(ValueError, match="нет файлов import/offers"):
        client.upload_folder(tmp_path / "webdata/import_files")
    with pytest.raises(ValueError, match="Нет такой папки"):
        client.upload_folder(tmp_path / "nowhere")
    (folder / "import1_1.xml").write_text("<a/>", encoding="utf-8")
    with pytest.raises(ValueError, match="несколько каталогов"):
        client.upload_folder(folder, catalog_index=2)


@pytest.mark.parametrize(
    ("limit", "size", "posts"),
    [
        ("10", 25, [10, 10, 5]),
        ("10", 20, [10, 10]),
        ("10", 0, [0]),
        ("unlimited", 25, [25]),
        ("0", 25, [25]),
    ],
)
def test_file_is_cut_into_chunks_of_the_limit(
    tmp_path: Path, limit: str, size: int, posts: list[int]
) -> None:
    content = bytes(range(size))
    with running_site({"init": [f"zip=no\nfile_limit={limit}"]}) as site:
        report = client_of(site).upload_folder(one_file(tmp_path, content))

    sent = [request for request in site.requests if request.mode == "file"]
    assert [request.announced for request in sent] == posts
    assert {request.file for request in sent} == {"import0_1.xml"}
    assert b"".join(request.body for request in sent) == content
    assert report.as_json()["bytes_sent"] == size


@pytest.mark.parametrize(("answer", "forced"), [("yes", False), ("no", True)])
def test_archive_holds_the_whole_session(folder: Path, answer: str, forced: bool) -> None:
    script: Script = {"init": [f"zip={answer}\nfile_limit=100"]}
    with running_site(script) as site:
        report = client_of(site, zip_archive=forced).upload_folder(folder, sessions="folder")

    posts = [request for request in site.requests if request.mode == "file"]
    assert len({request.file for request in posts}) == 1
    assert re.fullmatch(r"v8_[0-9A-F]{4}_1\.zip", posts[0].file)
    with zipfile.ZipFile(io.BytesIO(b"".join(request.body for request in posts))) as archive:
        names = archive.namelist()
    assert names == ["import0_1.xml", "import0_2.xml", "offers0_1.xml", PICTURE, LEAFLET]
    assert report.portions[0].imported == ["import0_1.xml", "import0_2.xml", "offers0_1.xml"]


def test_failed_sign_in_ends_the_exchange(folder: Path) -> None:
    with running_site() as site:
        report = OneCClient(site.url, USER, "wrong").upload_folder(folder)

    assert site.briefs == ["checkauth"]
    assert (report.ok, report.stopped) == (False, "Проверка подключения не прошла, обмен не начат")


def test_sign_in_that_fails_later_ends_the_exchange(folder: Path) -> None:
    with running_site({"checkauth": ["success\ns\n1", "success\ns\n1", "failure"]}) as site:
        report = client_of(site).upload_folder(folder)

    assert site.briefs == ["checkauth", *session("import0_1.xml"), "checkauth"]
    assert report.stopped == "Обмен прерван на входе в сеанс import0_2.xml"


@pytest.mark.parametrize(
    ("script", "requests"),
    [
        ({"import import0_1.xml": ["failure\nОшибка в строке 5"]}, 5),
        ({"file import0_1.xml": ["failure"]}, 4),
        ({"file import0_1.xml": ["ok"]}, 4),
        ({"file import0_1.xml": [""]}, 4),
        ({"init": ["zip=no\nfile_limit=100\n"]}, 3),
    ],
)
def test_lost_first_portion_ends_the_exchange(folder: Path, script: Script, requests: int) -> None:
    with running_site(script) as site:
        report = client_of(site).upload_folder(folder)

    assert site.briefs == ["checkauth", *session("import0_1.xml")][:requests]
    assert report.stopped == "Обмен прерван: не загружена первая порция import0_1.xml"


def test_lost_later_portion_does_not_end_the_exchange(folder: Path) -> None:
    with running_site({"file import0_2.xml": ["failure\nнет места"]}) as site:
        report = client_of(site).upload_folder(folder)

    assert [portion.ok for portion in report.portions] == [True, False, True]
    assert site.briefs[5:] == ["checkauth", "init", "file import0_2.xml", *session("offers0_1.xml")]
    assert (report.ok, report.stopped) == (False, "")
    assert report.errors == ["file import0_2.xml: Сайт не принял файл: failure нет места"]


@pytest.mark.parametrize(
    ("failing", "asked"),
    [
        ("import0_2.xml", ["import0_1.xml", "import0_2.xml", "offers0_1.xml"]),
        ("import0_1.xml", ["import0_1.xml"]),
    ],
)
def test_next_import_of_a_session_needs_one_success_before(
    folder: Path, failing: str, asked: list[str]
) -> None:
    with running_site({f"import {failing}": ["failure"]}) as site:
        report = client_of(site).upload_folder(folder, sessions="folder")

    assert [request.file for request in site.requests if request.mode == "import"] == asked
    assert report.ok is False


def test_cut_file_promises_more_than_it_sends(tmp_path: Path) -> None:
    with running_site({"file": ["failure\nФайл получен не полностью"]}) as site:
        report = client_of(site, faults=Faults(cut_short=3)).upload_folder(one_file(tmp_path, b"0123456789"))

    post = site.requests[-1]
    assert (post.announced, post.body) == (10, b"0123456")
    assert report.portions[0].steps[-1].answer == "failure Файл получен не полностью"
    assert report.portions[0].steps[-1].bytes_sent == 7


def test_repeated_chunk_is_sent_twice(tmp_path: Path) -> None:
    with running_site({"init": ["zip=no\nfile_limit=4"]}) as site:
        client_of(site, faults=Faults(repeat_chunk=1)).upload_folder(one_file(tmp_path, b"0123456789"))

    assert [request.body for request in site.requests if request.mode == "file"] == [
        b"0123",
        b"4567",
        b"4567",
        b"89",
    ]


def test_upload_can_stop_before_the_import(folder: Path) -> None:
    with running_site() as site:
        report = client_of(site, faults=Faults(skip_import=True)).upload_folder(folder)

    assert [request.file for request in site.requests if request.mode == "import"] == []
    assert [request.mode for request in site.requests].count("file") == 5
    assert report.ok is True


def test_changed_orders_go_by_init_file_and_import(tmp_path: Path) -> None:
    orders = tmp_path / "changed.xml"
    orders.write_bytes(b"<orders/>")
    with running_site() as site:
        client = client_of(site)
        client.fetch_orders()
        report = client.send_orders(orders)

    sent = site.requests[3:]
    assert [request.mode for request in sent] == ["checkauth", "init", "file", "import"]
    assert {dict(request.params)["type"] for request in sent} == {"sale"}
    assert re.fullmatch(r"orders-[0-9a-f-]{36}_1\.xml", sent[2].file)
    assert (sent[3].file, sent[2].body, report.ok) == (sent[2].file, b"<orders/>", True)


def arguments(command: str, site: Site, *more: str) -> list[str]:
    return [command, "--url", site.url, "--user", USER, "--password", PASSWORD, *more]


def test_upload_command_prints_each_request_and_the_sum(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = tmp_path / "result.json"
    with running_site({"import import0_1.xml": ["progress", "success"]}) as site:
        code = main(arguments("upload", site, str(folder), "--json", str(result)))

    lines = capsys.readouterr().out.splitlines()
    written = json.loads(result.read_text(encoding="utf-8"))
    assert code == 0
    assert [line.split()[1] for line in lines[:5]] == ["checkauth", "checkauth", "init", "file", "import"]
    assert re.fullmatch(r"catalog import +import0_1\.xml +0 Б +\d+ мс  опросов 1  success", lines[4])
    assert lines[-3] == "не отправлен: import0_1_old.xml"
    assert re.fullmatch(
        r"Обмен выполнен: сеансов 3, запросов 16, опросов 1, передано \d+ Б, [\d.]+ с", lines[-1]
    )
    assert (written["ok"], written["requests"], written["polls"]) == (True, 16, 1)


def test_upload_command_fails_with_the_reason(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running_site({"import": ["failure\nНеизвестный тип цены"]}) as site:
        code = main(arguments("upload", site, str(folder), "--quiet"))

    out = capsys.readouterr().out
    assert code == 1
    assert "ошибка: import import0_1.xml: Сайт не загрузил файл: failure Неизвестный тип цены\n" in out


def test_upload_command_refuses_an_empty_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running_site() as site:
        code = main(arguments("upload", site, str(tmp_path)))

    assert (code, site.briefs) == (2, [])
    assert "нет файлов import/offers" in capsys.readouterr().err


@pytest.mark.parametrize(("more", "confirmed"), [([], True), (["--no-success"], False)])
def test_orders_command_confirms_unless_told_not_to(tmp_path: Path, more: list[str], confirmed: bool) -> None:
    out = tmp_path / "orders.xml"
    with running_site() as site:
        code = main(arguments("orders", site, "--out", str(out), *more))

    assert code == 0
    assert ("success" in site.briefs) is confirmed
    assert out.read_text(encoding="utf-8").startswith("<?xml")


def test_orders_command_does_not_confirm_a_poison_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    poison = '<?xml version="1.0"?><КоммерческаяИнформация><Документ/></КоммерческаяИнформация>'
    result = tmp_path / "result.json"
    with running_site({"query": [poison]}) as site:
        code = main(arguments("orders", site, "--json", str(result)))

    assert (code, site.briefs) == (1, ["checkauth", "checkauth", "query"])
    assert "нарушение: заказ —: нет элемента Номер\n" in capsys.readouterr().out
    assert json.loads(result.read_text(encoding="utf-8"))["acceptable"] is False


def test_orders_command_sends_changed_orders_after_success(tmp_path: Path) -> None:
    changed = tmp_path / "changed.xml"
    changed.write_bytes(b"<orders/>")
    with running_site() as site:
        code = main(arguments("orders", site, "--orders-xml", str(changed)))

    assert code == 0
    assert [request.mode for request in site.requests[3:]] == [
        "success",
        "checkauth",
        "init",
        "file",
        "import",
    ]


def test_send_orders_command_keeps_a_given_name(tmp_path: Path) -> None:
    changed = tmp_path / "changed.xml"
    changed.write_bytes(b"<orders/>")
    with running_site() as site:
        code = main(arguments("send-orders", site, str(changed), "--name", "orders-1_1.xml"))

    assert code == 0
    assert site.briefs == ["checkauth", *session("orders-1_1.xml")]


def test_post_command_sends_any_name(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x")
    with running_site({"file": ["failure\nНедопустимое имя"]}) as site:
        code = main(arguments("post", site, str(tmp_path / "f"), "--name", "../f.xml"))

    assert (code, site.briefs) == (1, ["checkauth", "init", "file ../f.xml"])
