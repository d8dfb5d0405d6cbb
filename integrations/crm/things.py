"""What a CRM is told of: companies, people and orders, in the portal's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Company:
    """A legal entity of a client. `manager_id` is the employee who serves it, 0 for none."""

    reference: str
    origin: str
    name: str
    full_name: str
    inn: str
    kpp: str
    ogrn: str
    address: str
    phone: str
    email: str
    url: str
    manager_id: int
    group_id: int


@dataclass(frozen=True, slots=True)
class Contact:
    """A person of a client."""

    reference: str
    origin: str
    company: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class DealLine:
    """A line of an order as it is now; price of a unit in RUB with VAT."""

    name: str
    article: str
    unit_code: str
    quantity: Decimal
    price: Decimal
    vat_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Deal:
    """An order; `contact` is empty for one that was born in 1C."""

    reference: str
    origin: str
    company: str
    contact: str
    number: str
    title: str
    state: str
    state_name: str
    total: Decimal
    currency: str
    client_reference: str
    comment: str
    url: str
    manager_id: int
    lines: tuple[DealLine, ...]


Thing = Company | Contact | Deal

SOURCES: Mapping[str, tuple[str, ...]] = {
    "company": ("name", "full_name", "inn", "kpp", "ogrn", "address", "phone", "email", "url"),
    "contact": ("name", "email"),
    "deal": ("number", "title", "state", "state_name", "total", "client_reference", "comment", "url"),
}
"""What may be put into fields of a CRM, by kind."""
