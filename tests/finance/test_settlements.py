"""«Расчёты»: who sees whose, what is overdue, what is left of the limit."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.permissions import Permission
from counterparties.models import Contract
from counterparties.permissions import ReadyRole
from finance.models import OverdueItem, Settlement
from finance.selectors import settlement_page
from finance.services import (
    Balance,
    CreditLimit,
    CurrencyDiffers,
    OverduePart,
    settlement_limit_note,
    settlement_note,
    settlements_clear,
)
from portal.lib.dates import MOSCOW
from tests.factories import World, actor_of, make_contract, make_legal_entity, make_person

pytestmark = pytest.mark.django_db

AS_OF = datetime(2026, 11, 27, 14, 5, tzinfo=MOSCOW)
PAGE = "/settlements/"


def balance(**changes: Any) -> Balance:
    told: dict[str, Any] = {
        "currency": "RUB",
        "debt": Decimal("900.00"),
        "prepayment": Decimal("100.00"),
        "shipping": Decimal("50.00"),
        "to_pay": Decimal("400.00"),
        "as_of": AS_OF,
        "overdue": (
            OverduePart(date(2026, 11, 20), Decimal("300.00"), "Реализация 12"),
            OverduePart(date(2026, 12, 4), Decimal("600.00"), "Реализация 14"),
        ),
    }
    return Balance(**told | changes)


def owed(contract: Contract, *, limit: str = "1000.00", **changes: Any) -> Settlement:
    settlement_limit_note(contract_id=contract.pk, limit=CreditLimit(True, Decimal(limit), False))
    settlement_note(contract_id=contract.pk, balance=balance(**changes))
    return Settlement.objects.get(contract=contract)


def browser_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_what_is_left_of_the_limit_is_counted_as_1c_does(world: World) -> None:
    owed(world.contract)

    (entity,) = settlement_page(actor=actor_of(world.head), at=AS_OF).entities

    (row,) = entity.contracts
    assert (row.debt, row.overdue, row.limit, row.left, row.is_exceeded, row.is_stale) == (
        Decimal(900), Decimal(300), Decimal(1000), Decimal(150), False, False,
    )  # fmt: skip
    assert [(due.document, due.days) for due in row.due] == [("Реализация 12", 7), ("Реализация 14", 0)]


def test_exceeded_limit_is_told_as_a_sum_over_it(world: World) -> None:
    owed(world.contract, limit="500.00")

    (entity,) = settlement_page(actor=actor_of(world.head), at=AS_OF).entities

    assert (entity.contracts[0].is_exceeded, entity.contracts[0].over_limit) == (True, Decimal(350))


def test_term_that_ends_today_is_not_overdue(world: World) -> None:
    owed(world.contract, overdue=(OverduePart(date(2026, 11, 27), Decimal(1), ""),))

    (entity,) = settlement_page(actor=actor_of(world.head), at=AS_OF).entities

    assert entity.contracts[0].overdue == 0


def test_totals_are_by_currency_and_roubles_come_first(world: World) -> None:
    owed(world.contract)
    dollars = make_contract(world.entity, is_default=False)
    Contract.objects.filter(pk=dollars.pk).update(currency="USD")
    owed(dollars, currency="USD")
    owed(make_contract(make_legal_entity(world.holding), is_default=False))

    totals = settlement_page(actor=actor_of(world.head), at=AS_OF).totals

    assert [(name, total.debt, total.overdue) for name, total in totals.items()] == [
        ("RUB", Decimal(1800), Decimal(600)), ("USD", Decimal(900), Decimal(300)),
    ]  # fmt: skip


def test_settlements_are_seen_where_money_may_be_seen(world: World) -> None:
    own, others = owed(world.contract), owed(world.other_contract)
    second = make_legal_entity(world.holding)
    owed(make_contract(second, is_default=False))
    accountant = make_person(world.holding, ReadyRole.ACCOUNTANT, legal_entities=[world.entity])

    def seen(person: Any) -> list[int]:
        rows = Settlement.objects.visible_to(actor_of(person)).order_by("pk")
        return list(rows.values_list("pk", flat=True))

    assert seen(accountant) == [own.pk]
    assert seen(world.buyer) == []
    assert seen(world.other_manager) == [others.pk]
    assert len(seen(world.administrator)) == 3


def test_settlement_of_a_merged_firm_shows_with_its_heir(world: World) -> None:
    heir = make_legal_entity(world.holding, name="ООО «Наследник»")
    owed(world.contract)
    world.entity.merged_into = heir
    world.entity.save()

    (entity,) = settlement_page(actor=actor_of(world.head), at=AS_OF).entities

    assert entity.name == "ООО «Наследник»"


def test_page_tells_moment_documents_and_limit(world: World) -> None:
    owed(world.contract)

    page = browser_of(world.head).get(PAGE).content.decode()

    for words in ("по данным 1С на 14:05, 27 ноября", "Реализация 12", "Остаток лимита", world.entity.name):
        assert words in page


def test_page_warns_of_old_sayings(world: World) -> None:
    owed(world.contract, as_of=timezone.now() - timedelta(hours=13))
    old = browser_of(world.head).get(PAGE).content.decode()
    owed(world.contract, as_of=timezone.now())

    assert "старше 12 часов" in old
    assert "старше 12 часов" not in browser_of(world.head).get(PAGE).content.decode()


def test_page_without_settlements_says_so(world: World) -> None:
    assert "Сведений о расчётах пока нет" in browser_of(world.head).get(PAGE).content.decode()


def test_limit_without_a_balance_is_told(world: World) -> None:
    settlement_limit_note(contract_id=world.contract.pk, limit=CreditLimit(True, Decimal(5000), True))

    page = browser_of(world.head).get(PAGE).content.decode()

    assert "Остаток по договору из 1С ещё не пришёл" in page


def test_menu_leads_there_only_those_who_may(world: World) -> None:
    assert not actor_of(world.buyer).can(Permission.FINANCE_VIEW)

    assert 'href="/settlements/"' in browser_of(world.head).get("/orders/").content.decode()
    assert 'href="/settlements/"' not in browser_of(world.buyer).get("/orders/").content.decode()
    assert browser_of(world.buyer).get(PAGE).status_code == 403


@pytest.mark.parametrize("contracts", [1, 3])
def test_page_asks_the_same_queries_for_any_number(
    world: World, contracts: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(contracts):
        owed(make_contract(make_legal_entity(world.holding), is_default=False))
    actor = actor_of(world.head)

    with django_assert_num_queries(2):
        assert len(settlement_page(actor=actor, at=AS_OF).entities) == contracts


def test_balance_of_another_currency_is_refused(world: World) -> None:
    with pytest.raises(CurrencyDiffers, match="RUB"), transaction.atomic():
        settlement_note(contract_id=world.contract.pk, balance=balance(currency="USD"))

    assert Settlement.objects.count() == 0


def test_balance_in_the_former_currency_of_a_contract_counts_no_more(world: World) -> None:
    owed(world.contract)
    Contract.objects.filter(pk=world.contract.pk).update(currency="USD")

    settlement_limit_note(contract_id=world.contract.pk, limit=CreditLimit(True, Decimal(50), False))

    row = Settlement.objects.get()
    assert (row.currency, row.limit_amount, row.debt, row.as_of) == ("USD", 50, 0, None)
    assert not OverdueItem.objects.exists()


def test_newer_balance_is_not_cleared(world: World) -> None:
    owed(world.contract)

    cleared = settlements_clear(contract_ids=[world.contract.pk], as_of=AS_OF - timedelta(minutes=1))

    assert (cleared, Settlement.objects.get().debt, OverdueItem.objects.count()) == (0, Decimal(900), 2)


@pytest.mark.parametrize("name", ["debt", "prepayment", "shipping", "to_pay", "limit_amount"])
def test_database_refuses_a_negative_sum(world: World, name: str) -> None:
    row = owed(world.contract)

    with pytest.raises(IntegrityError), transaction.atomic():
        Settlement.objects.filter(pk=row.pk).update(**{name: -1})


@pytest.mark.django_db(transaction=True)
def test_balance_and_its_documents_are_kept_together(world: World) -> None:
    owed(world.contract)

    with pytest.raises(IntegrityError):
        settlement_note(
            contract_id=world.contract.pk,
            balance=balance(debt=Decimal(1), overdue=(OverduePart(date(2026, 11, 20), Decimal(-1), ""),)),
        )

    assert (Settlement.objects.get().debt, OverdueItem.objects.count()) == (Decimal(900), 2)
