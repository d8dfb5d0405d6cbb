"""The page of an order that goes on: quantities, shipments, changes."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from orders.models import Order, OrderLine
from orders.selectors import order_card
from orders.selectors.progress import order_progress
from orders.services.changes import order_change
from orders.services.following import order_follow
from orders.services.receipts import receipt_create
from orders.states import ErpDocumentKind
from tests.factories import AT, World, actor_of
from tests.orders.past import make_order
from tests.orders.test_changes import change, taken
from tests.orders.test_erp import born, browser, row
from tests.orders.test_fulfilment import ship as tell
from tests.orders.test_shipment_requests import ask, confirmed, line_of, ship


def page_of(world: World, order: Order, person: str = "buyer") -> str:
    answer = browser(getattr(world, person)).get(reverse("orders:detail", args=[order.pk]))
    return answer.content.decode()


def with_lines(order: Order, count: int) -> None:
    """The order's one line so many times."""
    line = line_of(order)
    copies = [OrderLine(**_fields(line), position=place) for place in range(2, count + 1)]
    OrderLine.objects.bulk_create(copies)


def _fields(line: OrderLine) -> dict[str, Any]:
    told = {field.attname: getattr(line, field.attname) for field in OrderLine._meta.concrete_fields}
    del told["id"], told["position"]
    return told


@pytest.mark.parametrize("lines", [1, 300])
def test_order_is_read_with_the_same_queries_however_long(
    world: World, lines: int, django_assert_num_queries: Any
) -> None:
    order = confirmed(world)
    with_lines(order, lines)
    part = order.parts.get()
    ask(world, {part.lines.order_by("-position")[0]: 1})
    tell(part, row(world.skus[0].pk, "1", "100"))

    actor = actor_of(world.buyer)

    with django_assert_num_queries(12):
        card = order_card(actor=actor, order_id=order.pk)
        progress = order_progress(card, at=AT, actor=actor, is_invoiced=True)

    assert len(progress.parts[part.pk].rows) == lines


def test_rows_tell_reserve_shipped_invoiced_and_returned(world: World) -> None:
    order = confirmed(world)
    line = line_of(order)
    ship(line.part, "3")
    ask(world, {line: 1})
    tell(line.part, row(world.skus[0].pk, "1", "100"), kind=ErpDocumentKind.RETURN)
    tell(line.part, row(world.skus[2].pk, "9", "10", name="Подарок"))

    card = order_card(actor=actor_of(world.buyer), order_id=order.pk)
    told = order_progress(card, at=AT, actor=actor_of(world.buyer), is_invoiced=True).parts[line.part_id]
    page = page_of(world, order)

    (known,) = told.rows.values()
    assert (known.reserved, known.shipped, known.invoiced, known.returned, known.requested) == (2, 3, 5, 1, 1)
    assert [(one.name, one.shipped) for one in told.strangers] == [("Подарок", 9)]
    assert "Подарок" in page
    assert "сверх заказа" in page


def test_order_of_1c_tells_quantities_of_its_own_rows(world: World) -> None:
    order = born(world, [row(world.skus[0].pk, "4", "100"), row(None, "1", "500", name="Доставка")])
    part = order.parts.get()
    tell(part, row(world.skus[0].pk, "3", "100"), row(None, "1", "500", name="Доставка"))

    card = order_card(actor=actor_of(world.head), order_id=order.pk)
    told = order_progress(card, at=AT, actor=actor_of(world.buyer), is_invoiced=False).parts[part.pk]

    assert [(known.shipped, known.left) for known in told.rows.values()] == [(3, 1), (1, 0)]
    assert told.strangers == ()
    assert not told.is_open


def test_shipment_shows_its_receipt_and_request(world: World) -> None:
    order = confirmed(world)
    line = line_of(order)
    request = ask(world, {line: 4})
    paper = ship(line.part, "4")
    before = page_of(world, order)
    counted = {paper.lines.get().pk: Decimal(3)}
    receipt_create(
        actor=actor_of(world.buyer), shipment_id=paper.pk, quantities=counted, notes={}, comment="", at=AT
    )

    after, of_manager = page_of(world, order), page_of(world, order, "manager")

    assert request.number in before
    assert reverse("orders:receive", args=[paper.pk]) in before
    assert "Принято с расхождением, строк: 1" in after
    assert reverse("orders:receive", args=[paper.pk]) not in after
    assert "Принято с расхождением, строк: 1" in of_manager


def test_change_that_waits_is_decided_on_the_page(world: World) -> None:
    order = confirmed(world)
    taken(order)
    made = change(world.buyer, order, {line_of(order): 3}, comment="Много взяли")
    address = reverse("orders:change_decide", args=[made.pk])

    assert "Отозвать" in page_of(world, order)
    assert "Принять изменение" in page_of(world, order, "manager")
    browser(world.manager).post(address, {"what": "accept", "answer": "Хорошо"})
    page = page_of(world, order)

    assert "Хорошо" in page
    assert '<s class="was">5</s> 3' in page


def test_client_changes_an_order_on_its_page(world: World) -> None:
    order = confirmed(world)
    line = line_of(order)
    client, address = browser(world.buyer), reverse("orders:change", args=[order.pk])

    page = client.get(address).content.decode()
    wrong = client.post(address, {f"q-{line.pk}": "9", "comment": "Меньше"})
    done = client.post(address, {f"q-{line.pk}": "2"})

    assert address in page_of(world, order)
    assert f'name="q-{line.pk}" value="5"' in page
    assert (wrong.status_code, "увеличить нельзя" in wrong.content.decode()) == (422, True)
    assert done.url == reverse("orders:detail", args=[order.pk])
    line.refresh_from_db()
    assert line.quantity == 2


def test_cancelled_line_is_told_so(world: World) -> None:
    order = confirmed(world, {0: "5", 2: "1"})
    bolt = OrderLine.objects.get(part__order=order, sku=world.skus[0])
    order_change(actor=actor_of(world.buyer), order_id=order.pk, quantities={bolt.pk: Decimal(0)}, at=AT)

    assert "отменён" in page_of(world, order)


def test_goods_added_later_are_an_order_that_names_the_first(world: World) -> None:
    order = confirmed(world)
    client = browser(world.buyer)
    stranger = make_order(world.other_buyer, world.other_contract, world, {world.skus[0]: 1})

    begun = client.post(reverse("orders:add_more", args=[order.pk]))
    later = make_order(world.buyer, world.contract, world, {world.skus[2]: 1})
    noted = order_follow(actor=actor_of(world.buyer), order_id=later.pk, follows_id=order.pk)
    again = order_follow(actor=actor_of(world.buyer), order_id=later.pk, follows_id=order.pk)
    foreign = order_follow(actor=actor_of(world.buyer), order_id=order.pk, follows_id=stranger.pk)

    assert begun.url == reverse("catalog:index")
    assert (client.session["order_follows"], noted, again, foreign) == (order.pk, True, False, False)
    assert "Дополняет заказ" in page_of(world, later)
    assert "Дополнен заказами" in page_of(world, order)
