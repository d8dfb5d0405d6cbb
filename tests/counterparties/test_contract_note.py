"""What 1C says of a contract that the portal has moved on."""

from datetime import date

import pytest

from counterparties.models import Contract, ContractState, ContractTerms
from counterparties.services.contracts import ContractFacts, contract_note
from tests.factories import World, make_world

OLD, NEW, NEWEST = date(2026, 12, 31), date(2027, 12, 31), date(2028, 12, 31)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def told(contract: Contract, until: date | None, state: ContractState = ContractState.ACTIVE) -> Contract:
    facts = ContractFacts(
        organization_id=contract.organization_id,
        legal_entity_id=contract.legal_entity_id,
        number=contract.number,
        signed_on=contract.date,
        valid_until=until,
        currency="RUB",
        state=state,
    )
    contract_note(contract_id=contract.pk, facts=facts)
    return Contract.objects.get(pk=contract.pk)


def test_prolonged_end_outlives_old_news(world: World) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(valid_until=NEW, prolonged_times=1)

    assert told(world.contract, OLD).valid_until == NEW
    assert told(world.contract, NEWEST).valid_until == NEWEST


def test_agreed_end_outlives_old_news(world: World) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(valid_until=NEW)
    assert told(world.contract, OLD).valid_until == OLD

    Contract.objects.filter(pk=world.contract.pk).update(valid_until=NEW)
    ContractTerms.objects.create(contract=world.contract, valid_from=world.contract.date)
    assert told(world.contract, OLD).valid_until == NEW


def test_replaced_contract_is_not_opened_again(world: World) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(state=ContractState.SUPERSEDED)

    assert told(world.contract, None).state == ContractState.SUPERSEDED
