"""Papers of one firm: a client chooses it from his own, an employee types its name or ИНН."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from counterparties.models import LegalEntity
from documents.models import DocumentArchive
from tests.documents.received_papers import make_received
from tests.factories import World, make_legal_entity
from tests.orders.test_erp import browser

LIST, BOARD, ARCHIVES = (reverse(f"documents:{name}") for name in ("list", "completeness", "archives"))


def numbers(client: Client, **asked: object) -> set[str]:
    """Which of the papers of the world stand in the list."""
    text = client.get(LIST, asked).content.decode()
    return {number for number in ("НАШ-1", "ЮГ-2") if number in text}


@pytest.fixture
def papers(world: World) -> World:
    make_received(world.entity, number="НАШ-1")
    make_received(world.other_entity, number="ЮГ-2")
    return world


def test_employee_finds_papers_by_name_inn_and_client(papers: World) -> None:
    client, other = browser(papers.administrator), papers.other_entity

    assert numbers(client) == {"НАШ-1", "ЮГ-2"}
    assert numbers(client, firm=other.inn) == {"ЮГ-2"}
    assert numbers(client, firm=other.name[5:8].lower()) == {"ЮГ-2"}
    assert numbers(client, firm="Нет такого") == set()
    assert numbers(client, holding=papers.holding.pk) == {"НАШ-1"}
    for wrong in ("0", "-1", "9" * 30, "x"):
        assert client.get(LIST, {"holding": wrong}).status_code == 200


def test_all_papers_of_a_client_are_his_alone(papers: World) -> None:
    client = browser(papers.administrator)
    address = f"{LIST}?holding={papers.holding.pk}"

    card = client.get(
        reverse("counterparties:client", args=[papers.holding.pk]), {"tab": "documents"}
    ).content.decode()
    page = client.get(address).content.decode()

    assert address in card
    assert ("НАШ-1" in page, "ЮГ-2" in page) == (True, False)
    assert f'<input type="hidden" name="holding" value="{papers.holding.pk}"' in page
    assert papers.holding.name in page


def test_papers_of_a_merged_firm_are_with_its_heir(papers: World) -> None:
    LegalEntity.objects.filter(pk=papers.other_entity.pk).update(merged_into=papers.entity)

    assert numbers(browser(papers.administrator), holding=papers.holding.pk) == {"НАШ-1", "ЮГ-2"}


def test_client_chooses_and_sees_no_other(papers: World) -> None:
    client = browser(papers.head)
    page = client.get(LIST).content.decode()

    assert ('<select name="legal_entity"' in page, 'name="firm"' in page) == (True, False)
    assert numbers(client, legal_entity=papers.entity.pk) == {"НАШ-1"}
    assert numbers(client, holding=papers.other_entity.holding_id) == {"НАШ-1"}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [(LIST, 9), (BOARD, 4), (ARCHIVES, 5)])
def test_pages_of_an_employee_name_no_firms(
    world: World,
    address: str,
    queries: int,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows):
        make_legal_entity(world.holding, name=f"ООО «Чужая строка {number}»")
    client = browser(world.administrator)
    client.get(address)

    with django_assert_num_queries(queries):
        page = client.get(address).content.decode()

    assert ("Чужая строка" in page, 'name="firm"' in page, 'name="legal_entity"' in page) == (
        False,
        True,
        False,
    )


def test_archive_of_an_employee_is_of_the_one_firm_he_names(papers: World) -> None:
    client = browser(papers.administrator)
    days = {"since": "2026-01-01", "until": "2026-12-31"}
    make_legal_entity(papers.holding, name="ООО «Север-2»")

    for wrong in ("ООО", "Нет такого"):
        assert client.post(ARCHIVES, {**days, "firm": wrong}).status_code == 422
    assert DocumentArchive.objects.count() == 0
    assert client.post(ARCHIVES, {**days, "firm": papers.entity.name.lower()}).status_code == 302
    assert DocumentArchive.objects.get().legal_entity_id == papers.entity.pk
