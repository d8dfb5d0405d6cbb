from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import ProgrammingError

from documents.models import Document, DocumentDownload, NumberSequence
from documents.services import document_fetch, invoice_issue
from documents.states import DocumentState
from tests.documents.orders import make_order
from tests.factories import AT, World, actor_of, make_person

REFUSED = (InternalError, ProgrammingError, IntegrityError)


@pytest.fixture
def document(world: World, quick_pdf: None) -> Document:
    return invoice_issue(order_id=make_order(world).pk, at=AT)


@pytest.mark.parametrize(
    "change",
    [
        {"number": 2},
        {"number_print": "2"},
        {"date": date(2026, 11, 24)},
        {"payload": {"number": "2"}},
        {"payload_sha256": "0" * 64},
        {"total": Decimal(1)},
        {"pay_until": None},
        {"reference": "order:0"},
        {"template_version": "x"},
        {"issued_at": AT.replace(year=2025)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_issued_document_cannot_be_changed(document: Document, change: dict[str, object]) -> None:
    before = Document.objects.values().get()

    with pytest.raises(REFUSED, match="Cannot update"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**change)

    assert Document.objects.values().get() == before


def test_issued_document_cannot_get_another_file_or_owner(document: Document, world: World) -> None:
    other = invoice_issue(order_id=make_order(world, contract=world.other_contract).pk, at=AT)

    for change in ({"file": other.file}, {"legal_entity": world.other_entity}):
        with pytest.raises(REFUSED, match="Cannot update"), transaction.atomic():
            Document.objects.filter(pk=document.pk).update(**change)

    document.refresh_from_db()
    assert (document.file_id != other.file_id, document.legal_entity_id) == (True, world.entity.pk)


def test_issued_document_cannot_be_changed_by_hand_made_sql(document: Document) -> None:
    with (
        pytest.raises(REFUSED, match="Cannot update"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE documents_document SET number_print = 'X'")

    document.refresh_from_db()
    assert document.number_print == "1"


def test_issued_document_cannot_be_deleted(document: Document) -> None:
    with pytest.raises(REFUSED, match="Cannot delete"), transaction.atomic():
        Document.objects.all().delete()

    assert Document.objects.count() == 1


def test_cancelled_document_makes_room_for_another(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(state=DocumentState.CANCELLED)
    order_id = int(document.reference.removeprefix("order:"))

    second = invoice_issue(order_id=order_id, at=AT)

    assert (second.number, Document.objects.count()) == (2, 2)


def test_second_document_in_force_is_refused(document: Document) -> None:
    values = Document.objects.values().get()
    del values["id"], values["uid"]

    with pytest.raises(IntegrityError, match="document_one_in_force"), transaction.atomic():
        Document.objects.create(**(values | {"number": 2, "number_print": "2"}))


def test_number_sequence_only_grows(document: Document) -> None:
    with pytest.raises(REFUSED, match="Cannot update"), transaction.atomic():
        NumberSequence.objects.update(last_number=0)

    assert NumberSequence.objects.get().last_number == 1


def test_download_note_is_kept(document: Document, world: World) -> None:
    document_fetch(uid=document.uid, actor=actor_of(world.buyer), at=AT)

    with pytest.raises(REFUSED, match="Cannot update or delete"), transaction.atomic():
        DocumentDownload.objects.update(user=world.head)
    with pytest.raises(REFUSED, match="Cannot update or delete"), transaction.atomic():
        DocumentDownload.objects.all().delete()

    assert DocumentDownload.objects.get().user_id == world.buyer.pk


def test_visible_to_follows_holding_and_order(document: Document, world: World) -> None:
    colleague = make_person(world.holding, "buyer")
    elsewhere = make_person(world.holding, "accountant", legal_entities=[])
    accountant = make_person(world.holding, "accountant", legal_entities=[world.entity])

    seen = {
        name: Document.objects.visible_to(actor_of(person)).exists()
        for name, person in {
            "buyer": world.buyer,
            "head": world.head,
            "colleague": colleague,
            "accountant": accountant,
            "accountant of another firm": elsewhere,
            "other holding": world.other_buyer,
            "manager": world.manager,
            "other manager": world.other_manager,
            "administrator": world.administrator,
        }.items()
    }

    assert seen == {
        "buyer": True,
        "head": True,
        "colleague": False,
        "accountant": True,
        "accountant of another firm": False,
        "other holding": False,
        "manager": True,
        "other manager": False,
        "administrator": True,
    }
