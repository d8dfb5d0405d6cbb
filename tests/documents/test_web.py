from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from documents.models import Document, DocumentDownload
from documents.services import invoice_issue
from portal.files.services import private_storage
from tests.documents.orders import make_order
from tests.factories import AT, World, make_person


@pytest.fixture
def document(world: World, quick_pdf: None) -> Document:
    return invoice_issue(order_id=make_order(world).pk, at=AT)


def address(document: Document) -> str:
    return reverse("documents:download", args=[document.uid])


def fetched(client: Client, url: str) -> tuple[HttpResponse, bytes]:
    """Read the answer to its end: a stream that is left unread keeps its file open."""
    response = client.get(url)
    return response, response.getvalue() if response.streaming else response.content


def test_download_shows_the_paper_under_its_name(client: Client, world: World, document: Document) -> None:
    client.force_login(world.buyer)

    response, content = fetched(client, address(document))

    assert response.status_code == 200
    assert content == Path(private_storage().path(document.file.path)).read_bytes()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''%D0%A1%D1%87")
    assert response["Cache-Control"] == "private, no-cache"
    assert list(DocumentDownload.objects.values_list("document_id", "user_id", "impersonator_id")) == [
        (document.pk, world.buyer.pk, None)
    ]


def test_download_to_keep_is_an_attachment(client: Client, world: World, document: Document) -> None:
    client.force_login(world.buyer)

    response, _content = fetched(client, f"{address(document)}?save")

    assert response["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("buyer", 200),
        ("head", 200),
        ("colleague", 404),
        ("receiver", 403),
        ("other_buyer", 404),
        ("manager", 200),
        ("other_manager", 404),
        ("administrator", 200),
    ],
)
def test_download_asks_who_wants_it(
    client: Client, world: World, document: Document, persona: str, status: int
) -> None:
    person = (
        make_person(world.holding, "buyer" if persona == "colleague" else "receiver")
        if persona in {"colleague", "receiver"}
        else getattr(world, persona)
    )
    client.force_login(person)

    response, _content = fetched(client, address(document))

    assert response.status_code == status
    assert DocumentDownload.objects.count() == (1 if status == 200 else 0)


def test_download_sends_a_visitor_to_sign_in(client: Client, document: Document) -> None:
    response = client.get(address(document))

    assert response.status_code == 302
    assert response["Location"] == f"{reverse(settings.LOGIN_URL)}?next={address(document)}"


def test_download_of_nothing_is_not_found(client: Client, world: World) -> None:
    client.force_login(world.buyer)

    assert client.get(reverse("documents:download", args=[uuid4()])).status_code == 404


def test_download_does_not_take_other_methods(client: Client, world: World, document: Document) -> None:
    client.force_login(world.buyer)

    assert client.post(address(document)).status_code == 405


def test_download_of_a_cut_file_is_refused(client: Client, world: World, document: Document) -> None:
    Path(private_storage().path(document.file.path)).write_bytes(b"%PDF")
    client.force_login(world.buyer)

    response = client.get(address(document))

    assert response.status_code == 503
    assert "Файл поврежден" in response.content.decode()
