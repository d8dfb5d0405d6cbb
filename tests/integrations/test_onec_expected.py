"""Goods on their way, told by реквизиты of an offer: CommerceML has no place of its own for them."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.models import Stock
from integrations.models import PendingOffer
from tests.integrations.onec_talk import GOOD, KAZAN, MOSCOW, Talk, catalog, changes, good, offer, package

KZ = "Казань"


def told(**requisites: str) -> str:
    """Реквизиты by name; an underscore is a space."""
    rows = "".join(
        f"<ЗначениеРеквизита><Наименование>{name.replace('_', ' ')}</Наименование>"
        f"<Значение>{value}</Значение></ЗначениеРеквизита>"
        for name, value in requisites.items()
    )
    return f"<ЗначенияРеквизитов>{rows}</ЗначенияРеквизитов>"


def expected() -> dict[str, tuple[Decimal, date | None]]:
    rows = Stock.objects.values_list("warehouse__name", "expected", "expected_date")
    return {name: (quantity, day) for name, quantity, day in rows}


def warnings(talk: Talk, name: str) -> list[str]:
    return [warning["text"] for warning in talk.file(name).report["warnings"]]


@pytest.fixture
def talk(talk: Talk) -> Talk:
    assert talk.load("import0_1.xml", catalog(good())).startswith("success")
    return talk


@pytest.mark.parametrize("warehouse", [KAZAN, KAZAN.upper(), KZ, "казань"])
def test_expected_stock_goes_to_its_warehouse_by_id_or_name(talk: Talk, warehouse: str) -> None:
    extra = told(Ожидается="120", Дата_поступления="2026-12-05", Склад_поступления=warehouse)

    answer = talk.load("offers0_1.xml", package(offer(extra=extra)))

    assert expected() == {"Москва": (0, None), KZ: (120, date(2026, 12, 5))}
    assert answer.endswith("изменённых ожидаемых поступлений: 1")


def test_silence_keeps_what_was_told_and_nought_ends_it(talk: Talk) -> None:
    extra = told(Ожидается="120", ДатаПоступления="2026-12-05T00:00:00", СкладПоступления=MOSCOW)
    talk.load("offers0_1.xml", package(offer(extra=extra)))

    talk.load("offers0_2.xml", changes(offer()))
    kept = expected()["Москва"]
    talk.load("offers0_3.xml", changes(offer(extra=told(Ожидается="0", СкладПоступления=MOSCOW))))

    assert (kept, expected()["Москва"]) == ((120, date(2026, 12, 5)), (0, None))


@pytest.mark.parametrize("day", ["", "0001-01-01", "скоро"])
def test_unreadable_date_is_none(talk: Talk, day: str) -> None:
    extra = told(Ожидается="5", ДатаПоступления=day, СкладПоступления=MOSCOW)

    talk.load("offers0_1.xml", package(offer(extra=extra)))

    assert expected()["Москва"] == (5, None)


@pytest.mark.parametrize("warehouse", ["", "Луна"])
def test_expected_stock_of_no_known_warehouse_is_warned_of(talk: Talk, warehouse: str) -> None:
    extra = told(Ожидается="5", СкладПоступления=warehouse)

    talk.load("offers0_1.xml", package(offer(extra=extra)))

    assert warnings(talk, "offers0_1.xml") == ["Ожидаемое поступление без известного склада пропущено"]
    assert expected() == {"Москва": (0, None), KZ: (0, None)}


@pytest.mark.parametrize("quantity", ["-3", "много", ""])
def test_quantity_that_is_none_says_nothing(talk: Talk, quantity: str) -> None:
    extra = told(Ожидается=quantity, СкладПоступления=MOSCOW)

    talk.load("offers0_1.xml", package(offer(extra=extra)))

    assert expected()["Москва"] == (0, None)
    assert warnings(talk, "offers0_1.xml") == []


def test_warehouse_that_never_had_the_good_expects_it(talk: Talk) -> None:
    extra = told(Ожидается="7", СкладПоступления=KAZAN)

    talk.load("offers0_1.xml", package(offer(extra=extra, rests="", quantity="-")))

    assert list(Stock.objects.values_list("warehouse__name", "free", "expected")) == [(KZ, 0, 7)]


def test_expected_stock_waits_for_its_good(talk: Talk) -> None:
    extra = told(Ожидается="7", ДатаПоступления="2026-12-05", СкладПоступления=MOSCOW)
    talk.load("offers0_1.xml", package(offer("late", extra=extra)))
    assert PendingOffer.objects.count() == 1

    talk.load("import0_2.xml", catalog(good("late", "Гайка")))

    row = Stock.objects.get(sku__product__name="Гайка", warehouse__name="Москва")
    assert (row.free, row.expected, row.expected_date) == (10, 7, date(2026, 12, 5))


def test_same_file_again_changes_nothing(talk: Talk) -> None:
    extra = told(Ожидается="7", СкладПоступления=MOSCOW)
    body = package(offer(GOOD, extra=extra))
    talk.load("offers0_1.xml", body)

    talk.load("offers0_2.xml", body)

    assert talk.file("offers0_2.xml").report["counts"] == {"offers": 1}
