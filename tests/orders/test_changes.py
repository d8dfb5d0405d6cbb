"""Changing an order that was sent: at once, or asked of a manager."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from accounts.models import User
from catalog.models import CityWarehouse, Stock
from counterparties.actor import AccessDenied
from counterparties.permissions import ReadyRole
from documents.models import Document
from documents.services import invoice_issue, invoice_reissue
from documents.states import DocumentState
from finance.models import Reservation
from finance.services.credit import Claim, credit_note
from integrations.models import ExportState, OrderExport
from integrations.services.orders import orders_enqueue, orders_renew
from orders.change_refusals import (
    BelowFloor,
    ChangeClosed,
    ChangeEmpty,
    ChangeGrows,
    ChangeLate,
    ChangeWaits,
)
from orders.invariants import INVARIANTS
from orders.models import Order, OrderChange, OrderLine, OrderPart
from orders.refusals import WrongQuantity
from orders.services import order_confirm, part_accepted
from orders.services.change_letters import change_asked_mail, change_decided_mail
from orders.services.changes import change_accept, change_reject, change_withdraw, order_change
from orders.services.credit_hold import order_credit_follow
from orders.services.shipment_moves import shipment_request_move
from orders.shipment_refusals import AnswerMissing
from orders.states import ChangeState, OrderState, ShipmentRequestState, WrongState
from portal.lib.invariants import broken
from tests.factories import AT, TODAY, World, actor_of, make_person
from tests.integrations.onec_talk import make_node
from tests.orders.past import make_order
from tests.orders.test_shipment_requests import ask, confirmed, line_of, ship


def change(person: User, order: Order, quantities: Mapping[OrderLine, str | int], **told: Any) -> OrderChange:
    return order_change(
        actor=actor_of(person),
        order_id=order.pk,
        quantities={line.pk: Decimal(count) for line, count in quantities.items()},
        **({"at": AT} | told),
    )


def reserved(world: World) -> Decimal:
    return Stock.objects.get(sku=world.skus[0], warehouse=world.main_warehouse).reserved


def taken(order: Order) -> None:
    part_accepted(part_ids=[part.pk for part in order.parts.all()], at=AT)


def stands(order: Order) -> tuple[Any, ...]:
    order.refresh_from_db()
    lines = OrderLine.objects.filter(part__order=order).order_by("pk")
    return (
        order.total,
        order.vat_total,
        list(lines.values_list("quantity", "quantity_before", "gross")),
        list(order.parts.order_by("pk").values_list("total", flat=True)),
    )


# --- at once ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("is_confirmed", [False, True])
def test_order_that_1c_has_not_taken_shrinks_at_once(world: World, is_confirmed: bool) -> None:
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 5, world.skus[2]: 2})
    if is_confirmed:
        order_confirm(order_id=order.pk, actor=None, at=AT)
    bolt = OrderLine.objects.get(part__order=order, sku=world.skus[0])

    made = change(world.buyer, order, {bolt: 3})

    assert made.state == ChangeState.APPLIED
    assert stands(order) == (320, Decimal("55.92"), [(3, 5, 300), (2, None, 20)], [300, 20])
    assert reserved(world) == 3
    assert list(made.lines.values_list("quantity_before", "quantity")) == [(5, 3)]


def test_what_was_ordered_first_is_kept_through_all_changes(world: World) -> None:
    order = confirmed(world)
    line = line_of(order)

    change(world.buyer, order, {line: 4})
    change(world.buyer, order, {line: 2})

    assert stands(order)[2] == [(2, 5, 200)]
    assert reserved(world) == 2
    assert order.parts.get().version == 3


def test_limit_is_held_for_what_is_left(world: World) -> None:
    order = confirmed(world)
    line = line_of(order)
    credit_note(claims=[Claim(line.part.reference, world.contract.pk, Decimal(500))], at=AT)

    change(world.buyer, order, {line: 2})

    assert Reservation.objects.get().total == 200


def test_1cs_former_sum_does_not_hold_again_what_was_given_up(world: World) -> None:
    """The manager has agreed; 1C has not fetched the new version yet, its next word will count."""
    order = confirmed(world)
    OrderPart.objects.update(erp_total=400, erp_formed_at=AT - timedelta(hours=1))
    taken(order)
    order_credit_follow(order_id=order.pk, at=AT)
    assert Reservation.objects.get().total == 400

    made = change(world.buyer, order, {line_of(order): 2})
    change_accept(actor=actor_of(world.manager), change_id=made.pk, at=AT)
    order_credit_follow(order_id=order.pk, at=AT)
    assert Reservation.objects.get().total == 200
    assert list(broken(INVARIANTS)) == []

    OrderPart.objects.update(erp_formed_at=AT + timedelta(hours=1))
    order_credit_follow(order_id=order.pk, at=AT)
    assert Reservation.objects.get().total == 400
    assert list(broken(INVARIANTS)) == []


def test_what_1c_has_cut_is_not_held_after_a_change(world: World) -> None:
    order = confirmed(world)
    OrderPart.objects.update(erp_total=100, erp_formed_at=AT - timedelta(hours=1))
    taken(order)
    order_credit_follow(order_id=order.pk, at=AT)

    made = change(world.buyer, order, {line_of(order): 3})
    change_accept(actor=actor_of(world.manager), change_id=made.pk, at=AT)
    order_credit_follow(order_id=order.pk, at=AT)

    assert Reservation.objects.get().total == 100


def test_price_without_vat_gets_its_vat_anew(world: World) -> None:
    order = confirmed(world)
    Order.objects.filter(pk=order.pk).update(is_vat_included=False)
    line = line_of(order)

    change(world.buyer, order, {line: 3})

    line.refresh_from_db()
    assert (line.net, line.vat, line.gross) == (300, 66, 366)


def test_nought_cancels_a_line_and_all_of_them_the_order(world: World) -> None:
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 5, world.skus[2]: 2})
    bolt, book = OrderLine.objects.filter(part__order=order).order_by("pk")

    change(world.buyer, order, {bolt: 0})
    partly = stands(order)
    change(world.buyer, order, {book: 0})

    order.refresh_from_db()
    assert partly == (20, Decimal("1.82"), [(0, 5, 0), (2, None, 20)], [0, 20])
    assert order.state == OrderState.CANCELLED
    assert sum(Stock.objects.values_list("reserved", flat=True)) == 0


@pytest.mark.parametrize(
    ("count", "refusal"),
    [("6", ChangeGrows), ("5", ChangeEmpty), ("-1", WrongQuantity), ("2.5", WrongQuantity)],
)
def test_only_smaller_whole_quantities_are_taken(world: World, count: str, refusal: type[Exception]) -> None:
    order = confirmed(world)
    before = stands(order)

    with pytest.raises(refusal), transaction.atomic():
        change(world.buyer, order, {line_of(order): count})

    assert stands(order) == before
    assert not OrderChange.objects.exists()


def test_what_has_left_or_is_asked_for_is_the_floor(world: World) -> None:
    order = confirmed(world)
    line = line_of(order)
    ship(line.part, "2")
    ask(world, {line: 1})

    with pytest.raises(BelowFloor) as refusal:
        change(world.buyer, order, {line: 2})
    change(world.buyer, order, {line: 3})

    assert refusal.value.floor == 3
    assert stands(order)[2] == [(3, 5, 300)]


# --- until when ---------------------------------------------------------------------------------------
def test_client_is_late_after_the_hour_and_the_manager_is_not(world: World) -> None:
    order = confirmed(world)
    OrderPart.objects.filter(order=order).update(ships_on=TODAY)
    CityWarehouse.objects.filter(warehouse=world.main_warehouse).update(cutoff_time=time(10, 41))

    with pytest.raises(ChangeLate, match="23 ноября, 10:41"):
        change(world.buyer, order, {line_of(order): 3})
    change(world.buyer, order, {line_of(order): 4}, at=AT - timedelta(minutes=1))
    change(world.manager, order, {line_of(order): 3})

    assert stands(order)[2] == [(3, 5, 300)]


def test_part_that_leaves_later_may_be_changed_today(world: World) -> None:
    order = confirmed(world)
    OrderPart.objects.filter(order=order).update(ships_on=date(2026, 11, 24))
    CityWarehouse.objects.filter(warehouse=world.main_warehouse).update(cutoff_time=time(9))

    assert change(world.buyer, order, {line_of(order): 3}).state == ChangeState.APPLIED


def test_part_that_is_gathered_or_gone_is_closed(world: World) -> None:
    order = confirmed(world)
    line = line_of(order)
    request = ask(world, {line: 1})
    for target in (ShipmentRequestState.ACCEPTED, ShipmentRequestState.PICKING):
        shipment_request_move(actor=actor_of(world.manager), request_id=request.pk, target=target, at=AT)

    with pytest.raises(ChangeClosed):
        change(world.buyer, order, {line: 3})
    other = confirmed(world)
    OrderPart.objects.filter(order=other).update(is_shipped=True)
    with pytest.raises(ChangeClosed):
        change(world.buyer, other, {line_of(other): 3})


def test_strangers_and_those_who_only_look_change_nothing(world: World) -> None:
    order = confirmed(world)
    line = line_of(order)

    with pytest.raises(Order.DoesNotExist):
        change(world.other_buyer, order, {line: 3})
    with pytest.raises(AccessDenied):
        change(make_person(world.holding, ReadyRole.RECEIVER), order, {line: 3})
    with pytest.raises(OrderLine.DoesNotExist):
        change(world.buyer, order, {line_of(confirmed(world)): 3})
    assert not OrderChange.objects.exists()


# --- asked of a manager -------------------------------------------------------------------------------
def test_order_that_1c_has_taken_waits_for_the_manager(world: World) -> None:
    order = confirmed(world)
    taken(order)
    before = stands(order)
    line = line_of(order)

    made = change(world.buyer, order, {line: 3}, comment="Много взяли")

    assert made.state == ChangeState.ASKED
    assert stands(order) == before
    with pytest.raises(ChangeWaits):
        change(world.buyer, order, {line: 2})
    change_accept(actor=actor_of(world.manager), change_id=made.pk, at=AT)
    made.refresh_from_db()
    assert (made.state, made.decided_by) == (ChangeState.ACCEPTED, world.manager)
    assert stands(order)[2] == [(3, 5, 300)]
    assert reserved(world) == 0  # 1C counts these goods itself


def test_whole_order_that_1c_has_taken_is_given_up_with_the_managers_word(world: World) -> None:
    order = confirmed(world)
    taken(order)
    made = change(world.buyer, order, {line_of(order): 0})

    change_accept(actor=actor_of(world.manager), change_id=made.pk, at=AT)

    order.refresh_from_db()
    assert (order.state, order.total) == (OrderState.CANCELLED, 0)


def test_shipment_that_came_first_stops_the_change(world: World) -> None:
    order = confirmed(world)
    taken(order)
    made = change(world.buyer, order, {line_of(order): 3})
    ship(line_of(order).part, "4")

    with pytest.raises(BelowFloor), transaction.atomic():
        change_accept(actor=actor_of(world.manager), change_id=made.pk, at=AT)

    made.refresh_from_db()
    assert made.state == ChangeState.ASKED


def test_change_is_rejected_with_a_reason_or_withdrawn(world: World) -> None:
    order = confirmed(world)
    taken(order)
    line = line_of(order)
    first = change(world.buyer, order, {line: 3})

    with pytest.raises(AnswerMissing):
        change_reject(actor=actor_of(world.manager), change_id=first.pk, answer=" ", at=AT)
    change_reject(actor=actor_of(world.manager), change_id=first.pk, answer="Уже едет", at=AT)
    second = change(world.buyer, order, {line: 4})
    change_withdraw(actor=actor_of(world.buyer), change_id=second.pk, at=AT)

    with pytest.raises(WrongState):
        change_accept(actor=actor_of(world.manager), change_id=second.pk, at=AT)
    with pytest.raises(AccessDenied):
        change_accept(actor=actor_of(world.buyer), change_id=second.pk, at=AT)
    with pytest.raises(OrderChange.DoesNotExist):
        change_accept(actor=actor_of(world.other_manager), change_id=second.pk, at=AT)
    assert list(OrderChange.objects.order_by("pk").values_list("state", flat=True)) == [
        "rejected",
        "withdrawn",
    ]
    assert stands(order)[2] == [(5, None, 500)]


def test_letters_of_a_change(world: World) -> None:
    order = confirmed(world)
    taken(order)
    made = change(world.buyer, order, {line_of(order): 3})

    asked = change_asked_mail(change_id=made.pk, key="1")
    change_reject(actor=actor_of(world.manager), change_id=made.pk, answer="Уже едет", at=AT)
    decided = change_decided_mail(change_id=made.pk, key="2")

    assert (asked, decided) == (1, 1)
    first, second = mail.outbox
    assert "Болт М8х40: 3 вместо 5 шт" in first.body
    assert (second.to, "Уже едет" in second.body) == ([world.buyer.email], True)


# --- what follows -------------------------------------------------------------------------------------
def test_invoice_is_replaced_once(world: World) -> None:
    order = confirmed(world)
    old = invoice_issue(order_id=order.pk, at=AT)
    change(world.buyer, order, {line_of(order): 3})

    new = invoice_reissue(order_id=order.pk, at=AT)
    again = invoice_reissue(order_id=order.pk, at=AT)

    old.refresh_from_db()
    assert new is not None
    assert (old.state, new.state, new.total) == (DocumentState.REPLACED, DocumentState.ISSUED, 300)
    assert new.replaces == old
    assert new.payload["replaces"]["number"] == old.number_print
    assert again == new
    assert Document.objects.count() == 2


def test_invoice_leaves_out_what_was_cancelled(world: World) -> None:
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 5, world.skus[2]: 2})
    order_confirm(order_id=order.pk, actor=None, at=AT)
    invoice_issue(order_id=order.pk, at=AT)
    change(world.buyer, order, {OrderLine.objects.get(part__order=order, sku=world.skus[0]): 0})

    new = invoice_reissue(order_id=order.pk, at=AT)

    assert new is not None
    assert (new.total, len(new.payload["lines"])) == (20, 1)


def test_changed_parts_go_to_1c_as_a_new_version(world: World) -> None:
    make_node().organizations.add(world.organization)
    order = confirmed(world)
    orders_enqueue(order_id=order.pk)
    OrderExport.objects.update(state=ExportState.ACCEPTED, accepted_version=1)
    taken(order)
    made = change(world.buyer, order, {line_of(order): 3})
    change_accept(actor=actor_of(world.manager), change_id=made.pk, at=AT)

    orders_renew(order_id=order.pk)

    export = OrderExport.objects.get()
    assert (export.state, export.version, export.accepted_version) == (ExportState.QUEUED, 2, 1)


def test_rest_is_given_up_by_the_manager_where_1c_holds_an_emptied_part(world: World) -> None:
    """The first part was emptied after 1C took it: giving up the second is no cancellation by oneself."""
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 5, world.skus[2]: 2})
    order_confirm(order_id=order.pk, actor=None, at=AT)
    bolt, book = OrderLine.objects.filter(part__order=order).order_by("pk")
    part_accepted(part_ids=[bolt.part_id], at=AT)
    change_accept(actor=actor_of(world.manager), change_id=change(world.buyer, order, {bolt: 0}).pk, at=AT)

    asked = change(world.buyer, order, {book: 0})
    assert asked.state == ChangeState.ASKED
    change_accept(actor=actor_of(world.manager), change_id=asked.pk, at=AT)

    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED
    assert Stock.objects.get(sku=world.skus[2], warehouse=world.main_warehouse).reserved == 0


def test_order_whose_other_part_was_emptied_ends_shipped(world: World) -> None:
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 5, world.skus[2]: 2})
    order_confirm(order_id=order.pk, actor=None, at=AT)
    bolt, book = OrderLine.objects.filter(part__order=order).order_by("pk")
    ship(bolt.part, "5", total=Decimal(500))
    order.refresh_from_db()
    assert order.state == OrderState.PARTLY_SHIPPED

    change(world.buyer, order, {book: 0})

    order.refresh_from_db()
    assert order.state == OrderState.SHIPPED
    assert not Reservation.objects.filter(is_active=True).exists()
