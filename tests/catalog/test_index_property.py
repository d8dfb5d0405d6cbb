"""The index against plain SQL: random goods, random changes, random questions."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.index.reading import Index, catalog_index, forget_index
from catalog.index.selection import FacetQuery, counts, ranked
from catalog.models import (
    AbsentPolicy,
    Application,
    Brand,
    City,
    CityWarehouse,
    Product,
    ProductApplication,
    ProductSection,
    Property,
    PropertyValue,
    Section,
    Sku,
    Stock,
    Warehouse,
)
from catalog.selectors import ApplicationChoice, GoodsFilter, property_key, query_for, section_tree
from portal.lib.sorting import name_sort_key
from tests.catalog.samples import make_section
from tests.factories import AT, make_city, make_product, make_unit

EXAMPLES = 12
GOODS = 8
TEXTS = ("медь", "сталь", "10", "16")


@dataclass
class Store:
    """Rows that examples play with."""

    cities: list[City]
    warehouses: list[Warehouse]
    sections: list[Section]
    brands: list[Brand]
    properties: list[Property]
    applications: list[Application]
    products: list[Product] = field(default_factory=list)


def make_store() -> Store:
    warehouses = [Warehouse.objects.create(name=f"Склад {number}") for number in range(3)]
    cities = [make_city("Тверь"), make_city("Тула")]
    for city, served_by in zip(cities, (warehouses[:2], warehouses[1:]), strict=True):
        for warehouse in served_by:
            CityWarehouse.objects.create(city=city, warehouse=warehouse)
    top = make_section("Верх")
    store = Store(
        cities=cities,
        warehouses=warehouses,
        sections=[top, make_section("Ниже", parent=top), make_section("Рядом")],
        brands=[Brand.objects.create(name=name, normalized_name=name) for name in ("альфа", "бета")],
        properties=[Property.objects.create(name=f"Свойство {number}") for number in range(2)],
        applications=[
            Application.objects.create(kind="Насос", make="А", year_from=2010, year_to=2015),
            Application.objects.create(kind="Насос", make="А", model="М", year_from=2014),
            Application.objects.create(kind="Насос"),
        ],
    )
    make_unit()
    for number in range(GOODS):
        add_product(store, number)
    return store


def add_product(store: Store, number: int) -> None:
    product = make_product(f"Товар {number}")
    store.products.append(product)
    Sku.objects.create(product=product)
    if number % 3 == 0:
        Sku.objects.create(product=product, characteristic="красный")


# --- changes -------------------------------------------------------------------------------------
places = st.integers(min_value=0, max_value=GOODS - 1)
small = st.integers(min_value=0, max_value=2)
changes = st.one_of(
    st.tuples(st.just("stock"), places, small, st.integers(min_value=-1, max_value=3)),
    st.tuples(st.just("reserve"), places, small, st.integers(min_value=0, max_value=3)),
    st.tuples(st.just("place"), places, small, st.booleans()),
    st.tuples(st.just("value"), places, st.integers(0, 1), st.sampled_from(["", *TEXTS])),
    st.tuples(st.just("brand"), places, st.integers(-1, 1), st.none()),
    st.tuples(st.just("hide"), places, small, st.booleans()),
    st.tuples(st.just("hide section"), small, small, st.booleans()),
    st.tuples(st.just("move section"), st.integers(1, 2), st.booleans(), st.none()),
    st.tuples(st.just("rename"), places, st.sampled_from(["Ёж", "ель", "М8", "М10"]), st.none()),
    st.tuples(st.just("fit"), places, small, st.booleans()),
    st.tuples(st.just("serve"), st.integers(0, 1), small, st.booleans()),
    st.tuples(st.just("policy"), st.integers(0, 1), st.sampled_from(list(AbsentPolicy)), st.none()),
    st.tuples(st.just("new"), places, st.none(), st.none()),
    st.tuples(st.just("delete"), places, st.none(), st.none()),
    st.tuples(st.just("move"), places, places, st.none()),
)


def change(store: Store, told: tuple[object, ...]) -> None:  # noqa: C901 - one branch for each kind
    kind, first, second, third = told
    match kind:
        case "stock" | "reserve":
            sku = Sku.objects.filter(product=store.products[first].pk).order_by("pk").first()
            if sku is None:
                return
            amounts = {"free" if kind == "stock" else "reserved": Decimal(third)}
            defaults = {"free": Decimal(2), "updated_at": AT} | amounts
            Stock.objects.update_or_create(
                sku=sku, warehouse=store.warehouses[second], defaults=amounts, create_defaults=defaults
            )
        case "place":
            pair = {"product": store.products[first], "section": store.sections[second]}
            if third and pair["product"].pk:
                ProductSection.objects.get_or_create(**pair)
            elif pair["product"].pk:
                ProductSection.objects.filter(**pair).delete()
        case "value":
            product, described = store.products[first], store.properties[second]
            PropertyValue.objects.filter(product=product.pk, property=described).delete()
            if third and product.pk:
                number = Decimal(third) if third.isdigit() else None
                PropertyValue.objects.create(
                    product=product, property=described, raw=third, text=third, number=number
                )
        case "brand":
            brand = store.brands[second] if second >= 0 else None
            Product.objects.filter(pk=store.products[first].pk).update(brand=brand)
        case "hide":
            Sku.objects.filter(product=store.products[first].pk).update(is_hidden=third)
        case "hide section":
            Section.objects.filter(pk=store.sections[first].pk).update(is_hidden=third)
        case "move section":
            parent = store.sections[0] if second else None
            Section.objects.filter(pk=store.sections[first].pk).update(parent=parent)
        case "rename":
            Product.objects.filter(pk=store.products[first].pk).update(
                name=second, sort_key=name_sort_key(second)
            )
        case "fit":
            pair = {"product_id": store.products[first].pk, "application": store.applications[second]}
            if third and pair["product_id"]:
                ProductApplication.objects.get_or_create(**pair)
            else:
                ProductApplication.objects.filter(**pair).delete()
        case "serve":
            pair = {"city": store.cities[first], "warehouse": store.warehouses[second]}
            if third:
                CityWarehouse.objects.get_or_create(**pair)
            else:
                CityWarehouse.objects.filter(**pair).delete()
        case "move":
            if store.products[second].pk:
                Sku.objects.filter(product=store.products[first].pk).update(product=store.products[second])
        case "policy":
            store.cities[first].absent_policy = second
            store.cities[first].save()
        case "new":
            add_product(store, GOODS + len(store.products))
        case "delete":
            if store.products[first].pk:
                store.products[first].delete()


# --- questions -----------------------------------------------------------------------------------
questions = st.fixed_dictionaries(
    {
        "city": st.integers(0, 1),
        "section": st.one_of(st.none(), small),
        "absent": st.booleans(),
        "brands": st.sets(st.integers(0, 1)),
        "values": st.dictionaries(st.integers(0, 1), st.sets(st.sampled_from(TEXTS), min_size=1)),
        "range": st.one_of(
            st.none(), st.tuples(st.integers(0, 1), st.sampled_from([None, 5.0, 11.0]), st.just(16.0))
        ),
        "fits": st.sampled_from([None, ("", "", None), ("А", "", 2014), ("А", "М", None), ("", "", 2012)]),
        "warehouse": st.one_of(st.none(), small),
    }
)


def asked(store: Store, question: dict[str, object]) -> GoodsFilter:
    ranges = {}
    if question["range"] is not None:
        place, low, high = question["range"]
        ranges = {store.properties[place].pk: (low, high)}
    fits = question["fits"]
    return GoodsFilter(
        city=store.cities[question["city"]],
        section_id=None if question["section"] is None else store.sections[question["section"]].pk,
        is_absent_shown=question["absent"],
        brand_ids=tuple(store.brands[place].pk for place in sorted(question["brands"])),
        warehouse_ids=() if question["warehouse"] is None else (store.warehouses[question["warehouse"]].pk,),
        application=ApplicationChoice() if fits is None else ApplicationChoice("Насос", *fits),
        values={store.properties[place].pk: tuple(texts) for place, texts in question["values"].items()},
        ranges=ranges,
    )


def by_sql(filter_: GoodsFilter, *, without: str = "") -> QuerySet[Sku]:
    """The same question in plain SQL, without one of its filters."""
    in_city = Stock.objects.filter(warehouse__serves__city=filter_.city, warehouse__is_active=True)
    if filter_.city.absent_policy == AbsentPolicy.HIDE and not filter_.is_absent_shown:
        in_city = in_city.filter(free__gt=F("reserved"))
    skus = Sku.objects.on_sale().filter(Exists(in_city.filter(sku=OuterRef("pk"))))
    if filter_.section_id is not None:
        skus = skus.filter(Exists(_places(filter_.section_id).filter(product=OuterRef("product_id"))))
    if filter_.brand_ids and without != "brand":
        skus = skus.filter(product__brand__in=filter_.brand_ids)
    if filter_.warehouse_ids and without != "warehouse":
        here = Stock.objects.filter(warehouse__in=filter_.warehouse_ids, free__gt=F("reserved"))
        skus = skus.filter(Exists(here.filter(sku=OuterRef("pk"))))
    if filter_.application and without != "application":
        skus = skus.filter(Exists(_fitting(filter_).filter(product=OuterRef("product_id"))))
    for property_id, texts in filter_.values.items():
        if without != property_key(property_id):
            told = PropertyValue.objects.filter(property=property_id, text__in=texts)
            skus = skus.filter(Exists(told.filter(product=OuterRef("product_id"))))
    for property_id, (low, high) in filter_.ranges.items():
        if without != property_key(property_id):
            told = PropertyValue.objects.filter(property=property_id, number__lte=high)
            told = told if low is None else told.filter(number__gte=low)
            skus = skus.filter(Exists(told.filter(product=OuterRef("product_id"))))
    return skus


def _places(section_id: int) -> QuerySet[ProductSection]:
    rows = {
        pk: (parent, hidden)
        for pk, parent, hidden in Section.objects.values_list("pk", "parent", "is_hidden")
    }

    def is_below(pk: int | None) -> bool:
        while pk is not None:
            if pk == section_id:
                return True
            pk = rows[pk][0]
        return False

    def is_shown(pk: int | None) -> bool:
        while pk is not None:
            if rows[pk][1]:
                return False
            pk = rows[pk][0]
        return True

    return ProductSection.objects.filter(section__in=[pk for pk in rows if is_below(pk) and is_shown(pk)])


def _fitting(filter_: GoodsFilter) -> QuerySet[ProductApplication]:
    choice = filter_.application
    rows = ProductApplication.objects.filter(application__kind=choice.kind)
    if choice.make:
        rows = rows.filter(application__make__in=["", choice.make])
    if choice.model:
        rows = rows.filter(application__model__in=["", choice.model])
    if choice.year:
        rows = rows.exclude(application__year_from__gt=choice.year).exclude(
            application__year_to__lt=choice.year
        )
    return rows


def assert_same(store: Store, index: Index, filter_: GoodsFilter) -> None:
    query = query_for(index, filter_)
    expected = list(
        by_sql(filter_).order_by("product__sort_key", "characteristic", "pk").values_list("pk", flat=True)
    )

    found = ranked(query.result, index.vector("name"), start=0, stop=len(expected) + 5)

    assert index.sku_ids(found) == expected
    assert index.sku_ids(ranked(query.result, index.vector("name"), start=1, stop=3)) == expected[1:3]
    assert_same_counts(store, index, filter_, query)


def assert_same_counts(store: Store, index: Index, filter_: GoodsFilter, query: FacetQuery) -> None:
    """Each filter's own counts are over the list without that filter."""
    for described in store.properties:
        key = property_key(described.pk)
        told = counts(index.values(described.pk), query.without(key))
        rows = by_sql(filter_, without=key)
        expected = {
            text: total
            for text in TEXTS
            if (
                total := rows.filter(
                    Exists(
                        PropertyValue.objects.filter(
                            property=described, text=text, product=OuterRef("product_id")
                        )
                    )
                ).count()
            )
        }
        assert told == expected
    of_brands = counts(index.brands, query.without("brand"))
    rows = by_sql(filter_, without="brand")
    expected_brands = {brand.pk: rows.filter(product__brand=brand).count() for brand in store.brands}
    assert of_brands == {pk: total for pk, total in expected_brands.items() if total}


@pytest.mark.django_db
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.lists(changes, min_size=1, max_size=8), min_size=1, max_size=4),
    asks=st.lists(questions, min_size=1, max_size=4),
)
def test_index_tells_what_sql_tells(
    steps: list[list[tuple[object, ...]]], asks: list[dict[str, object]]
) -> None:
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        for place in ("codec", "writing"):  # so that a few goods make many pieces
            patch.setattr(f"catalog.index.{place}.CHUNK", 3)
        forget_index()
        store = make_store()
        for step in steps:
            for told in step:
                change(store, told)
            index = catalog_index()
            for question in asks:
                assert_same(store, index, asked(store, question))
            for city in store.cities:
                total = by_sql(GoodsFilter(city=city)).count()
                assert section_tree(index, city=city).total == total
        transaction.set_rollback(True)
