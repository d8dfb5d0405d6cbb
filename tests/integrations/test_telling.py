"""What receivers of messages are told of, once each, and how long it is kept."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from integrations.crm.outward import Unreachable
from integrations.models import (
    CrmInbound,
    CrmKind,
    CrmThing,
    DeliveryState,
    InboundSource,
    InboundState,
    WebhookDelivery,
    WebhookEvent,
)
from integrations.services import telling
from integrations.services.telling import carts_idle_tell, debts_overdue_tell
from integrations.services.tidying import OUTSIDE_LIMIT, outside_tidy
from integrations.services.webhook_endpoints import endpoint_make
from integrations.services.webhooks import webhook_emit
from orders.models import Cart
from orders.services.claims import claim_withdraw
from orders.services.quotes import quote_withdraw
from portal.outbox.models import Job
from tests.counterparties.talks import begin, say
from tests.factories import AT, World, actor_of, make_cart, make_city, make_world
from tests.finance.debts import make_debt
from tests.integrations.crm_world import make_account
from tests.integrations.outside import work_off
from tests.orders.asking import ask, offer
from tests.orders.claims import approve, make_claim, shipped

pytestmark = pytest.mark.django_db
Told = list[tuple[str, str]]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture(autouse=True)
def silent_receiver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers: what was written is looked at, not what arrives."""

    def ask(*_args: object, **_told: object) -> None:
        raise Unreachable("silence")

    monkeypatch.setattr("integrations.services.webhooks.ask", ask)
    monkeypatch.setattr("portal.outbox.sending.send", len)
    monkeypatch.setattr("portal.outbox.heartbeat.Heartbeat.tell", lambda self, progress: None)


def listen(*events: WebhookEvent, name: str = "Склад") -> None:
    chosen = [str(event) for event in events or WebhookEvent]
    endpoint_make(name=name, url="https://example.com/hook", events=chosen, at=AT)


def told_of(*kinds: str) -> Told:
    """Events and subjects of these kinds, in the order in which receivers get them."""
    rows = WebhookDelivery.objects.order_by("sequence").values_list("event", "subject")
    return [(event, subject) for event, subject in rows if event.partition(".")[0] in kinds]


def make_idle_carts(world: World, count: int, *, touched_at: datetime) -> list[Cart]:
    cities = [make_city(f"Город {number}") for number in range(count)]
    carts = [make_cart(world.buyer, world.contract, city, {world.skus[0]: 1}) for city in cities]
    Cart.objects.update(updated_at=touched_at)
    return carts


# --- talk, requests of prices, claims -------------------------------------------------------------
def test_messages_of_a_talk_are_told(world: World) -> None:
    listen()
    thread = begin(world, text="Когда отгрузка?")
    say(thread, world.manager, "В пятницу.")

    work_off(hurried=False)

    assert told_of("message") == [("message.posted", f"thread:{thread.pk}")] * 2
    bodies = list(WebhookDelivery.objects.order_by("sequence").values_list("body", flat=True))
    assert ['"text": "Когда отгрузка?"' in bodies[0], '"text": "В пятницу."' in bodies[1]] == [True, True]
    assert ['"side": "client"' in bodies[0], '"side": "seller"' in bodies[1]] == [True, True]


def test_request_of_prices_is_told_from_asking_to_its_end(world: World) -> None:
    listen()
    quote = ask(world)
    offer(world, quote)
    quote_withdraw(actor=actor_of(world.buyer), quote_id=quote.pk, at=AT)

    work_off(hurried=False)

    told = ["quote.asked", "quote.offered", "quote.decided"]
    assert told_of("quote") == [(event, f"quote:{quote.pk}") for event in told]


def test_claim_is_told_when_filed_and_when_decided(world: World) -> None:
    listen()
    paper = shipped(world)
    approved, withdrawn = make_claim(world.buyer, paper, "1"), make_claim(world.buyer, paper, "1")
    approve(world, approved)
    claim_withdraw(actor=actor_of(world.buyer), claim_id=withdrawn.pk, at=AT)

    work_off(hurried=False)

    assert sorted(told_of("claim")) == sorted(
        (event, f"claim:{claim.pk}")
        for event in ("claim.filed", "claim.decided")
        for claim in (approved, withdrawn)
    )


