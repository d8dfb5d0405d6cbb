"""Random little worlds of prices, and a slow resolver written from the rules alone to check ours against."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from random import Random

from catalog.models import Brand, City, Product, Section, Sku
from counterparties.models import ClientGroup, Contract, Holding
from pricing.models import (
    ContractPricing,
    CurrencyRate,
    DiscountRule,
    HoldingPricing,
    IndividualPrice,
    Price,
    PriceType,
    Rounding,
)
from tests.catalog.samples import make_section
from tests.factories import (
    TODAY,
    make_city,
    make_contract,
    make_legal_entity,
    make_price_type,
    make_product,
    make_sku,
)
from tests.pricing.samples import make_agreed, make_rate, make_rule, make_step

QUANTITIES = [Decimal(text) for text in ("0", "0.5", "1", "5", "10", "12.5")]
AMOUNTS = ["0", "0.0001", "0.3", "9.99", "33.3333", "100", "101.5", "250.0001", "99999999999999.9999"]
PERCENTS = ["0.01", "5", "7.77", "10", "10", "33.33", "99.99"]
STEPS = ["0.0001", "0.01", "0.05", "0.5", "1", "10", "3.33"]
DATES = [None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)]


@dataclass(frozen=True)
class PriceWorld:
    skus: tuple[Sku, ...]
    contracts: tuple[Contract, ...]
    cities: tuple[City, ...]
    types: tuple[PriceType, ...]

    def places(self) -> Iterable[tuple[Contract | None, City, date]]:
        """Everybody who may ask, and when."""
        for contract in (*self.contracts, None):
            for city in self.cities:
                yield contract, city, TODAY


def make_price_world(chance: Random) -> PriceWorld:
    types = _types(chance)
    cities = tuple(make_city(f"Город {number}", price_type=chance.choice(types[:3])) for number in range(2))
    groups = [ClientGroup.objects.create(name=f"Группа {number}") for number in range(2)]
    contracts = tuple(_contract(chance, types, groups, cities[0]) for _number in range(2))
    sections = _sections(chance)
    brands = [Brand.objects.create(name=name, normalized_name=name) for name in ("Альфа", "Бета")]
    skus = tuple(sku for _number in range(3) for sku in _goods(chance, brands, sections))
    for sku in skus:
        _prices(chance, sku, types, contracts)
    for _number in range(chance.randint(0, 7)):
        _rule(chance, skus, brands, sections, groups, contracts, cities)
    return PriceWorld(  # as they are now: the rows at hand remember what was before
        skus=tuple(Sku.objects.select_related("product").order_by("pk")),
        contracts=tuple(Contract.objects.order_by("pk")),
        cities=cities,
        types=types,
    )


def _types(chance: Random) -> tuple[PriceType, ...]:
    """Roubles, dollars, another in roubles; closed ones in roubles and in euros, which may have no rate."""
    types = (
        make_price_type("Оптовая"),
        make_price_type("Оптовая в долларах", currency="USD"),
        make_price_type("Розничная", is_open=chance.random() < 0.8),
        make_price_type("Закупочная", is_open=False),
        make_price_type("Закупочная в евро", is_open=False, currency="EUR"),
    )
    for price_type in types[:3]:
        price_type.rounding_step = Decimal(chance.choice(STEPS))
        price_type.rounding = chance.choice(list(Rounding))
        price_type.floor_type = chance.choice([None, None, *types[3:]])
        price_type.save()
    base = chance.choice([*types[:3], None])
    if base:
        PriceType.objects.filter(pk=base.pk).update(is_base=True)
    for currency, usual in (("USD", 0.9), ("EUR", 0.7)):
        if chance.random() < usual:
            make_rate(chance.choice(["0.000001", "80.5", "81.123456", "999999.999999"]), currency)
            make_rate(chance.choice(["79", "80.123457"]), currency, chance.choice(DATES[1:]))
    return types


def _contract(
    chance: Random, types: tuple[PriceType, ...], groups: list[ClientGroup], city: City
) -> Contract:
    entity = make_legal_entity()
    Holding.objects.filter(pk=entity.holding_id).update(group=chance.choice([None, *groups]))
    if chance.random() < 0.4:
        HoldingPricing.objects.create(holding_id=entity.holding_id, price_type=chance.choice(types[:4]))
    contract = make_contract(entity)
    if chance.random() < 0.5:
        ContractPricing.objects.create(contract=contract, price_type=chance.choice(types[:4]))
    return contract


def _sections(chance: Random) -> list[Section]:
    """A tree three deep, one place of it perhaps hidden, and another tree."""
    top = make_section("Верх")
    middle = make_section("Середина", parent=top, is_hidden=chance.random() < 0.3)
    return [top, middle, make_section("Низ", parent=middle), make_section("Другое")]


def _goods(chance: Random, brands: list[Brand], sections: list[Section]) -> list[Sku]:
    product = make_product()
    Product.objects.filter(pk=product.pk).update(brand=chance.choice([None, *brands]))
    product.sections.set(chance.sample(sections, chance.randint(0, 2)))
    colours = chance.choice([[""], ["", "синий"], ["", "синий", "белый"], ["синий", "белый"]])
    return [make_sku(product=product, characteristic=colour, price=None) for colour in colours]


def _prices(chance: Random, sku: Sku, types: tuple[PriceType, ...], contracts: tuple[Contract, ...]) -> None:
    for price_type in types:
        if chance.random() < 0.75:
            for quantity in chance.sample(QUANTITIES, chance.randint(1, 3)):
                make_step(sku, price_type, quantity, chance.choice(AMOUNTS))
    for contract in contracts:
        if chance.random() < 0.3:
            first, last = _period(chance)
            amount = chance.choice(AMOUNTS[1:])
            make_agreed(
                contract, sku, amount, quantity=chance.choice(QUANTITIES), valid_from=first, valid_until=last
            )


def _rule(
    chance: Random,
    skus: tuple[Sku, ...],
    brands: list[Brand],
    sections: list[Section],
    groups: list[ClientGroup],
    contracts: tuple[Contract, ...],
    cities: tuple[City, ...],
) -> None:
    first, last = _period(chance)
    some = chance.random
    make_rule(
        chance.choice(PERCENTS),
        section=chance.choice(sections) if some() < 0.4 else None,
        brand=chance.choice(brands) if some() < 0.25 else None,
        sku=chance.choice(skus) if some() < 0.25 else None,
        group=chance.choice(groups) if some() < 0.2 else None,
        holding=chance.choice(contracts).legal_entity.holding if some() < 0.2 else None,
        contract=chance.choice(contracts) if some() < 0.2 else None,
        city=chance.choice(cities) if some() < 0.2 else None,
        minimum_quantity=chance.choice(QUANTITIES) if some() < 0.5 else 0,
        valid_from=first,
        valid_until=last,
        priority=chance.randint(0, 2),
        is_active=some() < 0.9,
    )


def _period(chance: Random) -> tuple[date | None, date | None]:
    first, last = chance.choice(DATES), chance.choice(DATES)
    return (first, last) if first is None or last is None or first <= last else (last, first)


def change(chance: Random, world: PriceWorld) -> None:
    """Do one of the things that people and 1C do to prices, past every service."""
    sku = chance.choice(world.skus)
    price = chance.choice(list(Price.objects.order_by("pk")) or [None])
    rule = chance.choice(list(DiscountRule.objects.order_by("pk")) or [None])
    section = chance.choice(list(Section.objects.order_by("pk")))
    match chance.randint(0, 8):
        case 0 if price:
            Price.objects.filter(pk=price.pk).update(amount=Decimal(chance.choice(AMOUNTS)))
        case 1 if price:
            Price.objects.filter(sku=price.sku_id).delete()
        case 2:
            make_sku(product=sku.product, characteristic="зеленый", price=None)
        case 3 if rule:
            DiscountRule.objects.filter(pk=rule.pk).update(percent=Decimal(chance.choice(PERCENTS)))
        case 4 if rule:
            rule.delete()
        case 5:
            sku.product.sections.set([section])
        case 6:
            Section.objects.filter(pk=section.pk).update(parent=None, is_hidden=not section.is_hidden)
        case 7:
            Product.objects.filter(pk=sku.product_id).update(brand=Brand.objects.order_by("?").first())
        case _:
            IndividualPrice.objects.update_or_create(
                contract=chance.choice(world.contracts),
                sku=sku,
                minimum_quantity=chance.choice(QUANTITIES),
                valid_from=TODAY,
                defaults={"amount": Decimal(55)},
            )


# --- the slow resolver: one sku, fractions, a query for everything ----------------------------------
def slow_price(
    sku: Sku, quantity: Decimal, *, contract: Contract | None, city: City | None, on: date
) -> Fraction | None:
    """The price by the rules of the trade; None is on request."""
    agreed = IndividualPrice.objects.filter(contract=contract, sku=sku, minimum_quantity__lte=quantity)
    in_force = [one for one in agreed if _is_on(one.valid_from, one.valid_until, on)]
    if in_force and contract is not None:
        latest = max(in_force, key=lambda one: (one.minimum_quantity, one.valid_from or date.min, one.pk))
        return Fraction(latest.amount)
    price_type = slow_price_type(contract, city)
    if price_type is None or (rate := _rate(price_type, on)) is None:
        return None
    amount = _amount(sku, price_type, quantity)
    if not amount or amount * rate >= 10**14:
        return None
    percent = _percent(sku, quantity, contract, city, on)
    return _computed(sku, quantity, price_type, amount * rate, percent, on)


def slow_price_type(contract: Contract | None, city: City | None) -> PriceType | None:
    candidates = []
    if contract is not None:
        candidates += [one.price_type for one in ContractPricing.objects.filter(contract=contract)]
        holding = contract.legal_entity.holding
        candidates += [one.price_type for one in HoldingPricing.objects.filter(holding=holding)]
    if city is not None:
        candidates.append(city.pricing.price_type)
    candidates += PriceType.objects.filter(is_base=True)
    return next((one for one in candidates if one.is_open), None)


def _computed(
    sku: Sku, quantity: Decimal, price_type: PriceType, exact: Fraction, percent: Fraction, on: date
) -> Fraction:
    step, is_up = Fraction(price_type.rounding_step), price_type.rounding == Rounding.UP
    listed = exact if price_type.currency == "RUB" else _rounded(exact, step, is_up)
    if not percent:
        return listed
    lowest = Fraction(0)
    if price_type.floor_type is not None:
        rate = _rate(price_type.floor_type, on)
        if rate is None:
            return listed
        lowest = min(exact, _in_bounds(_amount(sku, price_type.floor_type, quantity) * rate))
    result = _rounded(max(exact * (100 - percent) / 100, lowest), step, is_up)
    if result < lowest:
        result = _rounded(lowest, step, is_up=True)
    return min(result, listed)


def _in_bounds(amount: Fraction) -> Fraction:
    return amount if amount < 10**14 else Fraction(0)


def _rounded(exact: Fraction, step: Fraction, is_up: bool) -> Fraction:
    steps = ceil(exact / step) if is_up else floor(exact / step + Fraction(1, 2))
    return max(steps, 1) * step


def _amount(sku: Sku, price_type: PriceType, quantity: Decimal) -> Fraction:
    rows = Price.objects.filter(price_type=price_type, minimum_quantity__lte=quantity)
    own = rows.filter(sku=sku).order_by("-minimum_quantity").first()
    if own is None and sku.characteristic:
        base = Sku.objects.filter(product=sku.product_id, characteristic="").first()
        own = rows.filter(sku=base).order_by("-minimum_quantity").first()
    return Fraction(own.amount) if own else Fraction(0)


def _rate(price_type: PriceType, on: date) -> Fraction | None:
    if price_type.currency == "RUB":
        return Fraction(1)
    rates = CurrencyRate.objects.filter(currency=price_type.currency, date__lte=on)
    latest = rates.order_by("-date").first()
    return Fraction(latest.rate) if latest else None


def _percent(sku: Sku, quantity: Decimal, contract: Contract | None, city: City | None, on: date) -> Fraction:
    met = [
        rule
        for rule in DiscountRule.objects.all()
        if rule.is_active
        and _is_on(rule.valid_from, rule.valid_until, on)
        and rule.minimum_quantity <= quantity
        and _is_client_met(rule, contract, city)
        and _are_goods_met(rule, sku)
    ]
    best = max(met, key=lambda rule: (rule.priority, rule.percent, -rule.pk), default=None)
    return Fraction(best.percent) if best else Fraction(0)


def _is_client_met(rule: DiscountRule, contract: Contract | None, city: City | None) -> bool:
    holding = contract.legal_entity.holding if contract else None
    return (
        rule.contract in {None, contract}
        and rule.holding in {None, holding}
        and rule.group in {None, holding.group if holding else None}
        and rule.city in {None, city}
    )


def _are_goods_met(rule: DiscountRule, sku: Sku) -> bool:
    above: set[Section | None] = {None}
    for section in sku.product.sections.all():
        place: Section | None = section
        while place is not None:
            above.add(place)
            place = place.parent
    return rule.sku in {None, sku} and rule.brand in {None, sku.product.brand} and rule.section in above


def _is_on(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)
