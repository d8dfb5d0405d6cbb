"""Why a price is what it is: the whole chain for employees, plain words for the client."""

from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.models import City, Sku
from counterparties.models import Contract
from pricing.discounts import Unmet
from pricing.models import DiscountRule, PriceType
from pricing.selectors import price_explained
from pricing.wording import reasons_for_client, reasons_in_full
from tests.catalog.samples import make_section
from tests.factories import TODAY, make_city, make_contract, make_price, make_price_type, make_sku
from tests.pricing.samples import close, make_agreed, make_rate, make_rule, make_step, terms_of, tuned

pytestmark = pytest.mark.django_db

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def price_type() -> PriceType:
    return make_price_type("Опт")


@pytest.fixture
def city(price_type: PriceType) -> City:
    return make_city("Казань", price_type=price_type)


@pytest.fixture
def contract() -> Contract:
    return make_contract()


@pytest.fixture
def sku(price_type: PriceType) -> Sku:
    return make_sku(price=100, price_type=price_type)


def told(sku: Sku, contract: Contract | None, city: City, quantity: int = 1) -> tuple[list[str], list[str]]:
    """What an employee and the client read."""
    explanation = price_explained(sku_id=sku.pk, terms=terms_of(contract, city), quantity=Decimal(quantity))
    return (
        [f"{one.label}: {one.text}" for one in reasons_in_full(explanation)],
        [f"{one.label}: {one.text}" for one in reasons_for_client(explanation)],
    )


def test_plain_price_is_told_shortly(sku: Sku, city: City) -> None:
    in_full, plainly = told(sku, None, city)

    assert in_full == [
        "Вид цен: «Опт», назначен городу",
        "Цена этого вида: 100,00 ₽",
        "Итоговая цена: 100,00 ₽ с НДС",
    ]
    assert plainly == ["Откуда цена: Цены вашего города", "Ваша цена: 100,00 ₽ с НДС"]


def test_every_rule_is_told_with_what_became_of_it(sku: Sku, city: City) -> None:
    later = TODAY + timedelta(days=1)
    make_rule(7, "Завтра", valid_from=later, priority=3)
    make_rule(6, "Оптом", minimum_quantity=50, priority=2)
    make_rule(10, "Осень", valid_until=TODAY, priority=1)
    make_rule(20, "Слабая")
    make_rule(5, "Выключенная", is_active=False)
    make_rule(30, "Чужая", section=make_section("Другое"))

    in_full, plainly = told(sku, None, city)

    assert in_full[2:] == [
        f"Скидка: «Завтра» 7 %, с {later:%d.%m.%Y}, приоритет 3: еще не началась",
        "Скидка: «Оптом» 6 %, от 50, приоритет 2: количество меньше",
        "Скидка: «Осень» 10 %, по 23.11.2026, приоритет 1",
        "Скидка: «Слабая» 20 %: не применена, есть другая или скидки не даются",
        "Скидка: «Выключенная» 5 %: выключена",
        "Округление: До 0,01 ₽ к ближайшему: 90,00 ₽ → 90,00 ₽",
        "Итоговая цена: 90,00 ₽ с НДС",
    ]
    assert plainly == [
        "Откуда цена: Цены вашего города",
        "Цена без скидки: 100,00 ₽",
        "Скидка: 10 %, по 23.11.2026",
        "Ваша цена: 90,00 ₽ с НДС",
    ]


def test_client_never_reads_of_floors_and_closed_types(
    sku: Sku, city: City, contract: Contract, price_type: PriceType
) -> None:
    floor = make_price_type("Закупочная тайная", is_open=False)
    tuned(price_type, floor_type=floor)
    make_price(sku, "91.37", price_type=floor)
    make_rule(20, "Не для глаз клиента")

    in_full, plainly = told(sku, contract, city)

    assert "Не ниже: «Закупочная тайная», 91,37 ₽: скидка не опустила цену ниже" in in_full
    assert plainly == [
        "Откуда цена: Цены вашего города",
        "Цена без скидки: 100,00 ₽",
        "Скидка: 8,6 %",
        "Ваша цена: 91,37 ₽ с НДС",
    ]


def test_floor_without_a_rate_is_told_to_employees(sku: Sku, city: City, price_type: PriceType) -> None:
    tuned(price_type, floor_type=make_price_type("Закупочная", is_open=False, currency="EUR"))
    make_rule(20, "Осень")

    in_full, plainly = told(sku, None, city)

    assert in_full[2:] == [
        "Скидка: «Осень» 20 %: не применена, есть другая или скидки не даются",
        "Не ниже: «Закупочная»: нет курса EUR, поэтому скидки не даются",
        "Итоговая цена: 100,00 ₽ с НДС",
    ]
    assert plainly == ["Откуда цена: Цены вашего города", "Ваша цена: 100,00 ₽ с НДС"]


