"""A received exchange file in human form: what a person reads instead of XML."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenParty:
    """A side by the part it plays: «Продавец»."""

    role: str
    name: str
    inn: str = ""
    kpp: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFact:
    """Something else that the paper says: «Основание: Договор № 1 от 12.01.2026»."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLine:
    """A position; what the file does not tell, or tells in no number, is None."""

    number: str
    name: str
    article: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    net: Decimal | None = None
    rate: str = ""
    vat: Decimal | None = None
    gross: Decimal | None = None
    origin: str = ""
    lots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOperation:
    """An operation of an акт сверки by the sender's books."""

    day: str
    title: str
    number: str
    debit: Decimal | None
    credit: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBalance:
    """What the sender's books say under one contract or under all: opening, turnovers, closing.

    Each is debit and credit.
    """

    contract: str
    opening: tuple[Decimal | None, Decimal | None]
    turnover: tuple[Decimal | None, Decimal | None]
    closing: tuple[Decimal | None, Decimal | None]
    operations: tuple[SeenOperation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSigner:
    name: str
    position: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTotal:
    net: Decimal | None = None
    vat: Decimal | None = None
    gross: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPaper:
    """A whole file. `is_known` False is an unknown format: then there is only `root` and nothing else."""

    title: str
    root: str
    version: str = ""
    is_known: bool = True
    number: str = ""
    day: date | None = None
    revision: str = ""
    currency: str = ""
    parties: tuple[SeenParty, ...] = ()
    facts: tuple[SeenFact, ...] = ()
    lines: tuple[SeenLine, ...] = ()
    total: SeenTotal | None = None
    balances: tuple[SeenBalance, ...] = ()
    signers: tuple[SeenSigner, ...] = ()
    doubts: tuple[str, ...] = field(default=())
