"""Invented banks, and requisites whose check digits hold."""

from typing import Final

from integrations.demo.fiction.shapes import Bank, BankAccount, Requisites
from integrations.demo.requisites import account, legal_inn, ogrn, ogrnip, person_inn

STOLICHNY: Final = Bank("АО «Банк Столичный Мост», г. Москва", "044525974", "30101810145250000974")
GOSTINY: Final = Bank("ПАО «Гостиный Двор Банк», г. Москва", "044525187", "30101810700000000187")
ZERNOVOY: Final = Bank("АО «Зерновой Кредит», г. Москва", "044525593", "30101810200000000593")
NARODNY: Final = Bank("ПАО «Банк Народный Рубль», г. Москва", "044525225", "30101810400000000225")


def firm(nine: str, year: str, serial: str) -> Requisites:
    """Make requisites of a legal entity: nine digits of ИНН, year of registration, seven digits of ОГРН."""
    return Requisites(legal_inn(nine), f"{nine[:4]}01001", ogrn(f"1{year}{nine[:2]}{serial}"))


def entrepreneur(ten: str, year: str, serial: str) -> Requisites:
    """Make requisites of an entrepreneur: ten digits of ИНН, year of registration, nine digits of ОГРНИП."""
    return Requisites(person_inn(ten), "", ogrnip(f"3{year}{ten[:2]}{serial}"))


def firm_account(bank: Bank, serial: str) -> BankAccount:
    """Open an account of a legal entity; `serial` is its last eleven digits."""
    return BankAccount(bank, account(bank.bic, "40702", serial))


def entrepreneur_account(bank: Bank, serial: str) -> BankAccount:
    """Open an account of an entrepreneur; `serial` is its last eleven digits."""
    return BankAccount(bank, account(bank.bic, "40802", serial))
