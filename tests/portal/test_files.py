"""Files are kept once, whole, and handed out under any name."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import ProgrammingError, transaction
from pytest_django import Settings

from portal.files import services
from portal.files.models import StoredFile
from portal.files.services import store
from portal.files.serving import FileDamaged, file_response, open_file, safe_name
from portal.files.sniffing import sniff_mime

PDF = b"%PDF-1.7 the invoice"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    root = tmp_path / "private"
    settings.FILES_ACCEL_PREFIX = ""
    settings.STORAGES = settings.STORAGES | {
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": root, "file_permissions_mode": 0o640},
        }
    }
    return root


def kept(content: bytes = PDF) -> StoredFile:
    return store(content=content, name="счёт.pdf", mime="application/pdf", source="test")


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.django_db
def test_store_keeps_bytes_under_their_hash(folder: Path) -> None:
    stored = kept()

    digest = sha256(PDF).hexdigest()
    assert files(folder) == [f"{digest[:2]}/{digest}.pdf"]
    assert (folder / stored.path).read_bytes() == PDF
    assert (stored.sha256, stored.size, stored.mime, stored.name, stored.source) == (
        digest,
        len(PDF),
        "application/pdf",
        "счёт.pdf",
        "test",
    )
    assert (folder / stored.path).stat().st_mode & 0o777 == 0o640


@pytest.mark.django_db
def test_store_of_the_same_bytes_changes_nothing(folder: Path) -> None:
    first = kept()
    before = (folder / first.path).stat().st_mtime_ns

    again = store(content=BytesIO(PDF), name="another.bin", mime="application/octet-stream")

    assert again.pk == first.pk
    assert StoredFile.objects.values_list("name", "mime").get() == ("счёт.pdf", "application/pdf")
    assert (folder / first.path).stat().st_mtime_ns == before
    assert len(files(folder)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("damage", ["lost", "cut"])
def test_store_mends_a_lost_or_cut_blob(folder: Path, damage: str) -> None:
    stored = kept()
    blob = folder / stored.path
    if damage == "lost":
        blob.unlink()
    else:
        blob.write_bytes(PDF[:5])

    kept()

    assert blob.read_bytes() == PDF


@pytest.mark.django_db
def test_store_that_fails_midway_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(descriptor: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(services.os, "fsync", no_space)

    with pytest.raises(OSError, match="No space"):
        kept()

    assert files(folder) == []
    assert StoredFile.objects.count() == 0


@pytest.mark.django_db
def test_store_reads_streams_that_cannot_be_rewound(folder: Path) -> None:
    class Socket(BytesIO):
        def seek(self, *args: int) -> int:
            raise OSError("not seekable")

    content = b"a" * 3_000_000

    stored = store(content=Socket(content), name="big.csv", mime="text/csv")

    assert (folder / stored.path).read_bytes() == content


@pytest.mark.django_db
def test_rows_of_files_refuse_changes() -> None:
    stored = kept()

    with pytest.raises(ProgrammingError), transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(size=1)

    assert StoredFile.objects.get(pk=stored.pk).size == len(PDF)


@pytest.mark.django_db
def test_response_carries_a_cyrillic_name_and_no_guessing() -> None:
    response = file_response(kept(), filename="Счёт № 17 от 20.11.2026.pdf")

    body = b"".join(response)
    response.close()
    assert body == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(PDF))
    name = quote("Счёт № 17 от 20.11.2026.pdf")
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mime", "disposition"),
    [
        ("application/pdf", 'inline; filename="a.x"'),
        ("image/png", 'inline; filename="a.x"'),
        ("text/html", 'attachment; filename="a.x"'),
        ("image/svg+xml", 'attachment; filename="a.x"'),
    ],
)
def test_inline_is_for_what_runs_no_code(mime: str, disposition: str) -> None:
    stored = store(content=b"whatever", name="a.x", mime=mime)

    response = file_response(stored, filename="a.x", inline=True)

    response.close()
    assert response["Content-Disposition"] == disposition


@pytest.mark.django_db
def test_response_behind_nginx_leaves_the_bytes_to_it(settings: Settings) -> None:
    settings.FILES_ACCEL_PREFIX = "/protected/"
    stored = kept()

    response = file_response(stored, filename="счёт.pdf")

    assert response["X-Accel-Redirect"] == f"/protected/{stored.path}"
    assert response.content == b""


@pytest.mark.django_db
@pytest.mark.parametrize("damage", [None, b"%PDF-1.7"])
def test_response_of_a_lost_or_cut_file_is_refused(folder: Path, damage: bytes | None) -> None:
    stored = kept()
    blob = folder / stored.path
    blob.unlink()
    if damage is not None:
        blob.write_bytes(damage)

    with pytest.raises(FileDamaged):
        file_response(stored, filename="счёт.pdf")


@pytest.mark.django_db
@pytest.mark.parametrize("size", [20, 2 * services.CHUNK + 1])
def test_download_of_altered_bytes_breaks_off_before_its_end(folder: Path, size: int) -> None:
    content = b"x" * size
    stored = kept(content)
    (folder / stored.path).write_bytes(b"y" + content[1:])
    response = file_response(stored, filename="счёт.pdf")

    received: list[bytes] = []

    with pytest.raises(FileDamaged):
        received.extend(response)
    response.close()

    assert sum(map(len, received)) < size


@pytest.mark.django_db
def test_open_file_reads_what_was_stored() -> None:
    with open_file(kept()) as content:
        assert content.read() == PDF


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("Счёт № 17.pdf", "Счёт № 17.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ('a"\r\nSet-Cookie: x.pdf', "a_Set-Cookie_ x.pdf"),
        ("акт\u202efdp.exe\x85.pdf", "акт_fdp.exe_.pdf"),
        ("...", "file"),
    ],
)
def test_safe_name_holds_nothing_that_could_escape(given: str, safe: str) -> None:
    assert safe_name(given) == safe


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\x00", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"<svg xmlns=", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_sniff_mime_trusts_only_the_bytes(head: bytes, mime: str | None) -> None:
    assert sniff_mime(head) == mime
