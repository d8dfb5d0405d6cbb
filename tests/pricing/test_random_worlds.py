"""Random little worlds: every way to a price tells the same one, to the last digit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from django.db import transaction
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.index.reading import catalog_index, forget_index
from catalog.models import City, Sku
from catalog.web.asked import ask
from catalog.web.choice import Choice
from counterparties.models import Contract
from pricing.arithmetic import from_units
from pricing.index import effective_prices
from pricing.kept import conditions_kept, terms_kept
from pricing.selectors import facts_for, price_explained, price_ladder, quotes, quotes_of
from pricing.terms import PriceTerms
from tests.factories import make_stock, make_warehouse
from tests.pricing.samples import terms_of
from tests.pricing.worlds import QUANTITIES, PriceWorld, change, make_price_world, slow_price, slow_price_type

pytestmark = pytest.mark.django_db

seeds = given(seed=st.integers(min_value=0, max_value=10**6))
some = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def world_of(chance: Random) -> Iterator[PriceWorld]:
    with transaction.atomic():
        yield make_price_world(chance)
        transaction.set_rollback(True)


@some
@seeds
def test_quotes_are_what_the_rules_say(seed: int) -> None:
    chance = Random(seed)
    with world_of(chance) as world:
        for contract, city, on in world.places():
            terms = terms_of(contract, city, on)
            quantities = {sku.pk: chance.choice(QUANTITIES) for sku in world.skus}

            found = quotes(sku_ids=quantities, terms=terms, quantities=quantities)

            chosen = slow_price_type(contract, city)
            assert terms.price_type_id == (chosen.pk if chosen else None)
            assert {pk: Fraction(quote.amount) for pk, quote in found.items()} == {
                sku.pk: price
                for sku in world.skus
                if (price := slow_price(sku, quantities[sku.pk], contract=contract, city=city, on=on))
            }


@some
@seeds
def test_explanation_and_ladder_tell_what_quotes_tell(seed: int) -> None:
    chance = Random(seed)
    with world_of(chance) as world:
        contract, city, on = chance.choice(list(world.places()))
        terms = terms_of(contract, city, on)
        for sku in world.skus:
            ladder = price_ladder(sku_id=sku.pk, terms=terms)
            for quantity in [quantity for quantity in QUANTITIES if quantity >= 1]:
                quote = quotes(sku_ids=[sku.pk], terms=terms, quantities={sku.pk: quantity}).get(sku.pk)

                explanation = price_explained(sku_id=sku.pk, terms=terms, quantity=quantity)

                reached = [step.quote for step in ladder if step.from_quantity <= quantity]
                told = reached[-1] if reached else None
                assert explanation.result == quote
                assert (told and told.amount) == (quote and quote.amount)
            amounts = [step.quote and step.quote.amount for step in ladder]
            assert all(before != after for before, after in pairwise(amounts))
            assert [step.from_quantity for step in ladder] == sorted(step.from_quantity for step in ladder)


@some
@seeds
def test_a_discount_never_raises_a_price_nor_passes_the_floor(seed: int) -> None:
    chance = Random(seed)
    with world_of(chance) as world:
        contract, city, on = chance.choice(list(world.places()))
        terms = terms_of(contract, city, on)

        for sku in world.skus:
            price = price_explained(sku_id=sku.pk, terms=terms, quantity=Decimal(5)).price

            assert price.computed <= price.listed
            floor = price.floor.units * (terms.floor_rate or 0) if price.floor else 0
            assert price.computed >= min(price.listed, floor if floor < 10**18 else 0)


@some
@seeds
def test_prices_of_the_index_are_quotes(seed: int) -> None:
    """Also after random changes, which the index hears of by its triggers only."""
    chance = Random(seed)
    with world_of(chance) as world:
        forget_index()
        for _number in range(3):
            index = catalog_index()
            for contract, city, on in world.places():
                terms = terms_of(contract, city, on)

                units = effective_prices(index, terms)

                told = zip(index.sku_ids(np.arange(index.size)), units.tolist(), strict=True)
                found = quotes(sku_ids=Sku.objects.values_list("pk", flat=True), terms=terms)
                assert {pk: from_units(price) for pk, price in told if price} == {
                    pk: quote.amount for pk, quote in found.items()
                }
            change(chance, world)
    forget_index()


@some
@seeds
def test_prices_by_terms_and_discounts_that_are_kept_are_quotes(seed: int) -> None:
    """Also after random changes: what is kept is dropped with the first of them."""
    chance = Random(seed)
    with world_of(chance) as world:
        forget_index()
        for _number in range(3):
            index = catalog_index()
            for known, city, on in world.places():
                contract = known and Contract.objects.select_related("legal_entity__holding").get(pk=known.pk)
                entity = contract and contract.legal_entity
                quantities = {sku.pk: chance.choice(QUANTITIES) for sku in world.skus}

                terms = terms_kept(index, contract=contract, city=city, on=on, legal_entity=entity)
                facts = facts_for(quantities, terms, conditions_kept(index, terms))

                assert terms == terms_of(contract, city, on)
                assert quotes_of(facts, quantities) == quotes(
                    sku_ids=quantities, terms=terms, quantities=quantities
                )
            change(chance, world)
    forget_index()


@some
@seeds
def test_lists_are_ordered_and_narrowed_by_the_prices(seed: int) -> None:
    """What a page sorts and filters by is the very price that it tells."""
    chance = Random(seed)
    with world_of(chance) as world:
        places = [place for place in world.places() if place[1] is not None]
        for warehouse in [make_warehouse(city) for city in {city for _contract, city, _on in places}]:
            for sku in world.skus:
                make_stock(sku, warehouse, 1)
        forget_index()
        index = catalog_index()
        for contract, city, on in places:
            terms = terms_of(contract, city, on)
            found = quotes(sku_ids=Sku.objects.values_list("pk", flat=True), terms=terms)
            low, high = sorted(Decimal(chance.randint(0, 300)) for _end in "ab")

            def listed(address: str, place: City = city, day: date = on, by: PriceTerms = terms) -> list[int]:
                choice = Choice.read(QueryDict(address))
                return ask(
                    index, city=place, on=day, choice=choice, section_id=None, terms=by, stock_mask="exact"
                ).page(0, 1000)

            for sort, is_falling in (("price", False), ("-price", True)):
                rows = listed(f"sort={sort}")
                amounts = [found[pk].amount for pk in rows if pk in found]
                assert sorted(rows) == sorted(sku.pk for sku in world.skus)
                assert amounts == sorted(amounts, reverse=is_falling)
                assert all(pk not in found for pk in rows[len(amounts) :])
            assert set(listed(f"price_from={low}&price_to={high}")) == {
                sku.pk for sku in world.skus if sku.pk in found and low <= found[sku.pk].amount <= high
            }
    forget_index()
