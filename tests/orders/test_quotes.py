"""Requests of prices: asked, answered in versions, accepted as an order at the fixed price."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Notice
from accounts.notices import NoticeKind
from accounts.permissions import Permission
from catalog.models import Sku, Stock
from counterparties.actor import AccessDenied
from counterparties.models import Contract, ContractState
from orders.events import OrderCancelled
from orders.handlers import reopen_quote
from orders.models import (
    Order,
    OrderLine,
    OrderMinimum,
    Quote,
    QuoteLine,
    QuoteOffer,
    QuoteOfferLine,
    QuoteStep,
)
from orders.quote_refusals import (
    OfferDayWrong,
    OfferDoubled,
    OfferEmpty,
    OfferExpired,
    OfferGoodMissing,
    OfferMoved,
    OfferTooLow,
    OfferUnanswered,
    QuoteEmpty,
    RemarkMissing,
)
from orders.quote_states import QuoteState
from orders.refusals import (
    BelowMinimum,
    ContractClosed,
    IdempotencyConflict,
    SkuNotOnSale,
    StockShort,
    WrongQuantity,
)
from orders.selectors.quote_margins import margins_of
from orders.services.decisions import order_approve, order_reject
from orders.services.quote_accepting import quote_reopen
from orders.services.quote_answers import quote_decline, quote_take
from orders.services.quote_moves import answer_due
from orders.services.quote_notices import quote_step_tell
from orders.services.quote_terms import quotes_expire, quotes_warn
from orders.services.quotes import QuoteWish, quote_remark, quote_withdraw
from orders.services.steps import order_cancel
from orders.states import OrderState, WrongState
from portal.lib.dates import MOSCOW
from pricing.models import PriceType
from tests.factories import (
    AT,
    TODAY,
    World,
    actor_of,
    make_cart,
    make_price,
    make_price_type,
    make_sku,
)
from tests.orders.asking import UNTIL, accept, answers_to, ask, offer, with_sku


def steps(quote: Quote) -> list[tuple[str, int]]:
    return list(quote.steps.order_by("pk").values_list("state", "version"))


def fresh(quote: Quote) -> Quote:
    return Quote.objects.get(pk=quote.pk)


def test_request_freezes_what_the_goods_cost(world: World) -> None:
    quote = ask(world)

    lines = quote.lines.order_by("position").values_list("text", "quantity", "price_then", "target_price")
    assert list(lines) == [
        ("Болт М8х40", Decimal(4), Decimal(100), Decimal(80)),
        ("Кабель ВВГнг 3х2,5", Decimal("2.5"), Decimal("250.50"), None),
        ("Лоток перфорированный 200х50", Decimal(3), None, None),
    ]
    assert (quote.state, quote.version, quote.holding_id) == ("submitted", 0, world.holding.pk)
    assert quote.number.startswith("Q")
    assert steps(quote) == [("submitted", 0)]


def test_same_good_twice_is_asked_once(world: World) -> None:
    wish = QuoteWish(world.skus[0].pk, "", Decimal(2))

    quote = ask(world, [wish, replace(wish, quantity=Decimal(3))])

    assert [line.quantity for line in quote.lines.all()] == [Decimal(5)]


def test_same_key_is_the_same_request(world: World) -> None:
    key = uuid4()
    first = ask(world, key=key)

    again = ask(world, key=key)

    assert again.pk == first.pk
    assert (Quote.objects.count(), QuoteLine.objects.count()) == (1, 3)


def test_same_key_with_other_content_is_refused(world: World) -> None:
    key = uuid4()
    ask(world, key=key)

    with pytest.raises(IdempotencyConflict):
        ask(world, [QuoteWish(world.skus[2].pk, "", Decimal(1))], key=key)

    assert (Quote.objects.count(), QuoteLine.objects.count()) == (1, 3)


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (QuoteWish(None, "  ", Decimal(1)), QuoteEmpty),
        (QuoteWish(None, "Лоток", Decimal(0)), WrongQuantity),
        (QuoteWish(None, "Лоток", Decimal("1.0001")), WrongQuantity),
        (QuoteWish(None, "Лоток", Decimal("1e40")), WrongQuantity),
        (QuoteWish(2**31 - 1, "", Decimal(1)), Sku.DoesNotExist),
    ],
)
def test_senseless_line_is_refused(world: World, wish: QuoteWish, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        ask(world, [wish])

    assert Quote.objects.count() == 0


def test_piece_cannot_be_cut(world: World) -> None:
    with pytest.raises(WrongQuantity):
        ask(world, [QuoteWish(world.skus[0].pk, "", Decimal("1.5"))])

    assert Quote.objects.count() == 0


def test_hidden_good_is_not_asked_for(world: World) -> None:
    Sku.objects.filter(pk=world.skus[0].pk).update(is_hidden=True)

    with pytest.raises(SkuNotOnSale):
        ask(world)

    assert Quote.objects.count() == 0


def test_foreign_contract_is_not_there(world: World) -> None:
    with pytest.raises(Contract.DoesNotExist):
        ask(world, person=world.other_buyer)

    assert Quote.objects.count() == 0


def test_manager_asks_for_nobody(world: World) -> None:
    with pytest.raises(AccessDenied):
        ask(world, person=world.manager)

    assert Quote.objects.count() == 0


def test_offer_is_a_version(world: World) -> None:
    quote = ask(world)

    sent = offer(world, quote)

    assert (sent.version, sent.valid_until, sent.is_below_floor) == (1, UNTIL, False)
    assert list(sent.lines.order_by("line__position").values_list("sku", "price")) == [
        (world.skus[0].pk, Decimal(90)),
        (world.skus[1].pk, Decimal(240)),
        (None, None),
    ]
    now = fresh(quote)
    assert (now.state, now.version, now.valid_until, now.answer_due_at) == ("offered", 1, UNTIL, None)
    assert now.taken_by_id == world.manager.pk
    assert steps(quote) == [("submitted", 0), ("offered", 1)]


def test_remark_asks_for_another_version(world: World) -> None:
    quote = ask(world)
    offer(world, quote)

    quote_remark(actor=actor_of(world.buyer), quote_id=quote.pk, text="Нужно дешевле", at=AT)
    offer(world, fresh(quote), {1: "85", 2: "240"})

    assert steps(quote) == [("submitted", 0), ("offered", 1), ("in_work", 1), ("offered", 2)]
    assert list(
        QuoteOfferLine.objects.filter(line__position=1).order_by("offer__version").values_list("price")
    ) == [(Decimal(90),), (Decimal(85),)]


def test_remark_without_words_is_refused(world: World) -> None:
    quote = ask(world)
    offer(world, quote)

    with pytest.raises(RemarkMissing):
        quote_remark(actor=actor_of(world.buyer), quote_id=quote.pk, text="  ", at=AT)

    assert steps(quote) == [("submitted", 0), ("offered", 1)]


def test_remark_before_any_offer_is_refused(world: World) -> None:
    quote = ask(world)

    with pytest.raises(WrongState):
        quote_remark(actor=actor_of(world.buyer), quote_id=quote.pk, text="Скорее", at=AT)

    assert steps(quote) == [("submitted", 0)]


def test_offer_cannot_be_changed(world: World) -> None:
    sent = offer(world, ask(world))

    for change in (
        lambda: QuoteOffer.objects.filter(pk=sent.pk).update(comment="Иначе"),
        lambda: QuoteOfferLine.objects.filter(offer=sent).update(price=1),
        lambda: QuoteOfferLine.objects.filter(offer=sent).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()

    assert QuoteOfferLine.objects.filter(offer=sent, price=90).count() == 1


def test_second_manager_is_told_that_the_first_was_faster(world: World) -> None:
    quote = ask(world)
    offer(world, quote)

    with pytest.raises(OfferMoved):
        offer(world, quote, {1: "1"}, base=0, person=world.administrator)

    assert QuoteOffer.objects.count() == 1


def test_foreign_manager_sees_nothing(world: World) -> None:
    quote = ask(world)

    for act in (
        lambda: offer(world, quote, person=world.other_manager),
        lambda: quote_take(actor=actor_of(world.other_manager), quote_id=quote.pk, at=AT),
        lambda: quote_decline(actor=actor_of(world.other_manager), quote_id=quote.pk, reason="Нет", at=AT),
    ):
        with pytest.raises(Quote.DoesNotExist):
            act()

    assert steps(quote) == [("submitted", 0)]


def test_client_answers_nobody(world: World) -> None:
    quote = ask(world)

    with pytest.raises(AccessDenied):
        offer(world, quote, person=world.head)

    assert QuoteOffer.objects.count() == 0


def test_taking_gives_no_more_time(world: World) -> None:
    quote = ask(world)

    quote_take(actor=actor_of(world.manager), quote_id=quote.pk, at=AT + timedelta(hours=3))

    now = fresh(quote)
    assert (now.state, now.taken_by_id, now.answer_due_at) == (
        "in_work",
        world.manager.pk,
        quote.answer_due_at,
    )


def test_offer_is_not_taken_back_to_work_by_a_manager(world: World) -> None:
    quote = ask(world)
    offer(world, quote)

    with pytest.raises(WrongState):
        quote_take(actor=actor_of(world.manager), quote_id=quote.pk, at=AT)

    assert steps(quote) == [("submitted", 0), ("offered", 1)]


def test_substitute_is_offered_for_words(world: World) -> None:
    quote = ask(world)
    answers = with_sku(answers_to(quote, {1: "90"}), 2, world.skus[2].pk, "9.50")

    sent = offer(world, quote, answers=answers)

    assert sent.lines.get(line__position=3).sku_id == world.skus[2].pk


@pytest.mark.parametrize(
    ("broken", "refusal"),
    [
        ("unanswered", OfferUnanswered),
        ("foreign", OfferUnanswered),
        ("nothing", OfferEmpty),
        ("words", OfferGoodMissing),
        ("doubled", OfferDoubled),
        ("cut", WrongQuantity),
        ("late", OfferDayWrong),
        ("past", OfferDayWrong),
    ],
)
def test_senseless_offer_is_refused(world: World, broken: str, refusal: type[Exception]) -> None:
    quote = ask(world)
    answers, until = answers_to(quote, {1: "90"}), UNTIL
    if broken == "unanswered":
        answers = answers[:2]
    elif broken == "foreign":
        answers[2] = replace(answers[2], line_id=answers[2].line_id + 1000)
    elif broken == "nothing":
        answers = answers_to(quote, {})
    elif broken == "words":
        answers = answers_to(quote, {3: "5"})
    elif broken == "doubled":
        answers = with_sku(answers, 2, world.skus[0].pk, "95")
    elif broken == "cut":
        answers[0] = replace(answers[0], quantity=Decimal("1.5"))
    else:
        until = TODAY + timedelta(days=181 if broken == "late" else -1)

    with pytest.raises(refusal):
        offer(world, quote, answers=answers, until=until)

    assert (QuoteOffer.objects.count(), fresh(quote).state) == (0, "submitted")


def _floor(world: World, price: str) -> None:
    floor = make_price_type("Порог", is_open=False)
    make_price(world.skus[0], price, price_type=floor)
    PriceType.objects.filter(pk=world.price_type.pk).update(floor_type=floor)


def test_price_below_the_floor_wants_a_confirmation(world: World) -> None:
    _floor(world, "90.01")
    quote = ask(world)

    with pytest.raises(OfferTooLow) as refused:
        offer(world, quote)

    assert refused.value.names == ("Болт М8х40",)
    assert (QuoteOffer.objects.count(), fresh(quote).state) == (0, "submitted")
    assert offer(world, quote, is_confirmed=True).is_below_floor is True


def test_price_at_the_floor_is_sent(world: World) -> None:
    _floor(world, "90")

    assert offer(world, ask(world)).is_below_floor is False


def test_margin_is_of_the_purchase_price_with_vat(world: World) -> None:
    cost = make_price_type("Закупка", is_open=False)
    PriceType.objects.filter(pk=cost.pk).update(is_purchase=True, is_vat_included=False)
    make_price(world.skus[0], "50", price_type=cost)
    quote = Quote.objects.select_related("contract__organization", "city").get(pk=ask(world).pk)

    margins = margins_of(quote, {world.skus[0].pk: Decimal(4), world.skus[1].pk: Decimal(1)}, on=TODAY)

    bolt, cable = margins[world.skus[0].pk], margins[world.skus[1].pk]
    assert (bolt.cost, bolt.usual, bolt.floor) == (Decimal("61.00"), Decimal(100), None)
    assert bolt.percent(Decimal(100)) == Decimal("39.0")
    assert (cable.cost, cable.percent(Decimal(100)), cable.is_too_low(Decimal("0.01"))) == (None, None, False)


def test_accepted_offer_is_an_order_at_its_prices(world: World) -> None:
    quote = ask(world)
    offer(world, quote)

    order = accept(world, quote)

    assert list(OrderLine.objects.order_by("part", "position").values_list("sku", "price", "quantity")) == [
        (world.skus[0].pk, Decimal(90), Decimal(4)),
        (world.skus[1].pk, Decimal(240), Decimal("2.5")),
    ]
    assert (order.total, order.state) == (Decimal("960.00"), OrderState.SUBMITTED)
    assert (fresh(quote).state, fresh(quote).order_id) == ("accepted", order.pk)
    assert Stock.objects.get(sku=world.skus[0], warehouse=world.main_warehouse).reserved == 4
    assert steps(quote)[-1] == ("accepted", 1)


def test_part_of_an_offer_is_accepted(world: World) -> None:
    quote = ask(world)
    offer(world, quote)

    order = accept(world, quote, positions=(2,))

    assert order.total == Decimal("600.00")
    assert fresh(quote).state == "partly_accepted"


def test_accepting_leaves_the_cart_alone(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[2]: 1})
    quote = ask(world)
    offer(world, quote)

    accept(world, quote)

    assert cart.lines.count() == 1


def test_same_key_accepts_once(world: World) -> None:
    quote, key = ask(world), uuid4()
    offer(world, quote)
    first = accept(world, quote, key=key)

    again = accept(world, quote, key=key)

    assert (again.pk, Order.objects.count()) == (first.pk, 1)


def test_accepted_offer_is_not_accepted_again(world: World) -> None:
    quote = ask(world)
    offer(world, quote)
    accept(world, quote, positions=(1,))

    with pytest.raises(WrongState):
        accept(world, quote, positions=(2,))

    assert Order.objects.count() == 1


def test_old_version_is_not_accepted(world: World) -> None:
    quote = ask(world)
    offer(world, quote)
    offer(world, fresh(quote), {1: "95"})

    with pytest.raises(OfferMoved):
        accept(world, quote, version=1)

    assert (Order.objects.count(), fresh(quote).state) == (0, "offered")


def test_offer_is_good_until_the_end_of_its_day(world: World) -> None:
    quote = ask(world)
    offer(world, quote, until=TODAY)
    last = datetime(2026, 11, 23, 23, 59, 59, tzinfo=MOSCOW)

    with pytest.raises(OfferExpired):
        accept(world, quote, at=last + timedelta(seconds=1))
    assert Order.objects.count() == 0

    assert accept(world, quote, at=last).total == Decimal("960.00")


def test_offer_under_a_remark_may_still_be_accepted(world: World) -> None:
    quote = ask(world)
    offer(world, quote)
    quote_remark(actor=actor_of(world.buyer), quote_id=quote.pk, text="Дороговато", at=AT)

    accept(world, quote)

    assert (fresh(quote).state, fresh(quote).answer_due_at) == ("accepted", None)


def test_short_stock_refuses_as_for_any_order(world: World) -> None:
    quote = ask(world)
    offer(world, quote)
    Stock.objects.filter(sku=world.skus[0]).update(free=1)

    with pytest.raises(StockShort):
        accept(world, quote)

    assert (Order.objects.count(), fresh(quote).state) == (0, "offered")
    assert accept(world, quote, positions=(2,)).total == Decimal("600.00")


def test_minimum_sum_counts(world: World) -> None:
    OrderMinimum.objects.create(amount=1000)
    quote = ask(world)
    offer(world, quote)

    with pytest.raises(BelowMinimum):
        accept(world, quote)

    assert (Order.objects.count(), fresh(quote).state) == (0, "offered")


def test_closed_contract_refuses(world: World) -> None:
    quote = ask(world)
    offer(world, quote)
    Contract.objects.filter(pk=world.contract.pk).update(state=ContractState.CLOSED)

    with pytest.raises(ContractClosed):
        accept(world, quote)

    assert (Order.objects.count(), fresh(quote).state) == (0, "offered")


def test_who_may_not_send_waits_for_a_colleague(world: World) -> None:
    quote = ask(world)
    offer(world, quote)
    actor = actor_of(world.buyer).without(Permission.ORDER_SUBMIT)

    from_offer = accept_as(world, quote, actor)

    assert from_offer.state == OrderState.ON_APPROVAL
    assert fresh(quote).state == "accepted"


def test_expired_prices_are_not_approved(world: World) -> None:
    """A colleague may take days; on the last day of the prices he is not late."""
    quote = ask(world)
    offer(world, quote, until=TODAY)
    order = accept_as(world, quote, actor_of(world.buyer).without(Permission.ORDER_SUBMIT))
    approving = partial(order_approve, order_id=order.pk, actor=actor_of(world.buyer))

    with pytest.raises(OfferExpired), transaction.atomic():
        approving(at=AT + timedelta(days=1))
    order.refresh_from_db()
    assert (order.state, order.steps.count()) == (OrderState.ON_APPROVAL, 1)

    assert approving(at=AT.replace(hour=23)).state == OrderState.SUBMITTED


def test_refused_order_takes_the_request_back_to_work(world: World) -> None:
    quote = ask(world)
    offer(world, quote)
    order = accept(world, quote)
    quote_reopen(order_id=order.pk, at=AT)
    assert fresh(quote).state == "accepted"

    order_reject(order_id=order.pk, actor=actor_of(world.manager), reason="Снят с производства", at=AT)
    reopen_quote(OrderCancelled(order_id=order.pk))
    reopen_quote(OrderCancelled(order_id=order.pk))

    now, last = fresh(quote), quote.steps.latest("pk")
    assert (now.state, now.order, now.version) == ("in_work", None, 1)
    assert now.answer_due_at is not None
    assert (last.user, last.comment) == (None, f"Заказ {order.number}: отклонен")
    assert quote.steps.filter(state="in_work").count() == 1
    quote_step_tell(step_id=last.pk, at=AT)
    notice = Notice.objects.get(kind=NoticeKind.QUOTE_ASKED)
    assert (notice.user, notice.title) == (
        world.manager,
        f"Запрос {quote.number}: заказ по нему не состоялся",
    )


def test_offer_is_accepted_again_after_its_order_was_cancelled(world: World) -> None:
    quote = ask(world)
    offer(world, quote)
    first = accept(world, quote, positions=(1,))
    order_cancel(order_id=first.pk, actor=actor_of(world.buyer), at=AT)
    quote_reopen(order_id=first.pk, at=AT)

    second = accept(world, quote)

    assert (fresh(quote).state, fresh(quote).order) == ("accepted", second)


def accept_as(world: World, quote: Quote, actor: object) -> Order:
    """Accept as this very actor."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.orders.asking.actor_of", lambda _person: actor)
        return accept(world, quote)


