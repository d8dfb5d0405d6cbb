"""Suite S5 at its figures: fifty keys, each sixteen times at once."""

import pytest

from catalog.models import Stock
from orders.models import Order
from tests.factories import make_world
from tests.races.sending_race import sent_at_once, told

pytestmark = [pytest.mark.sweep, pytest.mark.django_db(transaction=True)]

KEYS = 50


def test_fifty_keys_make_fifty_orders(transactional_db: None) -> None:
    world = make_world()
    Stock.objects.update(free=1000)

    answers = sent_at_once(world, keys=KEYS)

    assert Order.objects.count() == KEYS
    assert [len({told(one) for one in each}) for each in answers] == [1] * KEYS