def test_rate_and_rounding_are_told(city: City, sku: Sku, price_type: PriceType) -> None:
    tuned(price_type, currency="USD", rounding_step=Decimal("0.5"), rounding="up")
    without_a_rate = told(sku, None, city)
    make_rate("80.15")

    in_full, plainly = told(sku, None, city)

    assert without_a_rate[0][1:] == [
        "Цена этого вида: По запросу: нет курса USD на 23.11.2026",
        "Курс: Не указан",
        "Итоговая цена: по запросу",
    ]
    assert without_a_rate[1] == ["Цена: По запросу: спросите у вашего менеджера"]
    assert in_full[1:4] == [
        "Цена этого вида: 100,00 USD",
        f"Курс: 100,00 USD × 80,15 ₽ за USD на 23.11.2026 = 8{NBSP}015,00 ₽",
        f"Округление: До 0,5 ₽ вверх: 8{NBSP}015,00 ₽ → 8{NBSP}015,00 ₽",
    ]
    assert plainly[1] == f"В валюте: 100,00 USD × 80,15 ₽ за USD на 23.11.2026 = 8{NBSP}015,00 ₽"


def test_agreed_price_is_told_above_all(sku: Sku, city: City, contract: Contract) -> None:
    make_rule(10, "Осень")
    make_agreed(contract, sku, "77.7", quantity=5, valid_until=TODAY)

    in_full, plainly = told(sku, contract, city, quantity=5)

    assert in_full[-2:] == [
        "Индивидуальная цена: 77,70 ₽ по договору, от 5, по 23.11.2026. Стоит выше вида цен и скидок",
        "Итоговая цена: 77,70 ₽ с НДС",
    ]
    assert plainly == [
        "Откуда цена: Согласована в вашем договоре, от 5, по 23.11.2026",
        "Ваша цена: 77,70 ₽ с НДС",
    ]


def test_no_price_type_is_told(sku: Sku, city: City, price_type: PriceType) -> None:
    close(price_type)

    in_full, plainly = told(sku, None, city)

    assert in_full == [
        "Вид цен: Открытого вида цен нет ни у договора, ни у клиента, ни у города; базового тоже нет",
        "Итоговая цена: по запросу",
    ]
    assert plainly == ["Цена: По запросу: спросите у вашего менеджера"]


@pytest.mark.parametrize(
    ("price", "expected"), [(None, "Не назначена: по запросу"), (0, "Нулевая: по запросу")]
)
def test_absent_and_zero_prices_are_told_apart(
    city: City, price_type: PriceType, price: int | None, expected: str
) -> None:
    in_full, _plainly = told(make_sku(price=price, price_type=price_type), None, city)

    assert in_full[1] == f"Цена этого вида: {expected}"


def test_rule_is_tried_before_it_is_saved_and_instead_of_itself(sku: Sku, city: City) -> None:
    saved = make_rule(10, "Осень")
    terms = terms_of(None, city)
    draft = DiscountRule(name="Проба", percent=Decimal(15))
    changed = DiscountRule.objects.get(pk=saved.pk)
    changed.percent = Decimal(5)
    stranger = DiscountRule(name="Чужая", percent=Decimal(50), city=make_city("Омск"))

    with_draft = price_explained(sku_id=sku.pk, terms=terms, instead=draft)
    with_change = price_explained(sku_id=sku.pk, terms=terms, instead=changed)
    without = price_explained(sku_id=sku.pk, terms=terms, left_out_id=saved.pk)
    with_stranger = price_explained(sku_id=sku.pk, terms=terms, instead=stranger)

    amounts = [one.result and one.result.amount for one in (with_draft, with_change, without, with_stranger)]
    assert amounts == [85, 95, 100, 90]
    assert [(rule.discount.name, rule.unmet) for rule in with_stranger.considered] == [
        ("Чужая", Unmet.CITY),
        ("Осень", None),
    ]
    assert DiscountRule.objects.get().percent == 10


@pytest.mark.parametrize("rules", [1, 3])
def test_explanation_takes_the_same_queries(
    sku: Sku, city: City, contract: Contract, rules: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    section = make_section("Крепёж", goods=[sku])
    for number in range(rules):
        make_rule(10, section=section)
        make_step(sku, make_price_type(f"Вид {number}"), 0, 5)
    terms = terms_of(contract, city)

    with django_assert_num_queries(5):
        explanation = price_explained(sku_id=sku.pk, terms=terms)

    assert len(explanation.considered) == rules
