"""Waiting for goods to come, and finding out which have."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notices import NoticeFacts, NoticeKind
from catalog.models import City, Sku
from counterparties.actor import Actor
from orders.models import ArrivalWatch
from orders.refusals import WatchesTooMany
from orders.services.watch_words import names_told, watch_digest
from portal.lib.said import said

MOST_WATCHES = 500

# What the city's warehouses can give together; a watch without a quantity is content with anything.
_COME = """
SELECT watch.id, watch.user_id, watch.city_id, watch.sku_id
  FROM orders_arrivalwatch watch
  JOIN catalog_city city ON city.id = watch.city_id AND city.is_active
  JOIN catalog_sku sku ON sku.id = watch.sku_id AND NOT sku.is_hidden
  JOIN catalog_product product ON product.id = sku.product_id AND NOT product.is_hidden
 WHERE (SELECT coalesce(sum(greatest(stock.free - stock.reserved, 0)), 0)
          FROM catalog_stock stock
          JOIN catalog_warehouse warehouse ON warehouse.id = stock.warehouse_id AND warehouse.is_active
          JOIN catalog_citywarehouse serves
               ON serves.warehouse_id = warehouse.id AND serves.city_id = watch.city_id
         WHERE stock.sku_id = watch.sku_id) >= coalesce(watch.quantity, 0.001)
 ORDER BY watch.id
   FOR UPDATE OF watch SKIP LOCKED
"""


@transaction.atomic
def arrival_watch(
    *, actor: Actor, city_id: int, sku_id: int, at: datetime, quantity: Decimal | None = None
) -> None:
    """Remember to tell the person when so much of the sku is to be had in the city.

    Asked again with another quantity it waits for that one. Without a quantity anything will do.
    Raises City.DoesNotExist, Sku.DoesNotExist (unknown or no longer sold), WatchesTooMany.
    """
    arrivals_watch(actor=actor, city_id=city_id, sku_ids=[sku_id], at=at)
    mine = ArrivalWatch.objects.visible_to(actor).filter(city_id=city_id, sku_id=sku_id)
    mine.update(quantity=quantity)


@transaction.atomic
def arrivals_watch(*, actor: Actor, city_id: int, sku_ids: Collection[int], at: datetime) -> None:
    """Wait for any quantity of many skus; those waited for already stay as they are.

    Six queries whatever their number, none for none. Raises as `arrival_watch`.
    """
    if not sku_ids:
        return
    user = User.objects.select_for_update(no_key=True).get(pk=cast(int, actor.user_id))
    city = City.objects.get(pk=city_id, is_active=True)
    wanted = set(sku_ids)
    if Sku.objects.on_sale().filter(pk__in=wanted).count() < len(wanted):
        raise Sku.DoesNotExist
    mine = ArrivalWatch.objects.filter(user=user)
    new = wanted - set(mine.filter(city=city, sku__in=wanted).values_list("sku_id", flat=True))
    if new and mine.count() + len(new) > MOST_WATCHES:
        raise WatchesTooMany(MOST_WATCHES)
    ArrivalWatch.objects.bulk_create(
        ArrivalWatch(user=user, city=city, sku_id=sku_id, created_at=at) for sku_id in sorted(new)
    )


@transaction.atomic
def arrival_unwatch(*, actor: Actor, watch_id: int) -> None:
    """Wait no more. Raises ArrivalWatch.DoesNotExist (another person's, or told meanwhile)."""
    ArrivalWatch.objects.visible_to(actor).get(pk=watch_id).delete()


@dataclass(frozen=True, slots=True)
class _Come:
    watch_id: int
    user_id: int
    city_id: int
    sku_id: int


def arrivals_met() -> list[NoticeFacts]:
    """Take out the watches whose goods have come, and say what each person is told of each city.

    In the caller's transaction: two runs at once share the work. Four queries, one where nothing came.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COME)
        come = [_Come(*row) for row in cursor.fetchall()]
    if not come:
        return []
    ArrivalWatch.objects.filter(pk__in=[one.watch_id for one in come]).delete()
    skus = Sku.objects.select_related("product").in_bulk({one.sku_id for one in come})
    cities = City.objects.in_bulk({one.city_id for one in come})
    told: dict[tuple[int, int], list[_Come]] = {}
    for one in come:
        told.setdefault((one.user_id, one.city_id), []).append(one)
    return [_facts(user_id, cities[city_id], ones, skus) for (user_id, city_id), ones in sorted(told.items())]


def _facts(user_id: int, city: City, come: Sequence[_Come], skus: Mapping[int, Sku]) -> NoticeFacts:
    goods = [skus[one.sku_id] for one in come]
    only = goods[0] if len(goods) == 1 else None
    return NoticeFacts(
        user_ids=(user_id,),
        kind=NoticeKind.GOODS_ARRIVED,
        reference=f"arrival:{watch_digest(one.watch_id for one in come)}",
        title=said(_("Поступил товар, который вы ждали"), "Goods you were waiting for have arrived"),
        text=said(
            _("В наличии ({city}): {names}"),
            "In stock ({city}): {names}",
            city=city.name,
            names=names_told([sku.name for sku in goods]),
        ),
        address=reverse("catalog:product", args=[only.product_id]) if only else reverse("orders:waited"),
    )
