"""One person who sends the same review from many tabs."""

from functools import partial

import pytest

from orders.models import Review
from orders.refusals import ReviewWritten
from orders.services.reviews import review_write, reviews_publish
from tests.factories import AT, World, actor_of, make_world
from tests.orders.past import make_order
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    world = make_world()
    make_order(world.buyer, world.contract, world, {world.skus[0]: 1})
    return world


def test_review_sent_eight_times_at_once_is_one(world: World) -> None:
    act = partial(
        review_write,
        actor=actor_of(world.buyer),
        product_id=world.skus[0].product_id,
        rating=5,
        text="Держит.",
        pros="",
        cons="",
        at=AT,
    )

    outcomes = crowd([act] * 8)

    assert sum(isinstance(one, Review) for one in outcomes) == 1
    assert sum(isinstance(one, ReviewWritten) for one in outcomes) == 7
    assert Review.objects.count() == 1


def test_review_published_eight_times_at_once_is_published_once(world: World) -> None:
    review = review_write(
        actor=actor_of(world.buyer),
        product_id=world.skus[0].product_id,
        rating=5,
        text="Держит.",
        pros="",
        cons="",
        at=AT,
    )
    moderator = actor_of(world.administrator)

    outcomes = crowd([partial(reviews_publish, review_ids=[review.pk], actor=moderator, at=AT)] * 8)

    assert sorted(outcomes, key=str) == [0] * 7 + [1]
