"""Typed quantities that go to the cart at the same moment."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from orders.models import CartLine, Pick, PickSheet
from orders.refusals import PicksWentAlready
from orders.services.picks import picks_set, picks_to_cart
from tests.factories import AT, World, actor_of, make_world
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

CLICKS = 8


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def here(world: World) -> dict[str, Any]:
    return {
        "actor": actor_of(world.buyer),
        "legal_entity_id": world.entity.pk,
        "contract_id": world.contract.pk,
        "city_id": world.city.pk,
        "seen_round": 0,
        "at": AT,
    }


def sending(world: World) -> Callable[[], Any]:
    """What one click without scripts does: keep the page's quantities, then put all into the cart."""

    def send() -> Any:
        picks_set(**here(world), quantities={world.skus[0].pk: Decimal(3)})
        return picks_to_cart(**here(world))

    return send


def test_many_clicks_at_once_fill_the_cart_once(world: World) -> None:
    outcomes = crowd([sending(world) for _click in range(CLICKS)])

    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [type(outcome) for outcome in refused] == [PicksWentAlready] * (CLICKS - 1)
    assert [int(line.quantity) for line in CartLine.objects.all()] == [3]
    assert (Pick.objects.count(), PickSheet.objects.get().round) == (0, 1)


def test_first_batches_at_once_meet_in_one_sheet(world: World) -> None:
    acts = [
        partial(picks_set, **here(world), quantities={sku.pk: Decimal(number)})
        for number, sku in enumerate(world.skus, start=1)
    ]

    outcomes = crowd(acts * 2)

    assert outcomes == [{}] * len(outcomes)
    assert sorted(int(pick.quantity) for pick in PickSheet.objects.get().picks.all()) == [1, 2, 3]
