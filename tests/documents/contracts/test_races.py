"""Two people, or one who clicks twice, at the same moment: a version moves once."""

import time
from collections.abc import Callable
from datetime import date
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone

from counterparties.models import Contract
from documents.contract_refusals import AnotherActive, WrongVersionState
from documents.models import ContractFile, ContractStep, ContractVersion
from documents.services import contract_accepting, contract_files
from documents.services.contract_prolongation import contracts_prolong
from documents.services.contract_versions import ContractFacts, VersionFacts, contract_draft
from documents.states import ContractFileRole, VersionState
from tests.documents.contracts.samples import accept, pdf, upload, version_sent
from tests.factories import AT, TODAY, World, actor_of

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[type[Exception]]:
    """Run each in a thread of its own; tell what went wrong."""
    faults: list[type[Exception]] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:
            faults.append(type(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return faults


def slowed(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> None:
    """Let the other one look before this one has written."""
    real = getattr(module, name)

    def slow(*arguments: object, **named: object) -> object:
        time.sleep(0.3)
        return real(*arguments, **named)

    monkeypatch.setattr(module, name, slow)


def test_two_who_accept_move_it_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    version = version_sent(world, valid_until=date(2030, 1, 1))
    upload(world, version)
    slowed(monkeypatch, contract_accepting, "_sign")

    faults = at_once(*[lambda: accept(world, version)] * 2)

    assert faults == [WrongVersionState]
    assert ContractStep.objects.filter(target=VersionState.ACTIVE).count() == 1
    assert ContractFile.objects.filter(role=ContractFileRole.BOTH_SIGNED).count() == 1


@pytest.mark.parametrize(("second", "faults"), [(pdf(2), []), (pdf(3), [WrongVersionState])])
def test_double_click_is_one_round(
    world: World, monkeypatch: pytest.MonkeyPatch, second: bytes, faults: list[type[Exception]]
) -> None:
    version = version_sent(world)
    slowed(monkeypatch, contract_files, "files_insert")

    found = at_once(lambda: upload(world, version, pdf(2)), lambda: upload(world, version, second))

    assert found == faults
    assert ContractFile.objects.filter(role=ContractFileRole.CLIENT_SCAN).count() == 1
    assert ContractVersion.objects.get(pk=version.pk).state == VersionState.UPLOADED


def test_two_new_contracts_do_not_both_become_the_only_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(state="closed")
    versions = []
    for number in ("П-1", "П-2"):
        facts = ContractFacts(world.organization.pk, world.entity.pk, world.contract.kind, number, TODAY)
        drafted = contract_draft(actor=actor_of(world.manager), facts=facts, version=VersionFacts(), at=AT)
        ContractVersion.objects.filter(pk=drafted.pk).update(state=VersionState.SENT)
        upload(world, drafted)
        versions.append(drafted)
    slowed(monkeypatch, contract_accepting, "_former_end")

    faults = at_once(lambda: accept(world, versions[0]), lambda: accept(world, versions[1]))

    assert faults == [AnotherActive]
    assert Contract.objects.filter(legal_entity=world.entity, state="active").count() == 1


def test_two_beats_prolong_once(world: World) -> None:
    today = timezone.localdate()
    Contract.objects.filter(pk=world.contract.pk).update(valid_until=today, prolongs_months=1)

    faults = at_once(*[lambda: contracts_prolong(at=timezone.now())] * 4)

    assert faults == []
    world.contract.refresh_from_db()
    assert world.contract.prolonged_times == 1