def test_foreign_people_accept_nothing(world: World) -> None:
    quote = ask(world)
    offer(world, quote)

    with pytest.raises(Quote.DoesNotExist):
        accept(world, quote, person=world.other_buyer)
    with pytest.raises(AccessDenied):
        accept(world, quote, person=world.manager)

    assert (Order.objects.count(), fresh(quote).state) == (0, "offered")


def test_look_only_visit_moves_nothing(world: World) -> None:
    quote = ask(world)
    offer(world, quote)
    looking = replace(actor_of(world.buyer), is_read_only=True)

    with pytest.raises(AccessDenied):
        accept_as(world, quote, looking)
    with pytest.raises(AccessDenied):
        quote_withdraw(actor=looking, quote_id=quote.pk, at=AT)

    assert (Order.objects.count(), fresh(quote).state) == (0, "offered")


def test_withdrawn_request_is_not_answered(world: World) -> None:
    quote = ask(world)
    quote_withdraw(actor=actor_of(world.buyer), quote_id=quote.pk, at=AT)

    with pytest.raises(WrongState):
        offer(world, quote)

    assert (QuoteOffer.objects.count(), fresh(quote).state) == (0, "withdrawn")


def test_declined_request_has_a_reason(world: World) -> None:
    quote = ask(world)
    manager = actor_of(world.manager)

    with pytest.raises(RemarkMissing):
        quote_decline(actor=manager, quote_id=quote.pk, reason=" ", at=AT)
    assert fresh(quote).state == "submitted"

    quote_decline(actor=manager, quote_id=quote.pk, reason="Не возим", at=AT)
    assert QuoteStep.objects.get(state="declined").comment == "Не возим"


