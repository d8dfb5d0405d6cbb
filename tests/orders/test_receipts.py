"""Counting what has come."""

from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from counterparties.actor import AccessDenied
from counterparties.permissions import ReadyRole
from orders.models import ErpDocument, Receipt
from orders.services.receipts import receipt_create
from orders.services.shipment_letters import shipment_received_mail
from orders.shipment_refusals import AlreadyReceived, CountWrong
from tests.factories import AT, World, actor_of, make_person
from tests.orders.test_erp import browser
from tests.orders.test_shipment_requests import confirmed, line_of, ship


@pytest.fixture
def paper(world: World) -> ErpDocument:
    return ship(line_of(confirmed(world)).part, "4")


def receive(person: User, paper: ErpDocument, quantity: str | None = None, **told: Any) -> Receipt:
    row = paper.lines.get()
    return receipt_create(
        actor=actor_of(person),
        shipment_id=paper.pk,
        quantities={} if quantity is None else {row.pk: Decimal(quantity)},
        **({"notes": {}, "comment": "", "at": AT} | told),
    )


def test_all_as_sent_is_one_word(world: World, paper: ErpDocument) -> None:
    receipt = receive(world.buyer, paper)

    assert list(receipt.lines.values_list("quantity", "note")) == [(4, "")]
    assert shipment_received_mail(receipt_id=receipt.pk, key="1") == 0
    assert mail.outbox == []


def test_difference_is_told_to_the_manager(world: World, paper: ErpDocument) -> None:
    note = {paper.lines.get().pk: "Разбита коробка"}

    receipt = receive(make_person(world.holding, ReadyRole.RECEIVER), paper, "3", notes=note)

    assert shipment_received_mail(receipt_id=receipt.pk, key="1") == 1
    (letter,) = mail.outbox
    assert letter.to == [world.manager.email]
    assert "отгружено 4, принято 3. Разбита коробка" in letter.body


def test_shipment_is_received_once(world: World, paper: ErpDocument) -> None:
    receive(world.buyer, paper)

    with pytest.raises(AlreadyReceived):
        receive(world.head, paper, "1")
    assert Receipt.objects.get().lines.get().quantity == 4


@pytest.mark.parametrize("count", ["-1", "1.0001", "1" * 40])
def test_count_must_make_sense(world: World, paper: ErpDocument, count: str) -> None:
    with pytest.raises(CountWrong), transaction.atomic():
        receive(world.buyer, paper, count)
    with pytest.raises(CountWrong), transaction.atomic():
        receipt_create(
            actor=actor_of(world.buyer),
            shipment_id=paper.pk,
            quantities={0: Decimal(1)},
            notes={},
            comment="",
            at=AT,
        )
    assert not Receipt.objects.exists()


def test_strangers_count_nothing(world: World, paper: ErpDocument) -> None:
    for person in (world.other_buyer, make_person(world.holding)):
        with pytest.raises(ErpDocument.DoesNotExist):
            receive(person, paper)
    with pytest.raises(AccessDenied):
        receive(world.manager, paper)
    ErpDocument.objects.update(is_deleted=True)
    with pytest.raises(ErpDocument.DoesNotExist):
        receive(world.buyer, paper)


def test_page_writes_down_what_has_come(world: World, paper: ErpDocument) -> None:
    client, row = browser(world.buyer), paper.lines.get()
    address = reverse("orders:receive", args=[paper.pk])

    page = client.get(address).content.decode()
    wrong = client.post(address, {f"q-{row.pk}": "много", f"note-{row.pk}": "Мятая"})
    answer = client.post(address, {f"q-{row.pk}": "3", f"note-{row.pk}": "Мятая"})

    assert f'name="q-{row.pk}" value="4"' in page
    assert (wrong.status_code, "Мятая" in wrong.content.decode()) == (422, True)
    assert answer.url == reverse("orders:claim_new", args=[paper.pk])
    assert list(Receipt.objects.get().lines.values_list("quantity", "note")) == [(3, "Мятая")]
    assert client.get(address).status_code == 302


def test_what_was_counted_stays_when_1c_corrects_the_shipment(world: World, paper: ErpDocument) -> None:
    receive(world.buyer, paper, "3", notes={paper.lines.get().pk: "Разбита коробка"})

    ship(paper.part, "5", document=paper)

    line = Receipt.objects.get().lines.get()
    assert (line.quantity, line.note, line.row.quantity, line.row.position) == (3, "Разбита коробка", 5, 1)
