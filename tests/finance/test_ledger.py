"""Posting documents, reversing them, and which money pays for what."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F, Sum

from finance.models import Allocation, LedgerEntry
from finance.selectors.receivables import advances, ledger_rows, open_debits
from finance.services.credit import Claim, credit_note, credit_release
from finance.services.ledger import LedgerFacts, allocations_replay, ledger_post, ledger_reverse
from finance.states import LedgerKind, LedgerSource
from tests.factories import AT, TODAY, World, make_contract
from tests.money import credit_of, facts_of, pay, post, ship

LATER = AT + timedelta(hours=1)


def open_of(world: World, on: date = TODAY) -> list[tuple[str, Decimal]]:
    rows = open_debits(on=on, contract_ids=[world.contract.pk])
    return [(row.document_key, row.open) for row in rows]


def balance(world: World) -> Decimal:
    rows = LedgerEntry.objects.filter(contract=world.contract)
    return rows.aggregate(total=Sum(F("debit") - F("credit")))["total"] or Decimal(0)


def test_the_same_document_twice_is_one_entry(world: World) -> None:
    facts = facts_of(world.contract, LedgerKind.SHIPMENT, 300)

    first = ledger_post(facts=facts, at=AT)
    again = ledger_post(facts=facts, at=LATER)

    assert first == again
    assert LedgerEntry.objects.count() == 1


def test_a_changed_document_is_a_reversal_and_a_new_entry(world: World) -> None:
    ship(world.contract, 300, document_key="doc:a")

    entry = ship(world.contract, 250, document_key="doc:a")

    assert list(LedgerEntry.objects.order_by("pk").values_list("debit", "credit", "version")) == [
        (300, 0, "1"),
        (0, 300, "1"),
        (250, 0, "1#2"),
    ]
    assert LedgerEntry.objects.get(reverses__isnull=False).reverses_id != entry.pk
    assert open_of(world) == [("doc:a", 250)]


def test_a_deleted_document_is_reversed_and_can_come_back(world: World) -> None:
    ship(world.contract, 300, document_key="doc:a")

    gone = ledger_post(
        facts=facts_of(world.contract, LedgerKind.SHIPMENT, 300, document_key="doc:a", is_deleted=True), at=AT
    )

    assert gone is None
    assert (balance(world), open_of(world)) == (0, [])
    ship(world.contract, 300, document_key="doc:a")
    assert open_of(world) == [("doc:a", 300)]


def test_a_reversal_is_made_once(world: World) -> None:
    entry = ship(world.contract, 300)

    first = ledger_reverse(entry_id=entry.pk, at=AT, comment="Ошибка")
    again = ledger_reverse(entry_id=entry.pk, at=LATER, comment="Ошибка")

    assert first == again
    assert (first.credit, first.business_date, first.comment) == (300, TODAY, "Ошибка")
    assert Allocation.objects.get().amount == 300


def test_reversing_a_payment_opens_what_it_paid(world: World) -> None:
    ship(world.contract, 300, document_key="doc:a")
    payment = pay(world.contract, 200)

    ledger_reverse(entry_id=payment.pk, at=AT, comment="Отозван")

    assert open_of(world) == [("doc:a", 300)]


def test_money_pays_the_oldest_term_first(world: World) -> None:
    ship(world.contract, 100, document_key="doc:late", due_date=date(2026, 12, 20))
    ship(world.contract, 100, document_key="doc:soon", due_date=date(2026, 12, 1))

    pay(world.contract, 120)

    assert open_of(world) == [("doc:late", 80)]


def test_money_that_names_a_document_pays_it(world: World) -> None:
    ship(world.contract, 100, document_key="doc:late", due_date=date(2026, 12, 20))
    ship(world.contract, 100, document_key="doc:soon", due_date=date(2026, 12, 1))

    pay(world.contract, 70, settles=("doc:late",))

    assert open_of(world) == [("doc:soon", 100), ("doc:late", 30)]


def test_money_that_names_several_documents_pays_them_in_turn(world: World) -> None:
    for name in ("a", "b", "c"):
        ship(world.contract, 100, document_key=f"doc:{name}", due_date=date(2026, 12, 1))

    pay(world.contract, 150, settles=("doc:c", "doc:b"))

    assert open_of(world) == [("doc:a", 100), ("doc:b", 50)]
    assert set(Allocation.objects.values_list("is_explicit", flat=True)) == {True}


def test_a_changed_payment_keeps_what_it_names(world: World) -> None:
    for name in ("a", "b", "c"):
        ship(world.contract, 100, document_key=f"doc:{name}", due_date=date(2026, 12, 1))
    pay(world.contract, 200, document_key="pay:1", settles=("doc:c", "doc:b"))

    pay(world.contract, 150, document_key="pay:1", settles=("doc:c", "doc:b"))

    assert open_of(world) == [("doc:a", 100), ("doc:b", 50)]


def test_returned_goods_lessen_their_own_shipment(world: World) -> None:
    ship(world.contract, 100, document_key="doc:a", due_date=date(2026, 12, 1))
    ship(world.contract, 100, document_key="doc:b", due_date=date(2026, 12, 20))

    post(world.contract, LedgerKind.RETURN, 30, shipment_key="doc:b")

    assert open_of(world) == [("doc:a", 100), ("doc:b", 70)]


def test_an_advance_for_a_part_waits_for_its_shipment(world: World) -> None:
    ship(world.contract, 100, document_key="doc:old")
    pay(world.contract, 80, order_reference="part:7")

    assert open_of(world) == [("doc:old", 100)]
    assert advances(on=TODAY, contract_ids=[world.contract.pk]) == {world.contract.pk: 80}

    ship(world.contract, 50, document_key="doc:own", order_reference="part:7")

    assert open_of(world) == [("doc:old", 70)]


def test_an_advance_is_free_when_its_order_is_given_up(world: World) -> None:
    credit_note(claims=[Claim("part:7", world.contract.pk, Decimal(80))], at=AT)
    ship(world.contract, 100, document_key="doc:old")
    pay(world.contract, 80, order_reference="part:7")
    assert open_of(world) == [("doc:old", 100)]

    credit_release(references=["part:7"], at=LATER)

    assert open_of(world) == [("doc:old", 20)]


def test_a_document_of_an_earlier_day_changes_what_came_after(world: World) -> None:
    pay(world.contract, 100, date(2026, 11, 20))
    ship(world.contract, 100, date(2026, 11, 20), document_key="doc:b", due_date=date(2026, 12, 1))
    assert open_of(world) == []

    ship(world.contract, 60, date(2026, 11, 10), document_key="doc:a", due_date=date(2026, 11, 11))

    assert open_of(world) == [("doc:b", 60)]
    assert set(Allocation.objects.values_list("date", flat=True)) == {date(2026, 11, 20)}


def test_what_was_open_on_a_day_stays_known(world: World) -> None:
    ship(world.contract, 100, date(2026, 11, 10), document_key="doc:a")
    pay(world.contract, 100, date(2026, 11, 20))

    assert open_of(world, on=date(2026, 11, 19)) == [("doc:a", 100)]
    assert open_of(world, on=date(2026, 11, 20)) == []


def test_payments_never_cross_contracts(world: World) -> None:
    other = make_contract(world.entity, is_default=False)
    ship(world.contract, 100, document_key="doc:a")

    pay(other, 100)

    assert open_of(world) == [("doc:a", 100)]


def test_the_later_payment_of_1c_replaces_the_portals(world: World) -> None:
    ship(world.contract, 100, document_key="doc:a")
    ours = pay(world.contract, 100, payment_key="yk-1", source=LedgerSource.PORTAL, document_key="online:1")

    theirs = pay(world.contract, 100, payment_key="yk-1", document_key="erp_document:5")

    assert LedgerEntry.objects.get(reverses=ours).debit == 100
    assert (balance(world), open_of(world)) == (0, [])
    assert (
        pay(world.contract, 100, payment_key="yk-1", source=LedgerSource.PORTAL, document_key="online:1")
        == theirs
    )
    assert balance(world) == 0


def test_one_document_through_two_channels_is_one_entry(world: World) -> None:
    first = ship(world.contract, 100, document_key="erp_document:5", number="КА00-000012")

    second = ship(world.contract, 100, document_key="received:9", number="КА00-000012")

    assert first == second
    assert balance(world) == 100


def test_two_documents_of_one_channel_stay_two(world: World) -> None:
    ship(world.contract, 100, document_key="erp_document:5", number="КА00-000012")
    ship(world.contract, 100, document_key="erp_document:6", number="КА00-000012")

    assert balance(world) == 200


def test_an_entry_cannot_be_changed_or_deleted(world: World) -> None:
    entry = ship(world.contract, 100)

    for act in (
        lambda: LedgerEntry.objects.filter(pk=entry.pk).update(debit=1),
        lambda: LedgerEntry.objects.filter(pk=entry.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.parametrize("amount", [0, -5])
def test_a_document_without_a_sum_is_refused(world: World, amount: int) -> None:
    with pytest.raises(ValueError, match="doc:"):
        ship(world.contract, amount)

    assert LedgerEntry.objects.count() == 0


def test_the_balance_runs_with_the_entries(world: World) -> None:
    ship(world.contract, 100, date(2026, 11, 10))
    pay(world.contract, 30, date(2026, 11, 12))
    ship(world.contract, 5, date(2026, 11, 15))

    rows = ledger_rows(contract_id=world.contract.pk, since=date(2026, 11, 12))

    assert [row.balance for row in rows] == [70, 75]


def test_any_order_of_import_gives_the_same_allocations(world: World) -> None:
    """Days, terms and parts of all sorts, in four orders."""
    chance = random.Random(12)
    documents: list[LedgerFacts] = []
    for number in range(30):
        day = date(2026, 11, 1) + timedelta(days=chance.randrange(12))
        kind = chance.choice(
            [LedgerKind.SHIPMENT, LedgerKind.SHIPMENT, LedgerKind.PAYMENT, LedgerKind.RETURN]
        )
        part = chance.choice(["", "", "part:1", "part:2"])
        documents.append(
            facts_of(
                world.contract, kind, chance.randrange(1, 50) * 10, day,
                document_key=f"doc:{number}", order_reference=part,
            )
        )  # fmt: skip
    credit_note(claims=[Claim("part:1", world.contract.pk, Decimal(700))], at=AT)

    seen = set()
    for _turn in range(4):
        with transaction.atomic():
            for facts in chance.sample(documents, len(documents)):
                ledger_post(facts=facts, at=AT)
            named = ("credit__document_key", "debit__document_key", "amount", "date")
            rows = frozenset(Allocation.objects.values_list(*named))
            seen.add((rows, credit_of(world.contract).exposure))
            transaction.set_rollback(True)

    assert len(seen) == 1


def test_a_reversal_is_not_reversed(world: World) -> None:
    entry = ship(world.contract, 100)
    reversal = ledger_reverse(entry_id=entry.pk, at=AT, comment="Ошибка")

    with pytest.raises(ValueError, match="for good"):
        ledger_reverse(entry_id=reversal.pk, at=AT, comment="Ошибка")

    assert LedgerEntry.objects.count() == 2


def test_a_credit_pays_one_debt_on_two_days(world: World) -> None:
    """The part keeps 60 of 100 for itself until its goods leave, which other money pays for."""
    ship(world.contract, 100, date(2026, 11, 1), document_key="doc:old")
    credit_note(claims=[Claim("part:1", world.contract.pk, Decimal(60))], at=AT)
    advance = pay(world.contract, 100, date(2026, 11, 10), order_reference="part:1")
    day = date(2026, 11, 12)
    ship(world.contract, 60, day, order_reference="part:1", document_key="doc:part")
    ship(world.contract, 10, day, document_key="doc:new")

    pay(world.contract, 70, day, settles=("doc:part", "doc:new"))

    rows = Allocation.objects.order_by("credit", "debit", "date")
    paid = rows.filter(credit=advance).values_list("date", "amount")
    assert list(paid) == [(date(2026, 11, 10), 40), (day, 60)]
    assert (open_of(world), balance(world)) == ([], 0)
    kept = list(rows.values_list("credit", "debit", "amount", "date"))
    allocations_replay(world.contract.pk, "RUB")
    assert list(rows.values_list("credit", "debit", "amount", "date")) == kept