def test_crm_without_a_receiver_makes_no_job_of_talk(world: World) -> None:
    make_account(CrmKind.BITRIX24, "https://company.bitrix24.ru")

    begin(world)
    ask(world)

    handlers = set(Job.objects.values_list("handler", flat=True))
    assert not {name for name in handlers if name.startswith("integrations.handlers.tell_")}


# --- carts and debts ------------------------------------------------------------------------------
def test_idle_cart_is_told_once_and_again_when_it_was_touched(world: World) -> None:
    listen()
    now = timezone.now()
    (cart,) = make_idle_carts(world, 1, touched_at=now - timedelta(hours=25))

    counts = [carts_idle_tell(at=now), carts_idle_tell(at=now + timedelta(hours=1))]
    Cart.objects.update(updated_at=now)
    counts += [carts_idle_tell(at=now + timedelta(hours=23)), carts_idle_tell(at=now + timedelta(hours=25))]

    assert counts == [1, 0, 0, 1]
    assert told_of("cart") == [("cart.idle", f"cart:{cart.pk}")] * 2


def test_carts_beyond_the_most_of_one_hour_come_in_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "_MOST_CARTS", 2)
    listen()
    now = timezone.now()
    make_idle_carts(world, 3, touched_at=now - timedelta(hours=25))

    assert [carts_idle_tell(at=now), carts_idle_tell(at=now), carts_idle_tell(at=now)] == [2, 1, 0]


@pytest.mark.parametrize("count", [1, 3])
def test_hour_without_new_idle_carts_takes_the_same_queries(
    world: World, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    listen()
    now = timezone.now()
    make_idle_carts(world, count, touched_at=now - timedelta(hours=25))
    carts_idle_tell(at=now)

    with django_assert_num_queries(5):  # a savepoint, carts, receivers, what they know; its end
        assert carts_idle_tell(at=now) == 0


def test_receiver_that_came_later_is_told_of_idle_carts_too(world: World) -> None:
    listen(name="Первый")
    now = timezone.now()
    make_idle_carts(world, 1, touched_at=now - timedelta(hours=25))
    carts_idle_tell(at=now)
    listen(name="Второй")

    assert [carts_idle_tell(at=now), carts_idle_tell(at=now)] == [1, 0]


def test_overdue_debt_is_told_once_a_day_to_those_who_want_it(world: World) -> None:
    make_debt(world.contract, "100.00")
    at = AT + timedelta(days=60)

    assert debts_overdue_tell(at=at) == 0
    listen(WebhookEvent.DEBT_OVERDUE)
    days = [at, at, at + timedelta(days=1)]

    assert [debts_overdue_tell(at=day) for day in days] == [1, 0, 1]
    assert told_of("debt") == [("debt.overdue", f"entity:{world.entity.pk}")] * 2


# --- how long it is kept --------------------------------------------------------------------------
def test_what_is_done_is_forgotten_after_ninety_days_and_what_waits_is_not() -> None:
    account = make_account(CrmKind.BITRIX24, "https://company.bitrix24.ru")
    listen()
    at = timezone.now()
    old, fresh = at - OUTSIDE_LIMIT - timedelta(days=1), at - OUTSIDE_LIMIT + timedelta(days=1)
    for name, made_at in (("old", old), ("waits", old), ("fresh", fresh)):
        webhook_emit(event=WebhookEvent.TEST, subject=name, key=name, data={}, at=made_at)
        state = InboundState.WAITING if name == "waits" else InboundState.DONE
        CrmInbound.objects.create(
            account=account, source=InboundSource.HOOK, kind=CrmThing.DEAL, external_id=name,
            received_at=made_at, state=state,
        )  # fmt: skip
    ended = WebhookDelivery.objects.exclude(subject="waits")
    ended.update(state=DeliveryState.DEAD, next_at=None)

    outside_tidy(at=at)

    assert set(WebhookDelivery.objects.values_list("subject", flat=True)) == {"waits", "fresh"}
    assert set(CrmInbound.objects.values_list("external_id", flat=True)) == {"waits", "fresh"}
