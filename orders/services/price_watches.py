"""Waiting for a price, and finding out which have come. Prices are those of a contract in a city."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notices import NoticeFacts, NoticeKind
from catalog.models import City, Sku
from counterparties.actor import Actor
from counterparties.models import Contract, ContractState, LegalEntity
from counterparties.selectors import actor_for
from orders.models import PriceWatch
from orders.refusals import WatchesTooMany
from orders.services.watch_words import names_told, watch_digest
from portal.lib.dates import moscow_date
from portal.lib.money import format_price
from portal.lib.said import Said, said
from pricing.selectors import quotes, terms_for

MOST_PRICE_WATCHES = 500
MOST_TERMS = 200
"""Terms (a contract in a city) that one run compares: about a thousand queries; the others come next."""


@transaction.atomic
def price_watch(
    *,
    actor: Actor,
    legal_entity_id: int,
    contract_id: int | None,
    city_id: int,
    sku_id: int,
    price_below: Decimal | None,
    at: datetime,
) -> PriceWatch:
    """Tell the person when his own price falls below a sum (RUB for a base unit), None: when it changes.

    Asked again it waits for the new sum. Raises LegalEntity.DoesNotExist, Contract.DoesNotExist (not
    visible to the actor), City.DoesNotExist, Sku.DoesNotExist, WatchesTooMany.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=cast(int, actor.user_id))
    entity = LegalEntity.objects.visible_to(actor).get(pk=legal_entity_id)
    contract = None
    if contract_id is not None:
        contract = Contract.objects.filter(legal_entity=entity).get(pk=contract_id)
    city = City.objects.get(pk=city_id, is_active=True)
    sku = Sku.objects.on_sale().get(pk=sku_id)
    place = {"legal_entity": entity, "contract": contract, "city": city, "sku": sku}
    mine = PriceWatch.objects.filter(user=user)
    watch = mine.filter(**place).select_for_update().first()
    if watch is None and mine.count() >= MOST_PRICE_WATCHES:
        raise WatchesTooMany(MOST_PRICE_WATCHES)
    watch = watch or PriceWatch(user=user, created_at=at, **place)
    terms = terms_for(contract=contract, city=city, on=moscow_date(at), legal_entity=entity)
    quote = quotes(sku_ids=[sku.pk], terms=terms).get(sku.pk)
    watch.price_below, watch.price_then = price_below, quote.amount if quote else None
    watch.checked_at = at
    watch.save()
    return watch


@transaction.atomic
def price_unwatch(*, actor: Actor, watch_id: int) -> None:
    """Wait no more. Raises PriceWatch.DoesNotExist (another person's, or told meanwhile)."""
    PriceWatch.objects.visible_to(actor).get(pk=watch_id).delete()


@dataclass(frozen=True, slots=True)
class _Met:
    """A watch whose price has come; `was` is what the person knew."""

    watch: PriceWatch
    price: Decimal
    was: Decimal | None


def prices_met(*, at: datetime) -> list[NoticeFacts]:
    """Compare the watches that were compared longest ago, take out those that are met, and say what is told.

    In the caller's transaction: two runs at once share the work. Eight queries for each contract in a city.
    """
    asked = PriceWatch.objects.filter(
        Q(contract=None) | Q(contract__state=ContractState.ACTIVE),
        user__is_active=True,
        city__is_active=True,
        sku__in=Sku.objects.on_sale(),
    )
    places = asked.values_list("legal_entity_id", "contract_id", "city_id").annotate(oldest=Min("checked_at"))
    met: list[_Met] = []
    for entity_id, contract_id, city_id, _oldest in places.order_by("oldest", "legal_entity_id")[:MOST_TERMS]:
        met += _compared(asked.filter(legal_entity=entity_id, contract=contract_id, city=city_id), at)
    told, lost = _permitted(met, on=moscow_date(at))
    gone = [one.watch.pk for one in told if one.watch.price_below is not None]
    PriceWatch.objects.filter(pk__in=[*gone, *(one.watch.pk for one in lost)]).delete()
    by_user: dict[int, list[_Met]] = {}
    for one in told:
        by_user.setdefault(one.watch.user_id, []).append(one)
    return [_facts(user_id, ones) for user_id, ones in sorted(by_user.items())]


def _compared(asked: QuerySet[PriceWatch], at: datetime) -> list[_Met]:
    """Those of one contract in a city whose price is worth a letter; each remembers what it was told."""
    rows = asked.select_related("legal_entity__holding", "contract", "city", "sku__product", "user")
    watches = list(rows.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
    if not watches:
        return []
    first = watches[0]
    terms = terms_for(
        contract=first.contract, city=first.city, on=moscow_date(at), legal_entity=first.legal_entity
    )
    prices = {
        pk: quote.amount for pk, quote in quotes(sku_ids={one.sku_id for one in watches}, terms=terms).items()
    }
    met = [
        _Met(one, prices[one.sku_id], one.price_then)
        for one in watches
        if one.is_met_by(prices.get(one.sku_id))
    ]
    for found in met:
        found.watch.price_then = found.price
    for one in watches:
        one.checked_at = at
    PriceWatch.objects.bulk_update(watches, ["price_then", "checked_at"])
    return met


def _permitted(met: Sequence[_Met], *, on: date) -> tuple[list[_Met], list[_Met]]:
    """Whose terms the person may still see, and the others; one query for each person."""
    entities = {(one.watch.user_id, one.watch.legal_entity.holding_id): one.watch.user for one in met}
    reached = {
        (user_id, holding_id): actor_for(user, on=on, holding_id=holding_id)
        for (user_id, holding_id), user in entities.items()
    }
    told, lost = list[_Met](), list[_Met]()
    for one in met:
        entity = one.watch.legal_entity
        actor = reached[one.watch.user_id, entity.holding_id]
        is_his = actor.holding_id == entity.holding_id and entity.pk in actor.reachable_entity_ids
        (told if is_his else lost).append(one)
    return told, lost


def _facts(user_id: int, met: Sequence[_Met]) -> NoticeFacts:
    only = met[0].watch.sku if len(met) == 1 else None
    return NoticeFacts(
        user_ids=(user_id,),
        kind=NoticeKind.PRICE_MET,
        reference=f"price:{watch_digest((one.watch.pk, one.price) for one in met)}",
        title=said(_("Новая цена на товар, за которым вы следите"), "A new price of goods that you watch"),
        text=names_told([_told(one) for one in met]),
        address=reverse("catalog:product", args=[only.product_id]) if only else reverse("orders:waited"),
    )


def _told(met: _Met) -> Said:
    name, now = met.watch.sku.name, format_price(met.price)
    if met.was is None:
        return said(_("{name}: {now} ₽"), "{name}: {now} ₽", name=name, now=now)
    return said(
        _("{name}: {now} ₽, было {was} ₽"),
        "{name}: {now} ₽, was {was} ₽",
        name=name,
        now=now,
        was=format_price(met.was),
    )
