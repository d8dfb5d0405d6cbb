"""What a client buys, how much and how often: by golden numbers."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from catalog.models import Classifier, Product, ProductSection, Section
from counterparties.selectors import workplace_for
from orders.models import ErpLine, OrderLine, OrderPart
from orders.selectors.assortment import (
    AssortmentFilter,
    AssortmentPage,
    AssortmentRow,
    assortment_rows,
    assortment_sections,
)
from orders.states import OrderState
from portal.lib.dates import MOSCOW
from pricing.models import Price
from tests.factories import AT, TODAY, World, actor_of, make_person, make_sku
from tests.orders.purchases import bought, bought_in_erp


def shown(world: World, person: User | None = None, *, page: int | str = 1, **chosen: Any) -> AssortmentPage:
    actor = actor_of(person or world.buyer)
    workplace = workplace_for(actor, legal_entity_id=None, city_id=world.city.pk, on=TODAY)
    return assortment_rows(
        actor=actor, workplace=workplace, chosen=AssortmentFilter(**chosen), on=TODAY, page=page
    )


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def only_row(world: World, person: User | None = None) -> AssortmentRow:
    (row,) = shown(world, person).rows
    return row


def test_assortment_joins_orders_of_the_portal_and_of_erp(world: World) -> None:
    bolt = world.skus[0]
    for days, quantity in [(40, 10), (30, 30), (13, 20)]:
        bought(world, days_ago(days), {bolt: quantity})
    bought_in_erp(world, days_ago(3), {bolt: 500}, price="90")

    row = only_row(world, world.head)

    assert (row.sku, row.times, row.last_on) == (bolt, 4, days_ago(3))
    assert (row.usual, row.interval, row.due_on) == (Decimal(20), 10, days_ago(3) + timedelta(days=10))
    assert (row.last_price, row.price, row.change_percent) == (Decimal(90), Decimal(100), Decimal("11.1"))
    assert (row.available, row.is_due, row.is_on_sale) == (Decimal(15), False, True)


@pytest.mark.parametrize(
    ("quantities", "usual"),
    [([7], 7), ([10, 20], 10), ([1, 100, 3], 3), ([5, 5, 100, 100], 5), ([1, 2, 3, 4, 1000], 3)],
)
def test_usual_quantity_is_a_median_that_was_really_ordered(
    world: World, quantities: list[int], usual: int
) -> None:
    for days, quantity in enumerate(quantities, 1):
        bought(world, days_ago(days), {world.skus[0]: quantity})

    assert only_row(world).usual == usual


@pytest.mark.parametrize(
    ("days", "interval"),
    [([5], None), ([5, 5], None), ([0, 7], 7), ([0, 7, 17], 9), ([0, 7, 17, 18], 7), ([0, 1, 100, 131], 31)],
)
def test_usual_interval_is_the_median_of_days_between_dates(
    world: World, days: list[int], interval: int | None
) -> None:
    for day in days:
        bought(world, days_ago(day), {world.skus[0]: 1})

    assert only_row(world).interval == interval


def test_a_line_split_over_warehouses_is_one_purchase(world: World) -> None:
    order = bought(world, days_ago(1), {world.skus[0]: 10})
    other = OrderPart.objects.create(
        order=order, number=f"{order.number}-2", total=0, warehouse=world.second_warehouse
    )
    line = OrderLine.objects.get(part__order=order)
    line.pk, line.part, line.quantity = None, other, Decimal(5)
    line.save()

    row = only_row(world)

    assert (row.times, row.usual) == (1, Decimal(15))


def test_the_day_of_an_order_is_that_of_moscow(world: World) -> None:
    late = datetime(2026, 11, 20, 22, 30, tzinfo=MOSCOW)
    bought(world, late.date(), {world.skus[0]: 1}, at=late)

    assert only_row(world).last_on == date(2026, 11, 20)


def test_cancelled_orders_parts_and_rows_tell_nothing(world: World) -> None:
    bolt = world.skus[0]
    bought(world, days_ago(1), {bolt: 1}, state=OrderState.CANCELLED)
    gone = bought(world, days_ago(2), {bolt: 2})
    OrderPart.objects.filter(order=gone).update(is_cancelled=True)
    struck = bought_in_erp(world, days_ago(3), {bolt: 3})
    ErpLine.objects.filter(part__order=struck).update(is_cancelled=True)

    assert (shown(world).rows, shown(world).total) == ((), 0)


def test_what_erp_holds_of_an_own_order_is_not_counted_twice(world: World) -> None:
    order = bought(world, days_ago(1), {world.skus[0]: 10})
    ErpLine.objects.create(
        part=order.parts.get(), position=1, sku=world.skus[0], name="Болт", quantity=8, price=100, gross=800
    )

    row = only_row(world)

    assert (row.times, row.usual) == (1, Decimal(10))


def test_assortment_holds_only_what_the_actor_may_see(world: World) -> None:
    colleague = make_person(world.holding)
    bought(world, days_ago(1), {world.skus[0]: 1})
    bought(world, days_ago(1), {world.skus[1]: 1}, person=colleague)
    bought(world, days_ago(1), {world.skus[2]: 1}, person=world.other_buyer, contract=world.other_contract)

    def names(person: User) -> set[str]:
        return {row.sku.name for row in shown(world, person).rows}

    assert names(world.buyer) == {"Болт М8х40"}
    assert names(colleague) == {"Кабель ВВГнг 3х2,5"}
    assert names(world.head) == {"Болт М8х40", "Кабель ВВГнг 3х2,5"}
    assert names(world.other_buyer) == {"Книга учёта"}


def test_price_of_an_order_without_vat_is_told_with_it(world: World) -> None:
    order = bought(world, days_ago(1), {world.skus[0]: 10}, is_vat_included=False)
    OrderLine.objects.filter(part__order=order).update(vat_percent=22, net=1000, vat=220, gross=1220)

    row = only_row(world)

    assert (row.last_price, row.price, row.change_percent) == (Decimal(122), Decimal(100), Decimal("-18.0"))


def test_due_asks_for_goods_whose_interval_has_passed(world: World) -> None:
    bolt, cable, book = world.skus
    bought(world, days_ago(20), {bolt: 1, cable: 1})
    bought(world, days_ago(10), {bolt: 1, book: 1})
    bought(world, days_ago(5), {cable: 1})
    hidden = make_sku("Снятый болт")
    bought(world, days_ago(20), {hidden: 1})
    bought(world, days_ago(15), {hidden: 1})
    Product.objects.filter(pk=hidden.product_id).update(is_hidden=True)

    due, everything = shown(world, is_due=True), shown(world)

    assert [row.sku for row in due.rows] == [bolt]
    assert (due.total, due.due, due.page.paginator.count) == (4, 1, 1)
    assert [row.sku for row in everything.rows] == [hidden, bolt, cable, book]
    gone = everything.rows[0]
    assert (gone.is_on_sale, gone.is_due, gone.price) == (False, False, None)


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("last", ["Книга учёта", "Кабель ВВГнг 3х2,5", "Болт М8х40"]),
        ("name", ["Болт М8х40", "Кабель ВВГнг 3х2,5", "Книга учёта"]),
        ("times", ["Кабель ВВГнг 3х2,5", "Болт М8х40", "Книга учёта"]),
        ("due", ["Кабель ВВГнг 3х2,5", "Болт М8х40", "Книга учёта"]),
    ],
)
def test_assortment_is_sorted(world: World, sort: str, names: list[str]) -> None:
    bolt, cable, book = world.skus
    bought(world, days_ago(9), {bolt: 1, cable: 1})
    bought(world, days_ago(4), {cable: 1})
    bought(world, days_ago(1), {book: 1})

    assert [row.sku.name for row in shown(world, sort=sort).rows] == names


@pytest.mark.parametrize(
    ("search", "found"), [("болт", 1), ("м8Х40", 1), ("%", 0), ("_", 0), ("ART-", 3), ("нет такого", 0)]
)
def test_assortment_is_searched_by_name_and_article(world: World, search: str, found: int) -> None:
    bought(world, days_ago(1), dict.fromkeys(world.skus, 1))

    assert shown(world, search=search).total == found


def test_assortment_is_narrowed_to_a_section(world: World) -> None:
    tree = Classifier.objects.create(name="Каталог")
    metal, paper, empty = (
        Section.objects.create(classifier=tree, name=name, sort_key=name)
        for name in ("Метизы", "Бумага", "Пусто")
    )
    ProductSection.objects.create(product=world.skus[0].product, section=metal)
    ProductSection.objects.create(product=world.skus[2].product, section=paper)
    bought(world, days_ago(1), {world.skus[0]: 1})
    bought_in_erp(world, days_ago(1), {world.skus[2]: 1}, created_by=world.buyer)

    assert assortment_sections(actor=actor_of(world.buyer)) == [paper, metal]
    assert [row.sku for row in shown(world, section_id=metal.pk).rows] == [world.skus[0]]
    assert shown(world, section_id=empty.pk).rows == ()


@pytest.mark.parametrize(
    ("page", "rows"), [(1, 50), (2, 5), (99, 5), ("abc", 50), (0, 5), (-1, 5), ("1" + "0" * 20, 5)]
)
def test_assortment_has_pages_of_fifty(world: World, page: int | str, rows: int) -> None:
    skus = [make_sku(f"Гайка {number}", price=None) for number in range(55)]
    bought(world, days_ago(1), dict.fromkeys(skus, 1))

    found = shown(world, page=page)

    assert (len(found.rows), found.total) == (rows, 55)
    assert found.page.number == (1 if rows == 50 else 2)


@pytest.mark.parametrize("goods", [1, 3])
def test_assortment_asks_the_same_for_any_number_of_goods(
    world: World, goods: int, django_assert_num_queries: Any
) -> None:
    bought(world, days_ago(1), dict.fromkeys(world.skus[:goods], 1))
    actor = actor_of(world.buyer)
    workplace = workplace_for(actor, legal_entity_id=None, city_id=world.city.pk, on=TODAY)

    with django_assert_num_queries(7):
        assortment_rows(actor=actor, workplace=workplace, chosen=AssortmentFilter(), on=TODAY)


def test_price_is_that_of_the_usual_quantity(world: World) -> None:
    bought(world, days_ago(1), {world.skus[0]: 50})
    Price.objects.create(
        sku=world.skus[0], price_type=world.price_type, minimum_quantity=50, amount=80, updated_at=AT
    )

    assert only_row(world).price == Decimal(80)
