"""Requests for shipment and the list of shipments as a browser meets them."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from finance.models import CalendarDay
from finance.states import PaymentTerms
from orders.models import Order, OrderLine, OrderPart, ShipmentRequest
from orders.states import ShipmentRequestState
from tests.factories import World
from tests.orders.test_erp import browser
from tests.orders.test_shipment_requests import ask, confirmed, line_of, ship, told

NEW, LIST = reverse("orders:shipment_new"), reverse("orders:shipments")
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def line(world: World) -> OrderLine:
    CalendarDay.objects.update_or_create(date=TOMORROW, defaults={"is_working": True})
    return line_of(confirmed(world))


def send(client: Client, line: OrderLine, **changes: Any) -> Any:
    order = line.part.order
    form = {
        "place": f"{order.legal_entity_id}-{order.contract_id}-{line.part.warehouse_id}",
        "method": "pickup",
        "desired_date": TOMORROW.isoformat(),
        "idempotency_key": str(uuid4()),
    }
    return client.post(NEW, form | changes)


def url(request: ShipmentRequest, name: str = "shipment_request") -> str:
    return reverse(f"orders:{name}", args=[request.pk])


def test_client_asks_for_a_part_of_a_line(world: World, line: OrderLine) -> None:
    client = browser(world.buyer)
    page = client.get(NEW, {"order": line.part.order_id}).content.decode()

    answer = send(client, line, **{f"q-{line.pk}": "2"})

    request = ShipmentRequest.objects.get()
    assert f'name="q-{line.pk}"' in page
    assert answer.url == url(request)
    assert told(request) == (ShipmentRequestState.SUBMITTED, [(2, 0)])


def test_client_asks_for_all_that_is_left(world: World, line: OrderLine) -> None:
    ship(line.part, "1")

    send(browser(world.buyer), line, everything="1")

    assert told(ShipmentRequest.objects.get())[1] == [(4, 0)]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("6", "можно отгрузить не больше 5 шт"),
        ("много", "Укажите количество числом"),
        ("", "Укажите, сколько"),
    ],
)
def test_refusal_keeps_what_was_typed(world: World, line: OrderLine, typed: str, text: str) -> None:
    answer = send(browser(world.buyer), line, **{f"q-{line.pk}": typed, "comment": "Ворота 3"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert text in page
    assert "Ворота 3" in page
    assert not ShipmentRequest.objects.exists()


def test_nothing_left_is_told(world: World) -> None:
    assert "Отгружать пока нечего" in browser(world.buyer).get(NEW).content.decode()


def test_manager_accepts_and_client_sees_the_answer(world: World, line: OrderLine) -> None:
    request = ask(world, {line: 2})
    manager = browser(world.manager)

    manager.post(url(request, "shipment_move"), {"state": "accepted", "answer": "Ворота 3"})

    page = browser(world.buyer).get(url(request)).content.decode()
    assert "Принята складом" in page
    assert "Ворота 3" in page
    assert told(request)[0] == ShipmentRequestState.ACCEPTED


def test_refusal_without_a_reason_changes_nothing(world: World, line: OrderLine) -> None:
    request = ask(world, {line: 2})

    answer = browser(world.manager).post(url(request, "shipment_move"), {"state": "rejected"}, follow=True)

    assert "Укажите причину" in answer.content.decode()
    assert told(request)[0] == ShipmentRequestState.SUBMITTED


@pytest.mark.parametrize("name", ["shipment_request", "shipment_print"])
def test_request_is_shown_to_whom_it_concerns(world: World, line: OrderLine, name: str) -> None:
    request = ask(world, {line: 2})

    for person, status in (
        (world.buyer, 200),
        (world.head, 200),
        (world.manager, 200),
        (world.other_buyer, 404),
    ):
        assert browser(person).get(url(request, name)).status_code == status


def test_list_tells_requests_and_shipments_with_filters(world: World, line: OrderLine) -> None:
    request = ask(world, {line: 2})
    ship(line.part, "1")
    client = browser(world.buyer)

    everything = client.get(LIST).content.decode()
    requests = client.get(LIST, {"what": "requests"}).content.decode()
    found = client.get(LIST, {"q": line.part.order.number, "state": "shipped_partially"}).content.decode()
    shipments = client.get(LIST, {"what": "shipments", "state": "rejected"}).content.decode()
    stranger = browser(world.other_buyer).get(LIST).content.decode()

    assert request.number in everything
    assert "УТ-1" in everything
    assert request.number in requests
    assert "УТ-1" not in requests
    assert request.number in found
    assert request.number not in shipments
    assert "УТ-1" in shipments  # a state is one of requests only
    assert request.number not in stranger
    assert "УТ-1" not in stranger


def test_list_as_a_table_holds_the_same(world: World, line: OrderLine) -> None:
    request = ask(world, {line: 2})
    ship(line.part, "1")

    answer = browser(world.buyer).get(reverse("orders:shipments_export"))

    page = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert {row[2].value for row in page.iter_rows(min_row=2)} == {request.number, "УТ-1"}


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_the_same(
    world: World, line: OrderLine, rows: int, django_assert_num_queries: Any
) -> None:
    for _number in range(rows):
        ask(world, {line: 1})
        ship(line.part, "1")
    client = browser(world.buyer)
    client.get(LIST)

    with django_assert_num_queries(17):
        client.get(LIST)


def test_second_click_on_everything_shows_the_request_and_takes_nothing_else(
    world: World, line: OrderLine
) -> None:
    other = line_of(confirmed(world, {2: "3"}))
    OrderPart.objects.filter(pk=other.part_id).update(warehouse=world.second_warehouse)
    Order.objects.update(payment_terms=PaymentTerms.CREDIT)
    client, key = browser(world.buyer), str(uuid4())

    first = send(client, line, everything="1", idempotency_key=key)
    second = send(client, line, everything="1", idempotency_key=key)
    stale = send(client, line, everything="1")

    request = ShipmentRequest.objects.get()
    assert (first.url, second.url, stale.url) == (url(request), url(request), NEW)
    assert told(request)[1] == [(5, 0)]


def test_order_is_not_given_up_while_the_warehouse_ships_of_it(world: World, line: OrderLine) -> None:
    Order.objects.update(payment_terms=PaymentTerms.CREDIT)
    client = browser(world.buyer)
    send(client, line, **{f"q-{line.pk}": "2"})
    order = line.part.order
    cancel = reverse("orders:cancel", args=[order.pk])

    page = client.post(cancel, follow=True).content.decode()
    order.refresh_from_db()
    kept = order.state
    client.post(url(ShipmentRequest.objects.get(), "shipment_move"), {"state": "cancelled"})
    client.post(cancel)

    order.refresh_from_db()
    assert "есть заявка на отгрузку" in page
    assert (kept, order.state) == ("confirmed", "cancelled")
