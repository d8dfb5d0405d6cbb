"""Who buys on which conditions."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, OuterRef, Subquery, When

from catalog.models import City
from counterparties.models import Contract, LegalEntity
from pricing.models import CityPriceType, ContractPricing, CurrencyRate, HoldingPricing, PriceType, Rounding
from pricing.terms import ROUBLE, PriceSource, PriceTerms

_ORDER = (PriceSource.CONTRACT, PriceSource.CLIENT, PriceSource.CITY, PriceSource.BASE)
_NO_TYPE: dict[str, Any] = {
    "pk": None,
    "name": "",
    "currency": ROUBLE,
    "is_vat_included": True,
    "rounding_step": Decimal("0.01"),
    "rounding": Rounding.HALF,
    "floor_type_id": None,
    "floor_type__currency": None,
    "rank": None,
    "rate": None,
    "floor_rate": None,
    "holding_id": None,
    "group_id": None,
}


def terms_for(
    *, contract: Contract | None, city: City | None, on: date, legal_entity: LegalEntity | None = None
) -> PriceTerms:
    """The price type of the contract, else of the client, of the city, the base one; only open ones.

    `legal_entity` names the client where there is no contract. One query; two where no price type is found.
    """
    entity_id = contract.legal_entity_id if contract else legal_entity.pk if legal_entity else None
    chosen = _price_type(contract, entity_id, city, on) or _NO_TYPE | _client(entity_id)
    floor_currency = chosen["floor_type__currency"] or ROUBLE
    return PriceTerms(
        price_type_id=chosen["pk"],
        price_type_name=chosen["name"],
        source=None if chosen["rank"] is None else _ORDER[chosen["rank"]],
        currency=chosen["currency"],
        rate=_rate(chosen["pk"], chosen["currency"], chosen["rate"]),
        is_vat_included=chosen["is_vat_included"],
        rounding_step=chosen["rounding_step"],
        rounding=chosen["rounding"],
        floor_type_id=chosen["floor_type_id"],
        floor_currency=floor_currency,
        floor_rate=_rate(chosen["floor_type_id"], floor_currency, chosen["floor_rate"]),
        contract_id=contract.pk if contract else None,
        holding_id=chosen["holding_id"],
        group_id=chosen["group_id"],
        city_id=city.pk if city else None,
        on=on,
    )


def terms_recommended(*, on: date) -> PriceTerms | None:
    """Those of the recommended retail prices, which nobody gets a discount from; one query."""
    kind = (
        PriceType.objects.filter(is_recommended=True, is_purchase=False)
        .annotate(rate=latest_rate("currency", on))
        .first()
    )
    if kind is None:
        return None
    return PriceTerms(
        price_type_id=kind.pk,
        price_type_name=kind.name,
        source=None,
        currency=kind.currency,
        rate=_rate(kind.pk, kind.currency, kind.rate),
        is_vat_included=kind.is_vat_included,
        rounding_step=kind.rounding_step,
        rounding=kind.rounding,
        floor_type_id=None,
        floor_currency=ROUBLE,
        floor_rate=None,
        contract_id=None,
        holding_id=None,
        group_id=None,
        city_id=None,
        on=on,
    )


def _price_type(
    contract: Contract | None, entity_id: int | None, city: City | None, on: date
) -> dict[str, Any] | None:
    """The price type with its place in the order and rates, the client with his group; one query."""
    this = OuterRef("pk")
    client = LegalEntity.objects.filter(pk__in=[] if entity_id is None else [entity_id])
    by_contract = ContractPricing.objects.filter(contract=contract, price_type=this)
    by_client = HoldingPricing.objects.filter(holding__legal_entities__in=client, price_type=this)
    by_city = CityPriceType.objects.filter(city=city, price_type=this)
    rank = Case(
        When(Exists(by_contract), then=0),
        When(Exists(by_client), then=1),
        When(Exists(by_city), then=2),
        When(is_base=True, then=3),
    )
    types = PriceType.objects.filter(is_open=True).annotate(
        rank=rank,
        rate=latest_rate("currency", on),
        floor_rate=latest_rate("floor_type__currency", on),
        holding_id=Subquery(client.values("holding")),
        group_id=Subquery(client.values("holding__group")),
    )
    found: dict[str, Any] | None = types.filter(rank__isnull=False).order_by("rank").values(*_NO_TYPE).first()
    return found


def latest_rate(currency: str, on: date) -> Subquery:
    """The rate of the currency that a field names, on the day; none for roubles."""
    rates = CurrencyRate.objects.filter(currency=OuterRef(currency), date__lte=on)
    return Subquery(rates.order_by("-date").values("rate")[:1])


def _rate(price_type_id: int | None, currency: str, rate: Decimal | None) -> Decimal | None:
    if price_type_id is None:
        return None
    return Decimal(1) if currency == ROUBLE else rate


def _client(entity_id: int | None) -> dict[str, int | None]:
    if entity_id is None:
        return {}
    holding_id, group_id = LegalEntity.objects.values_list("holding", "holding__group").get(pk=entity_id)
    return {"holding_id": holding_id, "group_id": group_id}
