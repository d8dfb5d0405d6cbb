"""Reading of what DaData answers (suggestions API 4.1, findById/party)."""

from collections.abc import Mapping
from typing import Any

from counterparties.lookup import CompanyFacts, LookupUnavailable
from counterparties.models import LegalEntityKind

_ACTIVE = "ACTIVE"
_STATUS_NOTES = {
    "LIQUIDATING": "Компания ликвидируется",
    "LIQUIDATED": "Компания ликвидирована",
    "BANKRUPT": "Компания банкрот",
    "REORGANIZING": "Компания реорганизуется",
}
_KINDS = {"ООО": LegalEntityKind.OOO, "АО": LegalEntityKind.AO, "ПАО": LegalEntityKind.AO}


def company_of(answer: object) -> CompanyFacts | None:
    """The first company of an answer; None where nothing was found.

    Raises LookupUnavailable for an answer of another shape.
    """
    try:
        suggestions = _mapping(answer)["suggestions"]
        return _facts(_mapping(_mapping(suggestions[0])["data"])) if suggestions else None
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise LookupUnavailable(f"unexpected answer: {error!r}") from error


def _facts(data: Mapping[str, Any]) -> CompanyFacts:
    name, management = _mapping(data.get("name")), _mapping(data.get("management"))
    status = str(_mapping(data.get("state")).get("status") or _ACTIVE)
    is_person = data["type"] == "INDIVIDUAL"
    return CompanyFacts(
        kind=_kind(data, is_person=is_person),
        inn=str(data["inn"]),
        kpp="" if is_person else _text(data.get("kpp"), 9),
        ogrn=_text(data.get("ogrn"), 15),
        name=_text(name.get("short_with_opf") or name["full_with_opf"], 160),
        full_name=_text(name["full_with_opf"], 500),
        legal_address=_text(_mapping(data.get("address")).get("unrestricted_value"), 500),
        head_position=_text(management.get("post"), 100).capitalize(),
        head_name=_person(_mapping(data.get("fio"))) if is_person else _text(management.get("name"), 100),
        is_active=status == _ACTIVE,
        note=_STATUS_NOTES.get(status, "" if status == _ACTIVE else f"Состояние: {status}"),
    )


def _kind(data: Mapping[str, Any], *, is_person: bool) -> LegalEntityKind:
    if is_person:
        return LegalEntityKind.IP
    return _KINDS.get(str(_mapping(data.get("opf")).get("short")), LegalEntityKind.OTHER)


def _person(fio: Mapping[str, Any]) -> str:
    parts = (fio.get("surname"), fio.get("name"), fio.get("patronymic"))
    return _text(" ".join(str(part) for part in parts if part), 100)


def _mapping(value: object) -> Mapping[str, Any]:
    """The value where it is an object, {} where it is null. Raises TypeError for anything else."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError(f"{type(value).__name__} instead of an object")
    return value


def _text(value: object, longest: int) -> str:
    return str(value or "")[:longest]
