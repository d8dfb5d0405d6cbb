"""Papers of 1C: who sees them, where they are shown, who fetched them."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Stage
from counterparties.merging import Absorption
from counterparties.models import LegalEntity
from documents.merging import DocumentRows
from documents.models import DocumentDownload, ReceivedDocument
from documents.selectors import DocumentFilter, document_rows, document_rows_for_order
from documents.services import (
    invoice_issue,
)
from documents.states import ReceivedKind
from tests.documents.orders import make_order
from tests.documents.received_papers import make_received
from tests.factories import AT, World, actor_of, make_contract, make_legal_entity, make_person


def address(document: ReceivedDocument) -> str:
    return reverse("documents:received", args=[document.uid])


@pytest.fixture
def accountant(world: World) -> User:
    return make_person(world.holding, "head", stage=Stage.FINANCE)


# --- who sees what -----------------------------------------------------------------------------------
def test_papers_are_seen_as_far_as_rights_reach(world: World, accountant: User) -> None:
    own = make_received(world.entity, order=make_order(world), number="1")
    of_firm = make_received(world.entity, number="2")
    act = make_received(world.entity, kind=ReceivedKind.ACT, number="3")
    make_received(world.other_entity, number="4")

    def seen(person: User) -> list[ReceivedDocument]:
        return list(ReceivedDocument.objects.visible_to(actor_of(person)).order_by("pk"))

    assert seen(world.buyer) == [own]
    assert seen(accountant) == [own, of_firm, act]
    assert seen(make_person(world.holding, "receiver")) == []
    assert [paper.number for paper in seen(world.other_buyer)] == []
    assert seen(world.manager) == [own, of_firm, act]
    assert len(seen(world.administrator)) == 4


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("buyer", 200),
        ("head", 200),
        ("receiver", 403),
        ("other_buyer", 404),
        ("manager", 200),
        ("other_manager", 404),
        ("administrator", 200),
    ],
)
def test_download_asks_who_wants_it_and_notes_it(
    client: Client, world: World, persona: str, status: int
) -> None:
    document = make_received(world.entity, order=make_order(world))
    person = make_person(world.holding, "receiver") if persona == "receiver" else getattr(world, persona)
    client.force_login(person)

    response = client.get(address(document))

    assert response.status_code == status
    downloads = list(DocumentDownload.objects.values_list("document", "received", "user"))
    assert downloads == ([(None, document.pk, person.pk)] if status == 200 else [])
    if status == 200:
        assert response.getvalue() == b"%PDF-1.7 upd"
        assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")


def test_xml_is_kept_not_shown(client: Client, world: World) -> None:
    xml = b'<?xml version="1.0"?><x/>'
    document = make_received(world.entity, order=make_order(world), content=xml, mime="application/xml")
    client.force_login(world.buyer)

    response = client.get(address(document))

    assert response["Content-Disposition"].startswith("attachment; ")
    assert response.getvalue() == xml


@pytest.mark.parametrize("is_deleted", [True, False])
def test_paper_without_a_file_or_deleted_is_not_found(client: Client, world: World, is_deleted: bool) -> None:
    order = make_order(world)
    document = make_received(world.entity, order=order, content=b"%PDF" if is_deleted else b"")
    ReceivedDocument.objects.update(is_deleted=is_deleted)
    client.force_login(world.buyer)

    assert client.get(address(document)).status_code == 404
    assert not DocumentDownload.objects.exists()


def test_download_is_of_one_paper(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentDownload.objects.create(user=world.buyer, at=AT)

    assert not DocumentDownload.objects.exists()


# --- lists -------------------------------------------------------------------------------------------
def test_order_page_links_papers_of_1c(client: Client, world: World, quick_pdf: None) -> None:
    order = make_order(world)
    document = make_received(world.entity, order=order)
    make_received(world.entity, order=order, number="18", content=b"")
    client.force_login(world.buyer)

    page = client.get(reverse("orders:detail", args=[order.pk])).content.decode()

    assert f'href="{address(document)}"' in page
    assert "УПД № 18 от 24.11.2026" in page
    assert "из 1С · без файла" in page
    assert "Счёт готовится" not in page


@pytest.mark.parametrize("times", [1, 3])
def test_rows_for_order_take_three_queries(
    world: World, quick_pdf: None, django_assert_num_queries: DjangoAssertNumQueries, times: int
) -> None:
    order = make_order(world)
    for place in range(times):
        make_received(world.entity, order=order, number=str(place))
    actor = actor_of(world.buyer)

    with django_assert_num_queries(3):
        rows = document_rows_for_order(order_id=order.pk, actor=actor)

    assert [row.is_from_erp for row in rows] == [True] * times


@pytest.mark.parametrize("times", [1, 3])
def test_list_holds_both_in_nine_queries(
    world: World, quick_pdf: None, django_assert_num_queries: DjangoAssertNumQueries, times: int
) -> None:
    for place in range(times):
        order = make_order(world)
        invoice_issue(order_id=order.pk, at=AT)
        make_received(world.entity, order=order, number=str(place))
    actor = actor_of(world.head)

    with django_assert_num_queries(9):
        page = document_rows(actor=actor, chosen=DocumentFilter())

    assert page.count == times * 2
    assert [row.is_from_erp for row in page.rows] == [True] * times + [False] * times
    assert all(row.order_label and row.legal_entity for row in page.rows)


def test_list_is_filtered(world: World, quick_pdf: None) -> None:
    invoice_issue(order_id=make_order(world).pk, at=AT)
    make_received(world.entity, number="17")
    make_received(world.entity, number="1", kind=ReceivedKind.INVOICE)
    actor = actor_of(world.manager)

    def titles(**chosen: object) -> list[str]:
        rows = document_rows(actor=actor, chosen=DocumentFilter(**chosen)).rows  # type: ignore[arg-type]
        return [row.title for row in rows]

    assert titles(number="17") == ["УПД № 17 от 24.11.2026"]
    assert titles(kind="invoice") == ["Счет на оплату № 1 от 24.11.2026", "Счет на оплату № 1 от 23.11.2026"]
    assert titles(legal_entity_id=world.other_entity.pk) == []


def test_paper_without_a_date_comes_last(world: World) -> None:
    order, actor = make_order(world), actor_of(world.head)
    make_received(world.entity, order=order, number="1")
    ReceivedDocument.objects.update(date=None)
    make_received(world.entity, order=order, number="2")

    in_list = document_rows(actor=actor, chosen=DocumentFilter()).rows
    of_order = document_rows_for_order(order_id=order.pk, actor=actor)

    assert [row.title for row in in_list] == ["УПД № 2 от 24.11.2026", "УПД № 1"]
    assert [row.title for row in of_order] == ["УПД № 2 от 24.11.2026", "УПД № 1"]


def test_filter_by_a_firm_shows_papers_of_those_merged_into_it(world: World) -> None:
    merged = make_legal_entity(world.holding)
    make_received(merged)
    LegalEntity.objects.filter(pk=merged.pk).update(merged_into=world.entity)

    page = document_rows(
        actor=actor_of(world.manager), chosen=DocumentFilter(legal_entity_id=world.entity.pk)
    )

    assert page.count == 1


def test_list_page_marks_papers_of_1c(client: Client, world: World, quick_pdf: None) -> None:
    order = make_order(world)
    invoice_issue(order_id=order.pk, at=AT)
    document = make_received(world.entity, order=order)
    client.force_login(world.buyer)

    page = client.get(reverse("documents:list")).content.decode()

    assert f'href="{address(document)}"' in page
    assert "из 1С" in page
    assert 'aria-current="page">Документы' in page


def test_list_is_for_those_who_may_see_papers(client: Client, world: World) -> None:
    client.force_login(make_person(world.holding, "receiver"))

    assert client.get(reverse("documents:list")).status_code == 403
    assert "Документы</a>" not in client.get(reverse("catalog:index")).content.decode()


def test_empty_list_says_so(client: Client, world: World) -> None:
    client.force_login(world.buyer)

    assert "Документов пока нет" in client.get(reverse("documents:list")).content.decode()
    assert "Ничего не найдено" in client.get(reverse("documents:list"), {"q": "77"}).content.decode()


# --- admin, merging ----------------------------------------------------------------------------------
def test_administrator_looks_at_papers_and_changes_none(client: Client, world: World) -> None:
    document = make_received(world.entity, order=make_order(world))
    client.force_login(world.administrator)

    listed = client.get(reverse("admin:documents_receiveddocument_changelist"))
    shown = client.get(reverse("admin:documents_receiveddocument_change", args=[document.pk]))
    adding = client.get(reverse("admin:documents_receiveddocument_add"))

    assert (listed.status_code, shown.status_code, adding.status_code) == (200, 200, 403)
    assert 'name="_save"' not in shown.content.decode()


def test_papers_follow_a_merged_firm(world: World) -> None:
    heir = make_legal_entity(world.holding)
    own, twin = world.contract, make_contract(heir)
    document = make_received(world.entity)
    ReceivedDocument.objects.update(contract=own)

    DocumentRows().absorb(
        Absorption(
            source_id=world.entity.pk,
            target_id=heir.pk,
            source_name=world.entity.name,
            contracts={own.pk: twin.pk},
            at=AT,
        )
    )

    document.refresh_from_db()
    assert (document.legal_entity, document.contract) == (heir, twin)
