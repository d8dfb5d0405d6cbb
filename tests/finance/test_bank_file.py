"""Payment orders for a client's bank, in the format of 1C."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from finance.bank_file import BankParty, PaymentOrder, bank_file
from portal.lib.dates import MOSCOW

GOLDEN = Path(__file__).parent / "kl_to_1c.txt"
AT = datetime(2026, 11, 23, 10, 41, 7, tzinfo=MOSCOW)
PAYER = BankParty(
    name="ООО «Север»",
    inn="7805123456",
    kpp="780501001",
    account="40702810955000001234",
    bank_name="СЕВЕРО-ЗАПАДНЫЙ БАНК ПАО СБЕРБАНК г. Санкт-Петербург",
    bic="044030653",
    correspondent_account="30101810500000000653",
)
PAYEE = BankParty(
    name="ООО «Опт-Портал»",
    inn="7701123451",
    kpp="770101001",
    account="40702810917780112984",
    bank_name="ПАО СБЕРБАНК г. Москва",
    bic="044525225",
    correspondent_account="30101810400000000225",
)
FIRST = PaymentOrder(
    number=1,
    day=date(2026, 11, 23),
    amount=Decimal("106555.13"),
    payer=PAYER,
    payee=PAYEE,
    purpose="Оплата по счету № 1042 от 20.11.2026. В т.ч. НДС 22% - 19149.94 руб.",
)
SECOND = replace(
    FIRST,
    number=2,
    amount=Decimal("100.00"),
    payee=replace(PAYEE, name="ИП Ковалёв П. С.", inn="500100732259", kpp="", correspondent_account=""),
    purpose="Оплата по счету № 7 от 20.11.2026. НДС не облагается",
)


def test_file_is_the_golden_one() -> None:
    """Two organizations are two payment orders in one file."""
    assert bank_file(orders=[FIRST, SECOND], sender="Портал дилера", at=AT) == GOLDEN.read_bytes()


def test_file_can_be_read_back_section_by_section() -> None:
    text = bank_file(orders=[FIRST, SECOND], sender="Портал дилера", at=AT).decode("cp1251")

    sections = [
        dict(line.split("=", 1) for line in part.split("КонецДокумента")[0].splitlines() if "=" in line)
        for part in text.split("СекцияДокумент=")[1:]
    ]

    assert [(one["Номер"], one["Сумма"], one["ПолучательИНН"]) for one in sections] == [
        ("1", "106555.13", "7701123451"),
        ("2", "100.00", "500100732259"),
    ]
    assert sections[0]["НазначениеПлатежа"] == FIRST.purpose
    assert text.startswith("1CClientBankExchange\r\n")
    assert text.endswith("КонецФайла\r\n")
    assert "\n" not in text.replace("\r\n", "")


def test_a_line_break_in_a_name_opens_no_section() -> None:
    evil = replace(PAYER, name="ООО\r\nКонецДокумента\r\nСумма=1")

    text = bank_file(orders=[replace(FIRST, payer=evil)], sender="Портал", at=AT).decode("cp1251")

    assert text.splitlines().count("КонецДокумента") == 1
    assert [line for line in text.splitlines() if line.startswith("Сумма=")] == ["Сумма=106555.13"]


@pytest.mark.parametrize("amount", ["0", "-1", "0.001"])
def test_a_wrong_sum_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="sum"):
        bank_file(orders=[replace(FIRST, amount=Decimal(amount))], sender="Портал", at=AT)


def test_two_accounts_or_none_are_refused() -> None:
    other = replace(FIRST, payer=replace(PAYER, account="40702810955000009999"))

    for orders in ([], [FIRST, other]):
        with pytest.raises(ValueError, match="accounts"):
            bank_file(orders=orders, sender="Портал", at=AT)


def test_a_purpose_that_no_bank_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="211"):
        bank_file(orders=[replace(FIRST, purpose="а" * 211)], sender="Портал", at=AT)
