from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from counterparties.models import LegalEntity
from documents.acts.workbook import act_workbook
from documents.compose.act import ActTooLong, act_payload
from documents.models import Act
from documents.payloads.act import ActPayload
from documents.selectors.act_books import act_books
from finance.models import LedgerEntry
from finance.selectors.receivables import balance_on
from finance.services.ledger import ledger_reverse
from finance.states import LedgerKind
from tests.documents.acts.conftest import SINCE, UNTIL, golden, on
from tests.factories import AT, TODAY, World, make_contract, make_legal_entity
from tests.finance.debts import make_debt, make_paid


def books_act(world: World, **changes: Any) -> Act:
    told: dict[str, Any] = {
        "organization": world.organization,
        "legal_entity": world.entity,
        "period_from": SINCE,
        "period_to": UNTIL,
    }
    return Act(**(told | changes))


def payload_of(act: Act) -> ActPayload:
    return act_payload(
        organization=act.organization,
        entity=act.legal_entity,
        signers=[],
        groups=act_books(act).groups,
        period=(act.period_from, act.period_to),
        currency=act.currency,
        number="7",
        day=TODAY,
        form="act",
    )


def test_act_of_the_specification(world: World) -> None:
    golden(world)

    act = payload_of(books_act(world))

    assert (act.opening, act.debit, act.credit, act.closing) == (10_000, 5_000, 12_000, 3_000)
    assert [(line.day, line.title, line.debit, line.credit) for line in act.groups[0].lines] == [
        (date(2026, 7, 5), "Продажа (УТ-900 от 05.07.2026)", 5_000, 0),
        (date(2026, 7, 20), "Оплата (221 от 20.07.2026)", 0, 12_000),
    ]
    assert act.groups[0].contract is not None
    assert act.groups[0].contract.number == world.contract.number


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (LedgerKind.SHIPMENT, "Продажа (Н-1 от 02.08.2026)"),
        (LedgerKind.CORR_UP, "Корректировка (Н-1 от 02.08.2026)"),
        (LedgerKind.CORR_DOWN, "Корректировка (Н-1 от 02.08.2026)"),
        (LedgerKind.RETURN, "Возврат (Н-1 от 02.08.2026)"),
        (LedgerKind.PAYMENT, "Оплата (Н-1 от 02.08.2026)"),
        (LedgerKind.REFUND, "Возврат оплаты (Н-1 от 02.08.2026)"),
        (LedgerKind.BONUS, "Бонус (Н-1 от 02.08.2026)"),
        (LedgerKind.PENALTY, "Неустойка (Н-1 от 02.08.2026)"),
        (LedgerKind.WRITE_OFF, "Списание (Н-1 от 02.08.2026)"),
    ],
)
def test_every_operation_has_its_title(world: World, kind: LedgerKind, title: str) -> None:
    make_debt(world.contract, 10, kind=kind, due_date=None, number="Н-1", **on(2026, 8, 2))

    [line] = payload_of(books_act(world)).groups[0].lines

    assert line.title == title


def test_operation_without_a_number_has_the_name_alone(world: World) -> None:
    make_debt(world.contract, 10, kind=LedgerKind.OFFSET, is_debit=True, number="", **on(2026, 8, 2))

    [line] = payload_of(books_act(world)).groups[0].lines

    assert (line.title, line.number) == ("Взаимозачет", "")


@pytest.mark.parametrize(("is_red", "sides"), [(False, (0, 40)), (True, (-40, 0))])
def test_downward_correction_by_the_flag(world: World, is_red: bool, sides: tuple[int, int]) -> None:
    world.organization.acts_storno_red = is_red
    make_debt(world.contract, 100, **on(2026, 8, 1))
    make_debt(world.contract, 40, kind=LedgerKind.CORR_DOWN, due_date=None, **on(2026, 8, 2))

    act = payload_of(books_act(world))

    assert (act.groups[0].lines[1].debit, act.groups[0].lines[1].credit) == sides
    assert (act.is_storno_red, act.closing) == (is_red, 60)


def test_what_was_taken_back_is_not_printed(world: World) -> None:
    entry = make_debt(world.contract, 100, **on(2026, 8, 1))
    make_debt(world.contract, 50, **on(2026, 8, 2))
    ledger_reverse(entry_id=entry.pk, at=AT, comment="удалён в 1С")

    act = payload_of(books_act(world))

    assert [line.debit for line in act.groups[0].lines] == [50]
    assert act.closing == 50


def test_order_is_by_day_then_by_entry(world: World) -> None:
    make_debt(world.contract, 3, **on(2026, 8, 5))
    make_debt(world.contract, 1, **on(2026, 8, 1))
    make_debt(world.contract, 2, **on(2026, 8, 1))

    lines = payload_of(books_act(world)).groups[0].lines

    assert [(line.position, line.debit) for line in lines] == [(1, 1), (2, 2), (3, 3)]


