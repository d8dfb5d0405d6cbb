"""Choosing what to pay: sums, purposes, files, who sees the page."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from counterparties.models import LegalEntityBankAccount
from documents.services import invoice_issue
from finance.models import OnlinePayment
from finance.selectors.payables import money_contracts, oldest_first, pay_groups
from tests.documents.orders import GOLDEN, make_order
from tests.factories import AT, TODAY, World, actor_of, make_contract, make_legal_entity, make_organization
from tests.finance.debts import make_debt
from tests.standins.yookassa import yookassa

pytestmark = pytest.mark.django_db


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def account_of(world: World) -> None:
    LegalEntityBankAccount.objects.create(
        legal_entity=world.entity,
        bank_name="ПАО СБЕРБАНК",
        bic="044030653",
        correspondent_account="30101810500000000653",
        account="40702810955000001234",
        is_default=True,
    )


def test_oldest_first_pays_the_last_in_part(world: World) -> None:
    old, new = make_debt(world.contract, "100.00"), make_debt(world.contract, "50.00")
    (group,) = pay_groups(contracts=money_contracts(actor_of(world.head)), on=TODAY)

    assert oldest_first(group.rows, Decimal("120.00")) == {
        f"ledger:{old.pk}": Decimal("100.00"),
        f"ledger:{new.pk}": Decimal("20.00"),
    }
    page = browser_of(world.head).get(
        "/settlements/pay/", {"total": "120", "entity": world.entity.pk}, follow=True
    )
    assert "К оплате" in page.content.decode()
    assert page.context["total"] == Decimal("120.00")


def test_page_tells_sum_purpose_and_code(world: World) -> None:
    debt = make_debt(world.contract, "100.00", number="УТ-9")

    page = browser_of(world.head).get(
        "/settlements/pay/", {"ref": f"ledger:{debt.pk}", f"sum:ledger:{debt.pk}": "1 0,50"}
    )

    (bill,) = page.context["bills"]
    assert bill.total == Decimal("10.50")
    assert bill.purpose == (
        f"Оплата по документу УТ-9 от 02.11.2026 по договору № {world.contract.number} от 12.01.2026. "
        "В т.ч. НДС согласно документам"
    )
    assert bill.qr.startswith("data:image/svg+xml")


@pytest.mark.parametrize("amount", ["100.01", "0", "-5", "1.001", "many", "NaN", "1e3"])
def test_wrong_sum_is_told_and_not_billed(world: World, amount: str) -> None:
    debt = make_debt(world.contract, "100.00")

    page = browser_of(world.head).get(
        "/settlements/pay/", {"ref": f"ledger:{debt.pk}", f"sum:ledger:{debt.pk}": amount}
    )

    assert page.context["bills"] == []
    assert "Проверьте суммы" in page.content.decode()


def test_several_organizations_are_several_orders_in_one_file(world: World) -> None:
    account_of(world)
    second = make_contract(world.entity, organization=make_organization("ООО «Второй»"), is_default=False)
    first_debt, second_debt = make_debt(world.contract, "100.00"), make_debt(second, "50.00")
    query = {"ref": [f"ledger:{first_debt.pk}", f"ledger:{second_debt.pk}"]}
    client = browser_of(world.head)

    page = client.get("/settlements/pay/", query)
    answer = client.get("/settlements/pay/file/", query)

    text = answer.content.decode("cp1251")
    assert len(page.context["bills"]) == 2
    assert text.count("СекцияДокумент=") == 2
    assert {line for line in text.splitlines() if line.startswith("Сумма=")} == {
        "Сумма=100.00",
        "Сумма=50.00",
    }
    assert answer["Content-Disposition"] == 'attachment; filename="kl_to_1c.txt"'
    assert "windows-1251" in answer["Content-Type"]


def test_file_needs_an_account_of_the_payer(world: World) -> None:
    debt = make_debt(world.contract, "100.00")

    answer = browser_of(world.head).get("/settlements/pay/file/", {"ref": f"ledger:{debt.pk}"})

    assert answer.status_code == 404


def test_unpaid_invoice_is_offered_with_its_vat(world: World) -> None:
    order = make_order(world, GOLDEN[:1])
    invoice = invoice_issue(order_id=order.pk, at=AT)

    page = browser_of(world.head).get("/settlements/pay/", {"ref": f"order:{order.pk}"})

    (bill,) = page.context["bills"]
    assert bill.total == invoice.total
    assert bill.purpose.startswith(f"Оплата по счету № {invoice.number_print} от 23.11.2026")
    assert bill.purpose.endswith(f"В т.ч. НДС 22% - {order.vat_total} руб.")


@pytest.mark.parametrize("entities", [1, 3])
def test_page_asks_the_same_of_any_number_of_debts(
    world: World, entities: int, django_assert_num_queries: Any
) -> None:
    for _number in range(entities):
        make_debt(world.contract, "100.00")
        make_debt(make_contract(make_legal_entity(world.holding)), "5.00")
    client = browser_of(world.head)
    client.get("/settlements/pay/")

    with django_assert_num_queries(11):
        client.get("/settlements/pay/")


@pytest.mark.parametrize("person", ["buyer", "manager"])
def test_page_is_closed_without_the_right(world: World, person: str) -> None:
    client = browser_of(getattr(world, person))

    assert client.get("/settlements/pay/").status_code == 403
    assert client.get("/settlements/pay/file/").status_code == 403
    assert client.post("/settlements/pay/start/").status_code == 403


def test_foreign_legal_entity_is_not_found(world: World) -> None:
    make_debt(world.other_contract, "100.00")
    client = browser_of(world.head)

    assert client.get("/settlements/pay/", {"entity": world.other_entity.pk}).status_code == 404


def test_person_pays_at_the_bank_and_comes_back(world: World, settings: Any) -> None:
    debt = make_debt(world.contract, "100.00")
    client = browser_of(world.head)
    with yookassa(settings) as cashier:
        page = client.get("/settlements/pay/", {"ref": f"ledger:{debt.pk}"})
        form = {
            "key": page.context["key"],
            "entity": world.entity.pk,
            "group": page.context["bills"][0].group.key,
            "ref": f"ledger:{debt.pk}",
            f"sum:ledger:{debt.pk}": "100.00",
        }

        sent = [client.post("/settlements/pay/start/", form) for _click in range(2)]
        waiting = client.get(sent[0]["Location"])
        payment = OnlinePayment.objects.get()
        cashier.decide(payment.provider_id, is_paid=True)
        paid = client.get(sent[0]["Location"])
        foreign = browser_of(world.other_buyer).get(reverse("finance:payment", args=[payment.uid]))

    assert {answer["Location"] for answer in sent} == {reverse("finance:payment", args=[payment.uid])}
    assert payment.confirmation_url in waiting.content.decode()
    assert "Оплачено" in paid.content.decode()
    assert foreign.status_code == 403
