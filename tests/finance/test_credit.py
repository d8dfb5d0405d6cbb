"""Lines, reserves, refusals, overrides and temporary limits."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission as DjangoPermission
from django.db import DatabaseError, transaction

from accounts.models import User
from counterparties.actor import AccessDenied
from counterparties.models import Contract
from finance.models import CreditLine, CreditOverride, LimitChange, Reservation, Settlement
from finance.selectors.exposure import credit_view
from finance.selectors.gate import shipment_gate
from finance.selectors.ways_out import ways_out
from finance.services import Balance, CreditLimit, OverduePart, settlement_limit_note, settlement_note
from finance.services.credit import (
    Claim,
    CreditClosed,
    CreditExceeded,
    CreditOverdue,
    credit_note,
    credit_release,
    credit_reserve,
    credit_shrink,
    limit_change,
    override_give,
)
from finance.states import CreditLineState, CreditMode, CreditStatus, LedgerSource, PaymentTerms
from tests.factories import AT, TODAY, World, actor_of, make_contract, make_legal_entity
from tests.money import credit_of, make_line, pay, ship


def reserve(world: World, amount: Decimal | int | str, reference: str = "part:1", **changes: Any) -> None:
    credit_reserve(claims=[Claim(reference, world.contract.pk, Decimal(amount))], at=AT, **changes)


def refused(world: World, kind: type[Exception], amount: int = 1) -> None:
    """The refusal, and that nothing is held."""
    held = list(Reservation.objects.filter(is_active=True))
    with pytest.raises(kind), transaction.atomic():
        reserve(world, amount, "part:99")
    assert list(Reservation.objects.filter(is_active=True)) == held


def test_without_a_line_there_is_no_limit(world: World) -> None:
    reserve(world, 10_000_000)

    assert credit_of(world.contract).available is None


def test_exactly_the_limit_passes_and_a_kopeck_more_does_not(world: World) -> None:
    make_line(world.contract, 1000)

    refused(world, CreditExceeded, 1001)
    reserve(world, 1000)

    assert credit_of(world.contract).available == 0
    refused(world, CreditExceeded)


def test_every_level_counts(world: World) -> None:
    make_line(world.holding, 900)
    make_line(world.entity, 1000)
    make_line(world.contract, 500)
    sister = make_contract(make_legal_entity(world.holding))
    credit_reserve(claims=[Claim("part:7", sister.pk, Decimal(600))], at=AT)

    assert credit_of(world.contract).available == 300
    assert [line.level for line in credit_of(world.contract).lines] == ["holding", "legal_entity", "contract"]
    refused(world, CreditExceeded, 301)


def test_an_advance_of_one_firm_never_covers_another(world: World) -> None:
    make_line(world.holding, 500)
    sister = make_contract(make_legal_entity(world.holding))
    pay(sister, 10_000)

    assert credit_of(world.contract).available == 500
    assert credit_of(sister).available == 10_500


def test_all_claims_are_held_or_none(world: World) -> None:
    make_line(world.contract, 1000)
    other = make_contract(make_legal_entity(world.holding))

    with pytest.raises(CreditExceeded) as caught, transaction.atomic():
        credit_reserve(
            claims=[
                Claim("part:1", other.pk, Decimal(10)),
                Claim("part:2", world.contract.pk, Decimal(2000)),
            ],
            at=AT,
        )

    assert Reservation.objects.count() == 0
    assert (caught.value.contract_id, caught.value.need, caught.value.available) == (
        world.contract.pk,
        2000,
        1000,
    )


def test_reserving_twice_holds_once(world: World) -> None:
    make_line(world.contract, 1000)

    reserve(world, 800)
    reserve(world, 800)

    assert credit_of(world.contract).exposure == 800


def test_confirm_then_cancel_leaves_the_exposure(world: World) -> None:
    make_line(world.contract, 1000)
    ship(world.contract, 300)
    before = credit_of(world.contract).exposure

    reserve(world, 500)
    credit_release(references=["part:1"], at=AT)

    assert credit_of(world.contract).exposure == before == 300


@pytest.mark.parametrize("advance", [0, 120, 500])
@pytest.mark.parametrize("sent", [100, 500])
def test_shipping_a_held_part_leaves_the_exposure(world: World, advance: int, sent: int) -> None:
    make_line(world.contract, 10_000)
    reserve(world, 500)
    if advance:
        pay(world.contract, advance, order_reference="part:1")
    before = credit_of(world.contract).exposure

    ship(world.contract, sent, order_reference="part:1")

    assert credit_of(world.contract).exposure == before == 500 - advance


def test_what_is_paid_ahead_needs_no_limit(world: World) -> None:
    make_line(world.contract, 100)
    pay(world.contract, 400, order_reference="part:1")

    reserve(world, 500)

    assert credit_of(world.contract).exposure == 100


def test_a_smaller_part_holds_less(world: World) -> None:
    make_line(world.contract, 1000)
    reserve(world, 800)

    credit_shrink(reference="part:1", total=Decimal(300), at=AT)

    assert credit_of(world.contract).available == 700
    with pytest.raises(ValueError, match="part:1"):
        credit_shrink(reference="part:1", total=Decimal(301), at=AT)


@pytest.mark.parametrize(
    ("changes", "kind", "status"),
    [
        ({"state": CreditLineState.SUSPENDED}, CreditClosed, CreditStatus.SUSPENDED),
        ({"valid_until": date(2026, 11, 22)}, CreditClosed, CreditStatus.EXPIRED),
        ({"grace_days": 2}, CreditOverdue, CreditStatus.OVERDUE),
    ],
)
def test_a_line_that_is_stopped_lets_nothing_through(
    world: World, changes: dict[str, Any], kind: type[Exception], status: CreditStatus
) -> None:
    make_line(world.contract, 100_000, **changes)
    ship(world.contract, 10, date(2026, 11, 1), due_date=date(2026, 11, 20))

    assert credit_of(world.contract).status == status
    refused(world, kind)


@pytest.mark.parametrize("changes", [{"state": "closed"}, {"valid_until": date(2026, 11, 22)}])
def test_nothing_is_lent_under_a_contract_that_is_over(world: World, changes: dict[str, Any]) -> None:
    make_line(world.contract, 1000)
    Contract.objects.filter(pk=world.contract.pk).update(**changes)

    refused(world, CreditClosed)


def test_tolerated_overdue_and_a_warning_line_stop_nothing(world: World) -> None:
    make_line(world.entity, 100_000, overdue_tolerance=10)
    make_line(world.contract, 1, mode=CreditMode.WARN)
    ship(world.contract, 10, date(2026, 11, 1), due_date=date(2026, 11, 2))

    reserve(world, 50)

    assert credit_of(world.contract).lines[1].status == CreditStatus.OVERDUE


@pytest.mark.parametrize(("owed", "status"), [(79, CreditStatus.OK), (80, CreditStatus.WARNING)])
def test_a_line_warns_from_its_share(world: World, owed: int, status: CreditStatus) -> None:
    make_line(world.contract, 100)

    ship(world.contract, owed, due_date=date(2026, 12, 20))

    assert credit_of(world.contract).status == status


def test_a_lower_limit_takes_nothing_back(world: World) -> None:
    line = make_line(world.contract, 1000)
    reserve(world, 800)

    limit_change(
        actor=actor_of(world.administrator), line_id=line.pk, amount=Decimal(500), reason="Риск", at=AT
    )

    credit = credit_of(world.contract)
    assert (credit.exposure, credit.available, credit.status) == (800, -300, CreditStatus.EXCEEDED)
    refused(world, CreditExceeded)


def test_a_temporary_limit_ends_by_itself(world: World) -> None:
    line = make_line(world.contract, 1000)

    limit_change(
        actor=actor_of(world.administrator),
        line_id=line.pk,
        amount=Decimal(5000),
        reason="Сезон",
        at=AT,
        valid_until=date(2026, 11, 30),
    )

    assert credit_of(world.contract, date(2026, 11, 30)).limit == 5000
    assert credit_of(world.contract, date(2026, 12, 1)).limit == 1000
    line.refresh_from_db()
    assert line.amount == 1000


def test_a_limit_change_is_kept_with_its_author(world: World) -> None:
    line = make_line(world.contract, 1000)

    change = limit_change(
        actor=actor_of(world.administrator), line_id=line.pk, amount=Decimal(700), reason="Риск", at=AT
    )

    assert (change.amount_before, change.amount, change.author, change.reason) == (
        1000, 700, world.administrator, "Риск",
    )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        LimitChange.objects.update(amount=1)


def test_only_an_administrator_changes_a_limit(world: World) -> None:
    line = make_line(world.contract, 1000)

    with pytest.raises(AccessDenied):
        limit_change(actor=actor_of(world.manager), line_id=line.pk, amount=Decimal(5), reason="Так", at=AT)

    assert LimitChange.objects.count() == 0


# --- overrides --------------------------------------------------------------------------------------


def let(world: World, who: User, amount: int = 300, reference: str = "order:1") -> CreditOverride:
    return override_give(
        actor=actor_of(who),
        contract_id=world.contract.pk,
        reference=reference,
        valid_until=TODAY,
        amount=Decimal(amount),
        reason="Договорились с директором",
        at=AT,
    )


def test_an_override_lets_one_order_through_up_to_its_sum(world: World) -> None:
    line = make_line(world.contract, 1000)
    override = let(world, world.administrator)

    refused(world, CreditExceeded, 1200)
    reserve(world, 1200, order_reference="order:1")

    override.refresh_from_db()
    line.refresh_from_db()
    assert (override.used, line.amount) == (200, 1000)
    assert credit_of(world.contract).available == -200
    with pytest.raises(CreditExceeded):
        reserve(world, 150, "part:2", order_reference="order:1")


def test_an_override_without_an_order_serves_any_until_its_date(world: World) -> None:
    make_line(world.contract, 100)
    let(world, world.administrator, reference="")

    reserve(world, 300)

    with pytest.raises(CreditExceeded):
        credit_reserve(claims=[Claim("part:2", world.contract.pk, Decimal(50))], at=AT + timedelta(days=1))


def test_a_manager_overrides_only_with_the_permission(world: World) -> None:
    with pytest.raises(AccessDenied):
        let(world, world.manager)
    assert CreditOverride.objects.count() == 0

    world.manager.user_permissions.add(DjangoPermission.objects.get(codename="add_creditoverride"))

    assert let(world, world.manager).author == world.manager


# --- what 1C says -----------------------------------------------------------------------------------


def note(world: World, debt: int, prepayment: int = 0, overdue: tuple[OverduePart, ...] = ()) -> None:
    settlement_note(
        contract_id=world.contract.pk,
        balance=Balance("RUB", Decimal(debt), Decimal(prepayment), Decimal(0), Decimal(0), AT, overdue),
    )


def test_the_limit_of_1c_is_a_line_of_the_contract(world: World) -> None:
    settlement_limit_note(contract_id=world.contract.pk, limit=CreditLimit(True, Decimal(500), True), at=AT)
    settlement_limit_note(contract_id=world.contract.pk, limit=CreditLimit(True, Decimal(400), True), at=AT)

    line = CreditLine.objects.get()
    assert (line.contract, line.amount, line.is_from_erp) == (world.contract, 400, True)
    assert LimitChange.objects.values_list("amount_before", "amount", "author").get() == (500, 400, None)
    refused(world, CreditExceeded, 401)


def test_a_contract_that_1c_limits_no_more_is_free(world: World) -> None:
    settlement_limit_note(contract_id=world.contract.pk, limit=CreditLimit(True, Decimal(500), True), at=AT)
    settlement_limit_note(contract_id=world.contract.pk, limit=CreditLimit(False, Decimal(0), True), at=AT)

    assert credit_of(world.contract).available is None


def test_of_two_balances_the_worse_counts(world: World) -> None:
    make_line(world.contract, 1000)
    ship(world.contract, 300)

    note(world, debt=450)

    credit = credit_of(world.contract)
    assert (credit.exposure, credit.debt, credit.is_mismatched) == (450, 450, True)

    note(world, debt=100)

    credit = credit_of(world.contract)
    assert (credit.exposure, credit.is_mismatched) == (300, True)

    note(world, debt=300)

    assert not credit_of(world.contract).is_mismatched


def test_a_payment_here_counts_before_1c_knows_of_it(world: World) -> None:
    make_line(world.contract, 1000)
    overdue = (OverduePart(date(2026, 11, 10), Decimal(450), "Реализация 1"),)
    note(world, debt=450, overdue=overdue)
    assert (credit_of(world.contract).exposure, credit_of(world.contract).overdue) == (450, 450)
    Settlement.objects.update(as_of=AT - timedelta(hours=1))

    pay(world.contract, 450, source=LedgerSource.PORTAL)

    credit = credit_of(world.contract)
    assert (credit.exposure, credit.overdue) == (0, 0)


# --- what to pay, and whether goods may leave --------------------------------------------------------


def test_ways_out_are_the_oldest_debts_and_a_part_of_the_last(world: World) -> None:
    make_line(world.contract, 1000, grace_days=100)
    ship(world.contract, 300, date(2026, 11, 1), document_key="doc:a", due_date=date(2026, 11, 10))
    ship(world.contract, 500, date(2026, 11, 2), document_key="doc:b", due_date=date(2026, 12, 10))

    ways = ways_out(contract_id=world.contract.pk, need=Decimal(600), at=AT).payables

    assert [(way.document_key, way.amount) for way in ways] == [("doc:a", 300), ("doc:b", 100)]
    for way in ways:
        pay(world.contract, way.amount, settles=(way.document_key,))
    reserve(world, 600)
    assert credit_of(world.contract).available == 0


def test_ways_out_of_an_overdue_block_are_all_that_blocks(world: World) -> None:
    make_line(world.contract, 100_000)
    ship(world.contract, 300, date(2026, 11, 1), document_key="doc:a", due_date=date(2026, 11, 10))
    ship(world.contract, 500, date(2026, 11, 2), document_key="doc:b", due_date=date(2026, 12, 10))

    ways = ways_out(contract_id=world.contract.pk, need=Decimal(600), at=AT).payables

    assert [(way.document_key, way.amount) for way in ways] == [("doc:a", 300)]


def test_ways_out_end_with_a_prepayment(world: World) -> None:
    make_line(world.contract, 100)
    ship(world.contract, 50, document_key="doc:a", due_date=date(2026, 12, 10))

    ways = ways_out(contract_id=world.contract.pk, need=Decimal(600), at=AT).payables

    assert [(way.entry_id is None, way.amount) for way in ways] == [(False, 50), (True, 500)]


def test_ways_out_are_none_where_the_order_passes(world: World) -> None:
    make_line(world.contract, 1000)

    assert ways_out(contract_id=world.contract.pk, need=Decimal(600), at=AT).payables == ()


def gate(world: World, terms: PaymentTerms, amount: int = 100) -> str:
    return shipment_gate(
        reference="part:1", contract_id=world.contract.pk, sum=Decimal(amount), terms=terms, at=AT
    ).code


def test_prepaid_goods_leave_when_they_are_paid(world: World) -> None:
    assert gate(world, PaymentTerms.PREPAID) == "not_prepaid"

    pay(world.contract, 150, order_reference="part:1")

    assert gate(world, PaymentTerms.PREPAID) == "open"
    ship(world.contract, 100, order_reference="part:1")
    assert gate(world, PaymentTerms.PREPAID, 50) == "open"
    assert gate(world, PaymentTerms.PREPAID, 51) == "not_prepaid"


@pytest.mark.parametrize(
    ("mode", "code"), [(CreditMode.BLOCK_NEW, "open"), (CreditMode.BLOCK_SHIPMENTS, "overdue_blocked")]
)
def test_goods_on_credit_are_held_back_by_lines_that_block_shipments(
    world: World, mode: CreditMode, code: str
) -> None:
    make_line(world.contract, 1000, mode=mode)
    ship(world.contract, 10, date(2026, 11, 1), due_date=date(2026, 11, 20))

    assert gate(world, PaymentTerms.CREDIT) == code


@pytest.mark.parametrize("firms", [1, 3])
def test_credit_view_asks_the_same_for_any_contracts(
    world: World, firms: int, django_assert_num_queries: Any
) -> None:
    contracts = [make_contract(make_legal_entity(world.holding)) for _number in range(firms)]
    make_line(world.holding, 1000)
    for contract in contracts:
        ship(contract, 100, date(2026, 11, 1))
        credit_note(claims=[Claim(f"part:{contract.pk}", contract.pk, Decimal(5))], at=AT)

    with django_assert_num_queries(3):
        credit_view(contract_ids=[contract.pk for contract in contracts], on=TODAY)


def test_netting_across_contracts_of_a_firm_is_a_setting(world: World, settings: Any) -> None:
    make_line(world.entity, 1000)
    second = make_contract(world.entity, is_default=False)
    ship(world.contract, 300)
    pay(second, 200)
    assert credit_of(world.contract).lines[0].exposure == 300

    settings.CREDIT_NETTING = "counterparty"

    assert credit_of(world.contract).lines[0].exposure == 100


def test_an_advance_that_covers_no_reserve_is_a_setting(world: World, settings: Any) -> None:
    make_line(world.contract, 1000)
    pay(world.contract, 200)
    reserve(world, 300)
    assert credit_of(world.contract).exposure == 100

    settings.CREDIT_ADVANCE_COVERS_RESERVE = False

    assert credit_of(world.contract).exposure == 300