def test_offers_expire_after_their_day(world: World) -> None:
    over, alive = ask(world), ask(world)
    offer(world, over, until=TODAY)
    offer(world, alive, until=TODAY + timedelta(days=1))
    at = AT + timedelta(days=1)

    assert (quotes_expire(at=AT), quotes_expire(at=at), quotes_expire(at=at)) == (0, 1, 0)

    assert (fresh(over).state, fresh(alive).state) == (QuoteState.EXPIRED, QuoteState.OFFERED)


def test_expired_offer_is_renewed(world: World) -> None:
    quote = ask(world)
    offer(world, quote, until=TODAY)
    tomorrow = AT + timedelta(days=1)
    quotes_expire(at=tomorrow)

    with pytest.raises(OfferExpired):
        accept(world, quote, at=tomorrow)
    offer(world, fresh(quote), until=UNTIL, at=tomorrow)

    assert accept(world, quote, at=tomorrow).total == Decimal("960.00")


def test_people_are_told_once_a_day_that_an_offer_runs_out(world: World) -> None:
    quote = ask(world)
    offer(world, quote, until=TODAY + timedelta(days=1))

    told = [quotes_warn(at=AT), quotes_warn(at=AT)]

    assert told == [2, 0]
    assert set(Notice.objects.values_list("user", "kind")) == {
        (world.buyer.pk, NoticeKind.QUOTE_EXPIRES),
        (world.head.pk, NoticeKind.QUOTE_EXPIRES),
    }


