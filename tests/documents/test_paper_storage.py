"""Papers in a store of objects, which knows no folders and no renaming."""

import io
import zipfile
from copy import deepcopy

import pytest
from django.conf import settings
from django.db import IntegrityError, InternalError, transaction
from django.db.utils import ProgrammingError
from django.test import Client, override_settings
from django.urls import reverse

from documents.archive.papers import ArchiveScope
from documents.models import Document, DocumentFile
from documents.services import invoice_issue
from documents.services.archives import archive_ask, archive_make
from documents.states import FileRole
from portal.files.services import private_storage, store
from tests.documents.orders import make_order
from tests.factories import AT, TODAY, World, actor_of

REFUSED = (InternalError, ProgrammingError, IntegrityError)


@pytest.fixture
def objects() -> object:
    """The private storage without a file system behind it, as django-storages has it."""
    chosen = deepcopy(settings.STORAGES)
    chosen["private"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    with override_settings(STORAGES=chosen):
        yield private_storage()


def test_papers_and_archives_live_in_a_store_of_objects(
    client: Client, world: World, quick_pdf: None, objects: object
) -> None:
    document = invoice_issue(order_id=make_order(world).pk, at=AT)
    row = archive_ask(actor=actor_of(world.head), scope=ArchiveScope(TODAY, TODAY, None, ()), at=AT)
    archive_make(archive_id=row.pk, at=AT)
    row.refresh_from_db()
    client.force_login(world.head)

    fetched = client.get(reverse("documents:download", args=[document.uid])).getvalue()
    packed = client.get(reverse("documents:archive_file", args=[row.uid])).getvalue()

    assert fetched.startswith(b"%PDF-1.7")
    assert len(zipfile.ZipFile(io.BytesIO(packed)).namelist()) == 2
    assert private_storage().exists(document.file.path)


def test_lost_object_is_told_in_words(client: Client, world: World, quick_pdf: None, objects: object) -> None:
    document = invoice_issue(order_id=make_order(world).pk, at=AT)
    private_storage().delete(document.file.path)
    client.force_login(world.head)

    answer = client.get(reverse("documents:download", args=[document.uid]))

    assert answer.status_code == 503
    assert "Файл поврежден" in answer.content.decode()


def test_file_beside_a_paper_is_never_changed(world: World, quick_pdf: None) -> None:
    document = invoice_issue(order_id=make_order(world).pk, at=AT)
    file = store(content=b"<?xml version='1.0'?><a/>", name="a.xml", mime="application/xml")
    beside = DocumentFile.objects.create(
        document=document, role=FileRole.XML, name="a.xml", file=file, added_at=AT
    )

    with pytest.raises(REFUSED), transaction.atomic():
        DocumentFile.objects.update(name="b.xml")
    with pytest.raises(REFUSED), transaction.atomic():
        DocumentFile.objects.all().delete()
    with pytest.raises(REFUSED), transaction.atomic():
        DocumentFile.objects.create(
            document=document, role=FileRole.XML, name="c.xml", file=document.file, added_at=AT
        )

    assert list(DocumentFile.objects.values_list("pk", "name")) == [(beside.pk, "a.xml")]


@pytest.mark.parametrize(
    "change", [{"revision": 1}, {"currency": "USD"}, {"replaces": None}, {"contract": None}], ids=str
)
def test_new_columns_of_a_paper_are_frozen_too(
    world: World, quick_pdf: None, change: dict[str, object]
) -> None:
    old = invoice_issue(order_id=make_order(world).pk, at=AT)
    values = Document.objects.values().get()
    del values["id"], values["uid"]
    told = values | {"number": 2, "reference": "order:0", "replaces_id": old.pk}
    paper = Document.objects.create(**told)
    before = Document.objects.values().get(pk=paper.pk)

    with pytest.raises(REFUSED, match="Cannot update"), transaction.atomic():
        Document.objects.filter(pk=paper.pk).update(**change)

    assert Document.objects.values().get(pk=paper.pk) == before
