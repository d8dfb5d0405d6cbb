"""Money in the administration."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from finance.models import (
    BlockException,
    CalendarDay,
    CreditOverride,
    LedgerEntry,
    LimitChange,
    ThirdPartyPayment,
)
from finance.services.entries import entry_record, transfer_record
from finance.states import LedgerKind
from finance.workdays import next_working, shift
from tests.factories import AT, TODAY, World, actor_of, make_contract, make_legal_entity, make_organization
from tests.money import credit_of, make_line, make_rule, pay, ship

LISTS = [
    "creditline", "limitchange", "reservation", "creditoverride", "blockrule", "blockexception",
    "ledgerentry", "thirdpartypayment", "calendarday",
]  # fmt: skip


@pytest.fixture
def administrator(client: Client, world: World) -> Client:
    client.force_login(world.administrator)
    return client


@pytest.mark.parametrize("model", LISTS)
def test_every_list_opens(administrator: Client, world: World, model: str) -> None:
    make_line(world.contract, 100)
    make_rule()
    ship(world.contract, 100)

    answer = administrator.get(reverse(f"admin:finance_{model}_changelist"))

    assert answer.status_code == 200


def management(**totals: int) -> dict[str, Any]:
    return {f"{name}-{key}": 0 for name in totals for key in ("TOTAL_FORMS", "INITIAL_FORMS")}


def line_form(**changes: Any) -> dict[str, Any]:
    usual = {
        "valid_from": "2026-01-01", "grace_days": 0, "overdue_tolerance": 0, "mode": "block_new",
        "state": "active", "warn_percent": 80, "currency": "RUB",
    }  # fmt: skip
    return usual | management(changes=0) | changes


def test_a_limit_is_changed_with_a_reason_only(administrator: Client, world: World) -> None:
    line = make_line(world.contract, 1000)
    page = reverse("admin:finance_creditline_change", args=[line.pk])

    refused = administrator.post(page, line_form(new_amount="500"))
    assert refused.status_code == 200
    assert LimitChange.objects.count() == 0

    done = administrator.post(page, line_form(new_amount="500", reason="Риск"))
    assert done.status_code == 302
    line.refresh_from_db()
    assert (line.amount, LimitChange.objects.get().author) == (500, world.administrator)


def test_the_author_of_an_exception_is_whoever_wrote_it(administrator: Client, world: World) -> None:
    answer = administrator.post(
        reverse("admin:finance_blockexception_add"),
        {"legal_entity": world.entity.pk, "valid_until": "2026-12-31", "reason": "Акт на подписи"},
    )

    assert answer.status_code == 302
    assert BlockException.objects.get().author == world.administrator


def test_an_override_is_given_by_the_service(administrator: Client, world: World) -> None:
    answer = administrator.post(
        reverse("admin:finance_creditoverride_add"),
        {
            "contract": world.contract.pk, "reference": "", "valid_until": "2026-12-31", "amount": "50",
            "reason": "Так решили",
        },
    )  # fmt: skip

    assert answer.status_code == 302
    assert CreditOverride.objects.get().author == world.administrator


@pytest.mark.parametrize("amount", ["0", "-5"])
def test_an_override_of_nothing_is_refused(administrator: Client, world: World, amount: str) -> None:
    answer = administrator.post(
        reverse("admin:finance_creditoverride_add"),
        {"contract": world.contract.pk, "valid_until": "2026-12-31", "amount": amount, "reason": "Надо"},
    )

    assert (answer.status_code, CreditOverride.objects.count()) == (200, 0)


def test_a_manager_gives_no_override_to_clients_of_others(client: Client, world: World) -> None:
    world.manager.user_permissions.add(
        *Permission.objects.filter(codename__in=["add_creditoverride", "view_contract"])
    )
    client.force_login(world.manager)

    answer = client.post(
        reverse("admin:finance_creditoverride_add"),
        {"contract": world.other_contract.pk, "valid_until": "2026-12-31", "amount": "5", "reason": "Надо"},
    )

    assert (answer.status_code, CreditOverride.objects.count()) == (200, 0)


def test_a_temporary_limit_of_the_past_is_refused(administrator: Client, world: World) -> None:
    line = make_line(world.contract, 1000)

    answer = administrator.post(
        reverse("admin:finance_creditline_change", args=[line.pk]),
        line_form(new_amount="500", reason="Риск", until="2020-01-01"),
    )

    assert (answer.status_code, LimitChange.objects.count()) == (200, 0)


def test_money_in_another_currency_than_the_debt_is_not_confirmed(
    administrator: Client, world: World
) -> None:
    payment = ThirdPartyPayment.objects.create(
        payer=make_legal_entity(world.holding), contract=world.contract, organization=world.organization,
        document_key="payment:1:1", paid_on=TODAY, amount=Decimal(5), currency="USD", received_at=AT,
    )  # fmt: skip

    answer = administrator.post(
        reverse("admin:finance_thirdpartypayment_changelist"),
        {"action": "confirm", "_selected_action": [payment.pk]},
    )

    assert (answer.status_code, LedgerEntry.objects.count()) == (302, 0)


def entry_form(world: World, **changes: Any) -> dict[str, Any]:
    usual = {
        "contract": world.contract.pk, "kind": "opening", "amount": "100", "side": "debit",
        "business_date": "2026-11-01", "comment": "Остаток на начало",
    }  # fmt: skip
    return usual | changes


def test_an_opening_balance_is_entered_by_hand(administrator: Client, world: World) -> None:
    answer = administrator.post(reverse("admin:finance_ledgerentry_add"), entry_form(world))

    assert answer.status_code == 302
    entry = LedgerEntry.objects.get()
    assert (entry.debit, entry.source, entry.recorded_by) == (100, "manual", world.administrator)
    shown = administrator.get(reverse("admin:finance_ledgerentry_change", args=[entry.pk]))
    assert shown.status_code == 200


def test_a_transfer_is_a_pair_that_gives_nothing(administrator: Client, world: World) -> None:
    second = make_contract(world.entity, is_default=False)
    ship(world.contract, 300, date(2026, 11, 1))

    answer = administrator.post(
        reverse("admin:finance_ledgerentry_add"),
        entry_form(world, kind="transfer", to_contract=second.pk, side=""),
    )

    assert answer.status_code == 302
    pair = LedgerEntry.objects.filter(kind=LedgerKind.TRANSFER).order_by("part_no")
    assert [(entry.contract, entry.debit, entry.credit) for entry in pair] == [
        (world.contract, 0, 100),
        (second, 100, 0),
    ]
    assert (credit_of(world.contract).debt, credit_of(second).debt) == (200, 100)


@pytest.mark.parametrize(
    "changes", [{"side": ""}, {"comment": ""}, {"kind": "transfer"}, {"kind": "shipment"}, {"amount": "0"}]
)
def test_an_entry_that_says_too_little_is_refused(
    administrator: Client, world: World, changes: dict[str, str]
) -> None:
    answer = administrator.post(reverse("admin:finance_ledgerentry_add"), entry_form(world, **changes))

    assert answer.status_code == 200
    assert LedgerEntry.objects.count() == 0


def test_debts_are_not_carried_to_another_organization(world: World) -> None:
    strange = make_contract(world.entity, organization=make_organization("ООО «Другой»"), is_default=False)

    with pytest.raises(ValueError, match="settlements"):
        transfer_record(
            actor=actor_of(world.administrator), from_contract_id=world.contract.pk,
            to_contract_id=strange.pk, amount=Decimal(5), business_date=TODAY, comment="Так", at=AT,
        )  # fmt: skip

    assert LedgerEntry.objects.count() == 0


def test_a_write_off_closes_a_debt(world: World) -> None:
    ship(world.contract, 100)

    entry_record(
        actor=actor_of(world.administrator), contract_id=world.contract.pk, kind=LedgerKind.WRITE_OFF,
        amount=Decimal(100), business_date=TODAY, comment="Срок давности", at=AT,
    )  # fmt: skip

    assert credit_of(world.contract).debt == 0


# --- working days --------------------------------------------------------------------------------------


@pytest.fixture
def calendar(db: None) -> None:
    call_command("calendar_load", verbosity=0)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 10, 31), date(2026, 11, 2)),
        (date(2026, 11, 4), date(2026, 11, 5)),
        (date(2026, 12, 31), date(2027, 1, 11)),
        (date(2026, 5, 9), date(2026, 5, 12)),
        (date(2026, 1, 9), date(2026, 1, 12)),
        (date(2026, 11, 23), date(2026, 11, 23)),
    ],
)
def test_a_term_on_a_day_off_moves_to_a_working_day(calendar: None, day: date, working: date) -> None:
    assert next_working(day) == working


@pytest.mark.parametrize(
    ("base", "days", "is_working", "due"),
    [
        (date(2026, 11, 2), 14, False, date(2026, 11, 16)),
        (date(2026, 11, 2), 5, True, date(2026, 11, 10)),
        (date(2026, 12, 24), 10, False, date(2027, 1, 11)),
        (date(2026, 11, 14), 0, True, date(2026, 11, 16)),
    ],
)
def test_days_are_counted_from_the_next_one(
    calendar: None, base: date, days: int, is_working: bool, due: date
) -> None:
    assert shift(base, days, is_working=is_working) == due


def test_a_working_saturday_counts(db: None) -> None:
    CalendarDay.objects.create(date=date(2026, 11, 14), is_working=True)

    assert next_working(date(2026, 11, 14)) == date(2026, 11, 14)


def test_loading_again_changes_no_day(calendar: None) -> None:
    count = CalendarDay.objects.count()
    CalendarDay.objects.filter(date=date(2026, 11, 4)).update(is_working=True)

    call_command("calendar_load", verbosity=0)

    assert CalendarDay.objects.count() == count
    assert CalendarDay.objects.get(date=date(2026, 11, 4)).is_working


def test_a_debit_without_a_term_gets_the_deferral(calendar: None, world: World) -> None:
    world.contract.deferral_days = 10
    world.contract.save(update_fields=["deferral_days"])
    assert ship(world.contract, 10, date(2026, 10, 25)).due_date == date(2026, 11, 5)

    make_line(world.entity, 1000, deferral_days=30)

    assert ship(world.contract, 10, date(2026, 10, 25)).due_date == date(2026, 11, 24)
    assert pay(world.contract, 10).due_date is None
