"""Lists of skus and the card of a product."""

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.models import Brand, Pack, Product
from catalog.selectors import GoodsRow, PropertyRow, goods_rows, product_card
from tests.catalog.samples import make_picture, make_property, make_section
from tests.factories import World, make_product, make_sku, make_unit

pytestmark = pytest.mark.django_db


def test_goods_rows_say_what_a_list_needs(world: World) -> None:
    product = make_product("Провод ПуВ 1х6", article="PUV-6", unit=make_unit("006", "м"))
    product.brand = Brand.objects.create(name="Кабельстан", normalized_name="кабельстан")
    product.save(update_fields=["brand"])
    Pack.objects.create(product=product, unit=make_unit("778", "упак"), coefficient=Decimal(500))
    Pack.objects.create(product=product, unit=make_unit("736", "бухта"), coefficient=Decimal(100))
    make_picture(product, position=2)
    main = make_picture(product, position=1)
    sku = make_sku(product=product, characteristic="белый")

    assert goods_rows([sku.pk]) == [
        GoodsRow(
            sku_id=sku.pk,
            product_id=product.pk,
            name="Провод ПуВ 1х6 (белый)",
            article="PUV-6",
            barcode="",
            brand="Кабельстан",
            unit="м",
            picture_id=main.pk,
            packs=(("бухта", Decimal(100)), ("упак", Decimal(500))),
            order_multiple=None,
        )
    ]


@pytest.mark.parametrize("goods", [1, 3])
def test_goods_rows_keep_the_order_in_one_query(
    world: World, goods: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wanted = [sku.pk for sku in reversed(world.skus)][:goods]

    with django_assert_num_queries(1):
        rows = goods_rows(wanted)

    assert [row.sku_id for row in rows] == wanted


@pytest.mark.parametrize("parts", [1, 3])
def test_product_card_takes_eight_queries(
    world: World, parts: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    product = make_product()
    skus = [make_sku(product=product, characteristic=f"цвет {number}") for number in range(parts)]
    for number in range(parts):
        make_property(product, f"Свойство {number}", "да")
        make_picture(product, position=number)
        make_section(f"Раздел {number}", goods=skus)

    with django_assert_num_queries(8):
        card = product_card(product_id=product.pk)

    assert (len(card.skus), len(card.properties), len(card.picture_ids), len(card.section_ids)) == (
        parts,
    ) * 4


def test_product_card_joins_values_and_leaves_hidden_properties_out(world: World) -> None:
    product = world.skus[0].product
    make_property(product, "Цвет", "белый", "синий")
    make_property(product, "Служебное", "1", is_hidden=True)

    assert product_card(product_id=product.pk).properties == (PropertyRow("Цвет", "белый, синий"),)


def test_product_card_of_a_hidden_product_says_so(world: World) -> None:
    hidden = make_sku(product=make_product(is_hidden=True)).product

    assert product_card(product_id=hidden.pk).is_on_sale is False
    assert product_card(product_id=world.skus[0].product_id).is_on_sale is True


def test_product_card_of_an_absent_product_is_refused(world: World) -> None:
    with pytest.raises(Product.DoesNotExist):
        product_card(product_id=0)
