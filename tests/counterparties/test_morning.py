"""Cards of the morning: each appears and disappears at its bounds; rank, putting off, whose they are."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from counterparties.actor import AccessDenied
from counterparties.models import (
    Channel,
    ClientNote,
    Contract,
    Holding,
    Message,
    MorningPause,
    Side,
    Thread,
    Visit,
)
from counterparties.morning import Found, MorningCard, MorningKind, Told, Urgency, rank, urgency_of
from counterparties.permissions import ReadyRole
from counterparties.services.morning import client_note_add, morning_pause, morning_resume, pauses_forget
from counterparties.services.talk import thread_note
from counterparties.web.views.morning import morning_of
from finance.models import BlockException, CreditLine, CreditOverride, OverdueItem, Settlement
from finance.selectors.exposure import credit_view
from finance.services.limit_notices import limits_tell
from finance.states import BlockAction, BlockCondition
from integrations.models import ExchangeNode, ExportState, OrderExport
from integrations.reports.unsent import unsent_rows
from orders.models import Cart, CartLine, Order, OrderPart, OrderStep, PurchaseRhythm, Quote, QuoteLine
from orders.services.quote_answers import quote_take
from orders.services.rhythms import rhythms_count
from orders.states import OrderState
from tests.counterparties.applications import on_review
from tests.counterparties.talks import begin, say
from tests.factories import (
    AT,
    TODAY,
    World,
    actor_of,
    make_cart,
    make_contract,
    make_holding,
    make_legal_entity,
    make_person,
)
from tests.finance.debts import make_debt, make_paid
from tests.money import make_rule
from tests.orders.asking import ask, offer
from tests.orders.claims import approve, make_claim, shipped
from tests.orders.past import make_order
from tests.orders.purchases import bought, bought_in_erp

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def cards(world: World, *, at: datetime = AT, person: User | None = None) -> list[MorningCard]:
    return list(morning_of(actor_of(person or world.manager), at=at).cards)


def of_kind(world: World, kind: MorningKind, *, at: datetime = AT) -> list[MorningCard]:
    return [card for card in cards(world, at=at) if card.kind == kind]


def idle_cart(world: World, touched: datetime, price: str = "50") -> Cart:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    CartLine.objects.filter(cart=cart).update(price_when_added=Decimal(price))
    Cart.objects.filter(pk=cart.pk).update(updated_at=touched)
    return cart


# --- carts ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("touched", "is_told"),
    [
        (datetime(2026, 11, 20, 10, 41, tzinfo=AT.tzinfo), True),  # Friday, the same hour
        (datetime(2026, 11, 20, 10, 42, tzinfo=AT.tzinfo), False),
        (AT - 30 * DAY + MINUTE, True),
        (AT - 30 * DAY, False),
    ],
)
def test_cart_is_told_of_after_a_working_day_and_for_a_month(
    world: World, touched: datetime, is_told: bool
) -> None:
    cart = idle_cart(world, touched)

    found = of_kind(world, MorningKind.CART)

    assert [card.reference for card in found] == ([f"cart:{cart.pk}"] if is_told else [])


def test_cart_card_tells_person_sum_and_the_way_in(world: World) -> None:
    idle_cart(world, AT - 4 * DAY)

    (card,) = of_kind(world, MorningKind.CART)

    assert (card.client, card.money, card.person, card.told.target, card.urgency) == (
        "Группа «Север»", Decimal("100.00"), "Ирина Закупкина", "/cart/", Urgency.CALL,
    )  # fmt: skip
    assert card.told.why == "Ирина Закупкина: в корзине 1 строка, не трогали 4 дня"


def test_drafts_and_carts_without_goods_are_not_told_of(world: World) -> None:
    cart = idle_cart(world, AT - 4 * DAY)
    CartLine.objects.filter(cart=cart).delete()
    draft = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1}, drafted_by=world.manager)
    Cart.objects.filter(pk=draft.pk).update(updated_at=AT - 4 * DAY)

    assert of_kind(world, MorningKind.CART) == []


# --- rhythm --------------------------------------------------------------------------------------
def monthly(world: World, last: date) -> None:
    for back in (20, 10, 0):
        bought(world, last - back * DAY, {world.skus[0]: 5})


@pytest.mark.parametrize(("late", "is_told"), [(13, False), (14, True), (182, True), (183, False)])
def test_rhythm_is_broken_past_the_interval_and_three_tenths(world: World, late: int, is_told: bool) -> None:
    monthly(world, TODAY - late * DAY)
    rhythms_count(at=AT)

    found = of_kind(world, MorningKind.RHYTHM)

    assert [card.money for card in found] == ([Decimal("500.00")] if is_told else [])


def test_rhythm_counts_orders_of_1c_and_forgets_those_given_up(world: World) -> None:
    for back in (60, 45):
        bought_in_erp(world, TODAY - back * DAY, {world.skus[1]: 3}, price="10")
    bought(world, TODAY - 30 * DAY, {world.skus[1]: 4}, price="12")
    bought(world, TODAY - 2 * DAY, {world.skus[1]: 900}, state=OrderState.CANCELLED)

    assert rhythms_count(at=AT) == 1

    rhythm = PurchaseRhythm.objects.get()
    assert (rhythm.days, rhythm.usual, rhythm.last_price, rhythm.last_on, rhythm.broken_from) == (
        15, Decimal("3.000"), Decimal("12.0000"), TODAY - 30 * DAY, TODAY - 30 * DAY + 20 * DAY,
    )  # fmt: skip


def test_two_purchases_are_no_rhythm(world: World) -> None:
    bought(world, TODAY - 30 * DAY, {world.skus[0]: 5})
    bought(world, TODAY - 20 * DAY, {world.skus[0]: 5})

    assert rhythms_count(at=AT) == 0


def test_count_again_changes_nothing_and_of_one_client_leaves_others(world: World) -> None:
    monthly(world, TODAY - 20 * DAY)
    rhythms_count(at=AT)
    before = list(PurchaseRhythm.objects.values_list("holding", "sku", "days", "broken_from"))

    assert rhythms_count(at=AT, holding_ids=[world.other_holding.pk]) == 0
    assert rhythms_count(at=AT) == 1

    assert list(PurchaseRhythm.objects.values_list("holding", "sku", "days", "broken_from")) == before


def test_order_since_the_count_takes_the_good_off_the_list(world: World) -> None:
    monthly(world, TODAY - 20 * DAY)
    rhythms_count(at=AT)
    bought(world, TODAY, {world.skus[0]: 5}, at=AT - MINUTE)

    assert of_kind(world, MorningKind.RHYTHM) == []


def test_rhythm_names_the_dearest_good_and_counts_the_rest(world: World) -> None:
    for back in (40, 30, 20):
        bought(world, TODAY - back * DAY, {world.skus[0]: 5, world.skus[2]: 1})
    rhythms_count(at=AT)

    (card,) = of_kind(world, MorningKind.RHYTHM)

    assert card.told.why == "Болт М8х40: берут раз в 10 дней, прошло 20; и ещё 1 товар"
    assert (card.money, card.told.target) == (Decimal("600.00"), "/assortment/?due=1")


# --- orders that stand ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("waited", "is_told"), [(timedelta(hours=2), True), (timedelta(hours=2) - MINUTE, False)]
)
def test_order_waits_for_the_manager_no_longer_than_promised(
    world: World, waited: timedelta, is_told: bool
) -> None:
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 2})
    OrderStep.objects.filter(order=order).update(at=AT)

    found = of_kind(world, MorningKind.STUCK, at=AT + waited)

    assert [(card.reference, card.money, card.urgency) for card in found] == (
        [("stuck:manager", Decimal("200.00"), Urgency.NOW)] if is_told else []
    )


def test_order_without_movement_in_1c_is_told_of_after_a_week(world: World) -> None:
    order = bought(world, TODAY - 9 * DAY, {world.skus[0]: 2}, state=OrderState.CONFIRMED, confirmed_at=AT)
    part = OrderPart.objects.get(order=order)
    part.accepted_at = part.erp_formed_at = AT - 7 * DAY
    part.save(update_fields=["accepted_at", "erp_formed_at"])

    assert [card.reference for card in of_kind(world, MorningKind.STUCK)] == ["stuck:still"]

    OrderPart.objects.filter(pk=part.pk).update(erp_formed_at=AT - 7 * DAY + MINUTE)
    assert of_kind(world, MorningKind.STUCK) == []


# --- exchange ------------------------------------------------------------------------------------
def exported(world: World, **facts: Any) -> Order:
    order = bought(world, TODAY - DAY, {world.skus[0]: 2}, state=OrderState.CONFIRMED, confirmed_at=AT)
    node = ExchangeNode.objects.create(code="ut", name="УТ", username="ut")
    told = {"queued_at": AT - timedelta(hours=1)} | facts
    OrderExport.objects.create(node=node, part=order.parts.get(), **told)
    return order


@pytest.mark.parametrize(
    ("facts", "is_told"),
    [
        ({}, False),
        ({"queued_at": AT - timedelta(hours=4)}, True),
        ({"queued_at": AT - timedelta(hours=4) + MINUTE}, False),
        ({"unacked": 3}, True),
        ({"unacked": 2}, False),
        ({"state": ExportState.ACCEPTED, "accepted_version": 1, "unacked": 9}, False),
    ],
)
def test_order_that_1c_does_not_get_is_told_of(world: World, facts: dict[str, Any], is_told: bool) -> None:
    order = exported(world, **facts)

    found = of_kind(world, MorningKind.EXCHANGE)

    assert [card.told.address for card in found] == ([f"/orders/{order.pk}/"] if is_told else [])


def test_order_set_aside_says_why(world: World) -> None:
    exported(world, state=ExportState.QUARANTINED, error="Нет кода склада\nСтрока 2")

    (card,) = of_kind(world, MorningKind.EXCHANGE)

    assert card.told.why == "1 заказ не в 1С: Нет кода склада"


def test_order_of_parts_is_one_row_of_the_day(world: World) -> None:
    order = exported(world, state=ExportState.QUARANTINED, error="Нет кода склада")
    first = OrderExport.objects.get()
    part, third = (
        OrderPart.objects.create(order=order, number=f"{order.number}-{rate}", total=0, vat_percent=rate)
        for rate in (7, 5)
    )
    late = AT - timedelta(hours=9)
    OrderExport.objects.create(node=first.node, part=part, queued_at=late, unacked=5)
    OrderExport.objects.create(
        node=first.node, part=third, queued_at=late, accepted_version=1, state=ExportState.ACCEPTED
    )

    (row,) = unsent_rows(actor=actor_of(world.manager), at=AT)

    assert (row.order_id, row.number, row.error) == (order.pk, order.number, "Нет кода склада")
    assert (row.parts, row.parts_text, row.since, row.sessions) == (2, "2 части", late, 5)
    assert unsent_rows(actor=actor_of(world.other_manager), at=AT) == []


# --- money ---------------------------------------------------------------------------------------
def line_of(world: World, amount: int) -> CreditLine:
    return CreditLine.objects.create(contract=world.contract, amount=amount, valid_from=date(2026, 1, 1))


@pytest.mark.parametrize(("limit", "is_told"), [(99, True), (100, False)])
def test_cart_that_the_limit_stops_is_told_of(world: World, limit: int, is_told: bool) -> None:
    line_of(world, limit)
    idle_cart(world, AT - MINUTE)

    found = of_kind(world, MorningKind.LIMIT)

    assert [(card.reference, card.money) for card in found] == (
        [(f"limit:{world.contract.pk}", Decimal("100.00"))] if is_told else []
    )


def test_limit_stops_nothing_where_nothing_is_wanted(world: World) -> None:
    line_of(world, 0)
    idle_cart(world, AT - 7 * DAY)

    assert of_kind(world, MorningKind.LIMIT) == []


def test_override_that_lets_the_order_through_takes_the_card_away(world: World) -> None:
    line_of(world, 40)
    idle_cart(world, AT - MINUTE)
    override = CreditOverride.objects.create(
        contract=world.contract, valid_until=TODAY, amount=60, reason="Сезон", author=world.administrator,
        created_at=AT,
    )  # fmt: skip

    assert of_kind(world, MorningKind.LIMIT) == []

    CreditOverride.objects.filter(pk=override.pk).update(used=1)
    assert len(of_kind(world, MorningKind.LIMIT)) == 1


def overdue(contract: Contract) -> None:
    make_debt(contract, 500, due_date=TODAY - 20 * DAY)


@pytest.mark.parametrize(
    ("action", "deferral_days", "is_told"),
    [
        (BlockAction.WARN, 14, False),
        (BlockAction.PREPAYMENT, 14, True),
        (BlockAction.PREPAYMENT, 0, False),  # whoever pays before is not stopped
        (BlockAction.HOLD, 0, True),
        (BlockAction.BLOCK, 0, True),
    ],
)
def test_cart_that_a_rule_stops_is_told_of(
    world: World, action: BlockAction, deferral_days: int, is_told: bool
) -> None:
    make_rule(action=action)
    Contract.objects.filter(pk=world.contract.pk).update(deferral_days=deferral_days)
    overdue(world.contract)
    idle_cart(world, AT - MINUTE)

    found = [card.told.why.partition(": ")[2] for card in of_kind(world, MorningKind.LIMIT)]

    assert found == (["Просрочка: Просроченный долг 500,00 ₽, допускается 0,00 ₽."] if is_told else [])


def test_rule_looks_at_the_whole_firm_and_lets_go_whom_it_excepts(world: World) -> None:
    rule = make_rule()
    overdue(make_contract(world.entity, organization=world.organization, is_default=False))
    overdue(world.other_contract)
    idle_cart(world, AT - MINUTE)
    assert [card.reference for card in of_kind(world, MorningKind.LIMIT)] == [f"limit:{world.contract.pk}"]

    BlockException.objects.create(
        rule=rule, holding=world.holding, valid_until=TODAY, reason="Обещали заплатить",
        author=world.administrator,
    )  # fmt: skip
    assert of_kind(world, MorningKind.LIMIT) == []


def test_rule_of_others_and_of_another_contract_stops_nothing(world: World) -> None:
    overdue(world.contract)
    idle_cart(world, AT - MINUTE)
    make_rule(legal_entity=world.other_contract.legal_entity)
    make_rule(contract=world.other_contract)
    make_rule(is_active=False)

    assert of_kind(world, MorningKind.LIMIT) == []


def test_line_and_rule_say_what_both_see_once(world: World) -> None:
    line_of(world, 40)
    make_rule(BlockCondition.LIMIT, name="Лимит")
    idle_cart(world, AT - MINUTE)

    (card,) = of_kind(world, MorningKind.LIMIT)

    assert card.told.why.endswith(": Не хватает кредитного лимита: нужно 100,00 ₽, доступно 40,00 ₽.")
    assert "Лимит: " not in card.told.why


def test_lines_are_kept_for_lists_and_told_anew_by_the_job(world: World) -> None:
    line = line_of(world, 100)
    idle_cart(world, AT - MINUTE)
    assert of_kind(world, MorningKind.LIMIT) == []

    CreditLine.objects.filter(pk=line.pk).update(amount=99)
    assert of_kind(world, MorningKind.LIMIT) == []

    limits_tell(at=AT)
    assert len(of_kind(world, MorningKind.LIMIT)) == 1


def test_lines_of_every_level_stop_their_own_contracts_alone(world: World) -> None:
    firm = make_legal_entity(world.holding)
    contract = make_contract(firm, organization=world.organization)
    lines = [
        CreditLine.objects.create(amount=amount, valid_from=date(2026, 1, 1), **scope)
        for amount, scope in (
            (50, {"holding": world.holding}), (40, {"legal_entity": firm}), (30, {"contract": contract}),
            (20, {"contract": world.contract}), (10, {"legal_entity": world.other_entity}),
        )
    ]  # fmt: skip

    told = credit_view(contract_ids=[contract.pk, world.contract.pk], on=TODAY)

    found = {pk: sorted(line.pk for line in view.lines) for pk, view in told.items()}
    assert found == {
        contract.pk: [line.pk for line in lines[:3]],
        world.contract.pk: [lines[0].pk, lines[3].pk],
    }
    assert [told[pk].limit for pk in (contract.pk, world.contract.pk)] == [30, 20]


@pytest.mark.parametrize(
    ("due", "why"),
    [
        (TODAY - 2 * DAY, None),
        (TODAY - DAY, "1 документ: стало просроченным сегодня 700,00 ₽"),
        (TODAY, "1 документ: оплатить сегодня 700,00 ₽"),
        (TODAY + DAY, "1 документ: срок завтра 700,00 ₽"),
        (TODAY + 2 * DAY, None),
    ],
)
def test_terms_of_yesterday_today_and_tomorrow_are_told(world: World, due: date, why: str | None) -> None:
    make_debt(world.contract, 1000, due_date=due)
    make_paid(world.contract, 300)

    found = of_kind(world, MorningKind.OVERDUE)

    assert [card.told.why for card in found] == ([why] if why else [])
    assert [card.urgency for card in found] == (
        [Urgency.NOW if due < TODAY else Urgency.TODAY] if why else []
    )


def test_what_is_paid_is_not_due(world: World) -> None:
    make_debt(world.contract, 1000, due_date=TODAY)
    make_paid(world.contract, 1000)

    assert of_kind(world, MorningKind.OVERDUE) == []


def test_terms_told_by_1c_count_where_the_portal_keeps_no_ledger(world: World) -> None:
    settlement = Settlement.objects.create(contract=world.contract, debt=500, as_of=AT)
    OverdueItem.objects.create(settlement=settlement, due_date=TODAY + DAY, amount=500, document="УТ-1")

    assert [card.money for card in of_kind(world, MorningKind.OVERDUE)] == [Decimal("500.00")]

    make_debt(world.contract, 10, due_date=TODAY + 9 * DAY)
    assert of_kind(world, MorningKind.OVERDUE) == []


# --- contracts, registrations --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("left", "urgency"),
    [(31, None), (30, Urgency.AHEAD), (0, Urgency.AHEAD), (-1, Urgency.NOW), (-30, Urgency.NOW), (-31, None)],
)
def test_contract_is_told_of_a_month_before_and_after_its_end(
    world: World, left: int, urgency: Urgency | None
) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(valid_until=TODAY + left * DAY)

    found = of_kind(world, MorningKind.CONTRACT)

    assert [card.urgency for card in found] == ([urgency] if urgency else [])


def test_contract_that_goes_on_or_has_a_successor_is_not_told_of(world: World) -> None:
    ending = Contract.objects.filter(pk=world.contract.pk)
    ending.update(valid_until=TODAY + 3 * DAY, prolongs_months=12)
    assert of_kind(world, MorningKind.CONTRACT) == []

    ending.update(prolongation_refused_on=TODAY)
    (card,) = of_kind(world, MorningKind.CONTRACT)
    assert (
        card.told.why
        == f"Договор № {world.contract.number}, ООО «Север» заканчивается через 3 дня, 26.11.2026"
    )

    Contract.objects.create(
        organization=world.organization, legal_entity=world.entity, number="Новый", date=TODAY
    )
    assert of_kind(world, MorningKind.CONTRACT) == []


def test_new_company_is_told_of_to_everybody_who_serves(world: World) -> None:
    registration = on_review(world.city, email="new@company.example")

    for person in (world.manager, world.other_manager, world.administrator):
        (card,) = [one for one in cards(world, person=person) if one.kind == MorningKind.REGISTRATION]
        assert (card.holding_id, card.client, card.told.address, card.person_id) == (
            None, registration.name, f"/staff/registrations/{registration.pk}/", None,
        )  # fmt: skip


# --- whose they are, rank, putting off -----------------------------------------------------------
def test_other_manager_sees_nothing_of_it_and_a_client_is_refused(world: World) -> None:
    idle_cart(world, AT - 4 * DAY)
    monthly(world, TODAY - 20 * DAY)
    rhythms_count(at=AT)
    line_of(world, 0)
    make_debt(world.contract, 1000, due_date=TODAY)
    Contract.objects.filter(pk=world.contract.pk).update(valid_until=TODAY)
    exported(world, state=ExportState.QUARANTINED)

    assert len({card.kind for card in cards(world)}) == 6
    assert cards(world, person=world.other_manager) == []
    assert {card.reference for card in cards(world, person=world.administrator)} == {
        card.reference for card in cards(world)
    }
    for person in (world.buyer, world.head):
        with pytest.raises(AccessDenied):
            morning_of(actor_of(person), at=AT)


def test_right_that_is_missing_takes_its_cards_away(world: World) -> None:
    make_debt(world.contract, 1000, due_date=TODAY)
    idle_cart(world, AT - 4 * DAY)
    actor = actor_of(world.manager)

    without_money = morning_of(actor.without(Permission.FINANCE_VIEW), at=AT).cards
    without_orders = morning_of(actor.without(Permission.ORDER_VIEW), at=AT).cards
    without_visits = morning_of(actor.without(Permission.CLIENT_ENTER), at=AT).cards

    assert [card.kind for card in without_money] == [MorningKind.CART]
    assert [card.kind for card in without_orders] == [MorningKind.OVERDUE]
    assert {card.person_id for card in without_visits} == {None}


def test_cabinet_closed_to_visits_has_no_way_in(world: World) -> None:
    idle_cart(world, AT - 4 * DAY)
    assert [card.person_id for card in cards(world)] == [world.buyer.pk]

    Holding.objects.filter(pk=world.holding.pk).update(allows_visits=False)
    assert [card.person_id for card in cards(world)] == [None]


def test_last_contact_is_the_later_of_visit_and_note(world: World) -> None:
    idle_cart(world, AT - 4 * DAY)
    assert [card.last_contact for card in cards(world)] == [None]

    Visit.objects.create(
        employee=world.manager, person=world.buyer, holding=world.holding, started_at=AT - 3 * DAY, seen_at=AT
    )
    assert [card.last_contact for card in cards(world)] == [AT - 3 * DAY]

    ClientNote.objects.create(
        holding=world.holding, author=world.manager, text="Звонил", at=AT - DAY, key=uuid4()
    )
    assert [card.last_contact for card in cards(world)] == [AT - DAY]


def test_word_of_a_person_is_a_contact_and_what_the_portal_tells_is_none(world: World) -> None:
    idle_cart(world, AT - 4 * DAY)
    thread = begin(world, at=AT - 2 * DAY)
    assert {card.last_contact for card in cards(world)} == {AT - 2 * DAY}
    say(thread, world.manager, at=AT - DAY)

    thread_note(
        holding_id=world.holding.pk, legal_entity_id=None, reference="order:17",
        permission=Permission.ORDER_VIEW, subject="Заказ отгружен", text="", address="", key="one", at=AT,
    )  # fmt: skip

    thread.refresh_from_db()
    assert (thread.last_message_at, thread.last_word_at) == (AT, AT - DAY)
    assert {card.last_contact for card in cards(world)} == {AT - DAY}


def test_answer_to_a_request_of_prices_is_a_contact(world: World) -> None:
    idle_cart(world, AT - 4 * DAY)
    quote = ask(world, at=AT - 3 * DAY)
    assert {card.last_contact for card in cards(world)} == {None}

    quote_take(actor=actor_of(world.manager), quote_id=quote.pk, at=AT - 2 * DAY)
    assert {card.last_contact for card in cards(world)} == {None}

    offer(world, quote, at=AT - DAY)
    assert {card.last_contact for card in cards(world)} == {AT - DAY}


def test_decision_on_a_claim_is_a_contact(world: World) -> None:
    claim = make_claim(world.buyer, shipped(world), at=AT - 2 * DAY)
    make_debt(world.contract, 1000, due_date=TODAY)
    assert {card.last_contact for card in cards(world)} == {None}

    approve(world, claim, at=AT - DAY)
    assert {card.last_contact for card in cards(world)} == {AT - DAY}


def test_contacts_of_a_merged_client_are_those_of_his_heir(world: World) -> None:
    idle_cart(world, AT - 4 * DAY)
    merged = make_holding()
    ClientNote.objects.create(holding=merged, author=world.manager, text="Звонил", at=AT - DAY, key=uuid4())
    assert [card.last_contact for card in cards(world)] == [None]

    Holding.objects.filter(pk=merged.pk).update(is_active=False, merged_into=world.holding)
    assert [card.last_contact for card in cards(world)] == [AT - DAY]


def card_of(kind: MorningKind, **facts: Any) -> MorningCard:
    due = facts.get("due")
    told: dict[str, Any] = {
        "kind": kind, "urgency": urgency_of(kind, due=due, at=AT), "holding_id": 1, "client": "",
        "reference": "", "money": None, "since": None, "due": None,
        "found": Found("", None, None, due, 0, "", 1), "words": lambda found: Told("", ""),
    }  # fmt: skip
    return MorningCard(**told | facts)


def test_rank_is_urgency_then_money_then_time() -> None:
    late_talk = card_of(MorningKind.TALK, due=AT)
    limit = card_of(MorningKind.LIMIT, money=Decimal(10))
    talk = card_of(MorningKind.TALK, due=AT + MINUTE)
    rich_cart = card_of(MorningKind.CART, money=Decimal(500), since=AT)
    old_cart = card_of(MorningKind.CART, money=Decimal(400), since=AT - DAY)
    new_cart = card_of(MorningKind.CART, money=Decimal(400), since=AT)
    contract = card_of(MorningKind.CONTRACT, due=AT + DAY)
    wanted = [limit, late_talk, talk, rich_cart, old_cart, new_cart, contract]

    shuffled = [wanted[place] for place in (6, 3, 0, 5, 1, 4, 2)]
    assert sorted(shuffled, key=rank) == wanted


def test_card_put_off_comes_back_on_its_day_and_for_others_stays(world: World) -> None:
    cart = idle_cart(world, AT - 4 * DAY)
    name = {"holding_id": world.holding.pk, "kind": MorningKind.CART, "reference": f"cart:{cart.pk}"}
    actor = actor_of(world.manager)

    morning_pause(actor=actor, until=TODAY + 3 * DAY, **name)  # type: ignore[arg-type]
    morning_pause(actor=actor, until=TODAY + DAY, **name)  # type: ignore[arg-type]

    assert MorningPause.objects.count() == 1
    found = morning_of(actor, at=AT)
    assert (len(found.cards), len(found.paused)) == (0, 1)
    assert len(cards(world, person=world.administrator)) == 1
    assert len(cards(world, at=AT + DAY)) == 1

    morning_resume(actor=actor, **name)  # type: ignore[arg-type]
    assert [replace(card) for card in cards(world)] == [replace(found.paused[0], is_paused=False)]


def test_pause_without_a_client_is_kept_once(world: World) -> None:
    registration = on_review(world.city, email="new@company.example")
    actor, reference = actor_of(world.manager), f"registration:{registration.pk}"

    for _ in range(2):
        morning_pause(
            actor=actor,
            holding_id=None,
            kind=MorningKind.REGISTRATION,
            reference=reference,
            until=TODAY + DAY,
        )

    assert MorningPause.objects.count() == 1
    assert cards(world) == []


def test_pauses_that_are_over_are_forgotten(world: World) -> None:
    actor = actor_of(world.manager)
    for number, day in enumerate((TODAY, TODAY + DAY)):
        morning_pause(
            actor=actor, holding_id=None, kind=MorningKind.TALK, reference=f"talk:{number}", until=day
        )

    assert pauses_forget(at=AT) == 1
    assert [pause.until for pause in MorningPause.objects.all()] == [TODAY + DAY]


def test_foreign_client_can_be_neither_put_off_nor_noted(world: World) -> None:
    actor = actor_of(world.other_manager)

    with pytest.raises(Holding.DoesNotExist):
        morning_pause(
            actor=actor, holding_id=world.holding.pk, kind=MorningKind.CART, reference="cart:1", until=TODAY
        )
    with pytest.raises(Holding.DoesNotExist):
        client_note_add(actor=actor, holding_id=world.holding.pk, text="Чужой", key=uuid4(), at=AT)
    for person in (world.head, world.buyer):
        with pytest.raises(AccessDenied):
            client_note_add(
                actor=actor_of(person), holding_id=world.holding.pk, text="Свой", key=uuid4(), at=AT
            )

    assert not MorningPause.objects.exists()
    assert not ClientNote.objects.exists()


def test_note_is_kept_once_and_seen_by_those_who_serve(world: World) -> None:
    key = uuid4()
    for _ in range(2):
        client_note_add(
            actor=actor_of(world.manager),
            holding_id=world.holding.pk,
            text=" Звонить после 11 ",
            key=key,
            at=AT,
        )

    assert [note.text for note in ClientNote.objects.all()] == ["Звонить после 11"]
    seen = {
        name: ClientNote.objects.visible_to(actor_of(getattr(world, name))).count()
        for name in ("manager", "administrator", "other_manager", "head", "buyer")
    }
    assert seen == {"manager": 1, "administrator": 1, "other_manager": 0, "head": 0, "buyer": 0}


def test_dismissed_person_is_not_entered(world: World) -> None:
    idle_cart(world, AT - 4 * DAY)
    User.objects.filter(pk=world.head.pk).update(is_active=False)
    late = make_person(world.holding, ReadyRole.BUYER, valid_until=TODAY - DAY)
    User.objects.filter(pk=late.pk).update(last_login=timezone.now())
    make_debt(world.contract, 10, due_date=TODAY)

    assert {card.person_id for card in cards(world)} == {world.buyer.pk}


# --- answers that are waited for -----------------------------------------------------------------
def test_client_who_waits_for_an_answer_is_told_of_until_it_is_given(world: World) -> None:
    thread = Thread.objects.create(
        holding=world.holding, is_personal=True, subject="Когда привезёте?", started_by=world.head,
        started_at=AT, last_message_at=AT, last_word_at=AT, client_waits_since=AT,
        answer_due_at=AT + timedelta(hours=1),
    )  # fmt: skip

    (card,) = of_kind(world, MorningKind.TALK)
    assert (card.told.why, card.urgency, card.person_id, card.last_contact) == (
        "Ждёт ответа: Когда привезёте?", Urgency.TODAY, world.head.pk, AT,
    )  # fmt: skip
    assert card.told.address == f"/messages/{thread.uid}/"
    Message.objects.create(
        thread=thread, author=world.head, side=Side.CLIENT, channel=Channel.WEB, created_at=AT,
        text="Машина нужна\nк девяти, " + "иначе " * 20 + "всё",
    )  # fmt: skip
    (worded,) = of_kind(world, MorningKind.TALK)
    begun = " ".join(["Машина нужна к девяти,", *["иначе"] * 18])
    assert worded.told.why == f"Когда привезёте? – «{begun}…»"
    (late,) = of_kind(world, MorningKind.TALK, at=AT + timedelta(hours=1))
    assert late.urgency == Urgency.NOW
    assert cards(world, person=world.other_manager) == []

    Thread.objects.filter(pk=thread.pk).update(client_waits_since=None, answer_due_at=None)
    assert of_kind(world, MorningKind.TALK) == []


def test_prices_asked_are_told_of_until_they_are_offered(world: World) -> None:
    quote = Quote.objects.create(
        number="З0000001", idempotency_key=uuid4(), request_digest="", holding=world.holding,
        legal_entity=world.entity, contract=world.contract, city=world.city, created_by=world.buyer,
        created_at=AT, answer_due_at=AT + timedelta(hours=4),
    )  # fmt: skip
    QuoteLine.objects.create(quote=quote, position=1, text="Болт", quantity=3, price_then=Decimal("10.5"))
    QuoteLine.objects.create(quote=quote, position=2, text="Не из каталога", quantity=1)

    (card,) = of_kind(world, MorningKind.QUOTE)
    assert (card.told.why, card.money, card.urgency) == (
        "Запрос цен № З0000001: 2 строки", Decimal("31.50"), Urgency.TODAY,
    )  # fmt: skip

    assert card.told.address == f"/staff/quotes/{quote.uid}/"

    Quote.objects.filter(pk=quote.pk).update(state="withdrawn", answer_due_at=None)
    assert of_kind(world, MorningKind.QUOTE) == []


def test_claim_is_told_of_until_it_is_decided(world: World) -> None:
    claim = make_claim(world.buyer, shipped(world))

    (card,) = of_kind(world, MorningKind.CLAIM)
    assert (card.told.why, card.told.address, card.due) == (
        f"Рекламация № {claim.number} ждёт решения", f"/claims/{claim.pk}/", claim.answer_due_at,
    )  # fmt: skip

    approve(world, claim)
    assert of_kind(world, MorningKind.CLAIM) == []
