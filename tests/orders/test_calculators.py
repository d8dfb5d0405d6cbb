"""Calculators and configurators as a browser meets them, and what is kept of them."""

import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from catalog.masks import StockMask
from catalog.models import Calculator, IndexTouch, Section
from counterparties.actor import AccessDenied
from counterparties.models import ClientGroup, Holding
from counterparties.permissions import ReadyRole
from orders.calculation_refusals import CalculationEmpty, CalculationsTooMany, CalculationWentAlready
from orders.models import Calculation, CalculationLine, CalculationPut, CalculationSharing, Cart, CartLine
from orders.services import calculations as services
from orders.services.calculations import CartPlace, Wanted
from pricing.models import ContractPricing
from tests.factories import AT, World, actor_of, make_person, make_price, make_price_type
from tests.orders.calculator_samples import Boilers, Cables, make_boilers, make_cables, place

PAGE = "/calculators/cable/"
BOILER = "/calculators/boiler/"


@pytest.fixture
def cables(world: World) -> Cables:
    return make_cables(world)


@pytest.fixture
def boilers(world: World) -> Boilers:
    return make_boilers(world)


@pytest.fixture
def client(world: World) -> Client:
    return signed_in(world.buyer)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(client: Client, address: str, **query: Any) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return re.sub(
        r"\s+", " ", answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")
    )


def query_of(client: Client, address: str, **query: Any) -> str:
    """The query that the page's forms carry."""
    reckoning = client.get(address, query).context["reckoning"]
    found: str = reckoning.query_text
    return found


def in_cart() -> dict[str, Decimal]:
    return {line.sku.product.name: line.quantity for line in CartLine.objects.select_related("sku__product")}


def kept(world: World, cables: Cables, *, name: str = "Гараж", **told: Any) -> Calculation:
    wanted = [Wanted("Кабель", cables.thin.pk, Decimal(100)), Wanted("Коробка", cables.box.pk, Decimal(2))]
    fields: dict[str, Any] = {
        "actor": actor_of(world.buyer),
        "legal_entity_id": world.entity.pk,
        "calculator_id": cables.calculator.pk,
        "name": name,
        "answers": {"length": "40", "is-sent": "1"},
        "facts": [("Длина", "40 м")],
        "goods": wanted,
        "at": AT,
    }
    return services.calculation_keep(**(fields | told))


# --- the result ----------------------------------------------------------------------------------
def test_calculator_shows_steps_goods_and_sum_of_what_is_asked_first(cables: Cables, client: Client) -> None:
    page = shown(client, PAGE)

    assert "Кабель 3х1.5" in page  # 3 kW are 13,6 A, 1,5 mm² is enough
    assert "100 м" in page  # 44 m in whole coils
    assert "1 упак по 100 м" in page
    assert "нужно 44" in page
    assert "сумма с НДС <b>3 040,00 ₽</b>" in page  # 100 · 30 + 2 · 20


def test_calculator_takes_a_thicker_cable_for_a_greater_load(cables: Cables, client: Client) -> None:
    reckoning = client.get(PAGE, {"is-sent": "1", "power": "5", "length": "95", "way": "air"}).context[
        "reckoning"
    ]

    assert [(label, goods.name, goods.quantity) for label, goods in reckoning.goods] == [
        ("Кабель", "Кабель 3х2.5", Decimal(200))
    ]


def test_calculator_offers_replacements_and_takes_the_one_that_is_picked(
    cables: Cables, client: Client
) -> None:
    cable, _box = cables.keys
    row = client.get(PAGE).context["reckoning"].result.rows[0]
    assert [one.name for one in row.alternatives] == ["Кабель 3х2.5", "Кабель 3х4"]

    asked = {
        "is-sent": "1",
        "power": "3",
        "length": "40",
        "way": "air",
        f"pick-{cable}": str(cables.thick.pk),
    }
    row = client.get(PAGE, asked).context["reckoning"].result.rows[0]

    assert row.taken.name == "Кабель 3х4"


