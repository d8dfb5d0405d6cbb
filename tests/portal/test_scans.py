"""Files that people send as scans: good ones are taken, those that lie are not."""

import random
import struct
import zipfile
from io import BytesIO

import pypdf
import pytest
from PIL import Image
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from portal.files.scans import DOCX, PDF, ScanRefused, plain_name, scan_read, scans_read, text_read
from tests.documents.contracts.samples import pdf, picture


def read(content: bytes, name: str = "скан.pdf"):  # type: ignore[no-untyped-def]
    return scan_read(BytesIO(content), name=name)


def pages_of(content: bytes) -> int:
    return len(pypdf.PdfReader(BytesIO(content)).pages)


def word(*parts: str) -> bytes:
    paper = BytesIO()
    with zipfile.ZipFile(paper, "w") as packed:
        for part in parts:
            packed.writestr(part, "x")
    return paper.getvalue()


def test_pdf_is_taken_as_it_is() -> None:
    content = pdf(200)

    scan = read(content)

    assert (scan.name, scan.mime, scan.content, scan.pdf) == ("скан.pdf", PDF, content, None)


@pytest.mark.parametrize(
    ("kind", "mode", "frames"),
    [("PNG", "RGBA", 1), ("JPEG", "L", 1), ("JPEG", "CMYK", 1), ("TIFF", "RGB", 3), ("TIFF", "1", 1)],
)
def test_picture_gets_a_pdf_and_stays(kind: str, mode: str, frames: int) -> None:
    content = picture(kind, mode=mode, frames=frames)

    scan = read(content, name="стр 1")

    assert scan.content == content
    assert scan.name == f"стр 1.{ {'PNG': 'png', 'JPEG': 'jpg', 'TIFF': 'tif'}[kind] }"
    assert scan.pdf is not None
    assert pages_of(scan.pdf) == frames


def test_large_picture_fits_a_page() -> None:
    scan = read(picture("JPEG", size=(5000, 7000), mode="L"), name="a.jpg")

    assert scan.pdf is not None
    box = pypdf.PdfReader(BytesIO(scan.pdf)).pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (601, 842)


def polyglot() -> bytes:
    paper = BytesIO()
    with zipfile.ZipFile(paper, "w") as packed:
        packed.writestr("run.exe", "MZ")
    return pdf() + paper.getvalue()


def locked() -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(pdf()))
    writer.encrypt("secret", algorithm="RC4-128")
    paper = BytesIO()
    writer.write(paper)
    return paper.getvalue()


def scripted() -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(pdf()))
    deed = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer.root_object[NameObject("/OpenAction")] = deed
    paper = BytesIO()
    writer.write(paper)
    return paper.getvalue()


def with_note(**told: str) -> bytes:
    """A sign on the page that does something when it is touched, or carries a file."""
    writer = pypdf.PdfWriter(clone_from=BytesIO(pdf()))
    note = DictionaryObject({NameObject("/Type"): NameObject("/Annot")})
    note[NameObject("/Subtype")] = NameObject(told.get("subtype", "/Link"))
    if "deed" in told:
        note[NameObject("/A")] = DictionaryObject({NameObject("/S"): NameObject(told["deed"])})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([note])
    paper = BytesIO()
    writer.write(paper)
    return paper.getvalue()


def with_page_deed() -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(pdf()))
    opened = DictionaryObject({NameObject("/S"): NameObject("/JavaScript")})
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): opened})
    paper = BytesIO()
    writer.write(paper)
    return paper.getvalue()


def shared_frames(count: int) -> bytes:
    """A TIFF of many frames that are all the same piece of noise: small as a file, huge as a PDF."""
    side = 2000
    data = random.Random(1).randbytes(side * side)
    table, body = b"", b"II*\0" + struct.pack("<I", 8 + len(data)) + data
    place = len(body)
    for number in range(count):
        tags = [
            (256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8),
            (277, 3, 1), (278, 4, side), (279, 4, len(data)),
        ]  # fmt: skip
        entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
        place += 2 + len(entries) + 4
        following = place if number + 1 < count else 0
        table += struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)
    return body + table


def with_attachment() -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(pdf()))
    writer.add_attachment("run.exe", b"MZ")
    paper = BytesIO()
    writer.write(paper)
    return paper.getvalue()


BAD = {
    "exe": (b"MZ\x90\x00" + bytes(500), "это не PDF, JPG, PNG или TIFF"),
    "html": (b"<html><script>1</script>", "это не PDF, JPG, PNG или TIFF"),
    "gif": (b"GIF89a" + bytes(500), "это не PDF, JPG, PNG или TIFF"),
    "empty": (b"", "файл пустой"),
    "25 MB": (b"%PDF-1.7" + bytes(25 * 1024 * 1024), "больше 20 МБ"),
    "300 pages": (pdf(300), "страниц 300, а можно не больше 200"),
    "polyglot": (polyglot(), "внутри файла спрятан архив"),
    "picture and archive": (picture() + polyglot()[-200:], "внутри файла спрятан архив"),
    "tail": (pdf() + b"<script>" * 500, "чужие данные"),
    "password": (locked(), "паролем"),
    "script": (scripted(), "сценарии или вложения"),
    "script of a page": (with_page_deed(), "сценарии или вложения"),
    "link that starts a program": (with_note(deed="/Launch"), "сценарии или вложения"),
    "file pinned to a page": (with_note(subtype="/FileAttachment"), "сценарии или вложения"),
    "attachment": (with_attachment(), "сценарии или вложения"),
    "cut pdf": (pdf()[:150], "поврежден"),
    "only a head": (b"%PDF-1.7 nothing %%EOF", "поврежден"),
    "cut picture": (picture("JPEG", size=(900, 900))[:300], "поврежден"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_file_is_refused_with_words(kind: str) -> None:
    content, words = BAD[kind]

    with pytest.raises(ScanRefused, match=words):
        read(content)


def test_link_to_a_site_is_no_script() -> None:
    assert read(with_note(deed="/URI")).mime == PDF


def test_frames_that_share_their_data_do_not_grow_into_a_huge_file() -> None:
    content = shared_frames(60)

    with pytest.raises(ScanRefused, match="разворачивается в слишком большой"):
        read(content, "скан.tif")


def test_picture_of_too_many_dots_is_refused() -> None:
    paper = BytesIO()
    Image.new("1", (12_000, 12_000)).save(paper, "PNG")

    with pytest.raises(ScanRefused, match="картинка слишком большая"):
        read(paper.getvalue())


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\договор.pdf", "договор.pdf"),
        ("a\x00b\r\n.pdf", "a_b_.pdf"),
        ("..", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
    ],
)
def test_name_is_stripped(told: str, kept: str) -> None:
    assert plain_name(told) == kept


def test_name_ends_as_the_bytes_are() -> None:
    assert read(pdf(), name="../run.exe").name == "run.exe.pdf"


def test_eleven_files_are_refused_before_any_is_read() -> None:
    with pytest.raises(ScanRefused, match="больше 10"):
        scans_read([("a.pdf", BytesIO(b"not read"))] * 11)


def test_text_may_be_word_without_macros() -> None:
    plain = word("[Content_Types].xml", "word/document.xml")

    assert text_read(BytesIO(plain), name="Договор.docx").mime == DOCX
    assert text_read(BytesIO(pdf()), name="Договор").name == "Договор.pdf"
    for bad in (word("word/document.xml", "word/vbaProject.bin"), word("xl/workbook.xml"), b"MZ"):
        with pytest.raises(ScanRefused, match="без макросов"):
            text_read(BytesIO(bad), name="Договор.docx")
