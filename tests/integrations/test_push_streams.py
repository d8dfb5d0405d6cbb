"""What becomes of partners, counterparties, contracts, agreements and settlements."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from counterparties.models import Contract, ContractState, LegalEntity
from finance.models import OverdueItem, Settlement
from finance.selectors.blocks import order_decision
from finance.states import BlockAction, PaymentTerms
from integrations.models import (
    ErpAgreement,
    ErpParty,
    ExchangeNode,
    ExternalId,
    ExternalKind,
    PartyState,
    PushRef,
    RefState,
)
from integrations.services.incoming.waiting import party_match, waiting_retry
from tests.factories import AT, World, make_contract, make_legal_entity, make_world
from tests.integrations.push_talk import (
    CONTRACT,
    ENTITY,
    ORGANIZATION,
    PARTNER,
    Push,
    contract,
    known_world,
    moment,
    partner,
    settlement,
)

pytestmark = pytest.mark.django_db

ENTITY_2 = "33333333-18f9-11e7-80c2-000000000002"


@pytest.fixture
def world(node: ExchangeNode) -> World:
    world = make_world()
    known_world(node, world)
    return world


def counterparty(ref: str = ENTITY, **changes: Any) -> dict[str, Any]:
    return {"ref": ref, "name": "Север"} | changes


def told_contract() -> Contract:
    return Contract.objects.get(number="П-17")


# --- counterparties -------------------------------------------------------------------------------
def test_counterparty_is_found_by_its_codes(push: Push, world: World) -> None:
    entity = world.other_entity
    told = counterparty(
        ENTITY_2, inn=entity.inn, kpp=entity.kpp, ogrn="1027700132195", legal_form="ООО", partner_ref=PARTNER
    )

    assert push.send("counterparties", [told])[1]["accepted"] == 1

    row = ErpParty.objects.get(external_id=ENTITY_2)
    assert (row.legal_entity, row.state, row.ogrn, row.legal_form, row.partner_external_id) == (
        entity, PartyState.MATCHED, "1027700132195", "ООО", PARTNER,
    )  # fmt: skip


def test_counterparty_without_codes_waits_and_nobody_is_made_up(push: Push, world: World) -> None:
    push.send("counterparties", [counterparty(ENTITY_2)])

    row = ErpParty.objects.get()
    assert (row.state, row.reason, row.legal_entity) == (PartyState.WAITING, "нет ИНН", None)


def test_address_that_commerceml_told_stays(push: Push, world: World) -> None:
    push.send("counterparties", [counterparty()])
    ErpParty.objects.update(address="г. Москва")

    push.send("counterparties", [counterparty(full_name="ООО Север")])

    assert ErpParty.objects.values_list("address", "full_name").get() == ("г. Москва", "ООО Север")


# --- who orders nothing -----------------------------------------------------------------------------
def stopped(world: World) -> tuple[bool, bool]:
    """Whether the two legal entities are, and that an order says the same."""
    found = []
    for own in (world.contract, world.other_contract):
        said = order_decision(contract_id=own.pk, need=Decimal(1), terms=PaymentTerms.PREPAID, at=AT)
        entity = LegalEntity.objects.get(pk=own.legal_entity_id)
        assert (said.action == BlockAction.BLOCK) is entity.is_stopped_by_erp
        assert "Суд" not in said.text  # why is for the seller's people
        found.append(entity.is_stopped_by_erp)
    return found[0], found[1]


def test_partner_in_the_stop_list_orders_nothing(push: Push, world: World) -> None:
    push.send("partners", [partner(stop_list=True, stop_reason="Суд")])
    push.send("counterparties", [counterparty(partner_ref=PARTNER)])
    assert stopped(world) == (True, False)

    push.send("partners", [partner(stop_list=False)])
    assert stopped(world) == (False, False)

    push.send("partners", [partner(stop_list=True, stop_reason="Суд")])
    assert stopped(world) == (True, False)

    push.send("partners", [partner(stop_list=True, stop_reason="Суд", deleted=True)])
    assert stopped(world) == (False, False)

    push.send("partners", [partner(stop_list=True, stop_reason="Суд")])
    push.send("counterparties", [counterparty(partner_ref="")])
    assert stopped(world) == (False, False)


def test_firm_whose_counterparties_are_all_marked_orders_nothing(push: Push, world: World) -> None:
    told = {"inn": world.entity.inn, "kpp": world.entity.kpp}
    push.send("counterparties", [counterparty(), counterparty(ENTITY_2)])
    party_match(
        party_id=ErpParty.objects.get(external_id=ENTITY_2).pk, legal_entity_id=world.entity.pk, at=AT
    )

    push.send("counterparties", [counterparty(deleted=True)])
    assert stopped(world) == (False, False)  # made anew in 1C

    push.send("counterparties", [counterparty(ENTITY_2, deleted=True, **told)])
    assert stopped(world) == (True, False)

    push.send("counterparties", [counterparty()])
    assert stopped(world) == (False, False)


# --- contracts ------------------------------------------------------------------------------------
def test_contract_is_made_with_its_limit(push: Push, world: World) -> None:
    push.send("contracts", [contract()])

    row = told_contract()
    assert (row.organization, row.legal_entity, row.date, row.valid_until, row.state) == (
        world.organization, world.entity, date(2026, 2, 1), date(2027, 1, 31), ContractState.ACTIVE,
    )  # fmt: skip
    assert (row.currency, row.deferral_days, row.is_default) == ("RUB", 21, False)
    limit = Settlement.objects.get(contract=row)
    assert (limit.is_limited, limit.limit_amount, limit.is_overdue_forbidden, limit.as_of) == (
        True, Decimal("100000.00"), True, None,
    )  # fmt: skip


def test_contract_of_the_portal_is_found_by_number_and_date(push: Push, world: World) -> None:
    own = world.contract

    push.send("contracts", [contract(number=own.number, date=own.date.isoformat(), valid_to=None)])

    own.refresh_from_db()
    assert (Contract.objects.filter(legal_entity=world.entity).count(), own.deferral_days) == (1, 21)
    assert own.is_default
    assert ExternalId.objects.get(kind=ExternalKind.CONTRACT).object_id == own.pk


def test_contract_known_by_its_id_may_change_its_number(push: Push, world: World) -> None:
    push.send("contracts", [contract()])
    pk = told_contract().pk

    push.send("contracts", [contract(number="П-18", status="Закрыт", payment_days=None)])

    row = Contract.objects.get(pk=pk)
    assert (row.number, row.state, row.deferral_days) == ("П-18", ContractState.CLOSED, 21)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"date": "0001-01-01T00:00:00"}, "У договора нет даты"),
        ({"valid_to": "2026-01-31"}, "Договор кончается раньше, чем начинается"),
        ({"status": "Черновик"}, "status: нужно active, draft, closed или Действует, НеСогласован, Закрыт"),
        ({"currency": "руб"}, "currency: не подходит по виду"),
        ({"payment_days": 21.5}, "payment_days: нужно целое число"),
        ({"limit_amount": "-1"}, "limit_amount: должно быть не меньше 0"),
    ],
)
def test_contract_that_makes_no_sense_is_refused(
    push: Push, world: World, changes: dict[str, object], error: str
) -> None:
    answer = push.send("contracts", [contract(**changes)])[1]

    assert answer["rejected"] == [{"ref": CONTRACT, "error": error}]
    assert Contract.objects.filter(number="П-17").count() == 0


def test_contract_does_not_change_hands(push: Push, world: World) -> None:
    push.send("contracts", [contract()])
    ExternalId.objects.create(
        node=push.node,
        kind=ExternalKind.LEGAL_ENTITY,
        external_id=ENTITY_2,
        object_id=world.other_entity.pk,
    )

    answer = push.send("contracts", [contract(counterparty_ref=ENTITY_2)])[1]

    assert answer["rejected"][0]["error"] == "Договор известен на портале с другим юрлицом"
    assert told_contract().legal_entity == world.entity


def test_number_of_another_contract_is_not_taken(push: Push, world: World) -> None:
    push.send("contracts", [contract()])
    make_contract(world.entity, number="П-20", is_default=False)

    answer = push.send("contracts", [contract(number="П-20", date="2026-01-12")])[1]

    assert answer["rejected"][0]["error"] == "Договор № П-20 от 12.01.2026 уже есть под другим Ид"


def test_two_contracts_under_one_number_do_not_share_a_balance(push: Push, world: World) -> None:
    answer = push.send("contracts", [contract("c-1"), contract("c-2", limit_amount=5)])[1]

    push.send("settlements", [settlement("c-1", debt=1), settlement("c-2", debt=2)])

    error = "Договор № П-17 от 01.02.2026 уже есть под другим Ид"
    assert answer["rejected"] == [{"ref": "c-2", "error": error}]
    row = Settlement.objects.get()
    assert (row.contract.number, row.debt, row.limit_amount) == ("П-17", Decimal(1), Decimal(100_000))
    assert PushRef.objects.get(stream="settlements", ref="c-2").state == RefState.WAITING


def test_contract_made_anew_in_1c_takes_the_place_of_the_missing_one(push: Push, world: World) -> None:
    push.node.missing_limit = 100
    push.node.save()
    push.send("contracts", [contract("c-1")])
    push.full("contracts")

    answer = push.send("contracts", [contract("c-2")])[1]

    assert (answer["rejected"], told_contract().state) == ([], ContractState.ACTIVE)


def test_contract_before_its_counterparty_waits_for_a_person(push: Push, world: World) -> None:
    answer = push.send("contracts", [contract(counterparty_ref=ENTITY_2)])[1]
    later = push.send("settlements", [settlement()])[1]

    assert (answer["waiting"], later["waiting"], Settlement.objects.count()) == (1, 1, 0)
    push.send("counterparties", [counterparty(ENTITY_2)])
    party_match(party_id=ErpParty.objects.get().pk, legal_entity_id=world.other_entity.pk, at=AT)
    assert told_contract().legal_entity == world.other_entity
    assert Settlement.objects.get().debt == Decimal("1500.50")
    assert set(PushRef.objects.values_list("state", flat=True)) == {RefState.TAKEN}


@pytest.mark.parametrize("first", ["counterparties", "contracts", "settlements"])
def test_order_of_arrival_does_not_matter(push: Push, world: World, first: str) -> None:
    entity = world.other_entity
    told = {
        "settlements": settlement(),
        "contracts": contract(counterparty_ref=ENTITY_2),
        "counterparties": counterparty(ENTITY_2, inn=entity.inn, kpp=entity.kpp),
    }
    for stream in sorted(told, key=lambda name: name != first):
        push.send(stream, [told[stream]])

    assert Settlement.objects.get().contract.legal_entity == entity
    assert Settlement.objects.get().debt == Decimal("1500.50")


def test_client_who_registers_later_frees_what_waits(push: Push, world: World) -> None:
    inn = "7707083893"
    push.send("counterparties", [counterparty(ENTITY_2, inn=inn, kpp="770101001")])
    push.send("contracts", [contract(counterparty_ref=ENTITY_2)])

    entity = make_legal_entity(inn=inn)
    waiting_retry(at=AT)

    assert told_contract().legal_entity == entity


def test_contract_of_an_unknown_organization_waits(push: Push, world: World) -> None:
    ExternalId.objects.filter(kind=ExternalKind.ORGANIZATION).delete()

    push.send("contracts", [contract()])

    row = PushRef.objects.get()
    assert (row.state, row.reason) == (
        RefState.WAITING, f"организация {ORGANIZATION} не сопоставлена с нашей",
    )  # fmt: skip


def test_waiting_contract_told_anew_is_taken_as_told_last(push: Push, world: World) -> None:
    push.send("contracts", [contract(counterparty_ref=ENTITY_2)])
    push.send("contracts", [contract(counterparty_ref=ENTITY_2, number="П-17", payment_days=7)])

    entity = world.other_entity
    push.send("counterparties", [counterparty(ENTITY_2, inn=entity.inn, kpp=entity.kpp)])

    assert told_contract().deferral_days == 7


def test_waiting_item_of_another_shape_is_refused_and_holds_nobody(push: Push, world: World) -> None:
    push.send("contracts", [contract(counterparty_ref=ENTITY_2)])
    kept, entity = PushRef.objects.get(), world.other_entity
    PushRef.objects.filter(pk=kept.pk).update(payload=kept.payload | {"former": 1})

    status, answer = push.send("counterparties", [counterparty(ENTITY_2, inn=entity.inn, kpp=entity.kpp)])

    kept.refresh_from_db()
    assert (status, answer["accepted"]) == (200, 1)
    assert (kept.state, kept.reason) == (RefState.REJECTED, "former: неизвестное поле")


def test_contract_missing_from_a_full_export_is_closed(push: Push, world: World) -> None:
    push.node.missing_limit = 50
    push.node.save()
    push.send("contracts", [contract(), contract("c-2", number="П-18")])

    push.full("contracts", [contract()])

    told = Contract.objects.filter(number__startswith="П-").order_by("number")
    assert list(told.values_list("state", flat=True)) == [ContractState.ACTIVE, ContractState.CLOSED]
    assert Contract.objects.get(number=world.contract.number).state == ContractState.ACTIVE


# --- settlements ----------------------------------------------------------------------------------
def test_settlement_is_kept_with_its_documents(push: Push, world: World) -> None:
    push.send("contracts", [contract()])

    push.send("settlements", [settlement()])

    row = Settlement.objects.get()
    assert (row.debt, row.prepayment, row.shipping, row.to_pay, row.as_of) == (
        Decimal("1500.50"), Decimal(0), Decimal("99.50"), Decimal(1000), moment(),
    )  # fmt: skip
    assert row.limit_amount == Decimal(100_000)
    assert list(OverdueItem.objects.values_list("due_date", "amount", "document")) == [
        (date(2026, 11, 20), Decimal("700.00"), "Реализация 12")
    ]


def test_older_balance_does_not_overwrite(push: Push, world: World) -> None:
    push.send("contracts", [contract()])
    push.send("settlements", [settlement()])

    earlier = (moment() - timedelta(minutes=1)).isoformat()
    push.send("settlements", [settlement(debt=1, overdue=[], as_of=earlier)])

    assert (Settlement.objects.get().debt, OverdueItem.objects.count()) == (Decimal("1500.50"), 1)


def test_newer_balance_replaces_documents(push: Push, world: World) -> None:
    push.send("contracts", [contract()])
    push.send("settlements", [settlement()])

    later = (moment() + timedelta(minutes=1)).isoformat()
    push.send("settlements", [settlement(debt=0, overdue=[], as_of=later)])

    assert (Settlement.objects.get().debt, OverdueItem.objects.count()) == (Decimal(0), 0)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"currency": "USD"}, "Расчёты в USD, а договор в RUB"),
        ({"debt": "-5"}, "debt: должно быть не меньше 0"),
        ({"as_of": "2126-11-27T14:05:00+03:00"}, "as_of: момент в будущем, проверьте часы базы 1С"),
        ({"as_of": "2026-11-27T14:05:00"}, "as_of: у момента нет смещения от UTC, например +03:00"),
        ({"overdue": [{"due_date": "", "amount": 1}]}, "overdue.0: нет срока оплаты due_date"),
        ({"overdue": [{"due_date": "2026-11-20", "amount": 0}]}, "overdue.0.amount: должно быть больше 0"),
    ],
)
def test_settlement_that_makes_no_sense_is_refused(
    push: Push, world: World, changes: dict[str, object], error: str
) -> None:
    push.send("contracts", [contract()])

    answer = push.send("settlements", [settlement(**changes)])[1]

    assert answer["rejected"] == [{"ref": CONTRACT, "error": error}]
    assert Settlement.objects.get().as_of is None


def test_settlement_by_object_is_refused_with_words(push: Push, world: World) -> None:
    told = settlement() | {"object_ref": "order-1"}
    del told["contract_ref"]

    assert push.send("settlements", [told])[1]["rejected"] == [
        {
            "ref": "order-1",
            "error": "нет contract_ref: портал ведёт расчёты по договорам, не по объектам расчётов",
        }
    ]


def test_balance_missing_from_a_full_export_is_nought(push: Push, world: World) -> None:
    push.node.missing_limit = 50
    push.node.save()
    push.send("contracts", [contract(), contract("c-2", number="П-18")])
    push.send("settlements", [settlement(), settlement("c-2")])

    later = (moment() + timedelta(hours=1)).isoformat()
    push.send("settlements", [settlement(as_of=later)], mode="full", generated_at=later)
    push.send("settlements", mode="full", finish=True, count=1, generated_at=later)

    paid = Settlement.objects.get(contract__number="П-18")
    assert (paid.debt, paid.to_pay, paid.overdue.count(), paid.limit_amount, paid.as_of) == (
        Decimal(0), Decimal(0), 0, Decimal(100_000), moment(later),
    )  # fmt: skip
    assert Settlement.objects.get(contract__number="П-17").debt == Decimal("1500.50")


# --- agreements -----------------------------------------------------------------------------------
def test_agreement_is_kept_and_changes_nothing(push: Push, world: World) -> None:
    told = {
        "ref": "a-1",
        "partner_ref": PARTNER,
        "price_type_ref": "pt",
        "warehouse_ref": "w",
        "min_order": "5000",
        "payment_stages": [{"name": "Аванс", "percent": 30, "days": 0}],
    }

    push.send("agreements", [told])

    row = ErpAgreement.objects.get()
    assert (row.partner_external_id, row.price_type_external_id, row.minimum_amount) == (
        PARTNER, "pt", Decimal(5000),
    )  # fmt: skip
    assert row.payment_stages == [{"name": "Аванс", "percent": "30.00", "days": 0}]
