"""Rows of one upload, and one code, from several hands at the same moment."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from orders.models import CartLine, ClientCode, CodeSource, Upload
from orders.refusals import CodeTaken, UploadChanged
from orders.services.codes import code_restore, codes_remember
from orders.services.upload_carts import upload_put, upload_save
from tests.factories import AT, World, actor_of, make_cart, make_upload, make_world
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

CLICKS = 8


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def putting(world: World, upload: Upload, act: Callable[..., Any], **how: Any) -> Callable[[], Any]:
    return partial(act, actor=actor_of(world.buyer), upload_uid=str(upload.uid), seen_round=0, at=AT, **how)


def test_many_clicks_at_once_put_an_upload_once(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city)
    upload = make_upload(world.buyer, cart, world.skus[0])
    acts = [
        putting(world, upload, upload_put, cart_id=None, is_replacing=False),
        putting(world, upload, upload_save, name="Ноябрь"),
    ]

    outcomes = crowd(acts * (CLICKS // 2))

    refused = [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)]
    assert refused == [UploadChanged] * (CLICKS - 1)
    assert [int(line.quantity) for line in CartLine.objects.all()] == [1]
    assert Upload.objects.get().round == 1


def test_code_that_many_teach_at_once_means_one_good(world: World) -> None:
    people = (world.buyer, world.head)
    acts = [
        partial(
            codes_remember,
            actor=actor_of(people[number % 2]),
            codes={"Б-1": world.skus[number % 3].pk},
            source=CodeSource.HAND,
            at=AT,
        )
        for number in range(CLICKS)
    ]

    outcomes = crowd(acts)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert ClientCode.objects.in_use().count() == 1


def test_two_codes_put_back_at_once_are_one(world: World) -> None:
    codes = [
        ClientCode.objects.create(
            holding=world.holding, code="Б-1", key="б1", sku=sku, source=CodeSource.HAND, removed_at=AT
        )
        for sku in world.skus
    ]
    acts = [partial(code_restore, actor=actor_of(world.buyer), code_id=code.pk) for code in codes]

    outcomes = crowd(acts)

    refused = [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)]
    assert refused == [CodeTaken] * 2
    assert ClientCode.objects.in_use().count() == 1
