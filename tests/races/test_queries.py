"""The same words looked for by many at once."""

from functools import partial

import pytest

from catalog.models import ProductClickDay, SearchQueryDay, SearchSynonym
from catalog.services.dictionary import synonym_add
from catalog.services.queries import query_cart, query_click, query_note
from tests.factories import AT, World, make_world
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_every_one_of_many_at_once_is_counted(world: World) -> None:
    note = partial(query_note, "болт", 3, AT)

    assert crowd([note] * 12) == [True] * 12

    row = SearchQueryDay.objects.get()
    assert (row.text, row.asked, row.found) == ("болт", 12, 3)


def test_clicks_and_carts_at_once_are_all_counted(world: World) -> None:
    query_note("болт", 3, AT)
    click = partial(query_click, "болт", world.skus[0].product_id, AT)
    cart = partial(query_cart, "болт", AT)

    outcomes = crowd([click, cart] * 6)

    assert [one for one in outcomes if isinstance(one, Exception)] == []
    row = SearchQueryDay.objects.get()
    assert (row.clicks, row.carts) == (6, 6)
    assert ProductClickDay.objects.get().clicks == 6


def test_same_synonym_added_at_once_is_one(world: World) -> None:
    outcomes = crowd([partial(synonym_add, phrase="болгарка", meaning="ушм")] * 8)

    assert {one.pk if isinstance(one, SearchSynonym) else one for one in outcomes} == {
        SearchSynonym.objects.get().pk
    }
