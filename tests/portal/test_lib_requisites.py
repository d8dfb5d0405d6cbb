import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.requisites import (
    account_error,
    bic_error,
    correspondent_account_error,
    inn_error,
    kpp_error,
    normalise,
    ogrn_error,
    ogrnip_error,
)

SBER = "044525225"
SETTLEMENT_CENTRE = "044525000"
TREASURY = "004525988"


@pytest.mark.parametrize("inn", ["7707083893", "7701123451", "500100732259"])
def test_inn_accepts_right_numbers(inn: str) -> None:
    assert inn_error(inn) is None


@pytest.mark.parametrize(
    ("inn", "start"),
    [
        ("7707083894", "Контрольная цифра ИНН"),
        ("500100732258", "Контрольная цифра ИНН"),
        ("500100732269", "Контрольная цифра ИНН"),
        ("0000000000", "ИНН не может начинаться"),
        ("000000000000", "ИНН не может начинаться"),
        ("770708389", "ИНН состоит"),
        ("٧٧٠٧٠٨٣٨٩٣", "ИНН состоит"),
        ("", "ИНН состоит"),
    ],
)
def test_inn_refuses_with_reason(inn: str, start: str) -> None:
    assert (inn_error(inn) or "").startswith(start)


@given(st.integers(0, 8), st.integers(1, 9))
def test_inn_notices_any_single_typo(place: int, shift: int) -> None:
    right = "7707083893"
    typo = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]

    # a remainder of 10 is written as 0, so two INNs one digit apart may both be right
    remainder = sum(int(d) * w for d, w in zip(typo, (2, 4, 10, 3, 5, 9, 4, 6, 8), strict=False)) % 11
    expected_right = remainder % 10 == int(typo[9]) and not typo.startswith("00")
    assert (inn_error(typo) is None) is expected_right


@pytest.mark.parametrize(("kpp", "inn"), [("770101001", "7701123451"), ("7701AB001", "7701123451")])
def test_kpp_accepts_right_codes(kpp: str, inn: str) -> None:
    assert kpp_error(kpp, inn) is None


def test_kpp_of_entrepreneur_is_empty() -> None:
    assert kpp_error("", "500100732259") is None
    assert kpp_error("770101001", "500100732259") == "У предпринимателя нет КПП: оставьте поле пустым."


@pytest.mark.parametrize("kpp", ["", "000101001", "77010100", "7701аб001", "7701ab001"])
def test_kpp_refuses_wrong_codes(kpp: str) -> None:
    assert kpp_error(kpp, "7701123451") is not None


def test_ogrn_checks_digit_and_kind() -> None:
    assert ogrn_error("1027700132195") is None
    assert ogrn_error("1027700132196") == "Контрольная цифра ОГРН не сходится: проверьте, нет ли опечатки."
    assert ogrn_error("2027700132195") == "ОГРН организации состоит из 13 цифр и начинается с 1 или 5."


@given(st.integers(3 * 10**13, 4 * 10**13 - 1))
def test_ogrnip_accepts_every_remainder(first: int) -> None:
    number = f"{first}{first % 13 % 10}"

    assert ogrnip_error(number) is None


def test_ogrnip_refuses_wrong_digit_and_kind() -> None:
    assert ogrnip_error("304500116000157") is None
    assert ogrnip_error("304500116000158") is not None
    assert ogrnip_error("1027700132195") == "ОГРНИП состоит из 15 цифр и начинается с 3."


@pytest.mark.parametrize("bic", [SBER, TREASURY, "044525000"])
def test_bic_accepts_banks_and_treasury(bic: str) -> None:
    assert bic_error(bic) is None


@pytest.mark.parametrize("bic", ["", "44525225", "144525225", "04452522X", "0445252255"])
def test_bic_refuses_wrong_codes(bic: str) -> None:
    assert bic_error(bic) is not None


@pytest.mark.parametrize(
    ("bic", "account"),
    [
        (SBER, "40702810138250123017"),
        ("044030653", "40702810455000024248"),
        ("044525201", "40802810700020000317"),
        (SBER, "40702810917780112984"),
    ],
)
def test_account_accepts_right_keys(bic: str, account: str) -> None:
    assert account_error(account, bic) is None


@pytest.mark.parametrize(
    ("bic", "account", "start"),
    [
        (SBER, "40702810138250123018", "Счёт не подходит к БИК"),
        ("044030653", "40702810138250123017", "Счёт не подходит к БИК"),
        (SETTLEMENT_CENTRE, "40702810138250123017", "Счёт не подходит к БИК"),
        (SBER, "40817810138250123017", "Это счёт физического лица"),
        (SBER, "4070281013825012301", "Расчётный счёт состоит"),
        ("", "40702810138250123017", "Сначала укажите верный БИК"),
    ],
)
def test_account_refuses_with_reason(bic: str, account: str, start: str) -> None:
    assert (account_error(account, bic) or "").startswith(start)


@pytest.mark.parametrize(
    ("bic", "account"),
    [
        (SBER, "30101810400000000225"),
        ("044525187", "30101810700000000187"),
        ("044525593", "30101810200000000593"),
        ("044525974", "30101810145250000974"),
        (TREASURY, "40102810545370000003"),
        (SETTLEMENT_CENTRE, ""),
    ],
)
def test_correspondent_account_accepts_right_keys(bic: str, account: str) -> None:
    assert correspondent_account_error(account, bic) is None


@pytest.mark.parametrize(
    ("bic", "account", "start"),
    [
        (SBER, "", "Укажите корреспондентский счёт"),
        (SBER, "30101810500000000225", "Корреспондентский счёт не подходит"),
        (SBER, "30101810700000000187", "Последние три цифры"),
        (SBER, "40702810138250123017", "Корреспондентский счёт состоит"),
        ("1", "30101810400000000225", "Сначала укажите верный БИК"),
    ],
)
def test_correspondent_account_refuses_with_reason(bic: str, account: str, start: str) -> None:
    assert (correspondent_account_error(account, bic) or "").startswith(start)


def test_normalise_takes_out_every_space() -> None:
    assert normalise(" 7707\u00a0083 893\n") == "7707083893"
