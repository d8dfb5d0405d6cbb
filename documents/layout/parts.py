"""Spellings that forms of several kinds share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.payloads.parts import PaperRef, Party, Signer
from portal.lib.dates import format_date, month_genitive
from portal.lib.money import format_money, format_quantity

LINE_LIMIT, WIDE_LIMIT, CORRECTION_LIMIT = 5000, 3000, 750
"""Lines that fit into the memory and the time of the layout: of 8 columns, of 20, of 13 four times over."""
ABSENT = "--"  # in a line of a form, as 1C prints it
NOTHING = "–"  # in a cell of a table
CROSS = "Х"
_TALL = 600  # characters; a taller row may be torn between pages, or it would leave one half empty


@dataclass(frozen=True, slots=True)
class SignPlace:
    """A place to sign: empty lines where nothing is known."""

    role: str = ""
    name: str = ""
    authority: str = ""


def require_printable(count: int, most: int = LINE_LIMIT) -> None:
    """Raises ValueError above what is laid out."""
    if count > most:
        raise ValueError(f"{count} lines in a paper, at most {most} are printed")


def is_tall(*texts: str) -> bool:
    """Whether a row with these texts is too tall to be kept on one page at any price."""
    return max(len(text) for text in texts) > _TALL


def party_text(party: Party) -> str:
    """One line of requisites: name, INN, KPP where there is one, address, telephone."""
    parts = [party.name, f"ИНН {party.inn}"]
    if party.kpp:
        parts.append(f"КПП {party.kpp}")
    if party.address:
        parts.append(party.address)
    if party.phone:
        parts.append(f"тел.: {party.phone}")
    return ", ".join(parts)


def party_with_bank(party: Party) -> str:
    """Requisites and the account after them, as ТОРГ-12 wants them."""
    text = party_text(party)
    if party.bank is None:
        return text
    bank = party.bank
    account = f"р/с {bank.account}, в банке {bank.name}, БИК {bank.bic}"
    return ", ".join(
        [text, account, *([f"к/с {bank.correspondent_account}"] if bank.correspondent_account else [])]
    )


def party_and_address(party: Party) -> str:
    return f"{party.name}, {party.address}" if party.address else party.name


def paper_text(paper: PaperRef) -> str:
    """«Договор поставки № ДП-15/2026 от 12.01.2026»."""
    number = f" № {paper.number}" if paper.number else ""
    return f"{paper.name}{number} от {format_date(paper.day)}"


def day_in_quotes(day: date | None) -> str:
    """«20» ноября 2026 года; to be filled in by hand where the day is not known."""
    if day is None:
        return "«____» ______________ 20___ года"
    return f"«{day.day:02d}» {month_genitive(day.month)} {day.year} года"


def sign_place(signer: Signer | None, *, role: str = "") -> SignPlace:
    """Where a person signs; by power of attorney it is told by which."""
    if signer is None:
        return SignPlace(role=role)
    authority = signer.authority
    text = ""
    if authority is not None:
        number = authority.number or authority.guid
        text = f"по доверенности № {number} от {format_date(authority.day)}"
    return SignPlace(role=signer.role or role, name=signer.name, authority=text)


def sum_of_known(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def money_or_nothing(value: Decimal | None) -> str:
    return NOTHING if value is None else format_money(value)


def quantity_or_nothing(value: Decimal | None) -> str:
    return NOTHING if value is None else format_quantity(value)
