"""1C's facts move an order; in whatever order they come, the same ones end in the same state."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.erp import PaperFacts
from orders.models import ErpDocument, Order, OrderPart, OrderStep
from orders.selectors import order_card
from orders.services import order_cancel, order_confirm, order_hold
from orders.services.erp import part_erp_note
from orders.services.erp_papers import erp_paper_note
from orders.standing import PartStanding, order_standing
from orders.states import ErpDocumentKind, OrderState, StepSource
from tests.factories import AT, World, actor_of
from tests.integrations.onec_talk import run_jobs
from tests.orders.past import make_order
from tests.orders.test_erp import FACTS, born, row

SHIPMENT, RETURN, PAYMENT = ErpDocumentKind.SHIPMENT, ErpDocumentKind.RETURN, ErpDocumentKind.PAYMENT
TOLD = replace(FACTS, state_text="В работе", total=Decimal(300), is_paid=None, is_shipped=None)


@pytest.fixture
def order(world: World) -> Order:
    """3 bolts for 300, confirmed."""
    made = make_order(world.buyer, world.contract, world, {world.skus[0]: 3})
    return order_confirm(order_id=made.pk, actor=None, at=AT)


def note(order: Order, **changes: Any) -> str:
    part_erp_note(part_id=order.parts.get().pk, facts=replace(TOLD, **changes), at=AT)
    return Order.objects.get(pk=order.pk).state


def paper(
    order: Order, kind: ErpDocumentKind, total: str, *, known: int | None = None, **changes: Any
) -> int:
    facts = PaperFacts(
        kind=kind,
        formed_at=AT,
        number="15",
        date=AT.date(),
        total=Decimal(total),
        is_deleted=False,
        rows=None,
    )
    told = replace(facts, **changes)
    return erp_paper_note(document_id=known, part_id=order.parts.get().pk, facts=told, at=AT)[0].pk


def state(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


# --- the rule by itself ---------------------------------------------------------------------------
PART = PartStanding(Decimal(100), is_cancelled=False, is_shipped=False, shipped=Decimal(0), target="")
GONE = replace(PART, is_cancelled=True)
WHOLE = replace(PART, shipped=Decimal(100))
HALF = replace(PART, shipped=Decimal(50))
KEPT = replace(PART, target="reserved")
DONE = replace(PART, target="completed")


@pytest.mark.parametrize(
    ("parts", "is_paid", "expected"),
    [
        ([PART], False, "confirmed"),
        ([PART], True, "confirmed"),
        ([KEPT, PART], False, "confirmed"),
        ([KEPT, DONE], False, "reserved"),
        ([KEPT, GONE], False, "reserved"),
        ([HALF], True, "partly_shipped"),
        ([WHOLE, PART], True, "partly_shipped"),
        ([WHOLE, KEPT], False, "partly_shipped"),
        ([WHOLE, GONE], False, "shipped"),
        ([replace(PART, is_shipped=True)], False, "shipped"),
        ([WHOLE], True, "completed"),
        ([DONE, GONE], False, "completed"),
        ([GONE, GONE], True, "cancelled"),
        ([replace(PART, total=Decimal(0))], False, "confirmed"),
        ([WHOLE, replace(PART, total=Decimal(0))], False, "shipped"),
        ([KEPT, replace(PART, total=Decimal(0))], False, "reserved"),
        ([], False, "confirmed"),
    ],
)
def test_order_standing(parts: list[PartStanding], is_paid: bool, expected: str) -> None:
    assert order_standing(parts, is_paid=is_paid) == expected


# --- facts move an order --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "confirmed"),
        ({"target": "reserved"}, "reserved"),
        ({"target": "completed"}, "completed"),
        ({"shipped_sum": Decimal(100)}, "partly_shipped"),
        ({"shipped_sum": Decimal(300)}, "shipped"),
        ({"is_shipped": True}, "shipped"),
        ({"is_shipped": True, "is_paid": True}, "completed"),
        ({"shipped_sum": Decimal(300), "paid_sum": Decimal(300)}, "completed"),
        ({"is_paid": True}, "confirmed"),
        ({"is_cancelled": True}, "cancelled"),
    ],
)
def test_word_of_1c_puts_the_order_where_it_stands(
    world: World, order: Order, changes: dict[str, Any], expected: str
) -> None:
    assert note(order, **changes) == expected
    last = OrderStep.objects.filter(order=order).order_by("-pk")[0]
    assert (last.state, last.source) == (expected, "portal" if expected == "confirmed" else "erp")


def test_papers_ship_and_what_comes_back_takes_it_back(world: World, order: Order) -> None:
    note(order)
    seen = [state(order)]
    first = paper(order, SHIPMENT, "100")
    seen.append(state(order))
    paper(order, SHIPMENT, "200")
    seen.append(state(order))
    paper(order, PAYMENT, "300")
    seen.append(state(order))
    paper(order, RETURN, "50")
    seen.append(state(order))
    paper(order, SHIPMENT, "100", known=first, is_deleted=True, formed_at=AT + timedelta(hours=1))
    seen.append(state(order))

    assert seen == ["confirmed", "partly_shipped", "shipped", "completed", "partly_shipped", "partly_shipped"]


def test_payment_noted_here_completes_a_shipped_order(world: World, order: Order) -> None:
    note(order, is_shipped=True)
    client = Client()
    client.force_login(world.manager)

    for amount, number in (("100", "1"), ("200", "2")):
        paid = {"amount": amount, "paid_on": AT.date().isoformat(), "document_number": number}
        client.post(reverse("orders:payment", args=[order.pk]), paid)
        run_jobs()
        seen = state(order)
        assert seen == ("shipped" if number == "1" else "completed")

    last = OrderStep.objects.filter(order=order).order_by("-pk")[0]
    assert (last.state, last.source, last.comment) == ("completed", StepSource.PORTAL, "Оплата")


def test_order_cancelled_here_is_not_taken_up_by_1c(world: World, order: Order) -> None:
    order_cancel(order_id=order.pk, actor=actor_of(world.buyer), at=AT)

    assert note(order, target="reserved") == "cancelled"


def test_order_cancelled_in_1c_comes_back_to_where_it_was(world: World, order: Order) -> None:
    paper(order, SHIPMENT, "100")

    assert note(order, is_cancelled=True) == "cancelled"
    assert note(order, formed_at=AT + timedelta(minutes=1)) == "partly_shipped"


def test_order_that_waits_is_held_and_taken_up_by_the_status_of_1c(world: World) -> None:
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 3})

    seen = [
        note(order, state_text="Приостановлен", target="on_hold"),
        note(order, state_text="В работе", formed_at=AT + timedelta(minutes=1)),
        note(order, state_text="К отгрузке", target="reserved", formed_at=AT + timedelta(minutes=2)),
    ]

    assert seen == ["on_hold", "submitted", "reserved"]
    sources = set(OrderStep.objects.filter(order=order).values_list("state", "source"))
    assert sources == {
        ("submitted", StepSource.PORTAL),
        ("submitted", StepSource.ERP),
        ("on_hold", StepSource.ERP),
        ("confirmed", StepSource.ERP),
        ("reserved", StepSource.ERP),
    }


def test_hold_of_a_person_is_not_lifted_by_1c(world: World) -> None:
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 3})
    order_hold(order_id=order.pk, actor=actor_of(world.manager), reason="ждём оплату", at=AT)

    assert note(order, state_text="В работе") == "on_hold"


def test_order_born_in_1c_stands_where_1c_has_it(world: World) -> None:
    order = born(world, [row(world.skus[0].pk, "4", "100")])

    paper(order, SHIPMENT, "400")

    assert state(order) == "shipped"
    assert set(OrderStep.objects.filter(order=order).values_list("source", flat=True)) == {"erp"}


# --- the portal owns a field ----------------------------------------------------------------------
def test_word_of_1c_is_only_kept_where_the_portal_owns_the_state(world: World, order: Order) -> None:
    assert note(order, target="completed", is_shipped=True, moves_order=False) == "confirmed"

    part = order.parts.get()
    card = order_card(actor=actor_of(world.manager), order_id=order.pk)
    assert (part.erp_target, part.is_shipped) == ("completed", True)
    assert (card.order.state, card.erp_standing) == ("confirmed", OrderState.COMPLETED)


def test_rows_of_1c_are_only_kept_where_the_portal_owns_them(world: World, order: Order) -> None:
    rows = (row(world.skus[0].pk, "2", "110", name="Болт"),)

    note(order, rows=rows, total=Decimal(220), changes_rows=False)

    (part,) = order_card(actor=actor_of(world.manager), order_id=order.pk).parts
    assert [(item.quantity, item.change) for item in part.rows] == [(3, "")]
    assert [(item.quantity, item.change) for item in part.beside] == [(2, "changed")]
    assert (part.total, order_card(actor=actor_of(world.head), order_id=order.pk).due) == (300, 300)


# --- whatever the order of the facts --------------------------------------------------------------
def test_every_order_of_five_facts_ends_in_the_same_state(world: World, order: Order) -> None:
    """Paid before shipped, a shipment taken back, a status that comes late: 120 ways, one end."""
    facts = ["status", "late status", "first", "first taken back", "second"]
    part_id, ends = order.parts.get().pk, set()
    for way in permutations(facts):
        OrderPart.objects.filter(pk=part_id).update(
            erp_target="", erp_shipped_sum=None, erp_paid_sum=None, erp_formed_at=None, is_paid=False
        )
        ErpDocument.objects.all().delete()
        known: int | None = None
        for fact in way:
            match fact:
                case "status":
                    note(order, target="reserved", paid_sum=Decimal(0))
                case "late status":
                    note(order, target="", paid_sum=Decimal(300), formed_at=AT + timedelta(hours=2))
                case "first":
                    known = paper(order, SHIPMENT, "200", known=known)
                case "first taken back":
                    hour = AT + timedelta(hours=1)
                    known = paper(order, SHIPMENT, "200", known=known, is_deleted=True, formed_at=hour)
                case "second":
                    paper(order, SHIPMENT, "100")
        ends.add(state(order))

    assert ends == {"partly_shipped"}


PART_WORDS = st.fixed_dictionaries(
    {
        "target": st.sampled_from(["", "reserved", "completed"]),
        "paid_sum": st.sampled_from([Decimal(0), Decimal(150), Decimal(300)]),
        "shipped_sum": st.sampled_from([None, Decimal(0), Decimal(100), Decimal(300)]),
        "is_cancelled": st.booleans(),
    }
)
PAPER_WORDS = st.tuples(
    st.integers(min_value=0, max_value=2),  # which paper
    st.sampled_from([SHIPMENT, RETURN, PAYMENT]),
    st.sampled_from(["50", "100", "300"]),
    st.booleans(),
)
WORDS = st.lists(st.one_of(PART_WORDS, PAPER_WORDS), min_size=2, max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS, data=st.data())
def test_facts_in_any_order_settle_to_the_same_state(
    order: Order, words: list[Any], data: st.DataObject
) -> None:
    """Each word has its own moment; they are told once as they were formed and once shuffled."""
    stamped = [(AT + timedelta(minutes=minute), word) for minute, word in enumerate(words)]

    ends = [
        _told(order, stamped),
        _told(order, data.draw(st.permutations(stamped))),
    ]

    assert ends[0] == ends[1]


def _told(order: Order, words: list[Any]) -> str:
    """The state after the words, from a fresh start."""
    ErpDocument.objects.all().delete()
    OrderPart.objects.filter(order=order).update(
        erp_target="",
        erp_total=None,
        erp_shipped_sum=None,
        erp_paid_sum=None,
        erp_formed_at=None,
        is_cancelled=False,
        is_paid=False,
        is_shipped=False,
    )
    Order.objects.filter(pk=order.pk).update(state=OrderState.CONFIRMED)
    known: dict[int, int] = {}
    for moment, word in words:
        if isinstance(word, dict):
            sums = dict(word, shipped_sum=word["shipped_sum"] or Decimal(0))
            note(order, formed_at=moment, **sums)
        else:
            place, kind, total, is_deleted = word
            known[place] = paper(
                order, kind, total, known=known.get(place), is_deleted=is_deleted, formed_at=moment
            )
    return state(order)
