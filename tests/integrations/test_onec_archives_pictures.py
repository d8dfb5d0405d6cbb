"""Archives and pictures of the exchange."""

import io
import zipfile

import pytest
from django.test import Client
from PIL import Image

from catalog.models import Picture, Product
from integrations.models import ExchangeFile
from portal.files.services import private_storage
from tests.integrations.onec_talk import GOOD, OTHER, Talk, catalog, good, make_node, run_jobs

PATH = "import_files/bd/bd8c4e15_1.jpg"


def drawing(colour: str = "red", size: tuple[int, int] = (400, 200), kind: str = "JPEG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, kind)
    return stream.getvalue()


def with_pictures(*paths: str) -> str:
    return "".join(f"<Картинка>{path}</Картинка>" for path in paths)


def archive(entries: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, body in entries.items():
            opened.writestr(name, body)
    return packed.getvalue()


def test_archive_is_unpacked_at_the_first_import(client: Client, node: object) -> None:
    talk = Talk(client, make_node("zip", is_zip_accepted=True)).start()
    body = catalog(good(extra=with_pictures(PATH)))
    talk.post("v8_1.zip", archive({"import0_1.xml": body.encode(), PATH: drawing()}))

    first = talk.get("import", filename="import0_1.xml")
    answer = talk.finish("import0_1.xml")

    assert first == "progress\nv8_1.zip: ждёт очереди"
    assert answer.startswith("success\nimport0_1.xml: ")
    assert Product.objects.get().pictures.get().source_path == PATH
    assert set(ExchangeFile.objects.values_list("name", "state")) == {
        ("v8_1.zip", "done"),
        ("import0_1.xml", "done"),
        (PATH, "receiving"),
    }


def test_import_of_the_archive_itself_unpacks_it(talk: Talk) -> None:
    talk.post("v8_1.zip", archive({"import0_1.xml": catalog(good()).encode()}))

    answer = talk.finish("v8_1.zip")

    assert answer.startswith("success\nv8_1.zip: ")
    assert Product.objects.count() == 0


def test_archive_with_windows_paths_and_names_of_code_page_866_is_read(talk: Talk) -> None:
    packed = archive({"import_files\\xx\\yyy.txt": b"miau"})
    talk.post("v8_1.zip", packed.replace(rb"xx\yyy", "ба\\кот".encode("cp866")))

    answer = talk.finish("v8_1.zip")

    assert answer.startswith("success")
    assert set(ExchangeFile.objects.values_list("name", flat=True)) == {"v8_1.zip", "import_files/ба/кот.txt"}


def test_pictures_are_kept_in_order_with_previews(talk: Talk) -> None:
    talk.post("import_files/1.jpg", drawing("red"))
    talk.post("import_files/2.png", drawing("blue", kind="PNG"))

    talk.load(
        "import0_1.xml", catalog(good(extra=with_pictures("import_files/1.jpg", "import_files\\2.png")))
    )
    run_jobs()

    rows = list(Picture.objects.select_related("file", "preview").order_by("position"))
    assert [(row.source_path, row.file.mime, row.preview.mime) for row in rows] == [
        ("import_files/1.jpg", "image/jpeg", "image/webp"),
        ("import_files/2.png", "image/png", "image/webp"),
    ]
    with private_storage().open(rows[0].preview.path) as stream, Image.open(stream) as preview:
        assert (preview.format, preview.size) == ("WEBP", (160, 80))
    with private_storage().open(rows[0].file.path) as stream:
        assert stream.read() == drawing("red")


def test_same_picture_again_changes_nothing_and_new_content_replaces_it(talk: Talk) -> None:
    body = catalog(good(extra=with_pictures(PATH)))
    talk.post(PATH, drawing("red"))
    talk.load("import0_1.xml", body)
    run_jobs()
    before = Picture.objects.values().get()

    talk.post(PATH, drawing("red"))
    talk.load("import0_2.xml", body)
    same = Picture.objects.values().get()
    talk.post(PATH, drawing("green"))
    talk.load("import0_3.xml", body)
    run_jobs()
    after = Picture.objects.select_related("preview").get()

    assert same == before
    assert after.pk == before["id"]
    assert after.file_id != before["file_id"]
    assert after.preview_id not in {None, before["preview_id"]}


def test_path_in_another_case_is_found(talk: Talk) -> None:
    talk.post("import_files/BD/X.JPG", drawing())

    talk.load("import0_1.xml", catalog(good(extra=with_pictures("import_files/bd/x.jpg"))))

    assert Picture.objects.get().source_path == "import_files/bd/x.jpg"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (None, "Нет файла картинки import_files/bd/bd8c4e15_1.jpg"),
        (b"%PDF-1.4 paper", "Файл import_files/bd/bd8c4e15_1.jpg не картинка"),
        (b"<html>", "Файл import_files/bd/bd8c4e15_1.jpg не картинка"),
    ],
    ids=["missing", "pdf", "html"],
)
def test_missing_or_foreign_picture_is_a_warning(talk: Talk, body: bytes | None, text: str) -> None:
    if body is not None:
        talk.post(PATH, body)

    answer = talk.load("import0_1.xml", catalog(good(extra=with_pictures(PATH))))

    assert answer.startswith("success")
    assert Picture.objects.count() == 0
    assert [(row["text"], row["id"]) for row in talk.file("import0_1.xml").report["warnings"]] == [
        (text, GOOD)
    ]


def test_picture_not_sent_again_stays_and_one_no_longer_named_goes(talk: Talk) -> None:
    talk.post(PATH, drawing("red"))
    talk.post("import_files/2.jpg", drawing("blue"))
    talk.load("import0_1.xml", catalog(good(extra=with_pictures(PATH, "import_files/2.jpg"))))
    other = Talk(talk.client, talk.node).start()

    other.load("import0_1.xml", catalog(good(extra=with_pictures("import_files/2.jpg"))))
    kept = list(Picture.objects.values_list("source_path", "position"))
    silent = other.load("import0_2.xml", catalog(good()))

    assert kept == [("import_files/2.jpg", 0)]
    assert other.file("import0_1.xml").report["warnings_total"] == 0
    assert silent.startswith("success")
    assert Picture.objects.count() == 1


def test_upload_of_pictures_alone_changes_nothing_else(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good(), good(OTHER, "Гайка")))
    before = list(Product.objects.order_by("pk").values())
    talk.post(PATH, drawing())

    talk.load(
        "import0_2.xml",
        catalog(f"<Товар><Ид>{GOOD}</Ид><Картинка>{PATH}</Картинка></Товар>", groups="", properties=""),
    )

    assert list(Product.objects.order_by("pk").values()) == before
    assert Picture.objects.get().product.property_values.count() == 2


def test_picture_that_cannot_be_drawn_keeps_no_preview(talk: Talk) -> None:
    talk.post(PATH, drawing()[:200])

    talk.load("import0_1.xml", catalog(good(extra=with_pictures(PATH))))
    run_jobs()

    assert Picture.objects.get().preview is None
