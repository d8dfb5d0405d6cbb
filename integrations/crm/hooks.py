"""Messages of CRM systems as they come: forms with names in brackets, as PHP writes them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from integrations.models import CrmKind, CrmThing

_BITRIX_EVENT = re.compile(r"ONCRM(COMPANY|CONTACT|DEAL)(ADD|UPDATE|DELETE)")
_AMO_ID = re.compile(r"(companies|contacts|leads)\[(add|update|status|responsible|delete)\]\[\d{1,4}\]\[id\]")
_AMO = {"companies": CrmThing.COMPANY, "contacts": CrmThing.CONTACT, "leads": CrmThing.DEAL}
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Told:
    """What a message says of itself: the word that proves its sender, and the cards that it names."""

    proof: str
    cards: tuple[tuple[CrmThing, str, str], ...]


def told_of(kind: str, pairs: Iterable[tuple[str, str]]) -> Told:
    """Read the fields of a form; what is not understood is left out."""
    values = list(pairs)
    return _bitrix(dict(values)) if kind == CrmKind.BITRIX24 else _amo(values)


def _bitrix(values: dict[str, str]) -> Told:
    event = values.get("event", "").upper()
    found = _BITRIX_EVENT.fullmatch(event)
    number = values.get("data[FIELDS][ID]", "")
    proof = values.get("auth[application_token]", "")
    if found is None or not _NUMBER.fullmatch(number):
        return Told(proof, ())
    return Told(proof, ((CrmThing(found[1].lower()), number, event),))


def _amo(values: list[tuple[str, str]]) -> Told:
    cards = []
    for name, value in values:
        found = _AMO_ID.fullmatch(name)
        if found is not None and _NUMBER.fullmatch(value):
            cards.append((_AMO[found[1]], value, f"{found[1]}.{found[2]}"))
    return Told(dict(values).get("account[subdomain]", ""), tuple(cards))
