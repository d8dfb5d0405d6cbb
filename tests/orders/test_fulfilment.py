"""How far lines have come: 1C's papers shared out to what was ordered."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.erp import PaperFacts
from orders.fulfilment import Line, Standing, Told, part_fulfilment
from orders.models import Order, OrderPart
from orders.selectors.fulfilment import fulfilment_of, line_quantities
from orders.services import order_confirm
from orders.services.erp_papers import erp_paper_note
from orders.states import ErpDocumentKind, OrderState
from tests.factories import AT, TODAY, World
from tests.orders.past import make_order
from tests.orders.test_erp import note, row


@dataclass(frozen=True)
class Told1C:
    """A row of 1C."""

    sku_id: int | None
    quantity: Decimal
    name: str = "Товар"
    article: str = ""


quantities = st.decimals("0.001", 1000, places=3)
rows = st.lists(st.builds(Told1C, sku_id=st.sampled_from([1, 2, 3, None]), quantity=quantities), max_size=8)
ordered = st.lists(st.tuples(st.sampled_from([1, 2]), quantities), max_size=6)


@given(ordered, rows, rows, rows, st.one_of(st.none(), rows), st.sampled_from(OrderState.values))
def test_what_lines_and_strangers_hold_is_what_papers_say(
    wanted: list[tuple[int, Decimal]],
    shipped: list[Told1C],
    invoiced: list[Told1C],
    returned: list[Told1C],
    present: list[Told1C] | None,
    state: str,
) -> None:
    lines = [Line(pk=pk, good=good, ordered=count, quantity=count) for pk, (good, count) in enumerate(wanted)]
    papers = {
        ErpDocumentKind.SHIPMENT: shipped,
        ErpDocumentKind.INVOICE: invoiced,
        ErpDocumentKind.RETURN: returned,
    }

    found = part_fulfilment(lines, Told(present, papers), Standing(state), requested={})
    turned = {kind: list(reversed(told)) for kind, told in papers.items()}
    again = part_fulfilment(lines, Told(present, turned), Standing(state), requested={})

    for name, told in (("shipped", shipped), ("invoiced", invoiced), ("returned", returned)):
        held = sum(getattr(one, name) for one in (*found.lines.values(), *found.strangers))
        assert held == sum(one.quantity for one in told)
    assert again.lines == found.lines
    for one in found.lines.values():
        assert one.shipped <= max(one.ordered, one.confirmed)
        assert 0 <= one.returned <= one.shipped
        assert one.left >= 0


def test_first_line_of_a_good_is_filled_first_and_the_rest_is_told_apart() -> None:
    lines = [Line(1, 7, Decimal(3), Decimal(3)), Line(2, 7, Decimal(5), Decimal(5))]
    papers = {
        ErpDocumentKind.SHIPMENT: [
            Told1C(7, Decimal(4)),
            Told1C(7, Decimal(6)),
            Told1C(None, Decimal(1), "Доставка"),
        ]
    }

    found = part_fulfilment(lines, Told(None, papers), Standing(OrderState.CONFIRMED), requested={})

    assert [(one.shipped, one.left) for one in found.lines.values()] == [(3, 0), (5, 0)]
    assert [(one.name, one.shipped) for one in found.strangers] == [("Товар", 2), ("Доставка", 1)]


def test_line_that_shrank_to_nothing_takes_no_shipment_before_the_others() -> None:
    lines = [Line(1, 7, Decimal(3), Decimal(0), was_changed=True), Line(2, 7, Decimal(5), Decimal(5))]
    papers = {ErpDocumentKind.SHIPMENT: [Told1C(7, Decimal(5))]}

    found = part_fulfilment(lines, Told(None, papers), Standing(OrderState.CONFIRMED), requested={})

    assert [(one.shipped, one.left) for one in found.lines.values()] == [(0, 0), (5, 0)]


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(OrderState.SUBMITTED), (0, 5, 0)),
        (Standing(OrderState.CONFIRMED), (5, 3, 3)),
        (Standing(OrderState.CONFIRMED, is_shipped=True), (5, 0, 0)),
        (Standing(OrderState.CONFIRMED, is_cancelled=True), (0, 0, 0)),
        (Standing(OrderState.REJECTED), (0, 0, 0)),
        (Standing(OrderState.COMPLETED), (5, 0, 0)),
    ],
)
def test_what_is_held_and_left_follows_the_state(standing: Standing, expected: tuple[int, ...]) -> None:
    shipped = [] if standing.order_state == OrderState.SUBMITTED else [Told1C(7, Decimal(2))]

    found = part_fulfilment(
        [Line(1, 7, Decimal(5), Decimal(5))],
        Told(None, {ErpDocumentKind.SHIPMENT: shipped}),
        standing,
        requested={},
    )

    line = found.lines[1]
    assert (line.confirmed, line.reserved, line.left) == expected


# --- from the database --------------------------------------------------------------------------------
def ship(part: OrderPart, *told: Any, kind: ErpDocumentKind = ErpDocumentKind.SHIPMENT) -> None:
    facts = PaperFacts(
        kind=kind, formed_at=AT, number="УТ-1", date=TODAY, total=None, is_deleted=False, rows=tuple(told)
    )
    erp_paper_note(document_id=None, part_id=part.pk, facts=facts, at=AT)


def confirmed(world: World, lines: int) -> Order:
    order = make_order(world.buyer, world.contract, world, dict.fromkeys(world.skus[:lines], 3))
    return order_confirm(order_id=order.pk, actor=None, at=AT)


@pytest.mark.parametrize("lines", [1, 3])
def test_quantities_ask_the_database_the_same(
    world: World, lines: int, django_assert_num_queries: Any
) -> None:
    parts = list(confirmed(world, lines).parts.order_by("pk"))
    for part in parts:
        ship(part, row(part.lines.order_by("pk")[0].sku_id, "1", "100"))

    with django_assert_num_queries(5):
        found = line_quantities(parts)

    assert len(found) == lines
    assert sorted(one.shipped for one in found.values())[-1] == 1


def test_papers_and_rows_of_1c_are_set_against_the_lines(world: World) -> None:
    bolt, _cable, book = world.skus
    order = confirmed(world, 1)
    part = order.parts.get()
    note(order, rows=(row(bolt.pk, "2", "100"), row(book.pk, "1", "10")), total=Decimal(210))
    ship(part, row(bolt.pk, "1", "100"))
    ship(part, row(bolt.pk, "1", "100"), kind=ErpDocumentKind.RETURN)
    ship(part, row(bolt.pk, "2", "100"), kind=ErpDocumentKind.INVOICE)

    found = fulfilment_of([part])[part.pk]

    (line,) = found.lines.values()
    told = (
        line.ordered,
        line.confirmed,
        line.reserved,
        line.shipped,
        line.invoiced,
        line.returned,
        line.left,
    )
    assert told == (3, 2, 1, 1, 2, 1, 1)
    assert [(one.confirmed, one.shipped) for one in found.strangers] == [(1, 0)]