def test_calculator_does_not_take_a_replacement_that_does_not_fit(cables: Cables, client: Client) -> None:
    cable, _box = cables.keys
    asked = {"is-sent": "1", "power": "5", "length": "40", "way": "air", f"pick-{cable}": str(cables.thin.pk)}

    row = client.get(PAGE, asked).context["reckoning"].result.rows[0]

    assert row.taken.name == "Кабель 3х2.5"


def test_optional_line_may_be_left(cables: Cables, client: Client) -> None:
    cable, box = cables.keys
    asked = {"is-sent": "1", "power": "3", "length": "40", "way": "air", "boxed": "1", f"leave-{box}": "1"}

    goods = client.get(PAGE, asked | {f"leave-{cable}": "1"}).context["reckoning"].goods

    assert [goods.name for _label, goods in goods] == ["Кабель 3х1.5"]  # the cable is not optional


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("power", "", "Заполните поле."),
        ("power", "много", "Укажите число, например 10 или 2,5."),
        ("power", "0", "Не меньше 0,1."),
        ("power", "21", "Не больше 20."),
        ("power", "9" * 40, "Укажите число, например 10 или 2,5."),
        ("way", "телепатия", "Выберите один из вариантов."),
        ("length", "__import__('os')", "Укажите число, например 10 или 2,5."),
        ("length", "\0", "Укажите число, например 10 или 2,5."),
    ],
)
def test_wrong_answer_is_told_at_its_field_and_nothing_is_counted(
    cables: Cables, client: Client, name: str, typed: str, told: str
) -> None:
    asked = {"is-sent": "1", "power": "3", "length": "40", "way": "air"} | {name: typed}

    answer = client.get(PAGE, asked)

    assert answer.status_code == 200
    reckoning = answer.context["reckoning"]
    assert [field.error for field in reckoning.fields if field.input.name == name] == [told]
    assert reckoning.counted is None
    assert reckoning.goods == []


def test_value_outside_the_table_is_a_message(cables: Cables, client: Client) -> None:
    page = shown(client, PAGE, **{"is-sent": "1", "power": "15", "length": "40", "way": "air"})

    assert "В таблице amperes нет строки для значения 68,181818" in page.replace("68.", "68,")
    assert "В корзину" not in page


def test_division_by_zero_is_a_message(cables: Cables, client: Client) -> None:
    cables.calculator.steps.filter(name="s").update(expression="1 / (power - 3)")

    page = shown(client, PAGE)

    assert "Сечение: Деление на ноль" in page
    assert "В корзину" not in page


def test_refusing_check_leaves_no_goods_and_a_warning_does(cables: Cables, client: Client) -> None:
    asked = {"is-sent": "1", "power": "3", "way": "air"}

    warned = client.get(PAGE, asked | {"length": "150"}).context["reckoning"]
    refused = client.get(PAGE, asked | {"length": "301"}).context["reckoning"]

    assert warned.counted.warnings == ("Проверьте потери напряжения",)
    assert warned.goods
    assert refused.counted.refusals == ("301 м – слишком далеко",)
    assert refused.goods == []


def test_goods_that_nobody_has_are_told(cables: Cables, client: Client) -> None:
    cables.calculator.lines.filter(position=1).update(filters="Сечение жилы, мм² >= 100")

    row = client.get(PAGE).context["reckoning"].result.rows[0]

    assert row.taken is None
    assert row.note == "Подходящего товара в вашем городе нет. Спросите менеджера."


def test_stock_is_told_as_the_group_may_see_it(world: World, cables: Cables, client: Client) -> None:
    group = ClientGroup.objects.create(name="Новички", stock_mask=StockMask.WORDS)
    Holding.objects.filter(pk=world.holding.pk).update(group=group)

    asked = {"is-sent": "1", "power": "3", "length": "290", "way": "air"}
    many = client.get(PAGE, asked).context["reckoning"].result.rows[0].taken
    cables.calculator.lines.filter(position=1).update(quantity="length * 100")
    too_many = client.get(PAGE, asked).context["reckoning"].result.rows[0].taken

    assert (many.stock_text, many.is_enough) == ("много", True)
    assert (too_many.stock_text, too_many.is_enough) == ("много", True)  # asking more finds out nothing