def test_edges_of_the_period_count(world: World) -> None:
    make_debt(world.contract, 1, **on(2026, 6, 30))
    make_debt(world.contract, 2, **on(2026, 7, 1))
    make_debt(world.contract, 4, **on(2026, 9, 30))
    make_debt(world.contract, 8, **on(2026, 10, 1))

    act = payload_of(books_act(world))

    assert (act.opening, act.debit, act.closing) == (1, 6, 7)


def test_all_contracts_are_grouped_and_one_stands_alone(world: World) -> None:
    second = make_contract(world.entity, number="ДП-2", is_default=False)
    make_debt(world.contract, 100, **on(2026, 8, 1))
    make_debt(second, 30, **on(2026, 8, 2))

    whole, one = payload_of(books_act(world)), payload_of(books_act(world, contract=second))

    assert [(group.closing, [line.position for line in group.lines]) for group in whole.groups] == [
        (100, [1]),
        (30, [2]),
    ]
    assert whole.closing == 130
    assert [(group.contract and group.contract.number, group.closing) for group in one.groups] == [
        ("ДП-2", 30)
    ]


def test_money_of_others_is_not_in_an_act(world: World) -> None:
    make_debt(world.other_contract, 100, **on(2026, 8, 1))

    act = payload_of(books_act(world))

    assert [(group.opening, group.lines) for group in act.groups] == [(0, ())]


def test_entries_of_a_merged_firm_count_for_the_heir(world: World) -> None:
    merged = make_legal_entity(world.holding, name="ООО «Север-2»")
    twin = make_contract(merged, number=world.contract.number, is_default=False)
    make_debt(twin, 70, **on(2026, 8, 1))
    make_debt(world.contract, 30, **on(2026, 8, 2))
    LegalEntity.objects.filter(pk=merged.pk).update(merged_into=world.entity)

    whole, one = payload_of(books_act(world)), payload_of(books_act(world, contract=world.contract))

    assert [(group.closing, len(group.lines)) for group in whole.groups] == [(100, 2)]
    assert one.closing == 100


def test_too_long_an_act_is_refused_with_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documents.compose.act.MOST_LINES", 1)
    make_debt(world.contract, 1, **on(2026, 8, 1))
    make_debt(world.contract, 2, **on(2026, 8, 1))

    with pytest.raises(ActTooLong, match="В периоде 2 операций"):
        payload_of(books_act(world))


operations = st.lists(
    st.tuples(
        st.sampled_from([LedgerKind.SHIPMENT, LedgerKind.PAYMENT, LedgerKind.CORR_DOWN, LedgerKind.RETURN]),
        st.integers(1, 10_000_000),
        st.integers(1, 28),
        st.integers(5, 11),
        st.booleans(),
    ),
    max_size=12,
)


@given(told=operations, is_red=st.booleans())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_balances_of_any_act_are_those_of_the_ledger(world: World, told: list[Any], is_red: bool) -> None:
    with transaction.atomic():
        post(world, told)

        world.organization.acts_storno_red = is_red
        act = payload_of(books_act(world))

        assert act.opening == balance_on(contract_id=world.contract.pk, before=SINCE)
        assert act.closing == balance_on(contract_id=world.contract.pk, before=date(2026, 10, 1))
        standing = LedgerEntry.objects.filter(
            contract=world.contract,
            business_date__range=(SINCE, UNTIL),
            reverses__isnull=True,
            reversed_by__isnull=True,
        )
        assert {line.entry_id for group in act.groups for line in group.lines if line.entry_id} == set(
            standing.values_list("pk", flat=True)
        )
        transaction.set_rollback(True)


def post(world: World, told: list[Any]) -> None:
    for kind, kopecks, day, month, is_reversed in told:
        amount = str(Decimal(kopecks) / 100)
        entry = make_debt(world.contract, amount, kind=kind, due_date=None, **on(2026, month, day))
        if is_reversed:
            ledger_reverse(entry_id=entry.pk, at=AT, comment="")


def test_workbook_has_numbers_and_no_formula(world: World) -> None:
    golden(world)
    make_paid(world.contract, "1", **on(2026, 7, 21), number="=1+1")

    sheet = load_workbook(BytesIO(act_workbook(payload_of(books_act(world))))).active

    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "Акт сверки № 7 от 23.11.2026"
    assert (rows[4][0], rows[4][4]) == ("По данным ООО «Опт-Портал», руб.", "По данным ООО «Север», руб.")
    assert [row[1:4] for row in rows[7:11]] == [
        [None, 10_000, None],
        ["Продажа (УТ-900 от 05.07.2026)", 5_000, None],
        ["Оплата (221 от 20.07.2026)", None, 12_000],
        ["Оплата (=1+1 от 21.07.2026)", None, 1],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n", "d"}
