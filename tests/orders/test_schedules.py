"""Saved carts that are ordered again and again: what people set, and what a day brings."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice
from catalog.models import Stock
from counterparties.actor import AccessDenied
from counterparties.models import Contract, ContractState, Membership
from counterparties.permissions import ReadyRole
from counterparties.services.roles import ready_role
from finance.models import CalendarDay
from orders.handlers import start_schedules
from orders.models import Cart, CartLine, DeliveryKind, DeliveryService, DeliveryTariff, Order, OrderSchedule
from orders.refusals import NotSaved, ScheduleEmpty
from orders.rhythm import Rhythm
from orders.selectors.schedules import planned_days, schedules_due
from orders.services import schedules as services
from orders.services.schedule_runs import schedule_run
from portal.outbox import PeriodStart
from portal.outbox.models import Job
from pricing.models import Price
from tests.factories import AT, TODAY, World, actor_of, make_cart, make_person
from tests.money import make_rule, ship

MONDAYS = Rhythm(TODAY, weekdays=(0,))
SUNDAY = AT - timedelta(days=1)


@pytest.fixture
def saved(world: World) -> Cart:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3, world.skus[2]: 2})
    Cart.objects.filter(pk=cart.pk).update(is_current=False, name="Еженедельная")
    CartLine.objects.filter(sku=world.skus[0]).update(price_when_added=100)
    CartLine.objects.filter(sku=world.skus[2]).update(price_when_added=10)
    cart.refresh_from_db()
    return cart


def repeat(world: World, cart: Cart, rhythm: Rhythm = MONDAYS, **changes: Any) -> OrderSchedule:
    told: dict[str, Any] = {"days_before": 1, "is_automatic": False, "at": SUNDAY} | changes
    return services.schedule_set(actor=actor_of(world.buyer), cart_id=cart.pk, rhythm=rhythm, **told)


def drafts(saved: Cart) -> list[Cart]:
    return list(Cart.objects.exclude(pk=saved.pk).order_by("pk"))


# --- what a person sets --------------------------------------------------------------------------
def test_schedule_waits_for_its_first_day(world: World, saved: Cart) -> None:
    schedule = repeat(world, saved, Rhythm(date(2026, 11, 24), weekdays=(2,)))

    assert (schedule.next_date, schedule.is_paused) == (date(2026, 11, 25), False)
    assert schedules_due(on=date(2026, 11, 23)) == []
    assert schedules_due(on=date(2026, 11, 24)) == [schedule.pk]


def test_only_ones_own_saved_cart_is_repeated(world: World, saved: Cart) -> None:
    with pytest.raises(Cart.DoesNotExist):
        services.schedule_set(
            actor=actor_of(make_person(world.holding)),
            cart_id=saved.pk,
            rhythm=MONDAYS,
            days_before=1,
            is_automatic=False,
            at=AT,
        )
    current = make_cart(world.buyer, world.contract, world.city)
    with pytest.raises(NotSaved):
        repeat(world, current)
    assert OrderSchedule.objects.count() == 0


def test_schedule_without_days_is_refused(world: World, saved: Cart) -> None:
    with pytest.raises(ScheduleEmpty):
        repeat(world, saved, Rhythm(date(2026, 11, 24), ends_on=date(2026, 11, 25), weekdays=(6,)))


def test_skipped_day_is_passed_over(world: World, saved: Cart) -> None:
    repeat(world, saved)

    schedule = services.schedule_skip(
        actor=actor_of(world.buyer), cart_id=saved.pk, day=date(2026, 11, 23), at=SUNDAY
    )

    assert schedule.next_date == date(2026, 11, 30)
    with pytest.raises(ScheduleEmpty):
        services.schedule_skip(
            actor=actor_of(world.buyer), cart_id=saved.pk, day=date(2026, 12, 1), at=SUNDAY
        )


def test_paused_schedule_rests_and_goes_on_from_today(world: World, saved: Cart) -> None:
    repeat(world, saved)
    actor = actor_of(world.buyer)

    services.schedule_pause(actor=actor, cart_id=saved.pk, is_paused=True, at=SUNDAY)
    assert schedules_due(on=TODAY) == []
    later = AT + timedelta(days=9)
    schedule = services.schedule_pause(actor=actor, cart_id=saved.pk, is_paused=False, at=later)

    assert (schedule.is_paused, schedule.next_date) == (False, date(2026, 12, 7))


def test_days_of_rest_are_shown_with_the_working_day_after_them(world: World, saved: Cart) -> None:
    CalendarDay.objects.create(date=date(2026, 11, 30), is_working=False)
    schedule = repeat(world, saved)

    assert [(one.day, one.works_on) for one in planned_days(schedule)[:2]] == [
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 30), date(2026, 12, 1)),
    ]


def test_stopping_leaves_the_cart(world: World, saved: Cart) -> None:
    repeat(world, saved)

    services.schedule_stop(actor=actor_of(world.buyer), cart_id=saved.pk)

    assert (OrderSchedule.objects.count(), Cart.objects.filter(pk=saved.pk).count()) == (0, 1)


# --- a draft --------------------------------------------------------------------------------------
def test_day_makes_a_draft_and_tells_what_has_changed(world: World, saved: Cart) -> None:
    Price.objects.filter(sku=world.skus[0]).update(amount=120)
    Price.objects.filter(sku=world.skus[2]).update(amount=9)
    Stock.objects.filter(sku=world.skus[2]).update(free=0)
    schedule = repeat(world, saved)

    schedule_run(schedule_id=schedule.pk, at=SUNDAY)

    (draft,) = drafts(saved)
    assert (draft.name, draft.is_current, draft.user) == ("Еженедельная: 23.11.2026", False, world.buyer)
    assert dict(draft.lines.values_list("sku", "quantity")) == {world.skus[0].pk: 3, world.skus[2].pk: 2}
    notice = Notice.objects.get()
    assert (notice.user, notice.title) == (world.buyer, "«Еженедельная» на 23.11.2026")
    assert notice.text == (
        "Корзина собрана, проверьте и отправьте. Итого 378,00 ₽; подорожало: 1; подешевело: 1; не хватает: 1."
    )
    assert notice.address == reverse("orders:cart_open", args=[draft.pk])
    schedule.refresh_from_db()
    assert (schedule.next_date, schedule.last_run_at) == (date(2026, 11, 30), SUNDAY)
    assert schedule.last_outcome == notice.text
    assert Order.objects.count() == 0


def test_day_is_made_once(world: World, saved: Cart) -> None:
    schedule = repeat(world, saved)

    outcomes = [schedule_run(schedule_id=schedule.pk, at=SUNDAY) for _time in range(3)]

    assert [bool(outcome) for outcome in outcomes] == [True, False, False]
    assert (len(drafts(saved)), Notice.objects.count()) == (1, 1)


def test_new_days_do_not_make_again_what_was_made(world: World, saved: Cart) -> None:
    schedule = repeat(world, saved)
    schedule_run(schedule_id=schedule.pk, at=SUNDAY)

    assert repeat(world, saved, at=SUNDAY).next_date == date(2026, 11, 30)


def test_days_that_went_by_are_made_once(world: World, saved: Cart) -> None:
    schedule = repeat(world, saved)
    late = AT + timedelta(days=15)

    schedule_run(schedule_id=schedule.pk, at=late)

    schedule.refresh_from_db()
    assert (len(drafts(saved)), schedule.next_date) == (1, date(2026, 12, 14))


def test_last_day_ends_the_schedule(world: World, saved: Cart) -> None:
    schedule = repeat(world, saved, Rhythm(TODAY, ends_on=date(2026, 11, 25), weekdays=(0,)))

    schedule_run(schedule_id=schedule.pk, at=SUNDAY)

    schedule.refresh_from_db()
    assert schedule.is_paused


# --- an order --------------------------------------------------------------------------------------
def test_automatic_day_sends_the_order_in_the_persons_name(world: World, saved: Cart) -> None:
    CalendarDay.objects.create(date=TODAY, is_working=False)
    truck = DeliveryService.objects.create(name="Наша машина", kind=DeliveryKind.OWN)
    DeliveryTariff.objects.create(service=truck, city=world.city, price=300)
    schedule = repeat(world, saved, is_automatic=True)

    schedule_run(schedule_id=schedule.pk, at=SUNDAY)

    order = Order.objects.get()
    assert (order.created_by, order.acting_user, order.total) == (world.buyer, None, 320)
    assert (order.delivery_address, order.delivery_service, order.delivery_cost) == (
        world.address,
        truck,
        300,
    )
    assert order.desired_date == date(2026, 11, 24)
    assert drafts(saved) == []
    assert saved.lines.count() == 2
    notice = Notice.objects.get()
    assert notice.text == f"Заказ {order.number} отправлен. Итого 320,00 ₽."
    assert notice.address == reverse("orders:detail", args=[order.pk])


def _no_membership(world: World) -> None:
    Membership.objects.filter(user=world.buyer).update(valid_until=date(2026, 11, 20))


def _viewer(world: World) -> None:
    Membership.objects.filter(user=world.buyer).update(role=ready_role(ReadyRole.VIEWER))


def _closed_contract(world: World) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(state=ContractState.CLOSED)


def _left(world: World) -> None:
    world.buyer.is_active = False
    world.buyer.save(update_fields=["is_active"])


@pytest.mark.parametrize("lost", [_no_membership, _viewer, _closed_contract, _left])
@pytest.mark.parametrize("is_automatic", [True, False])
def test_rights_are_asked_on_the_day(world: World, saved: Cart, lost: Any, is_automatic: bool) -> None:
    schedule = repeat(world, saved, is_automatic=is_automatic)
    lost(world)

    schedule_run(schedule_id=schedule.pk, at=SUNDAY)

    schedule.refresh_from_db()
    assert (Order.objects.count(), drafts(saved)) == (0, [])
    assert schedule.last_outcome.startswith("Не собрано")
    assert Notice.objects.count() == (0 if lost is _left else 1)


def test_refused_order_leaves_a_draft_and_says_why(world: World, saved: Cart) -> None:
    Stock.objects.filter(sku=world.skus[0]).update(free=0)
    schedule = repeat(world, saved, is_automatic=True)

    schedule_run(schedule_id=schedule.pk, at=SUNDAY)

    (draft,) = drafts(saved)
    schedule.refresh_from_db()
    assert Order.objects.count() == 0
    assert not Stock.objects.exclude(reserved=0).exists()
    assert schedule.last_outcome.startswith("Заказ не отправлен, корзина собрана. Не хватает товара.")
    assert Notice.objects.get().address == reverse("orders:cart_open", args=[draft.pk])


def test_a_blocked_client_gets_no_order_by_the_clock(world: World, saved: Cart) -> None:
    make_rule()
    ship(world.contract, 500, date(2026, 10, 1), due_date=date(2026, 10, 20))
    schedule = repeat(world, saved, is_automatic=True)

    schedule_run(schedule_id=schedule.pk, at=SUNDAY)

    schedule.refresh_from_db()
    assert Order.objects.count() == 0
    assert not Stock.objects.exclude(reserved=0).exists()
    assert schedule.last_outcome.startswith("Заказ не отправлен, корзина собрана. Заказ не проходит:")
    assert len(drafts(saved)) == 1


# --- the clock and the page --------------------------------------------------------------------------
def test_clock_starts_what_is_due(world: World, saved: Cart) -> None:
    schedule = repeat(world, saved)
    hour = PeriodStart(datetime(2026, 11, 22, 9, tzinfo=AT.tzinfo))

    for _time in range(2):
        start_schedules(hour)

    (job,) = Job.objects.filter(handler="orders.handlers.run_schedule")
    assert job.payload == {"schedule_id": schedule.pk}


def test_page_sets_skips_pauses_and_stops(world: World, saved: Cart) -> None:
    client = Client()
    client.force_login(world.buyer)
    page, move = reverse("orders:schedule", args=[saved.pk]), reverse("orders:schedule_move", args=[saved.pk])
    told = {"rhythm": "weeks", "weekdays": ["0", "3"], "every_weeks": "1", "days_before": "2", "mode": "ask"}
    first = timezone.localdate() + timedelta(days=1)

    assert client.get(page).status_code == 200
    assert client.post(page, told).status_code == 422
    assert client.post(page, told | {"starts_on": first.isoformat()}).status_code == 302
    schedule = OrderSchedule.objects.get()
    assert (schedule.weekdays, schedule.days_before) == ([0, 3], 2)
    assert "Пропустить" in client.get(page).content.decode()

    client.post(move, {"move": "skip", "day": schedule.next_date.isoformat()})
    client.post(move, {"move": "pause"})
    schedule.refresh_from_db()
    assert (len(schedule.skipped), schedule.is_paused) == (1, True)
    assert "Возобновить" in client.get(page).content.decode()
    client.post(move, {"move": "stop"})
    assert OrderSchedule.objects.count() == 0
    assert client.post(move, {"move": "pause"}).status_code == 404


def test_gathering_needs_the_right(world: World, saved: Cart) -> None:
    viewer = make_person(world.holding, ReadyRole.VIEWER)

    with pytest.raises(AccessDenied):
        services.schedule_stop(actor=actor_of(viewer), cart_id=saved.pk)

    assert Decimal(3) == saved.lines.get(sku=world.skus[0]).quantity