def test_draft_is_seen_by_administrators_only(world: World, cables: Cables, client: Client) -> None:
    Calculator.objects.update(is_published=False)

    assert client.get(PAGE).status_code == 404
    assert signed_in(world.manager).get(PAGE).status_code == 404
    assert signed_in(world.administrator).get(PAGE).status_code == 200
    assert "Сечение кабеля" not in shown(client, "/calculators/")


def test_administrator_reads_bounds_without_idle_noughts(world: World, cables: Cables) -> None:
    asked = cables.calculator.inputs.order_by("position")[0]
    asked.minimum, asked.maximum = Decimal("0.1"), Decimal(500)
    asked.save(update_fields=["minimum", "maximum"])

    answer = signed_in(world.administrator).get(
        reverse("admin:catalog_calculator_change", args=[cables.calculator.pk])
    )

    form = answer.context["inline_admin_formsets"][0].formset.forms[0]
    assert (form["minimum"].value(), form["maximum"].value()) == ("0.1", "500")


def test_administrator_sees_hidden_steps_with_their_formulas(
    world: World, cables: Cables, client: Client
) -> None:
    cables.calculator.steps.filter(name="i").update(is_shown=False)

    told = shown(signed_in(world.administrator), PAGE, steps="all")

    assert "s = lookup(amperes, i)" in told
    assert "Ток" in told
    assert "lookup(amperes, i)" not in shown(client, PAGE, steps="all")


def test_damaged_calculator_says_so(cables: Cables, client: Client) -> None:
    cables.calculator.steps.filter(name="s").update(expression="((")

    assert "Калькулятор настроен с ошибкой" in shown(client, PAGE)


