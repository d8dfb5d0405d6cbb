"""Pages of money: debts by legal entity and document, credit lines, ledgers; who sees which."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, Scope
from counterparties.actor import Grant
from counterparties.permissions import ReadyRole
from finance.models import CreditLine
from finance.selectors.money import debt_by_week, money_page
from finance.selectors.payables import money_contracts
from finance.selectors.receivables import open_debits
from finance.states import CreditStatus, LedgerKind
from tests.factories import TODAY, World, actor_of, make_contract, make_legal_entity, make_person
from tests.finance.debts import make_debt, make_paid

pytestmark = pytest.mark.django_db


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(world: World) -> Any:
    return money_page(contracts=money_contracts(actor_of(world.head)), on=TODAY)


@pytest.fixture
def second(world: World) -> Any:
    return make_contract(make_legal_entity(world.holding, name="ООО «Восток»"))


def test_holding_adds_its_legal_entities_up_and_nets_nothing(world: World, second: Any) -> None:
    make_debt(world.contract, "300.00")
    make_paid(second, "500.00")

    page = page_of(world)

    assert [(one.entity.name, one.debt, one.advance) for one in page.entities] == [
        ("ООО «Восток»", Decimal("0.00"), Decimal("500.00")),
        ("ООО «Север»", Decimal("300.00"), Decimal("0.00")),
    ]
    assert (page.debt, page.advance, page.overdue) == (Decimal(300), Decimal(500), Decimal(300))


def test_terms_and_buckets_are_those_of_the_day(world: World) -> None:
    make_debt(world.contract, "1.00", due_date=date(2026, 11, 23))
    make_debt(world.contract, "2.00", due_date=date(2026, 11, 30))
    make_debt(world.contract, "4.00", due_date=date(2026, 12, 1))
    make_debt(world.contract, "8.00", due_date=date(2026, 11, 22))

    (one,) = page_of(world).entities

    assert (one.due_soon, one.overdue, one.overdue_days) == (Decimal(3), Decimal(8), 1)
    assert [bucket.amount for bucket in one.buckets] == [Decimal(7), Decimal(8), 0, 0, 0]


def test_limit_shows_what_is_left(world: World) -> None:
    CreditLine.objects.create(legal_entity=world.entity, amount=1000, valid_from=date(2026, 1, 1))
    make_debt(world.contract, "900.00", due_date=date(2026, 12, 30))

    (one,) = page_of(world).entities
    client = browser_of(world.head)

    assert (one.limit, one.available, one.used, one.status) == (1000, 100, 900, CreditStatus.WARNING)
    assert "Свободно" in client.get("/settlements/").content.decode()
    assert "На исходе" in client.get("/settlements/credit/").content.decode()


@pytest.mark.parametrize("entities", [1, 3])
def test_page_asks_the_same_of_any_number_of_entities(
    world: World, entities: int, django_assert_num_queries: Any
) -> None:
    for _number in range(entities):
        contract = make_contract(make_legal_entity(world.holding))
        CreditLine.objects.create(contract=contract, amount=1000, valid_from=date(2026, 1, 1))
        make_debt(contract, "5.00")
    contracts = money_contracts(actor_of(world.head))

    with django_assert_num_queries(5):
        money_page(contracts=contracts, on=TODAY)


def test_weeks_begin_on_mondays_and_overdue_comes_first(world: World) -> None:
    make_debt(world.contract, "1.00", due_date=date(2026, 11, 22))
    make_debt(world.contract, "2.00", due_date=date(2026, 11, 23))
    make_debt(world.contract, "4.00", due_date=date(2026, 11, 29))
    make_debt(world.contract, "8.00", due_date=date(2026, 11, 30))

    bars = debt_by_week(open_debits(on=TODAY, contract_ids=[world.contract.pk]), on=TODAY, weeks=2)

    assert [(bar.title, bar.amount) for bar in bars] == [
        ("Просрочено", Decimal(1)),
        ("23.11", Decimal(6)),
        ("30.11", Decimal(8)),
    ]


# --- pages ---------------------------------------------------------------------------------------
def test_receivables_list_documents_and_their_age(world: World, second: Any) -> None:
    make_debt(world.contract, "100.00", number="УТ-9", document_date=timezone.localdate())
    make_debt(second, "50.00", number="УТ-10", document_date=timezone.localdate())
    client = browser_of(world.head)

    whole = client.get("/settlements/documents/")
    chosen = client.get("/settlements/documents/", {"entity": world.entity.pk, "by": "age"})

    assert [debit.number for debit, _payer, _link in whole.context["rows"]] == ["УТ-9", "УТ-10"]
    assert [debit.number for debit, _payer, _link in chosen.context["rows"]] == ["УТ-9"]
    assert next((one.title, one.amount) for one in chosen.context["buckets"]) == ("0–30", Decimal(100))
    assert client.get("/settlements/documents/", {"entity": world.other_entity.pk}).status_code == 404


def test_ledger_runs_its_balance_and_starts_from_before(world: World) -> None:
    make_debt(world.contract, "100.00")
    make_paid(world.contract, "30.00")
    client = browser_of(world.head)
    address = reverse("finance:ledger", args=[world.contract.pk])

    whole = client.get(address)
    part = client.get(address, {"since": "2026-11-10", "until": "2026-11-30"})

    assert [row.balance for row, _link in whole.context["rows"]] == [Decimal(70), Decimal(100)]
    assert (part.context["opening"], part.context["credit"], part.context["closing"]) == (100, 30, 70)
    assert [row.kind for row, _link in part.context["rows"]] == [LedgerKind.PAYMENT]


def test_ledger_goes_into_a_workbook_without_formulas(world: World) -> None:
    make_debt(world.contract, "100.00", number="=1+1")

    answer = browser_of(world.head).get(reverse("finance:ledger_file", args=[world.contract.pk]))

    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[4]][2:7] == ["=1+1", sheet["D4"].value, 100, 0, 100]
    assert sheet["C4"].data_type == "s"


def test_foreign_ledger_is_not_found(world: World) -> None:
    client = browser_of(world.head)

    for name in ("finance:ledger", "finance:ledger_file"):
        assert client.get(reverse(name, args=[world.other_contract.pk])).status_code == 404


def test_home_shows_money_only_with_the_right(world: World) -> None:
    make_debt(world.contract, "777.00")

    head, buyer = browser_of(world.head).get("/"), browser_of(world.buyer).get("/")

    assert "777,00" in head.content.decode()
    assert "777,00" not in buyer.content.decode()
    assert "Просрочено" not in buyer.content.decode()


def test_who_sees_only_his_own_sees_no_money(world: World) -> None:
    make_debt(world.contract, "777.00")
    actor = actor_of(world.head)
    own = Grant(Scope.OWN, actor.grants[Permission.FINANCE_VIEW].legal_entity_ids)

    assert money_contracts(replace(actor, grants={**actor.grants, Permission.FINANCE_VIEW: own})) == []


def test_accountant_sees_the_money_of_his_legal_entities_only(world: World, second: Any) -> None:
    make_debt(world.contract, "777.00")
    make_debt(second, "555.00")
    accountant = make_person(world.holding, ReadyRole.ACCOUNTANT, legal_entities=[second.legal_entity])
    client = browser_of(accountant)

    for page in (
        "/settlements/",
        "/settlements/documents/",
        "/settlements/credit/",
        "/settlements/pay/",
        "/",
    ):
        text = client.get(page).content.decode()
        assert "777,00" not in text, page
    assert "555,00" in client.get("/settlements/documents/").content.decode()
    assert client.get(reverse("finance:ledger", args=[world.contract.pk])).status_code == 404


def test_manager_sees_the_same_money_on_the_clients_card(world: World) -> None:
    make_debt(world.contract, "777.00")
    client = browser_of(world.manager)

    card = client.get(reverse("counterparties:client", args=[world.holding.pk])).content.decode()
    listed = client.get("/settlements/documents/", {"holding": world.holding.pk}).content.decode()

    assert "777,00" in card
    assert "777,00" in listed
    foreign = browser_of(world.other_manager)
    assert foreign.get("/settlements/documents/", {"holding": world.holding.pk}).status_code == 404
    assert foreign.get(reverse("finance:ledger", args=[world.contract.pk])).status_code == 404
