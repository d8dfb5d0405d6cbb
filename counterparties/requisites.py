"""Requisites as a whole: what is wrong, and what is only doubtful.

An error refuses what a person typed. A warning is shown and kept: data of 1C that has errors is taken
as it is, and what is unusual may still be right (a branch in another region).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from counterparties.models import LegalEntityKind
from portal.lib.requisites import (
    account_error,
    account_owner_error,
    account_warning,
    bic_error,
    correspondent_account_error,
    edo_id_error,
    inn_error,
    kpp_error,
    kpp_warning,
    normalise,
    ogrn_error,
    ogrnip_error,
    okpo_error,
    person_name_error,
    phone_error,
)

CODES = ("inn", "kpp", "ogrn", "okpo", "edo_id")
ACCOUNT_CODES = ("bic", "account", "correspondent_account")
REQUISITES = (
    "kind", "name", "full_name", "inn", "kpp", "ogrn", "okpo", "legal_address", "actual_address",
    "post_address", "head_position", "head_name", "head_basis", "phone", "email", "edo_operator",
    "edo_id", "vat_mode",
)  # fmt: skip
ACCOUNT = ("bank_name", "bic", "correspondent_account", "account")
_SHORTEST_ADDRESS = 10


class Level(StrEnum):
    """How bad a fault is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field, in words for the person who typed it."""

    field: str
    text: str
    level: Level = Level.ERROR


def tidy(values: Mapping[str, str], codes: tuple[str, ...] = CODES) -> dict[str, str]:
    """Take all spaces out of codes and the outer ones from texts."""
    return {
        name: normalise(value or "") if name in codes else " ".join((value or "").split())
        for name, value in values.items()
    }


def requisites_faults(values: Mapping[str, str]) -> list[Fault]:
    """Check tidied requisites of a legal entity; fields that are not among the values are not checked."""
    faults = [*_codes(values), *_texts(values)]
    warning = kpp_warning(values.get("kpp", ""), values.get("inn", ""))
    if warning and not any(fault.field in {"inn", "kpp"} for fault in faults):
        faults.append(Fault("kpp", warning, Level.WARNING))
    return faults


def account_faults(values: Mapping[str, str], *, inn: str) -> list[Fault]:
    """Check a tidied bank account of the legal entity with the ИНН."""
    bic, account = values["bic"], values["account"]
    checks = {
        "bank_name": None if values["bank_name"] else "Укажите банк.",
        "bic": bic_error(bic),
        "correspondent_account": correspondent_account_error(values["correspondent_account"], bic),
        "account": account_error(account, bic) or account_owner_error(account, inn),
    }
    faults = [Fault(field, text) for field, text in checks.items() if text]
    warning = account_warning(account)
    if warning and not checks["account"]:
        faults.append(Fault("account", warning, Level.WARNING))
    return faults


def errors_of(faults: list[Fault]) -> dict[str, str]:
    """The first error of each field."""
    errors: dict[str, str] = {}
    for fault in faults:
        if fault.level == Level.ERROR:
            errors.setdefault(fault.field, fault.text)
    return errors


def warnings_of(faults: list[Fault]) -> list[Fault]:
    return [fault for fault in faults if fault.level == Level.WARNING]


def _codes(values: Mapping[str, str]) -> list[Fault]:
    kind, inn, ogrn = values.get("kind", ""), values.get("inn", ""), values.get("ogrn", "")
    checks: dict[str, str | None] = {"inn": inn_error(inn) or inn_kind_error(inn, kind)}
    if kind != LegalEntityKind.OTHER or values.get("kpp"):
        checks["kpp"] = kpp_error(values.get("kpp", ""), inn)
    if ogrn:
        checks["ogrn"] = ogrnip_error(ogrn) if len(inn) == 12 else ogrn_error(ogrn)
    checks["okpo"] = okpo_error(values.get("okpo", ""), inn)
    checks["edo_id"] = edo_id_error(values.get("edo_id", ""))
    return [Fault(field, text) for field, text in checks.items() if text]


def _texts(values: Mapping[str, str]) -> list[Fault]:
    checks: dict[str, Callable[[str], str | None]] = {
        "kind": lambda kind: None if kind in LegalEntityKind.values else "Выберите форму.",
        "name": lambda name: None if len(name) > 1 else "Укажите наименование.",
        "full_name": lambda name: None if len(name) > 1 else "Укажите полное наименование.",
        "legal_address": _address_error,
        "actual_address": lambda address: _address_error(address) if address else None,
        "post_address": lambda address: _address_error(address) if address else None,
        "head_name": person_name_error,
        "phone": phone_error,
        "email": _email_error,
    }
    faults = []
    for field, check in checks.items():
        text = check(values[field]) if field in values else None
        if text:
            faults.append(Fault(field, text))
    if values.get("edo_id") and values.get("edo_operator") == "":
        faults.append(Fault("edo_operator", "Укажите оператора ЭДО."))
    return faults


def inn_kind_error(inn: str, kind: str) -> str | None:
    """Tell an ИНН whose length does not fit the legal form."""
    if kind == LegalEntityKind.IP and len(inn) != 12:
        return "У предпринимателя ИНН из 12 цифр."
    if kind in {LegalEntityKind.OOO, LegalEntityKind.AO} and len(inn) != 10:
        return "У организации ИНН из 10 цифр."
    return None


def _address_error(address: str) -> str | None:
    if len(address) < _SHORTEST_ADDRESS or not any(sign.isalpha() for sign in address):
        return "Укажите адрес полностью: индекс, город, улицу и дом."
    return None


def _email_error(email: str) -> str | None:
    try:
        if email:
            validate_email(email)
    except ValidationError:
        return "Укажите адрес почты, например docs@company.ru."
    return None