@pytest.mark.parametrize("lines", [1, 3])
def test_result_asks_the_database_as_often_whatever_the_lines(
    world: World,
    cables: Cables,
    client: Client,
    lines: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cables.calculator.lines.filter(position=2).delete()
    for _copy in range(lines - 1):
        line = cables.calculator.lines.order_by("pk")[0]
        line.pk = None
        line.save()
    client.get(PAGE)  # what is read once for all

    with django_assert_num_queries(26):
        client.get(PAGE)


# --- the configurator ----------------------------------------------------------------------------
def test_configurator_refuses_what_does_not_fit_and_says_why(boilers: Boilers, client: Client) -> None:
    found = client.get(BOILER).context["reckoning"].configuration
    boiler, pump = found.slots

    assert [(one.goods.name, one.reason) for one in boiler.options] == [
        ("Котёл 24", ""),
        ("Котёл 12", "Нужно не меньше 15 кВт, у котла 12"),
    ]
    assert (boiler.fitting, boiler.refused) == (1, 1)
    assert (pump.fitting, pump.refused) == (2, 0)
    assert found.wanting == ("Выберите: Котёл",)
    assert not found.is_complete


def test_configurator_wants_what_a_rule_requires(boilers: Boilers, client: Client) -> None:
    asked = {"is-sent": "1", "area": "150", "slot-boiler": str(boilers.strong.pk)}

    found = client.get(BOILER, asked).context["reckoning"].configuration

    assert found.wanting == ("Мощному котлу нужен насос",)
    assert [(one.goods.name, one.reason) for one in found.slots[1].options] == [
        ("Насос 40", ""),
        ("Насос 20", "Насос слабее котла"),
    ]


def test_configurator_is_complete_with_the_price_of_the_whole(boilers: Boilers, client: Client) -> None:
    asked = {"is-sent": "1", "area": "150", "slot-boiler": str(boilers.strong.pk)}
    asked |= {"slot-pump": str(boilers.quick.pk), "count-pump": "2"}

    found = client.get(BOILER, asked).context["reckoning"].configuration

    assert found.is_complete
    assert found.totals.gross == Decimal(62_000)


def test_configurator_keeps_a_count_within_its_bounds(boilers: Boilers, client: Client) -> None:
    asked = {"is-sent": "1", "area": "150", "slot-pump": str(boilers.quick.pk), "count-pump": "99"}

    found = client.get(BOILER, asked).context["reckoning"].configuration

    assert found.slots[1].chosen.quantity == Decimal(3)


def test_configurator_excludes_a_slot(boilers: Boilers, client: Client) -> None:
    asked = {
        "is-sent": "1",
        "area": "50",
        "slot-boiler": str(boilers.weak.pk),
        "slot-pump": str(boilers.quick.pk),
    }

    reckoning = client.get(BOILER, asked).context["reckoning"]

    assert reckoning.configuration.refusals == ("В котле насос уже есть",)
    assert {one.reason for one in reckoning.configuration.slots[1].options} == {"В котле насос уже есть"}
    assert reckoning.goods == []


def test_configuration_that_stopped_fitting_is_told_and_not_sold(boilers: Boilers, client: Client) -> None:
    asked = {"is-sent": "1", "area": "300", "slot-boiler": str(boilers.strong.pk)}

    page = shown(client, BOILER, **asked)

    assert "Нужно не меньше 30 кВт, у котла 24" in page
    assert "В корзину" not in page


def test_good_of_no_slot_is_not_taken(world: World, boilers: Boilers, client: Client) -> None:
    asked = {"is-sent": "1", "area": "150", "slot-boiler": str(world.skus[0].pk)}

    slot = client.get(BOILER, asked).context["reckoning"].configuration.slots[0]

    assert slot.chosen is None
    assert slot.note == "Выбранный раньше товар сюда больше не подходит. Выберите другой."


# --- into a cart ---------------------------------------------------------------------------------
def test_goods_go_into_the_cart_named_after_the_calculator(
    world: World, cables: Cables, client: Client
) -> None:
    query = query_of(client, PAGE)

    answer = client.post(f"{PAGE}cart/", {"query": query, "press": uuid.uuid4()})

    assert answer.status_code == 302
    assert answer.url == "/cart/"
    assert in_cart() == {"Кабель 3х1.5": Decimal(100), "Коробка": Decimal(2)}
    assert set(CartLine.objects.values_list("comment", flat=True)) == {"Сечение кабеля"}


def test_second_click_adds_nothing(world: World, cables: Cables, client: Client) -> None:
    sent = {"query": query_of(client, PAGE), "press": uuid.uuid4()}
    client.post(f"{PAGE}cart/", sent)

    again = client.post(f"{PAGE}cart/", sent, follow=True)

    assert "уже положены в корзину" in again.content.decode()
    assert in_cart() == {"Кабель 3х1.5": Decimal(100), "Коробка": Decimal(2)}


def test_goods_go_into_a_saved_cart_and_not_into_somebody_elses(
    world: World, cables: Cables, client: Client
) -> None:
    saved, other = (
        Cart.objects.create(
            user=user,
            legal_entity=contract.legal_entity,
            contract=contract,
            city=world.city,
            is_current=False,
        )
        for user, contract in ((world.buyer, world.contract), (world.other_buyer, world.other_contract))
    )
    sent = {"query": query_of(client, PAGE)}

    taken = client.post(f"{PAGE}cart/", sent | {"press": uuid.uuid4(), "cart": str(saved.pk)})
    refused = client.post(f"{PAGE}cart/", sent | {"press": uuid.uuid4(), "cart": str(other.pk)})

    assert (taken.status_code, refused.status_code) == (302, 404)
    assert set(CartLine.objects.values_list("cart_id", flat=True)) == {saved.pk}
    assert CalculationPut.objects.count() == 1  # a refusal keeps no trace


def test_cart_gets_what_the_page_showed_though_stock_has_moved(
    world: World, cables: Cables, client: Client
) -> None:
    query = query_of(client, PAGE)
    make_price(cables.middle, 1, price_type=make_price_type("Новая"))
    cables.thin.stocks.update(free=0)

    client.post(f"{PAGE}cart/", {"query": query, "press": uuid.uuid4()})

    assert in_cart() == {"Кабель 3х1.5": Decimal(100), "Коробка": Decimal(2)}


def test_page_without_its_key_or_with_a_huge_query_is_refused(cables: Cables, client: Client) -> None:
    assert client.post(f"{PAGE}cart/", {"query": "length=40"}).status_code == 400
    assert client.post(f"{PAGE}cart/", {"query": "a" * 20_001, "press": uuid.uuid4()}).status_code == 400
    assert in_cart() == {}


def test_empty_reckoning_does_not_go_into_a_cart(world: World) -> None:
    with pytest.raises(CalculationEmpty):
        services.calculation_to_cart(
            actor=actor_of(world.buyer),
            place=CartPlace(world.entity.pk, world.contract.pk, world.city.pk),
            goods=[],
            title="",
            key=uuid.uuid4(),
            at=AT,
        )

    assert not Cart.objects.exists()


def test_same_good_of_two_lines_is_put_together(world: World, cables: Cables) -> None:
    goods = [Wanted("Одна", cables.box.pk, Decimal(2)), Wanted("Другая", cables.box.pk, Decimal(3))]
    press = {
        "actor": actor_of(world.buyer),
        "place": CartPlace(world.entity.pk, world.contract.pk, world.city.pk),
        "title": "Дом",
        "key": uuid.uuid4(),
        "at": AT,
    }

    services.calculation_to_cart(goods=goods, **press)
    with pytest.raises(CalculationWentAlready):
        services.calculation_to_cart(goods=goods, **press)

    assert in_cart() == {"Коробка": Decimal(5)}


# --- kept ----------------------------------------------------------------------------------------
def test_reckoning_is_kept_with_its_answers_facts_and_goods(
    world: World, cables: Cables, client: Client
) -> None:
    answer = client.post(f"{PAGE}keep/", {"query": query_of(client, PAGE), "name": "  Гараж  "})

    one = Calculation.objects.get()
    assert answer.url == f"/calculations/{one.pk}/"
    assert (one.name, one.user, one.legal_entity) == ("Гараж", world.buyer, world.entity)
    assert one.answers["length"] == "40"
    assert ["Прокладка", "открыто"] in one.facts
    assert ["Сечение", "1,5 мм²"] in one.facts
    assert [(line.label, line.sku, line.quantity) for line in one.lines.order_by("position")] == [
        ("Кабель", cables.thin, Decimal(100)),
        ("Коробка", cables.box, Decimal(2)),
    ]
    page = shown(client, f"/calculations/{one.pk}/")
    assert "3 040,00 ₽" in page
    again = client.get(f"/calculations/{one.pk}/").context["again"]
    assert client.get(again).context["reckoning"].query == one.answers


def test_nameless_reckoning_is_not_kept(cables: Cables, client: Client) -> None:
    told = client.post(f"{PAGE}keep/", {"query": query_of(client, PAGE), "name": " "}, follow=True)

    assert "Назовите расчёт." in told.content.decode()
    assert not Calculation.objects.exists()


def test_same_name_is_written_over(world: World, cables: Cables) -> None:
    first = kept(world, cables)
    second = kept(world, cables, goods=[Wanted("Кабель", cables.thick.pk, Decimal(300))])

    assert first.pk == second.pk
    assert list(CalculationLine.objects.values_list("sku", "quantity")) == [(cables.thick.pk, Decimal(300))]


def test_one_person_keeps_so_many_and_no_more(
    world: World, cables: Cables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_KEPT", 1)
    kept(world, cables)

    with pytest.raises(CalculationsTooMany):
        kept(world, cables, name="Другой")

    assert Calculation.objects.count() == 1


def test_read_only_visit_keeps_nothing(world: World, cables: Cables) -> None:
    with pytest.raises(AccessDenied):
        kept(world, cables, actor=replace(actor_of(world.buyer), is_read_only=True))

    assert not Calculation.objects.exists()


def test_list_holds_own_and_shared_ones(world: World, cables: Cables) -> None:
    colleague = make_person(world.holding, ReadyRole.BUYER, full_name="Пётр Коллегин")
    kept(world, cables, name="Общий", actor=actor_of(colleague))
    Calculation.objects.update(sharing=CalculationSharing.HOLDING)
    kept(world, cables, name="Чужой", actor=actor_of(colleague))
    kept(world, cables, name="Свой")

    page = shown(signed_in(world.buyer), "/calculations/")

    assert "Свой" in page
    assert "Общий" in page
    assert "Пётр Коллегин" in page
    assert "Чужой" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_as_often_whatever_the_rows(
    world: World, cables: Cables, client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        kept(world, cables, name=f"Расчёт {number}")
    client.get("/calculations/")

    with django_assert_num_queries(8):
        client.get("/calculations/")


@pytest.mark.parametrize("goods", [1, 3])
def test_kept_reckoning_asks_the_database_as_often_whatever_its_goods(
    world: World,
    cables: Cables,
    client: Client,
    goods: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    skus = (cables.thin, cables.middle, cables.box)[:goods]
    one = kept(world, cables, goods=[Wanted("Товар", sku.pk, Decimal(100)) for sku in skus])
    client.get(f"/calculations/{one.pk}/")

    with django_assert_num_queries(16):
        client.get(f"/calculations/{one.pk}/")


def test_nobody_else_opens_changes_or_removes_a_kept_reckoning(world: World, cables: Cables) -> None:
    one = kept(world, cables)
    address = f"/calculations/{one.pk}/"
    colleague = make_person(world.holding, ReadyRole.BUYER)

    for person, status in (
        (colleague, 404),
        (world.head, 404),
        (world.other_buyer, 404),
        (world.manager, 403),
        (world.administrator, 403),
    ):
        client = signed_in(person)
        assert client.get(address).status_code == status
        assert client.get(f"{address}pdf/").status_code == status
        for act in ("sharing", "delete"):
            assert client.post(f"{address}{act}/", {"link": "1"}).status_code == status
        assert client.post(f"{address}cart/", {"press": uuid.uuid4()}).status_code == status

    one.refresh_from_db()
    assert (one.sharing, one.token) == (CalculationSharing.OWN, None)
    assert in_cart() == {}


def test_colleague_sees_a_shared_one_but_does_not_change_it(world: World, cables: Cables) -> None:
    one = kept(world, cables)
    Calculation.objects.update(sharing=CalculationSharing.HOLDING)
    client = signed_in(make_person(world.holding, ReadyRole.BUYER))
    address = f"/calculations/{one.pk}/"

    assert "Удалить расчёт" not in shown(client, address)
    assert client.post(f"{address}delete/").status_code == 404
    assert client.post(f"{address}sharing/", {"link": "1"}).status_code == 404
    client.post(f"{address}cart/", {"press": uuid.uuid4()})

    assert set(CartLine.objects.values_list("comment", flat=True)) == {"Гараж"}
    assert Calculation.objects.get().token is None


def test_link_shows_goods_at_the_readers_own_prices_and_nothing_of_the_author(
    world: World, cables: Cables, client: Client
) -> None:
    one = kept(world, cables)
    client.post(f"/calculations/{one.pk}/sharing/", {"link": "1"})
    one.refresh_from_db()
    dear = make_price_type("Розница")
    make_price(cables.thin, 77, price_type=dear)
    ContractPricing.objects.create(contract=world.other_contract, price_type=dear)

    address = reverse("orders:calculation_shared", args=[one.token])
    page = shown(signed_in(world.other_buyer), address)

    assert "Кабель 3х1.5" in page
    assert "7 700,00" in page
    assert "3 000,00" not in page
    assert world.entity.name not in page
    assert world.buyer.full_name not in page


def test_link_that_was_taken_away_opens_nothing(world: World, cables: Cables, client: Client) -> None:
    one = kept(world, cables)
    client.post(f"/calculations/{one.pk}/sharing/", {"link": "1"})
    token = Calculation.objects.get().token
    client.post(f"/calculations/{one.pk}/sharing/", {})

    reader = signed_in(world.other_buyer)
    for act, method in (("", reader.get), ("cart/", reader.post), ("keep/", reader.post)):
        assert method(f"/calculations/shared/{token}/{act}").status_code == 404

    assert Calculation.objects.count() == 1


def test_reader_of_a_link_keeps_and_orders_it_for_himself(
    world: World, cables: Cables, client: Client
) -> None:
    one = kept(world, cables)
    client.post(f"/calculations/{one.pk}/sharing/", {"link": "1"})
    token = Calculation.objects.get().token
    reader = signed_in(world.other_buyer)

    reader.post(f"/calculations/shared/{token}/keep/")
    reader.post(f"/calculations/shared/{token}/cart/", {"press": uuid.uuid4()})

    mine = Calculation.objects.get(user=world.other_buyer)
    assert (mine.legal_entity, mine.token, mine.lines.count()) == (world.other_entity, None, 2)
    assert set(CartLine.objects.values_list("cart__user", flat=True)) == {world.other_buyer.pk}


def test_good_that_is_no_longer_sold_stays_named_and_is_not_put(
    world: World, cables: Cables, client: Client
) -> None:
    one = kept(world, cables)
    cables.box.product.is_hidden = True
    cables.box.product.save()

    page = shown(client, f"/calculations/{one.pk}/")
    client.post(f"/calculations/{one.pk}/cart/", {"press": uuid.uuid4()})

    assert "снято с продажи" in page
    assert in_cart() == {"Кабель 3х1.5": Decimal(100)}


# --- links --------------------------------------------------------------------------------------
def test_sections_and_their_goods_link_the_calculator(
    world: World, cables: Cables, boilers: Boilers, client: Client
) -> None:
    below = Section.objects.create(
        classifier=cables.section.classifier, parent=cables.section, name="Медный", sort_key="медный"
    )
    place(cables.thick, below)
    pages = {
        "section": reverse("catalog:section", args=[cables.section.pk]),
        "below": reverse("catalog:section", args=[below.pk]),
        "product": reverse("catalog:product", args=[cables.middle.product_id]),
        "elsewhere": reverse("catalog:product", args=[boilers.weak.product_id]),
    }

    linking = {name for name, address in pages.items() if f'href="{PAGE}"' in shown(client, address)}
    Calculator.objects.filter(slug="cable").update(is_published=False)
    drafts = {name for name, address in pages.items() if f'href="{PAGE}"' in shown(client, address)}

    assert (linking, drafts) == ({"section", "below", "product"}, set())


@pytest.mark.parametrize("count", [0, 1, 3])
def test_links_to_calculators_cost_a_section_no_query(
    cables: Cables,
    client: Client,
    count: int,
    settled_index: Callable[[], None],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cables.calculator.sections.clear()
    for number in range(count):
        one = Calculator.objects.create(slug=f"one-{number}", name=f"Расчёт {number}", is_published=True)
        one.sections.add(cables.section)
    address = reverse("catalog:section", args=[cables.section.pk])
    settled_index()
    client.get(address)

    with django_assert_num_queries(9):
        page = client.get(address)

    assert [row.slug for row in page.context["calculators"]] == [f"one-{number}" for number in range(count)]


def test_place_of_a_calculator_that_changes_leaves_a_touch(cables: Cables) -> None:
    IndexTouch.objects.all().delete()

    cables.calculator.sections.clear()

    assert set(IndexTouch.objects.values_list("kind", flat=True)) == {"calculators"}


def test_paper_is_a_pdf(world: World, cables: Cables, client: Client) -> None:
    one = kept(world, cables, name="Гараж <b>")

    answer = client.get(f"/calculations/{one.pk}/pdf/")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_own_one_is_removed(world: World, cables: Cables, client: Client) -> None:
    one = kept(world, cables)

    client.post(f"/calculations/{one.pk}/delete/")

    assert not Calculation.objects.exists()
