"""Payment orders for a client's bank: the exchange format of 1C with «Клиент банка», version 1.03.

https://v8.1c.ru/tekhnologii/obmen-dannymi-i-integratsiya/standarty-i-formaty/standart-obmena-s-sistemami-klient-banka/formaty-obmena/
Any bank's client program and 1C itself load such a file. It only proposes: a person signs each payment.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portal.lib.dates import format_date
from portal.lib.money import q2

ENCODING = "cp1251"
MIME = "text/plain; charset=windows-1251"
FILE_NAME = "kl_to_1c.txt"
"""The name under which banks' programs look for the file."""

_END = "\r\n"
_PURPOSE_LENGTH = 210
_NAME_LENGTH = 160
_TRANSFER, _LAST_IN_TURN = "01", "5"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankParty:
    """Who pays or is paid, and where; an entrepreneur has no КПП."""

    name: str
    inn: str
    kpp: str
    account: str
    bank_name: str
    bic: str
    correspondent_account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrder:
    """One payment in roubles; the purpose takes 210 characters at most."""

    number: int
    day: date
    amount: Decimal
    payer: BankParty
    payee: BankParty
    purpose: str


def bank_file(*, orders: Sequence[PaymentOrder], sender: str, at: datetime) -> bytes:
    """Write the file; all payments are from one account. Raises ValueError for none or two accounts.

    A sign that windows-1251 has not becomes a question mark, as the banks' own programs do.
    """
    accounts = {order.payer.account for order in orders}
    if len(accounts) != 1:
        raise ValueError(f"Payments from {len(accounts)} accounts in one file")
    lines = [*_head(orders, sender, at)]
    for order in orders:
        lines += _section(order)
    lines.append("КонецФайла")
    return "".join(f"{_plain(line)}{_END}" for line in lines).encode(ENCODING, errors="replace")


def _head(orders: Sequence[PaymentOrder], sender: str, at: datetime) -> Iterator[str]:
    days = [order.day for order in orders]
    yield "1CClientBankExchange"
    yield "ВерсияФормата=1.03"
    yield "Кодировка=Windows"
    yield f"Отправитель={sender}"
    yield "Получатель="
    yield f"ДатаСоздания={format_date(at.date())}"
    yield f"ВремяСоздания={at:%H:%M:%S}"
    yield f"ДатаНачала={format_date(min(days))}"
    yield f"ДатаКонца={format_date(max(days))}"
    yield f"РасчСчет={orders[0].payer.account}"
    yield "Документ=Платежное поручение"


def _section(order: PaymentOrder) -> Iterator[str]:
    if order.amount <= 0 or order.amount != q2(order.amount):
        raise ValueError(f"No sum of a payment order: {order.amount}")
    if len(order.purpose) > _PURPOSE_LENGTH:
        raise ValueError(f"A purpose of {len(order.purpose)} characters")
    yield "СекцияДокумент=Платежное поручение"
    yield f"Номер={order.number}"
    yield f"Дата={format_date(order.day)}"
    yield f"Сумма={q2(order.amount)}"
    yield from _party("Плательщик", order.payer)
    yield from _party("Получатель", order.payee)
    yield "ВидПлатежа="
    yield f"ВидОплаты={_TRANSFER}"
    yield f"Очередность={_LAST_IN_TURN}"
    yield f"НазначениеПлатежа={order.purpose}"
    yield f"НазначениеПлатежа1={order.purpose}"
    yield "КонецДокумента"


def _party(who: str, party: BankParty) -> Iterator[str]:
    yield f"{who}Счет={party.account}"
    yield f"{who}=ИНН {party.inn} {party.name}"[: _NAME_LENGTH + 40]
    yield f"{who}ИНН={party.inn}"
    yield f"{who}КПП={party.kpp}"
    yield f"{who}1={party.name}"[: _NAME_LENGTH + 12]
    yield f"{who}РасчСчет={party.account}"
    yield f"{who}Банк1={party.bank_name}"
    yield f"{who}БИК={party.bic}"
    yield f"{who}Корсчет={party.correspondent_account}"


def _plain(line: str) -> str:
    """One line whatever was typed, with signs that windows-1251 has."""
    return " ".join(line.replace("\N{NO-BREAK SPACE}", " ").split()) if line else line
