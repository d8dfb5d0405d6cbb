"""Telling people that goods they wait for have come."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import cast

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notices import NoticeKind
from accounts.selectors.notices import is_mailed
from accounts.services.letters import letters_send
from accounts.services.notices import notice_send
from catalog.models import City, Sku, Stock
from counterparties.actor import Actor
from orders.events import GoodsArrived
from orders.models import ArrivalWatch
from orders.refusals import WatchesTooMany
from portal.lib.dates import moscow_date
from portal.outbox import publish

MOST_WATCHES = 500
_MOST_LINES = 50


@transaction.atomic
def arrival_watch(*, actor: Actor, city_id: int, sku_id: int, at: datetime) -> None:
    """Remember to tell the person when the sku is to be had in the city. Idempotent.

    Raises City.DoesNotExist, Sku.DoesNotExist (unknown or no longer sold), WatchesTooMany.
    """
    arrivals_watch(actor=actor, city_id=city_id, sku_ids=[sku_id], at=at)


@transaction.atomic
def arrivals_watch(*, actor: Actor, city_id: int, sku_ids: Collection[int], at: datetime) -> None:
    """The same of many skus; six queries whatever their number, none for none. Raises as `arrival_watch`."""
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


@transaction.atomic
def arrivals_tell(*, at: datetime) -> int:
    """Publish for each person and city what has come, and forget that they waited; return how many watches.

    Three statements, and those of the outbox. Two runs at once share the work.
    """
    arrived = ArrivalWatch.objects.filter(
        Exists(
            Stock.objects.filter(
                sku=OuterRef("sku"),
                warehouse__is_active=True,
                warehouse__serves__city=OuterRef("city"),
                free__gt=F("reserved"),
            )
        ),
        sku__in=Sku.objects.on_sale(),
        city__is_active=True,
    )
    rows = arrived.order_by("pk").select_for_update(of=("self",), skip_locked=True)
    watches = list(rows.values_list("pk", "user_id", "city_id", "sku_id"))
    come: dict[tuple[int, int], list[int]] = {}
    for _pk, user_id, city_id, sku_id in watches:
        come.setdefault((user_id, city_id), []).append(sku_id)
    publish(
        *(
            GoodsArrived(user_id=user_id, city_id=city_id, sku_ids=tuple(sku_ids), at=at)
            for (user_id, city_id), sku_ids in come.items()
        )
    )
    ArrivalWatch.objects.filter(pk__in=[pk for pk, *_rest in watches]).delete()
    return len(watches)


def arrival_mail(*, user_id: int, city_id: int, sku_ids: Collection[int], at: datetime, key: str) -> int:
    """Tell a person what has come; return the number of letters.

    One who wants no such letters finds it in the inbox. `at` is when it came.
    """
    user, city = User.objects.filter(pk=user_id).first(), City.objects.filter(pk=city_id).first()
    skus = Sku.objects.on_sale().filter(pk__in=sku_ids).select_related("product").order_by("pk")
    goods = [
        (sku.name, settings.SITE_URL + reverse("catalog:product", args=[sku.product_id])) for sku in skus
    ]
    if user is None or city is None or not user.is_active or not goods:
        return 0
    if not is_mailed(user_id=user.pk, kind=NoticeKind.GOODS_ARRIVED, at=at):
        names = ", ".join(name for name, _address in goods)
        notice_send(
            user_ids=[user.pk],
            kind=NoticeKind.GOODS_ARRIVED,
            reference=f"arrival:{hashlib.sha256(key.encode()).hexdigest()[:16]}",
            day=moscow_date(at),
            title=_("Поступил товар, который вы ждали"),
            text=_("В наличии ({city}): {names}").format(city=city.name, names=names),
            address=reverse("catalog:product", args=[skus[0].product_id]),
            at=at,
        )
        return 0
    return letters_send(
        key=key,
        to=[user.email],
        letter="goods_arrived",
        context={
            "city": city.name,
            "goods": goods[:_MOST_LINES],
            "more": max(len(goods) - _MOST_LINES, 0),
        },
        kinds=[NoticeKind.GOODS_ARRIVED],
    )
