"""Two at one request of prices: each pair of acts ends in one of the states that the acts alone have."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from orders.models import Order, Quote, QuoteOffer, QuoteOfferLine
from orders.quote_refusals import OfferExpired, OfferMoved
from orders.services import quote_accepting, quote_answers
from orders.services.quote_accepting import quote_reopen
from orders.services.quote_terms import quotes_expire
from orders.services.steps import order_cancel
from orders.states import WrongState
from tests.factories import AT, TODAY, World, actor_of, make_manager, make_world
from tests.orders.asking import accept, ask, offer
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_double_click_accepts_once(world: World) -> None:
    quote, key = ask(world), uuid4()
    offer(world, quote)

    found = crowd([partial(accept, world, quote, key=key)] * 4)

    assert {order.pk for order in found if isinstance(order, Order)} == {Order.objects.get().pk}
    assert len([one for one in found if isinstance(one, Order)]) == 4


def test_two_tabs_accept_once(world: World) -> None:
    quote = ask(world)
    offer(world, quote)

    found = crowd([partial(accept, world, quote, positions=(place,)) for place in (1, 2, 1, 2)])

    assert Order.objects.count() == 1
    assert sorted(type(one).__name__ for one in found) == ["Order", "WrongState", "WrongState", "WrongState"]


def test_two_tabs_accept_twice_without_the_lock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the request is read, not locked."""
    quote = ask(world)
    offer(world, quote)

    def read_only(actor: object, quote_id: int) -> Quote:
        return Quote.objects.select_related(
            "legal_entity__holding__group", "contract__organization", "city"
        ).get(pk=quote_id)

    monkeypatch.setattr(quote_accepting, "_locked", read_only)

    crowd([partial(accept, world, quote, positions=(place,)) for place in (1, 2)])

    assert Order.objects.count() == 2


def test_accepting_while_a_new_version_comes(world: World) -> None:
    quote = ask(world)
    offer(world, quote)

    accepted, sent = crowd(
        [partial(accept, world, quote, version=1), partial(offer, world, quote, {1: "95"}, base=1)]
    )

    now = Quote.objects.get()
    if isinstance(accepted, Order):
        assert (type(sent), now.state, QuoteOffer.objects.count()) == (WrongState, "accepted", 1)
    else:
        assert (type(accepted), now.state, now.version) == (OfferMoved, "offered", 2)
        assert Order.objects.count() == 0


def test_two_managers_send_one_version(world: World) -> None:
    quote = ask(world)
    second = make_manager(world.holding)

    found = crowd([partial(offer, world, quote, base=0), partial(offer, world, quote, base=0, person=second)])

    assert sorted(type(one).__name__ for one in found) == ["OfferMoved", "QuoteOffer"]
    assert (QuoteOffer.objects.count(), QuoteOfferLine.objects.count()) == (1, 3)


def test_accepting_at_the_second_of_expiry(world: World) -> None:
    """The last moment of the day and the first of the next one arrive together."""
    quote = ask(world)
    offer(world, quote, until=TODAY)
    last = AT.replace(hour=23, minute=59, second=59)
    first = last + timedelta(seconds=1)

    accepted, closed, late = crowd(
        [
            partial(accept, world, quote, at=last),
            partial(quotes_expire, at=first),
            partial(accept, world, quote, at=first),
        ]
    )

    assert type(late) in {OfferExpired, WrongState}
    if isinstance(accepted, Order):
        assert (closed, Quote.objects.get().state) == (0, "accepted")
    else:
        assert (type(accepted), closed, Quote.objects.get().state) == (WrongState, 1, "expired")


def test_request_of_a_cancelled_order_is_reopened_once(world: World) -> None:
    quote = ask(world)
    offer(world, quote)
    order = accept(world, quote)
    order_cancel(order_id=order.pk, actor=actor_of(world.buyer), at=AT)

    crowd([partial(quote_reopen, order_id=order.pk, at=AT)] * 4)

    now = Quote.objects.get()
    assert (now.state, now.order, now.steps.filter(state="in_work").count()) == ("in_work", None, 1)


def test_failed_offer_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    quote = ask(world)

    def broken(*_args: object, **_told: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(quote_answers, "quote_move", broken)

    with pytest.raises(RuntimeError):
        offer(world, quote)

    assert (QuoteOffer.objects.count(), Quote.objects.get().version) == (0, 0)


def test_failed_acceptance_leaves_no_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    quote = ask(world)
    offer(world, quote)

    def broken(*_args: object, **_told: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(quote_accepting, "quote_move", broken)

    with pytest.raises(RuntimeError):
        accept(world, quote)

    assert (Order.objects.count(), Quote.objects.get().state) == (0, "offered")
