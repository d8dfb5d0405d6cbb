"""Pages of contracts: the list, one contract, uploading, reviewing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from counterparties.models import Contract, ContractKind
from documents.models import ContractFile, ContractVersion
from documents.services.contract_versions import contract_version_send
from documents.states import ContractFileRole, VersionState
from tests.documents.contracts.samples import pdf, picture, upload, version_begin, version_sent
from tests.factories import AT, World, actor_of, make_contract, make_legal_entity, make_person


def page_of(contract: Contract) -> str:
    return reverse("documents:contract", args=[contract.pk])


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def scans(*contents: bytes, name: str = "скан.pdf") -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, one) for one in contents]


@pytest.mark.parametrize(("rows", "queries"), [(1, 7), (3, 7)])
def test_list_costs_the_same_for_any_number(
    world: World, rows: int, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(rows - 1):
        make_contract(make_legal_entity(world.holding))
    for contract in Contract.objects.filter(legal_entity__holding=world.holding):
        addendum = Contract.objects.create(
            organization=contract.organization, legal_entity=contract.legal_entity, parent=contract,
            number="1", date=contract.date, kind=ContractKind.ADDENDUM,
        )  # fmt: skip
        version_begin(world, addendum)
    client = signed_in(world.manager)
    client.get(reverse("documents:contracts"))

    with django_assert_num_queries(queries):
        answer = client.get(reverse("documents:contracts"))

    assert answer.content.decode().count("Дополнительное соглашение") == rows


@pytest.mark.parametrize(("rounds", "queries"), [(1, 10), (3, 10)])
def test_page_costs_the_same_for_any_history(
    world: World, rounds: int, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = version_sent(world)
    for number in range(rounds):
        upload(world, version, pdf(number + 1))
        ContractVersion.objects.filter(pk=version.pk).update(state=VersionState.REJECTED)
    client = signed_in(world.manager)
    client.get(page_of(world.contract))

    with django_assert_num_queries(queries):
        answer = client.get(page_of(world.contract))

    assert answer.content.decode().count("Скан клиента, попытка") == rounds


def test_list_tells_terms_and_finds_those_that_expire(world: World) -> None:
    today = timezone.localdate()
    soon = make_contract(world.entity, number="СКОРО", is_default=False)
    Contract.objects.filter(pk=soon.pk).update(valid_until=today + timedelta(days=12), prolongs_months=12)
    past = make_contract(world.entity, number="ДАВНО", is_default=False)
    Contract.objects.filter(pk=past.pk).update(valid_until=today - timedelta(days=1))
    client = signed_in(world.manager)

    page = client.get(reverse("documents:contracts")).content.decode()
    found = client.get(reverse("documents:contracts"), {"term": "expiring"}).content.decode()

    assert "Осталось 12 дней" in page
    assert "Истек 1 день назад" in page
    assert "Продлевается сам на 12 мес." in page
    assert ("СКОРО" in found, "ДАВНО" in found, world.contract.number in found) == (True, False, False)


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("buyer", 404), ("head", 200), ("other_buyer", 404), ("manager", 200), ("other_manager", 404),
        ("administrator", 200),
    ],
)  # fmt: skip
def test_contract_is_seen_by_its_parties(world: World, persona: str, status: int) -> None:
    version = version_sent(world)
    file = ContractFile.objects.get(version=version)
    client = signed_in(getattr(world, persona))

    assert client.get(page_of(world.contract)).status_code == status
    answer = client.get(reverse("documents:contract_file", args=[file.pk]))
    assert answer.status_code == status
    if answer.streaming:
        assert answer.getvalue() == pdf()


def test_who_sees_only_his_own_papers_sees_no_contracts(world: World) -> None:
    version_sent(world)
    buyer, head = signed_in(world.buyer), signed_in(world.head)
    papers, contracts = reverse("documents:list"), reverse("documents:contracts")

    seen = [client.get(contracts).content.decode() for client in (buyer, head)]
    links = [contracts in client.get(papers).content.decode() for client in (buyer, head)]

    assert [world.contract.number in page for page in seen] == [False, True]
    assert links == [False, True]


def test_only_what_may_be_added_is_offered(world: World) -> None:
    client = signed_in(world.manager)
    version = version_begin(world)
    before = client.get(page_of(world.contract)).content.decode()
    contract_version_send(actor=actor_of(world.manager), version_id=version.pk, at=AT)

    after = client.get(page_of(world.contract)).content.decode()
    refused = client.post(
        reverse("documents:contract_file_new", args=[version.pk]),
        {"role": "draft", "file": scans(pdf(), name="текст.pdf")[0]},
    )

    text, copy = '<option value="draft">', '<option value="our_signed">'
    assert [text in before, copy in before, text in after, copy in after] == [True, True, False, True]
    assert refused.status_code == 409
    assert ContractFile.objects.filter(version=version, role="draft").count() == 1


def test_client_sees_nothing_of_a_draft(world: World) -> None:
    version = version_begin(world, summary="Тайная правка")
    file = ContractFile.objects.get(version=version)
    client = signed_in(world.head)

    assert "Тайная правка" not in client.get(page_of(world.contract)).content.decode()
    assert client.get(reverse("documents:contract_file", args=[file.pk])).status_code == 404


def test_signer_uploads_and_the_manager_accepts(world: World) -> None:
    version = version_sent(world, valid_until=date(2030, 1, 1))
    signer, manager = signed_in(world.head), signed_in(world.manager)

    sent = signer.post(
        reverse("documents:contract_scans", args=[version.pk]),
        {"scans": scans(pdf(), picture())},
        follow=True,
    )
    taken = manager.post(reverse("documents:contract_move", args=[version.pk]), {"act": "take"}, follow=True)
    accepted = manager.post(
        reverse("documents:contract_accept", args=[version.pk]), {"scan_has_both": "on"}, follow=True
    )

    assert "скан отправлен" in sent.content.decode()
    assert "взят на проверку" in taken.content.decode()
    assert "Версия принята" in accepted.content.decode()
    world.contract.refresh_from_db()
    assert world.contract.valid_until == date(2030, 1, 1)


def test_picture_can_be_fetched_as_it_came_and_as_pdf(world: World) -> None:
    version = version_sent(world)
    content = picture()
    upload(world, version, content, name="стр.png")
    file = ContractFile.objects.get(role=ContractFileRole.CLIENT_SCAN)
    client = signed_in(world.manager)
    address = reverse("documents:contract_file", args=[file.pk])

    original, made = client.get(address), client.get(f"{address}?pdf&save")

    assert (original["Content-Type"], original.getvalue()) == ("image/png", content)
    assert made["Content-Type"] == "application/pdf"
    assert made["Content-Disposition"].startswith("attachment; ")
    assert made.getvalue().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        ([b"MZ" + bytes(99)], "это не PDF, JPG, PNG или TIFF"),
        ([b""], "файл пустой"),
        ([], "Выберите файлы"),
        ([pdf()] * 11, "Файлов больше 10"),
    ],
)
def test_bad_scans_are_told_beside_the_form(world: World, contents: list[bytes], words: str) -> None:
    version = version_sent(world)

    answer = signed_in(world.head).post(
        reverse("documents:contract_scans", args=[version.pk]), {"scans": scans(*contents)}
    )

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert ContractVersion.objects.get(pk=version.pk).state == VersionState.SENT
    assert ContractFile.objects.count() == 1


def test_name_of_a_scan_is_stripped(world: World) -> None:
    version = version_sent(world)

    signed_in(world.head).post(
        reverse("documents:contract_scans", args=[version.pk]),
        {"scans": scans(pdf(), name="../../etc/договор.exe")},
    )

    assert ContractFile.objects.get(role=ContractFileRole.CLIENT_SCAN).name == "договор.exe.pdf"


@pytest.mark.parametrize(("persona", "status"), [("buyer", 403), ("other_buyer", 403), ("manager", 403)])
def test_who_may_not_sign_uploads_nothing(world: World, persona: str, status: int) -> None:
    version = version_sent(world)

    answer = signed_in(getattr(world, persona)).post(
        reverse("documents:contract_scans", args=[version.pk]), {"scans": scans(pdf())}
    )

    assert answer.status_code == status
    assert ContractFile.objects.count() == 1


def test_head_of_another_client_does_not_find_it(world: World) -> None:
    version = version_sent(world, world.contract)
    other = make_person(world.other_holding, "head")

    answer = signed_in(other).post(
        reverse("documents:contract_scans", args=[version.pk]), {"scans": scans(pdf())}
    )

    assert answer.status_code == 404


def test_stale_page_is_told_so(world: World) -> None:
    version = version_sent(world)
    upload(world, version)

    answer = signed_in(world.manager).post(
        reverse("documents:contract_move", args=[version.pk]), {"act": "send"}
    )

    assert answer.status_code == 409
    assert "Версия уже в состоянии «Клиент прислал скан»" in answer.content.decode()


def test_return_without_a_reason_is_told(world: World) -> None:
    version = version_sent(world)
    upload(world, version)

    answer = signed_in(world.manager).post(
        reverse("documents:contract_return", args=[version.pk]), {"act": "return", "reason": " "}
    )

    assert answer.status_code == 422
    assert "Напишите причину" in answer.content.decode()


def test_manager_drafts_an_addendum(world: World) -> None:
    client = signed_in(world.manager)
    address = reverse("documents:contract_new")
    assert (
        f'value="{world.contract.pk}" selected'
        in client.get(address, {"parent": world.contract.pk}).content.decode()
    )

    answer = client.post(
        address,
        {
            "kind": "addendum", "parent": world.contract.pk, "number": "1", "date": "2026-11-01",
            "signing": "paper", "deferral_days": "30", "valid_from": "2026-12-01",
        },
        follow=True,
    )  # fmt: skip

    assert answer.status_code == 200
    addendum = Contract.objects.get(parent=world.contract)
    assert (addendum.legal_entity, addendum.organization, addendum.state) == (
        world.entity, world.organization, "draft",
    )  # fmt: skip
    assert ContractVersion.objects.get(contract=addendum).deferral_days == 30
    assert signed_in(world.head).get(page_of(addendum)).status_code == 404


def test_foreign_legal_entity_is_no_choice(world: World) -> None:
    answer = signed_in(world.manager).post(
        reverse("documents:contract_new"),
        {
            "kind": "supply", "organization": world.organization.pk, "legal_entity": world.other_entity.pk,
            "number": "1", "date": "2026-11-01", "signing": "paper",
        },
    )  # fmt: skip

    assert answer.status_code == 422
    assert not ContractVersion.objects.exists()
