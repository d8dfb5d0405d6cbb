"""What a buyer of the invented company waits for: some of it has come, some has not."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from catalog.index.reading import catalog_index
from catalog.models import ClassifierKind, Section, Sku
from integrations.demo.buyers import Buyer, buyer_of, goods_sold, least_quantity
from integrations.demo.gathering import BUYER
from orders.models import ArrivalWatch, ListWatchKind, PriceWatch
from orders.services.arrivals import arrival_watch
from orders.services.list_watches import list_watch
from orders.services.price_watches import price_watch
from orders.services.watch_runs import watches_tell
from portal.lib.dates import moscow_date
from portal.lib.money import q2
from pricing.models import IndividualPrice
from pricing.selectors import quotes, terms_for

_ASKED_AGO: Final = timedelta(days=6)
_GOODS, _TIMES, _ABSENT = 6, 2, 3
_AGREED_SHARE, _HOPED_SHARE = Decimal("0.94"), Decimal("0.9")
_LIST: Final = "Автоматические выключатели"


@transaction.atomic
def watches_fill() -> None:
    """Wait, then look whether it has come; nothing where anybody waits already."""
    now = timezone.now()
    if ArrivalWatch.objects.exists() or PriceWatch.objects.exists():
        return
    buyer = buyer_of(BUYER, now)
    then, day = now - _ASKED_AGO, moscow_date(now)
    sold = goods_sold(buyer, on=day, times=_TIMES)[:_GOODS]
    absent = Sku.objects.on_sale().exclude(stocks__free__gt=0).select_related("product").order_by("pk")
    for sku in [*sold[:1], *absent[:_ABSENT]]:
        arrival_watch(
            actor=buyer.actor,
            city_id=buyer.city.pk,
            sku_id=sku.pk,
            quantity=least_quantity(sku) * _TIMES,
            at=then,
        )
    prices = quotes(
        sku_ids=[sku.pk for sku in sold], terms=terms_for(contract=buyer.contract, city=buyer.city, on=day)
    )
    for place, sku in enumerate(sold[1:]):
        below = None if place == 0 else q2(prices[sku.pk].amount * _HOPED_SHARE)
        price_watch(**_place(buyer), sku_id=sku.pk, price_below=below, at=then)
        if place == 0:
            IndividualPrice.objects.create(
                contract=buyer.contract,
                sku=sku,
                amount=q2(prices[sku.pk].amount * _AGREED_SHARE),
                valid_from=day,
            )
    section = Section.objects.filter(name=_LIST, classifier__kind=ClassifierKind.ERP).first()
    if section is not None and catalog_index().size:  # all that a list holds would look new to an empty one
        list_watch(
            **_place(buyer),
            kind=ListWatchKind.NEW,
            name=section.name,
            address=reverse("catalog:section", args=[section.pk]),
            asked={"section": section.pk},
            at=then,
        )
    watches_tell(at=now)


def _place(buyer: Buyer) -> dict[str, Any]:
    return {
        "actor": buyer.actor,
        "legal_entity_id": buyer.contract.legal_entity_id,
        "contract_id": buyer.contract.pk,
        "city_id": buyer.city.pk,
    }
