"""What papers of several kinds say: who deals with whom, on what grounds, signed by whom; and the totals."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from portal.lib.money import Amount

_ENTREPRENEUR_INN_LENGTH = 12
_ENTREPRENEUR_TITLE = re.compile(r"^(?:ИП|Индивидуальный предприниматель)\s+", re.IGNORECASE)
_LEAST_WORDS, _MOST_WORDS = 2, 4  # «Мамедов Али Гасан оглы»
NO_VAT_LAST = Decimal(-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    """Surname, name and, where there is one, patronymic."""

    surname: str
    name: str
    patronymic: str = ""

    @property
    def short(self) -> str:
        """«Иванов И. И.», as forms print it next to a signature."""
        initials = [f"{word[0]}." for word in (self.name, self.patronymic) if word]
        return " ".join([self.surname, *initials])


def person_named(text: str) -> PersonName | None:
    """Name a person by «ИП Соколова Анна Игоревна»; None where only initials, or one word, are told."""
    words = _ENTREPRENEUR_TITLE.sub("", text.strip().strip('«»"')).split()
    if not _LEAST_WORDS <= len(words) <= _MOST_WORDS or any("." in word or len(word) == 1 for word in words):
        return None
    return PersonName(surname=words[0], name=words[1], patronymic=" ".join(words[2:]))


@dataclass(frozen=True, slots=True, kw_only=True)
class BankDetails:
    name: str
    bic: str
    correspondent_account: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A side as of the date of the paper; an entrepreneur has no KPP and is named by `person` in XML."""

    name: str
    inn: str
    kpp: str
    address: str
    phone: str = ""
    full_name: str = ""
    okpo: str = ""
    ogrn: str = ""
    ogrn_date: date | None = None
    person: PersonName | None = None
    bank: BankDetails | None = None
    edo_id: str = ""

    @property
    def is_entrepreneur(self) -> bool:
        return len(self.inn) == _ENTREPRENEUR_INN_LENGTH

    @property
    def inn_kpp(self) -> str:
        """`7701123451/770101001`; of an entrepreneur the INN alone."""
        return f"{self.inn}/{self.kpp}" if self.kpp else self.inn


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRef:
    """Another paper by its name, number and date: «Договор поставки № ДП-15/2026 от 12.01.2026»."""

    name: str
    number: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """By what a person who is not the head signs; `guid` and `system` are of an electronic one (МЧД)."""

    number: str
    day: date
    until: date | None = None
    guid: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs, in the words of the form: position and «Иванов И. И.»; `person` is for XML."""

    role: str
    name: str
    person: PersonName | None = None
    authority: Authority | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTotal:
    """VAT of all lines of one rate in percent; None is «без НДС»."""

    rate: Decimal | None
    vat: Decimal


class Priced(Protocol):
    """A line of any paper."""

    @property
    def rate(self) -> Decimal | None: ...

    @property
    def amount(self) -> Amount: ...


def total_of(lines: Iterable[Priced]) -> Amount:
    """Add up the lines; never worked out anew from the total."""
    return sum((line.amount for line in lines), Amount.zero())


def rate_totals(lines: Iterable[Priced]) -> tuple[RateTotal, ...]:
    """Add up VAT by rate, the highest rate first, «без НДС» last."""
    sums: dict[Decimal | None, Decimal] = {}
    for line in lines:
        sums[line.rate] = sums.get(line.rate, Amount.zero().vat) + line.amount.vat
    ordered = sorted(sums, key=lambda rate: NO_VAT_LAST if rate is None else rate, reverse=True)
    return tuple(RateTotal(rate=rate, vat=sums[rate]) for rate in ordered)
