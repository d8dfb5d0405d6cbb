"""Two counts at once of how orders were served: what the later one saw stays."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection

from orders.models import Order, OrderLine, OrderServed
from orders.services.served import served_count
from tests.factories import AT, TODAY, World, make_world
from tests.orders.purchases import bought
from tests.processes import wait_for
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

EVENING = AT.replace(hour=23)
_ASKED, _SENT = Decimal(40), Decimal(10)


@pytest.fixture
def order(transactional_db: None) -> Order:
    world: World = make_world()
    return bought(world, TODAY, {world.skus[0]: 4}, price="10", state="completed", confirmed_at=AT)


class Count:
    """A count that takes three seconds between looking and writing, or one that takes no lock."""

    def __init__(self, *, is_slow: bool, is_locked: bool) -> None:
        self.is_slow, self.is_locked = is_slow, is_locked

    def __call__(self, at: datetime) -> int:
        with connection.execute_wrapper(self._execute):
            return served_count(at=at)

    def _execute(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("LOCK TABLE") and not self.is_locked:
            return None
        if self.is_slow:
            sql = sql.replace("\nON CONFLICT", " CROSS JOIN (SELECT pg_sleep(3)) AS slept\nON CONFLICT")
        return execute(sql, params, many, context)


def is_asleep() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
        )
        return cursor.fetchone() is not None


def counted_while_an_order_changes(order: Order, *, is_locked: bool) -> list[int | Exception]:
    """The first count has looked when the order shrinks; the second begins after that."""

    def later() -> int:
        wait_for(is_asleep)
        OrderLine.objects.filter(part__order=order).update(quantity=1, quantity_before=4)
        return Count(is_slow=False, is_locked=is_locked)(EVENING)

    return crowd([partial(Count(is_slow=True, is_locked=is_locked), EVENING), later])


def told() -> list[tuple[Decimal, Decimal]]:
    return list(OrderServed.objects.values_list("asked", "sent"))


def test_later_count_has_the_last_word(order: Order) -> None:
    outcomes = counted_while_an_order_changes(order, is_locked=True)

    assert outcomes == [1, 1]
    assert told() == [(_ASKED, _SENT)]


def test_earlier_count_has_the_last_word_without_the_lock(order: Order) -> None:
    """Negative control: the test above can fail."""
    counted_while_an_order_changes(order, is_locked=False)

    assert told() == [(_ASKED, _ASKED)]