def test_each_side_is_told_of_the_others_moves(world: World) -> None:
    quote = ask(world)
    offer(world, quote)
    quote_remark(actor=actor_of(world.buyer), quote_id=quote.pk, text="Дорого", at=AT)
    accept(world, quote)

    for step in quote.steps.order_by("pk"):
        quote_step_tell(step_id=step.pk, at=AT)
        quote_step_tell(step_id=step.pk, at=AT)

    told = Notice.objects.order_by("pk").values_list("user", "kind")
    assert list(told) == [
        (world.manager.pk, NoticeKind.QUOTE_ASKED),
        (world.buyer.pk, NoticeKind.QUOTE_OFFERED),
        (world.head.pk, NoticeKind.QUOTE_OFFERED),
        (world.manager.pk, NoticeKind.QUOTE_ASKED),
        (world.manager.pk, NoticeKind.QUOTE_DECIDED),
    ]


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ((23, 10, 41), (24, 10, 41)),  # a Monday
        ((27, 17, 59), (30, 17, 59)),  # Friday: the next working day is Monday
        ((27, 18, 0), (1, 9, 0)),  # after hours: counts from Monday's opening
        ((28, 12, 0), (1, 9, 0)),  # Saturday
        ((24, 3, 0), (25, 9, 0)),  # before the opening
    ],
)
def test_answer_is_due_in_a_working_day(
    db: None, asked: tuple[int, int, int], due: tuple[int, int, int]
) -> None:
    day, hour, minute = due
    month = 11 if day >= 23 else 12

    assert answer_due(datetime(2026, 11, *asked, tzinfo=MOSCOW)) == datetime(
        2026, month, day, hour, minute, tzinfo=MOSCOW
    )


def test_absent_price_is_asked_for(world: World) -> None:
    unpriced = make_sku("Щит распределительный", price=None)

    quote = ask(world, [QuoteWish(unpriced.pk, "", Decimal(1))])

    assert quote.lines.get().price_then is None


def test_colleague_who_sees_only_his_own_sees_nothing(world: World) -> None:
    quote = ask(world, person=world.head)
    own_only = replace(actor_of(world.buyer))
    grant = own_only.grants[Permission.ORDER_VIEW]
    narrow = replace(own_only, grants={**own_only.grants, Permission.ORDER_VIEW: replace(grant, scope="own")})

    assert not Quote.objects.visible_to(narrow).filter(pk=quote.pk).exists()
    assert Quote.objects.visible_to(actor_of(world.head)).filter(pk=quote.pk).exists()
