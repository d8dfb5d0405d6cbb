"""Asking for shipment: what is let through, what is refused, and what 1C's shipments close."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from accounts.models import User
from counterparties.actor import AccessDenied
from counterparties.models import Contract, DeliveryAddress
from counterparties.permissions import ReadyRole
from finance.models import BlockException, BlockRule, CalendarDay, CreditOverride
from finance.services.ledger import ledger_reverse
from finance.services.payments import payment_record
from finance.states import BlockAction, CreditLineState, CreditMode, PaymentTerms
from orders.erp import PaperFacts
from orders.models import ErpDocument, Order, OrderLine, OrderPart, ShipmentRequest
from orders.refusals import ContractClosed, IdempotencyConflict, OrderRefused, WrongQuantity
from orders.selectors.fulfilment import line_quantities
from orders.services import order_confirm
from orders.services.erp_papers import erp_paper_note
from orders.services.shipment_checks import check_wish
from orders.services.shipment_moves import shipment_request_move
from orders.services.shipment_requests import shipment_request_create
from orders.shipment_refusals import (
    AddressMissing,
    AnswerMissing,
    AttorneyNotValid,
    DayClosed,
    DayPast,
    HoursClosed,
    MoneyHolds,
    NotConfirmed,
    ShipmentEmpty,
    ShipmentMixed,
    TooMuchAsked,
)
from orders.shipping import ShipmentWish
from orders.states import ErpDocumentKind, ShipmentRequestState, WrongState
from tests.factories import AT, TODAY, World, actor_of, make_address, make_contract, make_person
from tests.finance.debts import make_debt
from tests.money import make_line, make_rule, pay
from tests.orders.past import make_order
from tests.orders.test_erp import row

WISH = ShipmentWish(method="pickup", desired_date=TODAY)


def confirmed(world: World, lines: dict[int, str] | None = None, person: User | None = None) -> Order:
    Contract.objects.filter(pk=world.contract.pk).update(deferral_days=14)
    wanted = {world.skus[place]: count for place, count in (lines or {0: "5"}).items()}
    order = make_order(person or world.buyer, world.contract, world, wanted)
    return order_confirm(order_id=order.pk, actor=None, at=AT)


def line_of(order: Order) -> OrderLine:
    return OrderLine.objects.get(part__order=order)


def ask(
    world: World,
    quantities: Mapping[OrderLine, str | int],
    wish: ShipmentWish = WISH,
    *,
    person: User | None = None,
    key: UUID | None = None,
) -> ShipmentRequest:
    return shipment_request_create(
        actor=actor_of(person or world.buyer),
        quantities={line.pk: Decimal(count) for line, count in quantities.items()},
        wish=wish,
        idempotency_key=key or uuid4(),
        at=AT,
    )


def ship(part: OrderPart, quantity: str, *, document: ErpDocument | None = None, **facts: Any) -> ErpDocument:
    told = PaperFacts(
        kind=ErpDocumentKind.SHIPMENT,
        formed_at=AT,
        number="УТ-1",
        date=TODAY,
        total=None,
        is_deleted=False,
        rows=(row(part.lines.get().sku_id, quantity, "100"),),
    )
    paper, _outcome = erp_paper_note(
        document_id=document and document.pk, part_id=part.pk, facts=replace(told, **facts), at=AT
    )
    return paper


def told(request: ShipmentRequest) -> tuple[str, list[tuple[Decimal, Decimal]]]:
    request.refresh_from_db()
    return request.state, list(request.lines.order_by("pk").values_list("quantity", "shipped"))


def refuses(world: World, refusal: type[Exception], line: OrderLine, count: str = "1", **wish: Any) -> None:
    before = ShipmentRequest.objects.count()
    with pytest.raises(refusal), transaction.atomic():
        ask(world, {line: count}, replace(WISH, **wish))
    assert ShipmentRequest.objects.count() == before


# --- what is asked ------------------------------------------------------------------------------------
def test_request_takes_what_is_left_and_no_more(world: World) -> None:
    order = confirmed(world)
    line = line_of(order)
    ship(line.part, "1")

    first = ask(world, {line: 3})

    assert (first.number[0], first.state) == ("S", ShipmentRequestState.SUBMITTED)
    assert (first.legal_entity, first.consignee, first.warehouse) == (
        world.entity,
        world.entity,
        world.main_warehouse,
    )
    refuses(world, TooMuchAsked, line, "2")
    ask(world, {line: 1})
    refuses(world, TooMuchAsked, line, "1")


def test_one_request_ships_several_orders_of_one_payer(world: World) -> None:
    lines = [line_of(confirmed(world, {0: "2"})) for _number in range(2)]

    request = ask(world, dict.fromkeys(lines, 2))

    assert {line.line for line in request.lines.all()} == set(lines)


def test_goods_of_two_warehouses_or_contracts_do_not_go_in_one_request(world: World) -> None:
    order = confirmed(world, {0: "12"})  # ten are in the main warehouse
    near, far = OrderLine.objects.filter(part__order=order).order_by("pk")
    other = confirmed(world, {1: "1"})
    Order.objects.filter(pk=other.pk).update(
        contract=make_contract(world.entity, organization=world.organization, is_default=False)
    )

    with pytest.raises(ShipmentMixed):
        ask(world, {near: 1, far: 1})
    with pytest.raises(ShipmentMixed):
        ask(world, {near: 1, line_of(other): 1})
    assert not ShipmentRequest.objects.exists()


@pytest.mark.parametrize("count", ["0", "-1", "1.5"])
def test_quantity_must_make_sense(world: World, count: str) -> None:
    refuses(world, WrongQuantity, line_of(confirmed(world)), count)


def test_nothing_is_no_request(world: World) -> None:
    with pytest.raises(ShipmentEmpty):
        ask(world, {})


def test_order_that_is_not_confirmed_is_not_shipped(world: World) -> None:
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 1})

    refuses(world, NotConfirmed, line_of(order))


def test_contract_that_has_run_out_ships_nothing(world: World) -> None:
    line = line_of(confirmed(world))
    world.contract.valid_until = TODAY - timedelta(days=1)
    world.contract.save()

    refuses(world, ContractClosed, line)


def test_prepaid_goods_wait_for_their_money(world: World) -> None:
    order = confirmed(world)
    line = line_of(order)
    Order.objects.filter(pk=order.pk).update(payment_terms=PaymentTerms.PREPAID)

    refuses(world, MoneyHolds, line, "2")
    pay(world.contract, 200, order_reference=line.part.reference)

    assert ask(world, {line: 2}).lines.count() == 1
    refuses(world, MoneyHolds, line, "3")


def test_money_that_another_request_has_taken_lets_nothing_more_leave(world: World) -> None:
    order = confirmed(world)
    line = line_of(order)
    Order.objects.filter(pk=order.pk).update(payment_terms=PaymentTerms.PREPAID)
    pay(world.contract, 200, order_reference=line.part.reference)
    ask(world, {line: 2})

    refuses(world, MoneyHolds, line, "2")
    pay(world.contract, 200, order_reference=line.part.reference)

    assert ask(world, {line: 2}).lines.count() == 1


def prepaid(world: World) -> OrderLine:
    order = confirmed(world)
    Order.objects.filter(pk=order.pk).update(payment_terms=PaymentTerms.PREPAID)
    line = line_of(order)
    refuses(world, MoneyHolds, line, "2")
    return line


@pytest.mark.parametrize("erp_total", [None, "490.00"])
def test_part_that_1c_calls_paid_leaves_without_a_line_in_the_ledger(
    world: World, erp_total: str | None
) -> None:
    line = prepaid(world)
    OrderPart.objects.filter(pk=line.part_id).update(is_paid=True, erp_total=erp_total)

    assert ask(world, {line: 5}).lines.count() == 1


@pytest.mark.parametrize(("told", "is_enough"), [("199.99", False), ("200.00", True)])
def test_sum_that_1c_names_opens_the_gate(world: World, told: str, *, is_enough: bool) -> None:
    line = prepaid(world)
    OrderPart.objects.filter(pk=line.part_id).update(erp_paid_sum=Decimal(told))

    if is_enough:
        assert ask(world, {line: 2}).lines.count() == 1
    else:
        refuses(world, MoneyHolds, line, "2")


def test_payment_that_a_manager_noted_opens_the_gate(world: World) -> None:
    line = prepaid(world)
    order = Order.objects.get(pk=line.part.order_id)
    payment_record(
        actor=actor_of(world.manager),
        organization_id=world.organization.pk,
        legal_entity_id=world.entity.pk,
        contract_id=world.contract.pk,
        reference=order.reference,
        amount=Decimal("200.00"),
        paid_on=TODAY,
        document_number="481",
        at=AT,
    )

    assert ask(world, {line: 2}).lines.count() == 1
    refuses(world, MoneyHolds, line)


def test_stopped_line_that_blocks_shipments_lets_nothing_leave(world: World) -> None:
    line = line_of(confirmed(world))
    make_line(world.contract, 1, mode=CreditMode.BLOCK_SHIPMENTS, state=CreditLineState.SUSPENDED)

    refuses(world, MoneyHolds, line)


def overdue(world: World, **changes: Any) -> BlockRule:
    make_debt(world.contract, "500.00", due_date=TODAY - timedelta(days=10))
    return make_rule(threshold=100, **changes)


def test_rule_that_blocks_for_overdue_debt_stops_goods_on_credit(world: World) -> None:
    line = line_of(confirmed(world))
    rule = overdue(world)

    refuses(world, MoneyHolds, line)
    BlockException.objects.create(
        rule=rule,
        contract=world.contract,
        valid_until=TODAY,
        reason="Гарантийное письмо",
        author=world.manager,
    )

    assert ask(world, {line: 1}).lines.count() == 1


@pytest.mark.parametrize("is_of_order", [False, True])
def test_manager_who_let_the_contract_or_the_order_through_lets_its_goods_leave(
    world: World, *, is_of_order: bool
) -> None:
    other, line = line_of(confirmed(world)), line_of(confirmed(world))
    overdue(world)
    CreditOverride.objects.create(
        contract=world.contract,
        reference=line.part.order.reference if is_of_order else "",
        valid_until=TODAY,
        amount=1,
        reason="Договорились",
        author=world.manager,
        created_at=AT,
    )

    assert ask(world, {line: 1}).lines.count() == 1
    if is_of_order:
        refuses(world, MoneyHolds, other)
    else:
        assert ask(world, {other: 1}).lines.count() == 1


@pytest.mark.parametrize(("is_of_order", "goes"), [(True, True), (False, False)])
def test_permission_that_is_used_lets_only_goods_of_its_order_leave(
    world: World, *, is_of_order: bool, goes: bool
) -> None:
    """That of an order holds after its last day, too: goods leave when they are there."""
    line = line_of(confirmed(world))
    overdue(world)
    CreditOverride.objects.create(
        contract=world.contract,
        reference=line.part.order.reference if is_of_order else "",
        valid_until=TODAY - timedelta(days=1) if is_of_order else TODAY,
        amount=1,
        used=1,
        reason="Договорились",
        author=world.manager,
        created_at=AT,
    )

    if goes:
        assert ask(world, {line: 1}).lines.count() == 1
    else:
        refuses(world, MoneyHolds, line)


@pytest.mark.parametrize("action", [BlockAction.WARN, BlockAction.PREPAYMENT, BlockAction.HOLD])
def test_milder_rules_are_of_orders_only(world: World, action: BlockAction) -> None:
    line = line_of(confirmed(world))
    overdue(world, action=action)

    assert ask(world, {line: 1}).lines.count() == 1


def test_money_is_asked_again_when_a_request_is_accepted(world: World) -> None:
    request = ask(world, {line_of(confirmed(world)): 5})
    overdue(world)

    with pytest.raises(MoneyHolds, match="Просрочка") as refused:
        move(world.manager, request, ShipmentRequestState.ACCEPTED)
    assert "500" not in str(refused.value)  # a buyer who may not see debts reads it, too
    request.refresh_from_db()
    assert request.state == ShipmentRequestState.SUBMITTED

    move(world.manager, request, ShipmentRequestState.REJECTED, "Есть долг")


def test_accepted_requests_take_their_money_before_those_that_wait(world: World) -> None:
    line = prepaid(world)
    entry = pay(world.contract, 300, order_reference=line.part.reference)
    first, second = ask(world, {line: 2}), ask(world, {line: 1})
    ledger_reverse(entry_id=entry.pk, at=AT, comment="Ошибка банка")
    pay(world.contract, 200, order_reference=line.part.reference)

    move(world.manager, first, ShipmentRequestState.ACCEPTED)

    with pytest.raises(MoneyHolds):
        move(world.manager, second, ShipmentRequestState.ACCEPTED)


@pytest.mark.parametrize(
    ("refusal", "wish"),
    [
        (DayPast, {"desired_date": TODAY - timedelta(days=3)}),
        (DayClosed, {"desired_date": date(2026, 11, 28)}),
        (DayClosed, {"desired_date": date(2026, 11, 25)}),
        (HoursClosed, {"hour_from": time(8), "hour_to": time(12)}),
        (HoursClosed, {"hour_from": time(16), "hour_to": time(19)}),
        (HoursClosed, {"hour_from": time(12), "hour_to": time(11)}),
        (HoursClosed, {"hour_from": time(12)}),
        (AttorneyNotValid, {"attorney_number": "17"}),
        (
            AttorneyNotValid,
            {
                "attorney_number": "17",
                "attorney_date": date(2026, 11, 1),
                "attorney_until": date(2026, 11, 22),
            },
        ),
        (
            AttorneyNotValid,
            {
                "attorney_number": "17",
                "attorney_date": date(2026, 11, 24),
                "attorney_until": date(2026, 12, 4),
            },
        ),
        (AddressMissing, {"method": "own"}),
        (DeliveryAddress.DoesNotExist, {"method": "own", "delivery_address_id": 0}),
    ],
)
def test_day_hours_paper_and_place_are_checked(
    world: World, refusal: type[Exception], wish: dict[str, Any]
) -> None:
    world.main_warehouse.opens_at, world.main_warehouse.closes_at = time(9), time(18)
    world.main_warehouse.save()
    CalendarDay.objects.update_or_create(date=date(2026, 11, 25), defaults={"is_working": False})

    refuses(world, refusal, line_of(confirmed(world)), **wish)


def test_saturday_on_which_people_work_is_a_day(world: World) -> None:
    CalendarDay.objects.update_or_create(date=date(2026, 11, 28), defaults={"is_working": True})
    wish = replace(
        WISH,
        desired_date=date(2026, 11, 28),
        method="own",
        delivery_address_id=world.address.pk,
        attorney_number="17",
        attorney_date=date(2026, 11, 28),
        attorney_until=date(2026, 11, 28),
    )

    request = ask(world, {line_of(confirmed(world)): 1}, wish)

    assert request.delivery_text.startswith(world.address.address)


def test_address_of_another_firm_is_not_found(world: World) -> None:
    foreign = make_address(world.other_entity, city=world.city)

    refuses(
        world,
        DeliveryAddress.DoesNotExist,
        line_of(confirmed(world)),
        method="own",
        delivery_address_id=foreign.pk,
    )


# --- who asks -----------------------------------------------------------------------------------------
def test_strangers_and_those_who_only_look_ask_for_nothing(world: World) -> None:
    line = line_of(confirmed(world))
    colleague = make_person(world.holding)
    receiver = make_person(world.holding, ReadyRole.RECEIVER)

    for person in (world.other_buyer, colleague):
        with pytest.raises(OrderLine.DoesNotExist):
            ask(world, {line: 1}, person=person)
    for person in (receiver, world.manager):
        with pytest.raises(AccessDenied):
            ask(world, {line: 1}, person=person)
    assert not ShipmentRequest.objects.exists()


def test_same_key_is_one_request_and_never_another(world: World) -> None:
    line, key = line_of(confirmed(world)), uuid4()

    first = ask(world, {line: 5}, key=key)

    assert ask(world, {line: 5}, key=key) == first
    with pytest.raises(IdempotencyConflict):
        ask(world, {line: 4}, key=key)
    assert ShipmentRequest.objects.count() == 1


# --- moves --------------------------------------------------------------------------------------------
def move(person: User, request: ShipmentRequest, target: ShipmentRequestState, answer: str = "") -> None:
    shipment_request_move(actor=actor_of(person), request_id=request.pk, target=target, answer=answer, at=AT)


def test_manager_leads_a_request_through_its_states(world: World) -> None:
    request = ask(world, {line_of(confirmed(world)): 5})

    for target in (ShipmentRequestState.ACCEPTED, ShipmentRequestState.PICKING, ShipmentRequestState.READY):
        move(world.manager, request, target)

    assert told(request)[0] == ShipmentRequestState.READY
    with pytest.raises(WrongState):
        move(world.buyer, request, ShipmentRequestState.CANCELLED)
    with pytest.raises(WrongState):
        move(world.manager, request, ShipmentRequestState.SHIPPED)


def test_goods_of_a_request_that_was_given_up_are_free(world: World) -> None:
    line = line_of(confirmed(world))
    request = ask(world, {line: 5})

    with pytest.raises(AnswerMissing):
        move(world.manager, request, ShipmentRequestState.REJECTED, " ")
    move(world.manager, request, ShipmentRequestState.REJECTED, "Нет машины")
    again = ask(world, {line: 5})
    move(world.buyer, again, ShipmentRequestState.CANCELLED)

    assert line_quantities([line.part])[line.pk].free == 5


def test_requests_are_moved_by_those_whom_they_concern(world: World) -> None:
    request = ask(world, {line_of(confirmed(world)): 5})

    for person in (world.other_manager, world.other_buyer):
        with pytest.raises((ShipmentRequest.DoesNotExist, AccessDenied)):
            move(person, request, ShipmentRequestState.ACCEPTED)
    with pytest.raises(AccessDenied):
        move(world.buyer, request, ShipmentRequestState.ACCEPTED)
    with pytest.raises(ShipmentRequest.DoesNotExist):
        move(world.other_buyer, request, ShipmentRequestState.CANCELLED)
    assert told(request)[0] == ShipmentRequestState.SUBMITTED


# --- what 1C has shipped ------------------------------------------------------------------------------
def test_shipment_closes_the_oldest_request_first(world: World) -> None:
    line = line_of(confirmed(world))
    first, second = ask(world, {line: 2}), ask(world, {line: 3})

    ship(line.part, "4")

    assert told(first) == (ShipmentRequestState.SHIPPED, [(2, 2)])
    assert told(second) == (ShipmentRequestState.PARTLY_SHIPPED, [(3, 2)])
    assert line_quantities([line.part])[line.pk].free == 1  # the difference may be asked for again


def test_same_paper_again_closes_nothing_more(world: World) -> None:
    line = line_of(confirmed(world))
    request = ask(world, {line: 4})

    paper = ship(line.part, "2")
    ship(line.part, "2", document=paper)

    assert told(request) == (ShipmentRequestState.PARTLY_SHIPPED, [(4, 2)])


def test_shipment_that_was_taken_back_opens_the_request(world: World) -> None:
    line = line_of(confirmed(world))
    request = ask(world, {line: 4})
    paper = ship(line.part, "4")

    ship(line.part, "4", document=paper, is_deleted=True)
    opened = told(request)
    ship(line.part, "3", document=paper)

    assert opened == (ShipmentRequestState.ACCEPTED, [(4, 0)])
    assert told(request) == (ShipmentRequestState.PARTLY_SHIPPED, [(4, 3)])


def test_shipment_past_all_requests_touches_none(world: World) -> None:
    line = line_of(confirmed(world))
    request = ask(world, {line: 4})
    move(world.buyer, request, ShipmentRequestState.CANCELLED)

    ship(line.part, "5")

    assert told(request) == (ShipmentRequestState.CANCELLED, [(4, 0)])


@pytest.mark.django_db(transaction=True)
def test_request_is_written_whole_or_not_at_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    line = line_of(confirmed(world))

    def fall(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("orders.services.shipment_requests.publish", fall)
    with pytest.raises(RuntimeError):
        ask(world, {line: 1})

    assert not ShipmentRequest.objects.exists()


def test_refusals_are_told_in_words(world: World) -> None:
    line = line_of(confirmed(world))

    with pytest.raises(OrderRefused, match="Болт М8х40: можно отгрузить не больше 5 шт, указано 9"):
        ask(world, {line: 9})


def test_numbers_and_days_beyond_sense_are_refused(world: World) -> None:
    line = line_of(confirmed(world))

    refuses(world, TooMuchAsked, line, "1" * 40)
    with pytest.raises(DayClosed):
        check_wish(replace(WISH, desired_date=date.max), warehouse=world.main_warehouse, address=None, at=AT)
