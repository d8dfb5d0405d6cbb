from dataclasses import replace
from decimal import Decimal
from urllib.parse import unquote

import pytest

from documents.payment_qr import Payee, QrNotPossible, payment_qr, qr_svg_uri

PAYEE = Payee(
    name='ООО "Опт-Портал"',
    inn="7701123451",
    kpp="770101001",
    account="40702810917780112984",
    bank_name="ПАО СБЕРБАНК г. Москва",
    bic="044525225",
    correspondent_account="30101810400000000225",
)
TOTAL = Decimal("106555.13")
PURPOSE = (
    "Оплата по счету № 1042 от 20.11.2026 по договору № ДП-15/2026 от 12.01.2026. "
    "В т.ч. НДС 22% - 19149.94, НДС 10% - 32.73 руб."
)
GOLDEN = (
    'ST00012|Name=ООО "Опт-Портал"|PersonalAcc=40702810917780112984|BankName=ПАО СБЕРБАНК г. Москва'
    "|BIC=044525225|CorrespAcc=30101810400000000225|PayeeINN=7701123451|KPP=770101001|Sum=10655513"
    f"|Purpose={PURPOSE}"
)


def payload(payee: Payee = PAYEE, total: Decimal = TOTAL, purpose: str = PURPOSE) -> str:
    return payment_qr(payee=payee, total=total, purpose=purpose)


def value_of(key: str, text: str) -> str:
    return dict(pair.split("=", 1) for pair in text.split("|")[1:])[key]


def test_payment_qr_matches_golden_string() -> None:
    assert payload() == GOLDEN


def test_payment_qr_of_entrepreneur_has_no_kpp() -> None:
    text = payload(replace(PAYEE, inn="500100732259", kpp=""))

    assert text == GOLDEN.replace("7701123451|KPP=770101001", "500100732259")


@pytest.mark.parametrize(
    ("total", "kopecks"), [("0.01", "1"), ("1", "100"), ("19.99", "1999"), ("106555.13", "10655513")]
)
def test_payment_qr_counts_in_kopecks(total: str, kopecks: str) -> None:
    assert value_of("Sum", payload(total=Decimal(total))) == kopecks


def test_payment_qr_writes_zero_for_bank_without_correspondent_account() -> None:
    assert value_of("CorrespAcc", payload(replace(PAYEE, correspondent_account=""))) == "0"


def test_payment_qr_cuts_city_off_long_bank_name() -> None:
    bank = "Филиал Северо-Западный ПАО Банк Пример"

    text = payload(replace(PAYEE, bank_name=f"{bank} г. Санкт-Петербург"))

    assert value_of("BankName", text) == bank


def test_payment_qr_keeps_separator_out_of_values() -> None:
    text = payload(replace(PAYEE, name="ООО А|Б\nВ"))

    assert value_of("Name", text) == "ООО А/Б В"


def test_payment_qr_goes_to_one_byte_letters_when_mandatory_part_is_long() -> None:
    name = "О" * 100  # 200 bytes in UTF-8, 100 in windows-1251

    assert payload(replace(PAYEE, name=name)) == GOLDEN.replace('ООО "Опт-Портал"', name).replace(
        "ST00012", "ST00011"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "О" * 161},
        {"name": "ж" * 160, "bank_name": "Б" * 45},  # mandatory part over 300 bytes in windows-1251, too
        {"name": "\N{SNOWMAN}" * 100},  # long and without letters in windows-1251
        {"account": "40702810"},
        {"bic": "04452522"},
    ],
)
def test_payment_qr_refuses_requisites_outside_the_standard(change: dict[str, str]) -> None:
    with pytest.raises(QrNotPossible):
        payload(replace(PAYEE, **change))


@pytest.mark.parametrize("total", ["0", "-1", "99999999999999999"])
def test_payment_qr_refuses_sums_outside_the_standard(total: str) -> None:
    with pytest.raises(QrNotPossible):
        payload(total=Decimal(total))


def test_payment_qr_refuses_long_purpose() -> None:
    with pytest.raises(QrNotPossible):
        payload(purpose="П" * 211)


def test_qr_svg_has_quiet_zone_of_four_modules() -> None:
    svg = unquote(qr_svg_uri(GOLDEN).removeprefix("data:image/svg+xml;charset=utf-8,"))

    assert svg.startswith("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 85 85'")
    assert "d='M4 4.5h7" in svg
