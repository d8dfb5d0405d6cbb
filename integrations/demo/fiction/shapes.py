"""What is told of the invented company, its clients and their people."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Requisites:
    """Numbers of a firm; an entrepreneur has no КПП."""

    inn: str
    kpp: str
    ogrn: str


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank that does not exist at a БИК whose checks hold."""

    name: str
    bic: str
    correspondent: str


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A settlement account in roubles."""

    bank: Bank
    number: str


@dataclass(frozen=True, slots=True)
class OrganizationData:
    """A seller's own firm, with the people who sign its papers."""

    key: str
    short_name: str
    full_name: str
    requisites: Requisites
    tax_regime: str
    address: str
    phone: str
    email: str
    head_position: str
    head: str
    accountant: str
    invoice_prefix: str
    accounts: tuple[BankAccount, ...]


@dataclass(frozen=True, slots=True)
class CityData:
    """A city, the warehouses that serve it in their order with days of delivery, and its price type."""

    name: str
    warehouses: tuple[tuple[str, int], ...]
    price_level: str


@dataclass(frozen=True, slots=True)
class DeliveryPoint:
    """Where goods of a legal entity are brought."""

    city: str
    address: str
    contact: str
    phone: str
    hours: str


@dataclass(frozen=True, slots=True)
class LegalEntityData:
    """A client's legal entity."""

    key: str
    kind: str
    name: str
    full_name: str
    requisites: Requisites
    address: str
    phone: str
    email: str
    accounts: tuple[BankAccount, ...]
    delivery: tuple[DeliveryPoint, ...]


@dataclass(frozen=True, slots=True)
class HoldingData:
    """A client; its first legal entity is the main one."""

    key: str
    name: str
    city: str
    manager: str
    entities: tuple[LegalEntityData, ...]


@dataclass(frozen=True, slots=True)
class PersonData:
    """A client's person; empty `entities` means the whole holding."""

    email: str
    full_name: str
    position: str
    phone: str
    holding: str
    role: str
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffData:
    """A person of the seller: a manager or an administrator."""

    email: str
    full_name: str
    position: str
    phone: str
    is_administrator: bool = False


@dataclass(frozen=True, slots=True)
class ContractData:
    """A contract between a seller's firm and a client's legal entity; the limit is in RUB."""

    number: str
    date: date
    organization: str
    entity: str
    price_level: str
    deferral_days: int
    credit_limit: Decimal
    is_default: bool = True
