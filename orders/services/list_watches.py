"""Waiting for what comes into a list of the catalogue, and finding out what has."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from pyroaring import BitMap

from accounts.models import User
from accounts.notices import NoticeFacts, NoticeKind
from catalog.index.reading import Index, catalog_index
from catalog.models import City, Sku
from counterparties.actor import Actor
from counterparties.models import Contract, ContractState, LegalEntity
from counterparties.selectors import actor_for
from orders.english import LIST_NEWS
from orders.models import ListWatch, ListWatchKind
from orders.refusals import ListWatchesTooMany
from orders.selectors.list_watches import list_goods
from orders.services.watch_words import MOST_NAMED, names_told, watch_digest
from portal.lib.dates import moscow_date
from portal.lib.said import Said, said
from pricing.kept import terms_kept

MOST_LIST_WATCHES = 50
MOST_LISTS = 100
"""Lists that one run looks through; those that were looked at longest ago come first."""


@transaction.atomic
def list_watch(
    *,
    actor: Actor,
    legal_entity_id: int,
    contract_id: int | None,
    city_id: int,
    kind: ListWatchKind,
    name: str,
    address: str,
    asked: Mapping[str, Any],
    at: datetime,
) -> ListWatch:
    """Tell the person what comes into a list from now on; `asked` is as `list_goods` has it. Idempotent.

    `address` is a path of the portal that shows the list. Raises LegalEntity.DoesNotExist,
    Contract.DoesNotExist, City.DoesNotExist, ListWatchesTooMany.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=cast(int, actor.user_id))
    entity = LegalEntity.objects.visible_to(actor).select_related("holding").get(pk=legal_entity_id)
    contract = None
    if contract_id is not None:
        contract = Contract.objects.select_related("legal_entity").get(
            pk=contract_id, legal_entity_id=entity.pk
        )
    city = City.objects.get(pk=city_id, is_active=True)
    told = json.dumps([kind.value, asked], sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(told.encode()).hexdigest()
    place = {"user": user, "legal_entity": entity, "contract": contract, "city": city, "digest": digest}
    known = ListWatch.objects.filter(**place).first()
    if known is not None:
        return known
    if ListWatch.objects.filter(user=user).count() >= MOST_LIST_WATCHES:
        raise ListWatchesTooMany(MOST_LIST_WATCHES)
    watch = ListWatch(
        **place, kind=kind, name=name[:120], address=address, asked=dict(asked), created_at=at, checked_at=at
    )
    watch.known = _goods(catalog_index(), watch, at).serialize()
    watch.save()
    return watch


@transaction.atomic
def list_unwatch(*, actor: Actor, watch_id: int) -> None:
    """Wait no more. Raises ListWatch.DoesNotExist (another person's)."""
    ListWatch.objects.visible_to(actor).get(pk=watch_id).delete()


def lists_met(*, at: datetime) -> list[NoticeFacts]:
    """Look through the lists that were looked at longest ago, and say what has come into them.

    In the caller's transaction: two runs at once share the work. Nothing is said while there is no index.
    """
    index = catalog_index()
    if not index.size:
        return []
    asked = ListWatch.objects.filter(
        Q(contract=None) | Q(contract__state=ContractState.ACTIVE), user__is_active=True, city__is_active=True
    ).select_related("user", "legal_entity__holding", "contract__legal_entity", "city")
    rows = asked.select_for_update(of=("self",), skip_locked=True).order_by("checked_at", "pk")
    watches = list(rows[:MOST_LISTS])
    news: list[tuple[ListWatch, BitMap]] = []
    for watch in watches:
        goods, known = _goods(index, watch, at), BitMap.deserialize(bytes(watch.known))
        if new := goods - known:
            news.append((watch, new))
        watch.checked_at = at
        watch.known = (goods if watch.kind == ListWatchKind.STOCK else goods | known).serialize()
    ListWatch.objects.bulk_update(watches, ["known", "checked_at"])
    return [_facts(watch, new) for watch, new in news if _is_his(watch, at)]


def _goods(index: Index, watch: ListWatch, at: datetime) -> BitMap:
    terms = terms_kept(
        index,
        contract=watch.contract,
        city=watch.city,
        on=moscow_date(at),
        legal_entity=watch.legal_entity,
    )
    return list_goods(index, watch.asked, kind=watch.kind, city=watch.city, terms=terms)


def _is_his(watch: ListWatch, at: datetime) -> bool:
    """Whether the person may still act on these terms."""
    actor = actor_for(watch.user, on=moscow_date(at), holding_id=watch.legal_entity.holding_id)
    return (
        actor.holding_id == watch.legal_entity.holding_id
        and watch.legal_entity_id in actor.reachable_entity_ids
    )


def _facts(watch: ListWatch, new: BitMap) -> NoticeFacts:
    ids = sorted(new)
    named = Sku.objects.select_related("product").filter(pk__in=ids[:MOST_NAMED]).order_by("pk")
    return NoticeFacts(
        user_ids=(watch.user_id,),
        kind=NoticeKind.LIST_NEWS,
        reference=f"list:{watch.pk}:{watch_digest(ids)}",
        title=said(
            _("«{name}»: {what}"),
            "“{name}”: {what}",
            name=watch.name,
            what=Said(watch.get_kind_display(), LIST_NEWS[ListWatchKind(watch.kind)]),
        ),
        text=names_told([sku.name for sku in named], count=len(ids)),
        address=watch.address or reverse("orders:waited"),
    )
