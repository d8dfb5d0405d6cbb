"""One talk that many begin, answer and take at the same moment."""

from functools import partial

import pytest

from counterparties.models import Message, Side, Thread
from counterparties.services.thread_moves import thread_take
from counterparties.talk_refusals import TakenByAnother
from tests.counterparties.talks import begin, say
from tests.factories import AT, World, actor_of, make_manager, make_world
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

CLICKS = 6


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_one_press_many_times_begins_one_talk_with_one_message(world: World) -> None:
    outcomes = crowd([partial(begin, world, key="press")] * CLICKS)

    assert {type(one) for one in outcomes} == {Thread}
    assert (Thread.objects.count(), Message.objects.count()) == (1, 1)


def test_two_colleagues_who_begin_at_once_share_a_talk(world: World) -> None:
    outcomes = crowd([partial(begin, world, user=user) for user in (world.buyer, world.head)] * 2)

    assert {type(one) for one in outcomes} == {Thread}
    assert (Thread.objects.count(), Message.objects.count()) == (1, 4)


def test_answers_at_one_moment_all_stay_and_have_moments_of_their_own(world: World) -> None:
    thread = begin(world)

    crowd([partial(say, thread, user, at=AT) for user in (world.buyer, world.manager)] * (CLICKS // 2))

    moments = list(Message.objects.order_by("pk").values_list("created_at", flat=True))
    assert len(moments) == CLICKS + 1
    assert moments == sorted(set(moments))
    thread.refresh_from_db()
    assert thread.last_message_at == moments[-1]


def test_of_many_managers_one_takes_the_talk(world: World) -> None:
    thread = begin(world)
    managers = [make_manager(world.holding) for _number in range(CLICKS)]

    outcomes = crowd(
        [partial(thread_take, actor=actor_of(one), thread_id=thread.pk, at=AT) for one in managers]
    )

    assert sum(isinstance(one, Thread) for one in outcomes) == 1
    assert sum(isinstance(one, TakenByAnother) for one in outcomes) == CLICKS - 1
    assert Message.objects.filter(side=Side.SYSTEM).count() == 1
