"""The demonstration company and its clients as data. Every firm, person and number is invented.

Codes of legal form, tax regime and role are the ones that the portal stores. Money is RUB with VAT.
"""

from integrations.demo.fiction.clients import HOLDINGS
from integrations.demo.fiction.people import CONTRACTS, PEOPLE
from integrations.demo.fiction.seller import CITIES, ORGANIZATIONS, STAFF
from integrations.demo.fiction.shapes import (
    Bank,
    BankAccount,
    CityData,
    ContractData,
    DeliveryPoint,
    HoldingData,
    LegalEntityData,
    OrganizationData,
    PersonData,
    Requisites,
    StaffData,
)

__all__ = [
    "CITIES",
    "CONTRACTS",
    "HOLDINGS",
    "ORGANIZATIONS",
    "PEOPLE",
    "STAFF",
    "Bank",
    "BankAccount",
    "CityData",
    "ContractData",
    "DeliveryPoint",
    "HoldingData",
    "LegalEntityData",
    "OrganizationData",
    "PersonData",
    "Requisites",
    "StaffData",
]
