"""The quick order pad sent at the same moment from several tabs."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from catalog.index.reading import catalog_index
from catalog.masks import StockMask
from orders.models import CartLine, Pad
from orders.pad import PadWentAlready, pad_row
from orders.recognition.place import Place
from orders.services.pads import PadSent, pad_save, pad_to_cart
from tests.factories import AT, TODAY, World, actor_of, make_world
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

CLICKS = 6


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def here(world: World) -> dict[str, Any]:
    return {"actor": actor_of(world.buyer), "legal_entity_id": world.entity.pk, "seen_round": 0, "at": AT}


def test_many_clicks_at_once_fill_the_cart_once(world: World) -> None:
    place = Place(world.holding.pk, world.contract, world.city, StockMask.EXACT, TODAY)
    rows = [pad_row(world.skus[0].article, "3"), pad_row("нет такого кода", "1")]
    send = partial(pad_to_cart, **here(world), place=place, rows=rows, index=catalog_index())

    outcomes = crowd([send] * CLICKS)

    sent = [outcome for outcome in outcomes if isinstance(outcome, PadSent)]
    refused = [type(outcome) for outcome in outcomes if not isinstance(outcome, PadSent)]
    assert ([one.added for one in sent], refused) == ([1], [PadWentAlready] * (CLICKS - 1))
    assert [line.quantity for line in CartLine.objects.all()] == [Decimal(3)]
    pad = Pad.objects.get()
    assert ([row["code"] for row in pad.rows], pad.round) == (["нет такого кода"], 1)


def test_first_tabs_at_once_meet_in_one_pad(world: World) -> None:
    place = {"contract_id": world.contract.pk, "city_id": world.city.pk}
    acts = [
        partial(pad_save, **here(world), **place, rows=[pad_row(f"A-{tab}", "1")]) for tab in range(CLICKS)
    ]

    outcomes = crowd(acts)

    assert outcomes == [None] * CLICKS
    assert len(Pad.objects.get().rows) == 1
